"""A call for help after a breakdown: a case for Assistance, seen by whoever called, and nothing of it kept afterwards."""

from uuid import uuid4

import pytest
from django.test import Client
from tests import identity_facts, program_facts, vehicle_facts
from tests import link_facts as facts

from vettura.assistance import actions, errors, queries
from vettura.assistance.models import BreakdownCall, Case, CaseEntry
from vettura.entitlements import actions as entitlements
from vettura.entitlements.models import Contract
from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.notifications.models import Message
from vettura.remote_services import errors as remote
from vettura.remote_services.models import Incident
from vettura.vehicle_link import actions as link
from vettura.vehicle_link import queries as link_queries
from vettura.vehicles import actions as vehicles
from vettura_wire import payloads, signals

pytestmark = pytest.mark.django_db
TURIN = {signals.LATITUDE: 45.0703, signals.LONGITUDE: 7.6869}


def insured(car):
    """The car with the contract for calls for help."""
    entitlements.start_paid_contracts(vehicle=car, order_line_id=uuid4(), offer_id="breakdown_call", at=clock.now())
    return car


@pytest.fixture
def main():
    return facts.account()


@pytest.fixture
def car(main):
    car = insured(facts.online(facts.vehicle(main_user=main)))
    values = TURIN | {
        signals.STATE_OF_CHARGE: 4.0, signals.LOW_VOLTAGE: 12.4, signals.TIRE_PRESSURE["front_left_tire"]: 120,
        signals.TIRE_PRESSURE["front_right_tire"]: 250,
    }  # fmt: skip
    link.record_states(states=[(car.vin, payloads.State(seq=1, measured_at=clock.real_now(), values=values))])
    return car


@pytest.fixture
def agent():
    return identity_facts.account(staff_roles=("assistance",), given_name="Greta", email="greta@example.org")


@pytest.fixture
def browser(main, client):
    client.force_login(main)
    return client


def page(car):
    return f"/vehicles/{car.vin}/breakdown/"


def called(car, main, **more):
    return actions.call_for_help(by=main, vin=car.vin, **more)


def told_to(person):
    return list(
        Message.objects.filter(recipient_id=person.id).order_by("posted_at", "id").values_list("subject", flat=True)
    )


def shown_in(car):
    return link_queries.document_of(vehicle=car, name="roadside_help").body["state"]


def test_a_call_opens_a_case_with_car_place_and_number_at_the_top_of_the_queue(browser, car, main, agent):
    actions.open_case(kind="question", channel="phone", language="en", text="Old", subject="Old")
    answer = browser.post(page(car), {"phone": "011 234567", "text": "It stands", "place": "car"})

    call = BreakdownCall.objects.get()
    first = queries.cases(by=agent, view="open", search="", at=clock.now())[0]
    assert (answer.status_code, first, call.state) == (302, call.case, "received")
    assert (call.phone, call.latitude, call.case.vehicle) == ("+39011234567", 45.0703, car)
    desk = identity_facts.signed_in(agent).get(f"/desk/cases/{call.case_id}/").content.decode()
    for said in (
        "tel:+39011234567",
        "45.07030",
        "It stands",
        "The battery is almost empty",
        "Too little pressure: Tire front left",
    ):
        assert said in desk
    assert "12 V battery is too low" not in desk


def test_the_place_is_handed_over_only_if_the_caller_says_so(browser, car):
    browser.post(page(car), {"phone": "+39011234567", "place": "none"})

    assert BreakdownCall.objects.get().latitude is None


def test_whoever_called_sees_each_step_on_the_page_in_the_inbox_and_in_the_car(browser, car, main, agent):
    call = called(car, main)
    number = call.case.number
    seen = [(browser.get(page(car)).content.decode().count('data-call="received"'), shown_in(car))]

    actions.take_case(by=agent, case_id=call.case_id)
    seen.append((browser.get(page(car)).content.decode().count('data-call="in_progress"'), shown_in(car)))
    actions.close_case(by=agent, case_id=call.case_id, text="Towed")
    seen.append((browser.get(page(car)).content.decode().count('data-call="done"'), shown_in(car)))

    assert seen == [(1, "received"), (1, "in_progress"), (1, "done")]
    assert told_to(main) == [
        f"Help: your call {number} has arrived", f"Help: somebody works on your call {number}", f"Help: your call {number} is closed",
    ]  # fmt: skip


def test_when_the_case_is_closed_nothing_that_was_handed_over_is_kept(car, main, agent):
    vehicle_facts.tell(car, "breakdown_call", latitude=45.1, longitude=7.5, mileage=100.0)
    vehicle_facts.deliver_events()
    call = BreakdownCall.objects.get()

    actions.close_case(by=agent, case_id=call.case_id, text="Towed")

    call.refresh_from_db()
    assert (call.vehicle, call.phone, call.latitude, call.condition, call.state) == (None, "", None, {}, "done")
    assert Case.objects.get(id=call.case_id).vehicle is None
    assert not Incident.objects.exists()


def test_a_call_is_cancelled_by_who_called_and_another_one_may_follow(browser, car, main, agent):
    call = called(car, main)

    browser.post(f"{page(car)}cancel/")

    case = Case.objects.get(id=call.case_id)
    assert (case.status, shown_in(car)) == ("closed", "cancelled")
    assert CaseEntry.objects.filter(case=case, what="cancelled", by=main).exists()
    assert "cancelled" in told_to(main)[-1]
    assert called(car, main).state == "received"


def test_one_call_goes_on_for_a_car_and_the_same_form_twice_is_one(car, main):
    first = called(car, main)
    again = called(car, main, case_id=first.case_id)

    assert again == first
    with pytest.raises(errors.HelpIsOnItsWay):
        called(car, main)


def test_the_key_in_the_car_and_a_command_from_afar_open_a_case_once(car, main):
    for _ in range(2):
        vehicle_facts.tell(car, "breakdown_call", latitude=45.1, longitude=7.5, mileage=100.0)
        vehicle_facts.deliver_events()

    call = BreakdownCall.objects.get()
    assert (call.case.channel, call.case.account, call.phone, call.latitude) == ("car", main, "+393331234567", 45.1)
    assert list(call.case.entries.order_by("at", "id").values_list("what", flat=True)) == ["opened", "car_told"]


def test_somebody_in_the_car_calls_help_off(car, main):
    call = called(car, main)
    vehicle_facts.tell(car, "breakdown_cancelled")
    vehicle_facts.tell(car, "breakdown_cancelled")

    assert (BreakdownCall.objects.get().state, shown_in(car)) == ("cancelled", "cancelled")
    assert CaseEntry.objects.filter(case=call.case, what="cancelled").count() == 1


@pytest.mark.rule("USR-013")
def test_a_secondary_user_calls_under_the_main_users_grant_only(main, client):
    second = facts.account("second@example.org")
    granted = insured(facts.vehicle(main_user=main))
    without = insured(facts.vehicle(facts.OTHER_VIN, main_user=main, remote_access=False))
    for each in (granted, without):
        vehicles.assign_user(vehicle=each, account=second, role="secondary_user", at=clock.now())

    assert called(granted, second).state == "received"
    with pytest.raises(remote.NoRemoteAccess):
        called(without, second)
    client.force_login(second)
    assert "Remote access is not granted" in client.get(page(without)).content.decode()
    assert called(without, main).state == "received"


def test_without_its_contract_help_is_refused_with_a_sentence(browser, car, main):
    Contract.objects.filter(vehicle=car).delete()

    answer = browser.post(page(car), {"phone": "+39011234567", "place": "none"})

    assert (answer.status_code, "no contract in force" in answer.content.decode()) == (409, True)
    with pytest.raises(remote.NotEntitled):
        called(car, main)
    assert not Case.objects.exists()


def test_a_number_that_cannot_be_called_is_told_beside_the_field(browser, car):
    answer = browser.post(page(car), {"phone": "12", "place": "none"})

    assert (answer.status_code, "Give a telephone number" in answer.content.decode()) == (422, True)
    assert not Case.objects.exists()


def test_a_place_that_is_not_known_is_not_handed_over(main):
    car = insured(facts.vehicle(main_user=main))

    with pytest.raises(errors.PlaceUnknown):
        called(car, main, with_place_of_car=True)


def test_calls_of_others_do_not_exist(car, main):
    call, stranger = called(car, main), facts.account("stranger@example.org")
    with pytest.raises(NotFound):
        called(car, stranger)
    with pytest.raises(NotFound):
        actions.cancel_call(by=stranger, vin=car.vin, case_id=call.case_id)
    assert BreakdownCall.objects.get().state == "received"


def test_a_program_calls_help_with_its_own_scope_and_no_other(car, main):
    address = f"/api/v1/vehicles/{car.vin}/breakdown-calls"
    body = {"phone": "+39011234567", "place": {"latitude": 45.2, "longitude": 7.1}}
    other, own = (
        Client(HTTP_AUTHORIZATION=f"Bearer {program_facts.token(main, *scopes, client_id=scopes[0])}")
        for scopes in (("status", "access"), ("roadside",))
    )
    asked = {"data": body, "content_type": "application/json"}

    assert other.post(address, **asked).status_code == 403
    first, again = (own.post(address, **asked, headers={"Idempotency-Key": "k"}) for _ in range(2))
    [seen] = own.get(address).json()["items"]
    gone = own.delete(f"{address}/{seen['id']}").json()

    assert (first.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert (seen["state"], seen["latitude"]) == ("received", 45.2)
    assert (gone["state"], gone["phone"], gone["latitude"]) == ("cancelled", "", None)
