"""Data are shared with a partner of one's choice, for one car, until that ends; partners see no more than that."""

import pytest
from tests import identity_facts
from tests import vehicle_facts as facts

from vettura.catalog import queries as catalog
from vettura.foundation.errors import NotFound
from vettura.identity.errors import DocumentOutdated
from vettura.vehicles import actions, queries
from vettura.vehicles.errors import MainUserOnly
from vettura.vehicles.models import PartnerSharing

pytestmark = pytest.mark.django_db


def share(car, person, partner, **more):
    return actions.share_with_partner(by=person, vin=car.vin, partner_id=partner.id, language="en", **more)


def stop(car, person, partner):
    return actions.stop_sharing(by=person, vin=car.vin, partner_id=partner.id, language="en")


@pytest.mark.rule("C-21")
def test_sharing_is_with_the_named_partner_and_for_that_car_only():
    person = facts.person()
    car, other_car = facts.vehicle(main_user=person), facts.vehicle(main_user=person)
    chosen, other = facts.partner(), facts.partner(name="Partner Milano", city="Milano")

    share(car, person, chosen)

    assert queries.main_user_shared_with(partner=chosen, vehicle=car) == person
    assert queries.main_user_shared_with(partner=other, vehicle=car) is None
    assert queries.main_user_shared_with(partner=chosen, vehicle=other_car) is None
    assert queries.is_shared_with(account=person, partner=chosen)
    assert not queries.is_shared_with(account=person, partner=other)


def test_deciding_the_same_again_adds_no_row(clock):
    person, partner = facts.person(), facts.partner()
    car = facts.vehicle(main_user=person)

    first = share(car, person, partner)
    clock.advance(minutes=1)
    assert share(car, person, partner) == first
    ended = stop(car, person, partner)
    assert stop(car, person, partner) == ended

    assert PartnerSharing.objects.count() == 2
    words = catalog.consent_words("partner_sharing", "en")
    assert (first.version, first.text_digest, first.channel) == (words.version, words.digest, "portal")


def test_only_the_main_user_shares():
    person = facts.person()
    car, partner = facts.vehicle(secondary_users=[person]), facts.partner()

    with pytest.raises(MainUserOnly):
        share(car, person, partner)
    with pytest.raises(NotFound):
        share(car, facts.person(), partner)

    assert not PartnerSharing.objects.exists()


def test_a_text_that_is_no_longer_in_force_is_not_agreed_to():
    person, partner = facts.person(), facts.partner()
    car = facts.vehicle(main_user=person)

    with pytest.raises(DocumentOutdated):
        share(car, person, partner, version="2020-01")

    assert not PartnerSharing.objects.exists()


@pytest.mark.rule("DAT-010")
@pytest.mark.parametrize("language", ["en", "it", "de"])
def test_the_purpose_stands_above_the_choice(language):
    person = facts.person()
    car = facts.vehicle(main_user=person)
    facts.partner()

    page = identity_facts.signed_in(person).get(f"/vehicles/{car.vin}/sharing/", headers={"accept-language": language})

    words = catalog.consent_words("partner_sharing", language)
    text = page.content.decode()
    assert text.index(words.purpose) < text.index("<select")
    assert "selected" not in text[
        text.index('<select name="partner"') : text.index("</select>", text.index('<select name="partner"'))
    ].replace('value="" selected', "")


@pytest.mark.rule("DAT-015", "C-58")
def test_a_warning_on_limited_functions_precedes_the_end_of_sharing():
    person, partner = facts.person(), facts.partner()
    car = facts.vehicle(main_user=person)
    share(car, person, partner)
    client = identity_facts.signed_in(person)
    address = f"/vehicles/{car.vin}/sharing/{partner.id}/stop/"

    page = client.get(address).content.decode()

    assert catalog.text("consent.withdrawal_warning", "en") in page
    assert "no longer see your name" in page
    assert queries.is_shared_with(account=person, partner=partner)
    client.post(address)
    assert not queries.is_shared_with(account=person, partner=partner)


@pytest.mark.rule("DAT-009", "C-21")
def test_the_desk_shows_the_buyers_address_until_it_was_accepted_and_then_only_while_shared(clock):
    staff = facts.partner_staff()
    partner, desk = facts.partner_of(staff), identity_facts.signed_in(staff)
    sent = facts.sale(staff=staff, buyer_email="buyer@example.org")
    car = sent.invitation.vehicle
    pages = ("/desk/vehicles/", f"/desk/vehicles/{car.vin}/", "/desk/vehicles/?q=buyer@example")
    buyer = facts.person(email="buyer@example.org")

    def seen():
        return ["buyer@example.org</" in desk.get(page).content.decode() for page in pages]

    assert seen() == [True, True, True]
    actions.accept_invitation(token=sent.token, by=buyer, share_with_partner=False)
    assert seen() == [False, False, False]
    clock.advance(minutes=1)
    share(car, buyer, partner)
    assert seen() == [True, True, True]
    clock.advance(minutes=1)
    stop(car, buyer, partner)
    assert seen() == [False, False, False]


@pytest.mark.rule("DAT-011")
def test_all_sharing_of_a_person_ends_at_once(clock):
    person, other = facts.person(), facts.person()
    partner = facts.partner()
    cars = [facts.vehicle(main_user=person) for _ in range(2)]
    for car in cars:
        share(car, person, partner)
    kept = facts.vehicle(main_user=other)
    share(kept, other, partner)
    clock.advance(minutes=1)

    ended = actions.stop_all_sharing(account=person, channel="email", by=other, reason="Asked by mail")

    assert {(row.decision, row.at, row.channel, row.reason) for row in ended} == {
        (False, clock.now(), "email", "Asked by mail")
    }
    assert queries.sharing_of(account=person) == []
    assert len(queries.sharing_of(account=other)) == 1
    assert actions.stop_all_sharing(account=person, channel="email", by=other, reason="Again") == []


def test_the_receipt_is_for_the_person_only():
    person, partner = facts.person(), facts.partner()
    car = facts.vehicle(main_user=person)
    row = share(car, person, partner)
    address = f"/vehicles/sharing/receipts/{row.id}/"

    assert identity_facts.signed_in(person).get(address).content.startswith(b"%PDF")
    assert identity_facts.signed_in(facts.person()).get(address).status_code == 404
