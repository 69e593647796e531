"""Why can't I …? One's own car is looked at, a stranger's never; answers stand in the address; staff see what the customer would."""

import pytest
from tests import vehicle_facts

from vettura.catalog import queries as catalog
from vettura.foundation import diagnosis as engine
from vettura.foundation.diagnosis import SERVICE, UNKNOWN
from vettura.foundation.errors import NotFound
from vettura.foundation.models import AuditEntry
from vettura.help_center import diagnosis
from vettura.help_center.errors import CustomerSharesNothing
from vettura.help_center.models import StaffLook

pytestmark = pytest.mark.django_db


def test_a_question_is_asked_with_buttons_and_the_answer_travels_in_the_address(client, owner, car, radio):
    client.force_login(owner)

    asked = client.get(f"/help/why/{radio}/", {"vin": car.vin}).content.decode()
    answered = client.get(f"/help/why/{radio}/", {"vin": car.vin, "told": "own_volume:no"}).content.decode()

    assert 'value="own_volume:yes"' in asked
    assert f'value="own_volume:{UNKNOWN}"' in asked
    assert "Your card has no volume left." in answered
    assert "Your mobile operator" in answered
    assert f"/help/why/{radio}/?vin={car.vin}&amp;told=own_volume%3Ano" in answered


def test_the_cause_comes_with_its_button_article_path_and_what_was_checked_too(client, owner, car, radio):
    client.force_login(owner)

    page = client.get(f"/help/why/{radio}/", {"vin": car.vin, "told": f"own_volume:{UNKNOWN}"}).content.decode()

    assert "The contract is over. Renew it." in page
    assert '<a class="button button--primary" href="/store/?vin=x">Choose a contract</a>' in page
    assert f'href="/help/renew-a-service/?car={car.vin}"' in page
    assert '<ol class="path"' in page
    assert "The car is online." in page
    assert "You could not tell." in page
    assert "<time" in page


def test_the_answer_alone_comes_when_htmx_asks(client, owner, car, radio):
    client.force_login(owner)

    answer = client.get(f"/help/why/{radio}/", {"vin": car.vin}, headers={"hx-request": "true"}).content.decode()

    assert "Has your card volume left?" in answer
    assert "<html" not in answer


def test_a_car_of_somebody_else_does_not_exist_and_a_visitor_has_to_sign_in(client, car, radio):
    address = f"/help/why/{radio}/?vin={car.vin}"
    assert client.get(address)["location"].startswith("/signin/?next=/help/why/radio/")

    client.force_login(vehicle_facts.person())

    assert client.get(address).status_code == 404
    assert client.get("/help/why/no_such_topic/").status_code == 404
    assert client.get("/help/why/service/", {"service": "no_such_service"}).status_code == 404


def test_a_secondary_user_asks_about_the_car_with_the_own_role(owner, radio):
    second = vehicle_facts.person()
    car = vehicle_facts.vehicle(main_user=owner, secondary_users=[second])

    found = diagnosis.diagnosis_of(account=second, topic=radio, vin=car.vin)

    assert (found.inquiry.role, found.inquiry.account_id) == ("secondary_user", second.id)


def test_the_country_is_that_of_the_car_and_without_one_the_chosen(owner, radio):
    car = vehicle_facts.vehicle(main_user=owner, country="DE")

    with_car = diagnosis.diagnosis_of(account=owner, topic=radio, vin=car.vin).inquiry
    without = diagnosis.diagnosis_of(account=None, topic=SERVICE, service="remote_lock", country="AT", generation="TAY")

    assert (with_car.country, with_car.generation) == ("DE", car.generation)
    assert (without.inquiry.country, without.inquiry.generation) == ("AT", "TAY")
    assert without.steps == ()


def test_every_topic_and_every_service_can_be_asked_and_is_found_by_a_word(client):
    page = client.get("/help/why/").content.decode()
    found = client.get("/help/why/", {"q": "weather"}, headers={"hx-request": "true"}).content.decode()
    nothing = client.get("/help/why/", {"q": "xylophone"}).content.decode()

    for each in engine.topics():
        assert f"/help/why/{each.code}/" in page
    for service in catalog.services():
        assert f"service={service.id}" in page
    assert "service=weather" in found
    assert "service=remote_lock" not in found
    assert "/help/?q=xylophone" in nothing


def test_a_program_sees_no_evidence_that_its_scopes_do_not_open(owner, car, radio):
    made = diagnosis.diagnosis_of(account=owner, topic=radio, vin=car.vin, told={"own_volume": "yes"})

    everything, status = diagnosis.finding(made), diagnosis.finding(made, sees="status".__eq__)

    assert len(everything.cause.evidence) == 1
    assert status.cause.evidence == ()
    assert len(status.checked[0].evidence) == 1


def test_assistance_sees_what_the_customer_would_and_a_partner_only_with_consent(owner, radio):
    shop = vehicle_facts.partner()
    car = vehicle_facts.vehicle(main_user=owner, sold_by=shop)
    seller, other = vehicle_facts.partner_staff(of=shop), vehicle_facts.person()

    with pytest.raises(CustomerSharesNothing):
        diagnosis.diagnosis_for_staff(by=seller, vin=car.vin, topic=radio)
    with pytest.raises(NotFound):
        diagnosis.diagnosis_for_staff(by=other, vin=car.vin, topic=radio)
    with pytest.raises(NotFound):
        diagnosis.diagnosis_for_staff(by=owner, vin=car.vin, topic=radio)
    assert StaffLook.objects.count() == 0

    made = diagnosis.diagnosis_for_staff(by=vehicle_facts.assistant(), vin=car.vin, topic=radio)

    assert (made.inquiry.account_id, made.inquiry.role) == (owner.id, "main_user")


def test_at_the_desk_the_customers_question_is_shown_and_that_somebody_looked_is_in_the_audit(
    client, owner, car, radio
):
    staff = vehicle_facts.assistant()
    client.force_login(staff)

    listed = client.get(f"/desk/why/{car.vin}/").content.decode()
    page = client.get(f"/desk/why/{car.vin}/{radio}/").content.decode()

    assert f"/desk/why/{car.vin}/{radio}/" in listed
    assert f"/desk/why/{car.vin}/" in client.get(f"/desk/vehicles/{car.vin}/").content.decode()
    assert "Has your card volume left?" in page
    found = AuditEntry.objects.filter(table="help_center_stafflook").get()
    assert (found.actor_id, found.person_id) == (staff.id, owner.id)


@pytest.mark.parametrize("way", ["/help/why/{topic}/?vin={vin}", "/desk/why/{vin}/{topic}/?"])
def test_answers_that_were_given_before_are_kept_beside_the_new_one(client, owner, car, radio, way):
    client.force_login(owner if way.startswith("/help") else vehicle_facts.assistant())
    address = way.format(topic=radio, vin=car.vin)

    page = client.get(f"{address}&answered=own_volume%3Ano&told=another%3Ayes").content.decode()

    assert "Your card has no volume left." in page


def test_answers_in_an_address_that_are_not_of_the_form_are_left_out():
    told = diagnosis.told_of(["a:1", "b", ":2", "c:", "a:3", f"d:{'x' * 200}", *["e:1"] * 50])

    assert told == {"a": "3", "e": "1"}
