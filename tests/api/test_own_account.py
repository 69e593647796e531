"""What a person may do about themselves through the API, and what no program of somebody else may."""

import pytest
from django.test import Client
from tests import identity_facts, store_facts, vehicle_facts
from tests.program_facts import Api, token

from vettura.foundation import clock as world
from vettura.identity import queries
from vettura.notifications import actions as notifications
from vettura.remote_services import actions as remote_services

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(clock):
    return vehicle_facts.person()


@pytest.fixture
def browser(person):
    return identity_facts.signed_in(person)


def test_a_decision_on_data_is_the_persons_own_word(clock, person, browser):
    clock.advance(minutes=1)
    wish = {"is_given": False}
    address = "/api/v1/me/consents/position"
    everything = Api(token(person, "vehicles"))

    refused = everything.put(address, wish, content_type="application/json")
    own = Api(token(person, "vehicles", client_id="our-app", is_ours=True)).put(
        address, wish, content_type="application/json"
    )
    shown = {each["purpose"]: each for each in everything.get("/api/v1/me/consents").json()["items"]}

    assert (refused.status_code, own.status_code, own.json()["is_given"]) == (403, 200, False)
    assert shown["position"]["is_given"] is False
    assert browser.put(address, wish, content_type="application/json").status_code == 200
    assert queries.consent_decisions(account=person).get(purpose="position", is_given=False).channel == "api"


def test_a_consent_is_given_only_to_the_text_that_was_read(clock, person, browser):
    clock.advance(minutes=1)
    address = "/api/v1/me/consents/position"
    listed = browser.get("/api/v1/me/consents").json()["items"]
    version = next(each["version"] for each in listed if each["purpose"] == "position")
    browser.put(address, {"is_given": False}, content_type="application/json")
    clock.advance(minutes=1)

    unread = browser.put(address, {"is_given": True}, content_type="application/json")
    read = browser.put(address, {"is_given": True, "version": version}, content_type="application/json")

    assert (unread.status_code, read.status_code, read.json()["is_given"]) == (409, 200, True)


def test_a_message_is_marked_as_read_without_its_text_and_a_strangers_is_not_there(person, browser):
    message = notifications.post_message(
        recipient_id=person.id, language="en", subject="Your car", body="It is ready.", kind="news"
    )
    address = f"/api/v1/messages/{message.id}/read"

    assert identity_facts.signed_in(vehicle_facts.person()).put(address).status_code == 404
    assert [browser.put(address).status_code for _ in range(2)] == [204, 204]
    assert browser.get("/api/v1/messages").json()["unread"] == 0


def walked(browser: Client, address: str) -> list[str]:
    """The ids of an array over all of its pages, one at a time."""
    ids: list[str] = []
    following = f"{address}?limit=1"
    while following:
        answer = browser.get(following)
        ids += [each["id"] for each in answer.json()]
        following = answer.get("Link", "").partition(">")[0].removeprefix("<")
    return ids


def test_orders_and_contracts_are_walked_page_by_page(person, browser, cards):
    car = vehicle_facts.vehicle(main_user=person, equipment=("connect_plus", "pvts_plus"))
    store_facts.billing_address(person)
    store_facts.saved_card(cards, person)
    cars = [car, *(vehicle_facts.vehicle(main_user=person) for _ in range(2))]
    orders = [str(store_facts.placed_order(person, each).id) for each in cars]
    store_facts.entitlements.start_inclusive_contracts(vin=car.vin, at=world.now())
    contracts = f"/api/v1/vehicles/{car.vin}/contracts"

    assert sorted(walked(browser, "/api/v1/store/orders")) == sorted(orders)
    assert walked(browser, contracts) == [each["id"] for each in browser.get(contracts).json()]
    assert "Link" not in browser.get(contracts)
    assert browser.get(f"/api/v1/store/orders?before={car.id}").status_code == 404


def test_what_alarms_have_told_comes_in_pages(clock, person, browser):
    car = vehicle_facts.vehicle(main_user=person)
    for speed in (130.0, 140.0, 150.0):
        clock.advance(minutes=1)
        remote_services.record_incident(
            vin=car.vin, kind="speed", latitude=45.0, longitude=7.0, at=world.now(), speed=speed
        )
    address = f"/api/v1/vehicles/{car.vin}/alarms"

    first = browser.get(f"{address}?limit=2").json()
    rest = browser.get(f"{address}?limit=2&before={first['next']}").json()

    assert [each["speed"] for each in (*first["items"], *rest["items"])] == [150.0, 140.0, 130.0]
    assert rest["next"] is None
