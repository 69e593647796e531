"""What owners and drivers see and do in the portal."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from tests import vehicle_facts as facts

from vettura.catalog import queries as catalog
from vettura.foundation.models import OutboxEvent
from vettura.identity.models import Registration
from vettura.vehicles import actions, queries
from vettura.vehicles.models import Assignment, Invitation, PartnerSharing

pytestmark = pytest.mark.django_db


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def signed_in(client, account):
    client.force_login(account)
    return client


def test_who_is_not_signed_in_sees_what_this_is_and_where_to_sign_in(client):
    response = client.get("/")

    assert response.status_code == 200
    assert 'href="/signin/' in response.content.decode()


@pytest.mark.rule("ID-026")
@pytest.mark.parametrize("path", ["/vehicles/", "/vehicles/WP0ZZZY1ZLSA00001/", "/car/"])
def test_who_is_not_signed_in_is_asked_to(client, path):
    response = client.get(path)

    assert response.status_code == 302
    assert response["Location"] == f"/signin/?next={path}"


@pytest.mark.rule("ID-040", "ID-010")
def test_an_account_without_a_car_sees_the_way_in(client):
    person = facts.person()

    response = signed_in(client, person).get("/")

    assert "No vehicle yet" in text_of(response)
    assert "spam" in text_of(response)
    assert person.email in text_of(response)


@pytest.mark.rule("GAR-001", "GAR-010")
def test_my_vehicles_shows_one_car_and_a_strip_to_the_others(client):
    person = facts.person()
    first, second = facts.vehicle(main_user=person, plate="TO 001 A"), facts.vehicle(main_user=person, plate="TO 002 B")

    page = signed_in(client, person).get("/vehicles/")
    other = client.get(f"/vehicles/?vin={second.vin}")

    assert f'href="/vehicles/{first.vin}/"' in page.content.decode()
    assert f'href="/vehicles/?vin={second.vin}"' in page.content.decode()
    assert f'href="/vehicles/{second.vin}/"' in other.content.decode()


@pytest.mark.rule("PAI-009")
def test_my_vehicles_says_what_a_car_needs_until_it_has_it(client):
    person = facts.person()
    car = facts.vehicle(main_user=person, generation="911-7")

    before = text_of(signed_in(client, person).get("/vehicles/"))
    facts.sign_in(car, person)
    after = text_of(client.get("/vehicles/"))

    assert "Type your code there" in before
    assert "Type your code there" not in after


def test_what_a_car_needs_is_shown_to_its_main_user_alone(client):
    second = facts.person()
    facts.vehicle(main_user=facts.person(), secondary_users=[second], generation="911-7")

    page = text_of(signed_in(client, second).get("/vehicles/"))

    assert "What this car needs" not in page


@pytest.mark.rule("GAR-002", "GAR-024", "GAR-003")
def test_the_page_of_a_car_shows_its_data(client):
    person = facts.person()
    car = facts.vehicle(main_user=person, plate="TO 001 A", sold_by=facts.partner())

    response = signed_in(client, person).get(f"/vehicles/{car.vin}/")

    shown = text_of(response)
    for fact in (car.vin, car.model_name, "TO 001 A", "Partner Torino", "Italy"):
        assert fact in shown
    assert response.content.decode().count("<h1") == 1


@pytest.mark.rule("ID-026")
def test_a_strangers_car_is_not_found(client):
    car = facts.vehicle()

    response = signed_in(client, facts.person()).get(f"/vehicles/{car.vin}/")

    assert response.status_code == 404
    assert car.model_name not in text_of(response)


@pytest.mark.rule("PAI-002", "PAI-009", "PAI-003")
def test_the_code_stands_on_the_page_of_the_car_with_the_way_to_its_entry(client):
    person = facts.person()
    car = facts.vehicle(main_user=person, generation="911-7")

    response = signed_in(client, person).get(f"/vehicles/{car.vin}/")

    code = queries.pairing_code_for(account=person, vehicle=car)
    assert f"{code[:4]} {code[4:]}" in text_of(response)
    for step in queries.pairing_path(vehicle=car, language="en"):
        assert step in text_of(response)


@pytest.mark.rule("PAI-007")
def test_a_car_that_needs_no_code_shows_none(client):
    person = facts.person()
    car = facts.vehicle(main_user=person, generation="TAY")

    response = signed_in(client, person).get(f"/vehicles/{car.vin}/")

    assert "data-pairing-code" not in response.content.decode()


@pytest.mark.rule("C-11", "USR-008")
def test_everybody_sees_the_own_code_only(client):
    owner, friend = facts.person(), facts.person()
    car = facts.vehicle(main_user=owner, secondary_users=[friend], generation="CAY-3")
    codes = {person: queries.pairing_code_for(account=person, vehicle=car) for person in (owner, friend)}

    page = signed_in(client, friend).get(f"/vehicles/{car.vin}/").content.decode()

    assert f'data-pairing-code="{codes[friend]}"' in page
    assert codes[owner] not in page


@pytest.mark.rule("USR-008", "USR-010")
def test_a_secondary_user_sees_no_management_and_nothing_of_the_main_user(client):
    owner, friend = facts.person(email="secret-owner@example.org", family_name="Segreti"), facts.person()
    car = facts.vehicle(main_user=owner, secondary_users=[friend])

    page = signed_in(client, friend).get(f"/vehicles/{car.vin}/").content.decode()

    assert "secret-owner@example.org" not in page
    assert "Segreti" not in page
    assert "/drivers/invite/" not in page


@pytest.mark.rule("USR-005", "USR-006")
def test_the_main_user_invites_a_driver_on_the_page_of_the_car(client):
    owner = facts.with_pin(facts.person())
    car = facts.vehicle(main_user=owner)
    body = {"email": "friend@example.org", "pin": "1234"}

    response = signed_in(client, owner).post(f"/vehicles/{car.vin}/drivers/invite/", body)

    assert response["Location"] == f"/vehicles/{car.vin}/#drivers"
    assert "friend@example.org" in text_of(client.get(f"/vehicles/{car.vin}/"))
    assert len(facts.mails_to("friend@example.org")) == 1


@pytest.mark.parametrize("pin", ["", "0000"])
def test_nobody_is_invited_without_the_pin(client, pin):
    owner = facts.with_pin(facts.person())
    car = facts.vehicle(main_user=owner)
    body = {"email": "friend@example.org", "pin": pin}

    response = signed_in(client, owner).post(f"/vehicles/{car.vin}/drivers/invite/", body)

    assert (response.status_code, "Attempts left" in text_of(response)) == (422, True)
    assert not Invitation.objects.exists()


def test_after_too_many_wrong_pins_the_page_says_what_to_do(client):
    owner = facts.with_pin(facts.person())
    car = facts.vehicle(main_user=owner)
    portal = signed_in(client, owner)

    for _ in range(3):
        response = portal.post(f"/vehicles/{car.vin}/drivers/invite/", {"email": "friend@example.org", "pin": "0000"})

    assert "The PIN was wrong too often" in text_of(response)
    assert "/account/pin/" in response.content.decode()
    assert not Invitation.objects.exists()


def test_an_address_that_is_none_is_told_at_the_form(client):
    owner = facts.person()
    car = facts.vehicle(main_user=owner)

    response = signed_in(client, owner).post(f"/vehicles/{car.vin}/drivers/invite/", {"email": "friend"})

    assert response.status_code == 422
    assert "field__error" in response.content.decode()
    assert not Invitation.objects.exists()


@pytest.mark.rule("USR-010")
def test_removing_a_driver_asks_first(client):
    owner, friend = facts.person(), facts.person()
    car = facts.vehicle(main_user=owner, secondary_users=[friend])
    path = f"/vehicles/{car.vin}/drivers/{friend.id}/remove/"

    question = signed_in(client, owner).get(path)
    assert friend.email in text_of(question)
    assert queries.role_of(account=friend, vehicle=car) == "secondary_user"
    client.post(path)

    assert queries.role_of(account=friend, vehicle=car) is None


@pytest.mark.rule("USR-010")
def test_a_secondary_user_cannot_remove_by_typing_the_address(client):
    friend, third = facts.person(), facts.person()
    car = facts.vehicle(secondary_users=[friend, third])
    path = f"/vehicles/{car.vin}/drivers/{third.id}/remove/"

    client.force_login(friend)

    assert client.get(path).status_code == 403
    assert client.post(path).status_code == 403
    assert queries.role_of(account=third, vehicle=car) == "secondary_user"


def test_an_open_invitation_is_sent_again_and_taken_back_on_the_page(client):
    owner = facts.person()
    car = facts.vehicle(main_user=owner)
    first = facts.secondary_invitation(car=car).invitation
    client.force_login(owner)

    client.post(f"/vehicles/{car.vin}/invitations/{first.id}/resend/")
    [second] = queries.open_invitations_of(vehicle=car)
    client.post(f"/vehicles/{car.vin}/invitations/{second.id}/void/")

    assert len(facts.mails_to("friend@example.org")) == 2
    assert queries.open_invitations_of(vehicle=car) == []


@pytest.mark.rule("ID-008", "ID-009", "C-75")
def test_a_new_buyer_is_led_to_the_registration_and_back_to_the_invitation(client):
    sent = facts.sale()

    page = client.get(sent.path)
    response = client.post(f"{sent.path}register/")

    assert "Begin registration" in text_of(page)
    registration = Registration.objects.get()
    assert (registration.email, registration.next_url) == ("buyer@example.org", sent.path)
    assert response["Location"] == registration.url
    assert Invitation.objects.get().used_at is None


@pytest.mark.parametrize(("chosen", "shown"), [(None, "it"), ("de", "de")])
def test_an_invitation_speaks_the_language_of_its_letter_until_the_person_chooses_another(client, chosen, shown):
    sent = facts.sale()
    Invitation.objects.update(language="it")
    if chosen:
        client.cookies["django_language"] = chosen

    page = client.get(sent.path, headers={"Accept-Language": "en"})
    next_page = client.get("/help/", headers={"Accept-Language": "en"})

    assert f'<html lang="{shown}"' in page.content.decode()
    assert f'<html lang="{shown}"' in next_page.content.decode()
    assert page["Content-Language"] == shown


def test_an_invited_person_with_an_account_is_led_to_the_sign_in_and_back(client):
    sent = facts.sale()
    facts.person(email="buyer@example.org")

    page = client.get(sent.path).content.decode()

    link = urlsplit(re.search(r'href="(/signin/\?[^"]*)"[^>]*>\s*Sign in', page).group(1))
    assert parse_qs(link.query) == {"next": [sent.path]}


@pytest.mark.rule("IMP-01")
def test_who_is_signed_in_as_somebody_else_is_told_so(client):
    sent, person = facts.sale(), facts.person()

    response = signed_in(client, person).get(sent.path)

    assert response.status_code == 403
    assert person.email in text_of(response)
    assert "buyer@example.org" in text_of(response)


@pytest.mark.rule("DAT-009", "DAT-010", "DAT-019", "C-21")
def test_the_buyer_decides_on_sharing_with_two_equal_answers_and_the_purpose_in_view(client):
    sent, person = facts.sale(), facts.person(email="buyer@example.org")

    page = signed_in(client, person).get(sent.path).content.decode()

    assert len(re.findall(r'type="radio" name="share"', page)) == 2
    assert "checked" not in page
    assert "in order to look after you" in page
    assert "Partner Torino" in page


@pytest.mark.rule("DAT-009")
@pytest.mark.parametrize(("answer", "decision"), [("yes", True), ("no", False)])
def test_either_answer_brings_the_car_into_my_vehicles(client, answer, decision):
    sent, person = facts.sale(), facts.person(email="buyer@example.org")
    client.force_login(person)

    response = client.post(f"{sent.path}accept/", {"share": answer})

    assert response["Location"] == f"/vehicles/{sent.invitation.vehicle.vin}/"
    assert [each.decision for each in PartnerSharing.objects.all()] == [decision]
    assert queries.role_of(account=person, vehicle=sent.invitation.vehicle) == "main_user"


@pytest.mark.rule("DAT-009", "DAT-019")
def test_without_an_answer_nothing_happens_and_the_page_says_why(client):
    sent, person = facts.sale(), facts.person(email="buyer@example.org")
    client.force_login(person)

    response = client.post(f"{sent.path}accept/")

    assert response.status_code == 422
    assert "both are fine" in text_of(response)
    assert not Assignment.objects.exists()


def test_a_secondary_user_accepts_without_being_asked_about_the_partner(client):
    car = facts.vehicle()
    sent, friend = facts.secondary_invitation(car=car), facts.person(email="friend@example.org")
    client.force_login(friend)

    page = client.get(sent.path)
    client.post(f"{sent.path}accept/")

    assert 'name="share"' not in page.content.decode()
    assert queries.role_of(account=friend, vehicle=car) == "secondary_user"


@pytest.mark.rule("ID-010", "ID-011", "IMP-01")
def test_a_link_that_no_longer_works_says_whom_to_ask(client, clock):
    staff = facts.partner_staff()
    expired = facts.sale(staff=staff)
    voided = facts.sale(staff=staff, buyer_email="other@example.org")
    actions.void_invitation(by=staff, invitation_id=voided.invitation.id)
    clock.move_to(expired.invitation.expires_at)

    for sent in (expired, voided):
        response = client.get(sent.path)
        assert response.status_code == 410
        assert "Partner Torino" in text_of(response)
        assert "+39 011 000 0001" in text_of(response)
    assert "spam" in text_of(client.get(voided.path))


def test_a_used_link_leads_its_user_to_the_car_and_tells_others_to_sign_in(client):
    sent, person = facts.sale(), facts.person(email="buyer@example.org")
    actions.accept_invitation(token=sent.token, by=person, share_with_partner=False)

    stranger = client.get(sent.path)
    own = signed_in(client, person).get(sent.path)

    assert stranger.status_code == 410
    assert own["Location"] == f"/vehicles/{sent.invitation.vehicle.vin}/"


def test_a_guessed_link_is_not_found(client):
    assert client.get("/vehicles/invitations/guessed/").status_code == 404


def test_the_code_of_the_car_is_confirmed_with_the_car_named(client):
    owner = facts.person()
    car = facts.vehicle(main_user=owner, plate="TO 001 A")
    code = actions.begin_car_sign_in(vin=car.vin, event_id="1").user_code
    client.force_login(owner)

    question = client.get(f"/car/?code={code}")
    car.refresh_from_db()
    assert car.signed_in_account is None
    assert f"Sign in to {car.model_name}?" in text_of(question)
    response = client.post("/car/confirm/", {"code": code})

    car.refresh_from_db()
    assert response["Location"] == f"/vehicles/{car.vin}/"
    assert car.signed_in_account == owner


def test_a_wrong_code_of_a_car_is_told_at_its_field_and_limited(client):
    owner = facts.person()
    facts.vehicle(main_user=owner)
    client.force_login(owner)

    statuses = [client.post("/car/", {"code": "BBBB-BBBB"}).status_code for _ in range(6)]

    allowed = catalog.terms().pairing_code_attempts
    assert statuses == ([404] * allowed + [423] * 6)[:6]
    assert not OutboxEvent.objects.filter(type="vehicles.HeadUnitPaired").exists()


@pytest.mark.parametrize("language", ["it", "de"])
def test_the_pages_speak_the_persons_language(client, language):
    owner = facts.person()
    car = facts.vehicle(main_user=owner, generation="CAY-3")
    client.force_login(owner)

    page = client.get(f"/vehicles/{car.vin}/", headers={"accept-language": language})

    assert f'lang="{language}"' in page.content.decode()
    assert catalog.labels(language)["vehicles"] in text_of(page)
