"""Staff put cars back, invite their holders, look at proofs, and let deliveries invite by themselves."""

import re
from datetime import timedelta

import pytest
from tests import vehicle_facts as facts

from vettura.foundation.sweeps import run_due
from vettura.vehicles import actions, queries
from vettura.vehicles.models import DeliveryOrder, Invitation, OwnershipClaim

pytestmark = pytest.mark.django_db


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def staff(clock):
    return facts.partner_staff()


@pytest.fixture
def assistance(client, clock):
    client.force_login(facts.assistant())
    return client


def removed_car(**sold):
    person = facts.person()
    car = facts.vehicle(main_user=person, **sold)
    actions.remove_vehicle(by=person, vin=car.vin)
    return person, car


@pytest.mark.rule("GAR-008")
def test_assistance_finds_a_car_by_its_vin_and_puts_it_back_with_a_reason(assistance):
    person, car = removed_car()

    found = assistance.get(f"/desk/vehicles/?q={car.vin}")
    unreasoned = assistance.post(f"/desk/vehicles/{car.vin}/again/", {"again-email": person.email})
    assert f'href="/desk/vehicles/{car.vin}/"' in found.content.decode()
    assert unreasoned.status_code == 422
    assert queries.main_user_of(vehicle=car) is None

    done = assistance.post(
        f"/desk/vehicles/{car.vin}/again/",
        {"again-email": person.email, "again-reason": "Removed by accident."},
        follow=True,
    )

    assert "is back in the vehicles of" in text_of(done)
    assert queries.main_user_of(vehicle=car) == person


def test_a_person_who_never_had_the_car_is_told_at_the_address(assistance):
    _, car = removed_car()

    response = assistance.post(
        f"/desk/vehicles/{car.vin}/again/", {"again-email": "nobody@example.org", "again-reason": "Wrong car."}
    )

    assert response.status_code == 422
    assert "had this car never before" in text_of(response)


@pytest.mark.rule("GAR-008")
def test_a_partner_puts_back_the_cars_it_sold_and_no_others(client, staff):
    person, own = removed_car(sold_by=facts.partner_of(staff))
    _, foreign = removed_car(sold_by=facts.partner(name="Partner Lyon", country="FR"))
    client.force_login(staff)
    typed = {"again-email": person.email, "again-reason": "Removed by accident."}

    assert client.post(f"/desk/vehicles/{foreign.vin}/again/", typed).status_code == 404
    assert client.post(f"/desk/vehicles/{own.vin}/again/", typed).status_code == 302

    assert queries.main_user_of(vehicle=own) == person
    assert queries.main_user_of(vehicle=foreign) is None


@pytest.mark.rule("ID-005", "ID-023")
def test_the_holder_of_a_privately_bought_car_is_invited_at_the_desk(client, staff):
    _, car = removed_car(sold_by=facts.partner_of(staff))
    client.force_login(staff)

    client.post(
        f"/desk/vehicles/{car.vin}/invite/",
        {"invite-email": "holder@example.org", "invite-language": "en", "invite-reason": "Shows the document."},
    )
    holder = facts.person(email="holder@example.org")
    facts.accept(facts.token_mailed_to("holder@example.org"), holder, share=False)

    assert queries.main_user_of(vehicle=car) == holder


def test_a_car_that_has_a_main_user_offers_nothing_of_that(assistance):
    car = facts.vehicle()

    page = text_of(assistance.get(f"/desk/vehicles/{car.vin}/"))

    assert "Put the car back" not in page
    assert "Invite the holder" not in page


# -- proofs -----------------------------------------------------------------------------------------------------------


def test_a_proof_waits_is_looked_at_and_approved(assistance):
    person = facts.person()
    claim = facts.claim(by=person)

    queue = assistance.get("/desk/vehicles/proofs/")
    page = assistance.get(f"/desk/vehicles/proofs/{claim.id}/")
    document = assistance.get(f"/desk/vehicles/proofs/{claim.id}/document/")
    assert claim.vin in queue.content.decode()
    assert person.email in page.content.decode()
    assert (document.content, document["Content-Type"]) == (facts.PAPER, "application/pdf")
    assert document["Cache-Control"] == "no-store"

    assistance.post(f"/desk/vehicles/proofs/{claim.id}/", {"decision": "approve", "reason": "Name and VIN agree."})

    assert [each.vin for each in queries.garage_of(account=person)] == [claim.vin]
    assert assistance.get(f"/desk/vehicles/proofs/{claim.id}/document/").status_code == 404
    assert "Nothing waits" in text_of(assistance.get("/desk/vehicles/proofs/"))


def test_a_proof_is_refused_with_a_reason_only(assistance):
    claim = facts.claim(by=facts.person())

    unreasoned = assistance.post(f"/desk/vehicles/proofs/{claim.id}/", {"decision": "refuse"})
    assert unreasoned.status_code == 422
    assert OwnershipClaim.objects.get().status == "pending"

    assistance.post(f"/desk/vehicles/proofs/{claim.id}/", {"decision": "refuse", "reason": "Unreadable."})

    assert OwnershipClaim.objects.get().status == "refused"


def test_a_proof_for_a_car_that_somebody_else_got_meanwhile_says_so(assistance):
    vin = facts.new_vin()
    first, second = facts.claim(by=facts.person(), vin=vin), facts.claim(by=facts.person(), vin=vin)
    decision = {"decision": "approve", "reason": "Name and VIN agree."}
    assistance.post(f"/desk/vehicles/proofs/{first.id}/", decision)

    response = assistance.post(f"/desk/vehicles/proofs/{second.id}/", decision)

    assert response.status_code == 409
    assert "already has a main user" in text_of(response)


def test_a_partner_sees_the_proofs_that_were_sent_to_it(client, staff):
    own = facts.claim(by=facts.person(), partner_id=facts.partner_of(staff).id)
    foreign = facts.claim(by=facts.person())
    client.force_login(staff)

    queue = client.get("/desk/vehicles/proofs/").content.decode()

    assert own.vin in queue
    assert foreign.vin not in queue
    assert client.get(f"/desk/vehicles/proofs/{foreign.id}/").status_code == 404


# -- deliveries -------------------------------------------------------------------------------------------------------


@pytest.mark.rule("ID-002", "ID-007")
def test_a_sale_with_a_day_of_handover_invites_by_itself(client, staff, clock):
    client.force_login(staff)
    known, vin = facts.description(), facts.new_vin()
    path = f"/desk/vehicles/new/?model_line={known['model_line']}&model_year={known['model_year']}"
    typed = {
        "vin": vin,
        "model": known["model_name"],
        "equipment": known["equipment"],
        "country": "IT",
        "buyer_email": "buyer@example.org",
        "buyer_language": "en",
    }
    past = client.post(path, typed | {"handover_on": "2020-01-01"})
    assert past.status_code == 422
    assert "This day is over" in text_of(past)

    handover_on = (clock.now() + timedelta(days=40)).date()
    page = client.post(path, typed | {"handover_on": str(handover_on)}, follow=True)

    assert "is invited by itself" in text_of(page)
    assert not Invitation.objects.exists()
    clock.advance(days=35)
    run_due(clock.now())
    assert Invitation.objects.get().email == "buyer@example.org"


def test_a_delivery_is_called_off_at_the_desk(client, staff, clock):
    order = facts.delivery(staff=staff, handover_on=clock.now().date() + timedelta(days=40))
    client.force_login(staff)

    client.post(f"/desk/vehicles/{order.vehicle.vin}/deliveries/{order.id}/call-off/")

    assert DeliveryOrder.objects.get().called_off_at is not None
