"""Conditional requests: what was not changed is not sent again, and what was changed meanwhile is not overwritten."""

from datetime import timedelta

import pytest
from tests import destination_facts, vehicle_facts, webhook_facts
from tests import link_facts as facts
from tests.compat.cars import answer, reporting_car
from tests.program_facts import Api, token

from vettura.navigation.models import Destination
from vettura.vehicle_link import actions as link
from vettura_wire import payloads, signals

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(clock):
    return facts.account()


@pytest.fixture
def car(person, client):
    client.force_login(person)
    return facts.vehicle(main_user=person)


def told(car, clock, seq, charge):
    at = clock.real_now()
    values = {signals.STATE_OF_CHARGE: charge}
    link.record_states(states=[(car.vin, payloads.State(seq=seq, measured_at=at, values=values))])


@pytest.mark.parametrize(
    "path", ["", "/{vin}", "/{vin}/state", "/{vin}/destinations", "/{vin}/history", "/{vin}/commands"]
)
def test_what_the_caller_has_already_is_not_sent_again(client, car, path):
    address = "/api/v1/vehicles" + path.format(vin=car.vin)
    first = client.get(address)

    again = client.get(address, headers={"If-None-Match": f'"other", {first["ETag"]}'})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert first["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie"} <= {each.strip() for each in first["Vary"].split(",")}


def test_the_state_has_a_new_tag_when_a_value_is_new_and_not_when_it_is_only_older(client, car, clock):
    address = f"/api/v1/vehicles/{car.vin}/state"
    told(car, clock, 1, 80.0)
    first = client.get(address)
    clock.advance(seconds=30)
    older = client.get(address, headers={"If-None-Match": first["ETag"]})
    told(car, clock, 2, 79.0)

    newer = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert older.status_code == 304
    assert (newer.status_code, newer.json()["signals"][signals.STATE_OF_CHARGE]["value"]) == (200, 79.0)


@pytest.mark.rule("REM-012")
def test_each_value_of_the_state_says_how_old_it_is_and_where_it_comes_from(client, car, clock):
    told(car, clock, 1, 80.0)
    measured = clock.now()
    clock.advance(timedelta(seconds=90))

    body = client.get(f"/api/v1/vehicles/{car.vin}/state").json()

    charge = body["signals"][signals.STATE_OF_CHARGE]
    assert (charge["source"], charge["age_seconds"], body["source"]) == ("car", 90, "platform")
    assert charge["measured_at"] == charge["received_at"] == measured.isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_a_destination_that_has_changed_since_it_was_read_stays_as_it_is(client, car, person, method):
    row = destination_facts.destination(car, person)
    address = f"/api/v1/vehicles/{car.vin}/destinations/{row.id}"
    seen = client.get(address)["ETag"]
    client.patch(address, {"note": "by somebody else"}, content_type="application/json")

    response = getattr(client, method)(
        address, {"note": "mine"}, content_type="application/json", headers={"If-Match": seen}
    )

    assert (response.status_code, response.json()["code"]) == (412, "outdated")
    kept = Destination.objects.get(id=row.id)
    assert (kept.note, kept.deleted_at) == ("by somebody else", None)


def test_a_destination_that_still_looks_as_it_was_read_is_changed_and_has_a_new_tag(client, car, person):
    row = destination_facts.destination(car, person)
    address = f"/api/v1/vehicles/{car.vin}/destinations/{row.id}"
    seen = client.get(address)["ETag"]

    changed = client.patch(
        address, {"note": "mine"}, content_type="application/json", headers={"If-Match": f'"old", {seen}'}
    )
    deleted = client.delete(address, headers={"If-Match": changed["ETag"]})

    assert (changed.status_code, changed.json()["note"], deleted.status_code) == (200, "mine", 204)
    assert changed["ETag"] != seen


def test_a_weak_tag_lets_no_change_through(client, car, person):
    row = destination_facts.destination(car, person)
    address = f"/api/v1/vehicles/{car.vin}/destinations/{row.id}"
    weak = "W/" + client.get(address)["ETag"]

    assert client.delete(address, headers={"If-Match": weak}).status_code == 412


@pytest.mark.parametrize("method", ["patch", "delete", "post"])
def test_a_webhook_that_has_changed_since_it_was_read_stays_as_it_is(client, car, person, method):
    hook = webhook_facts.webhook(person, car)
    address = f"/api/v1/webhooks/{hook.id}"
    seen = client.get(address)["ETag"]
    client.patch(address, {"events": ["alarm.raised"]}, content_type="application/json")

    response = getattr(client, method)(
        address + ("/secret" if method == "post" else ""),
        {"events": ["state.changed"]},
        content_type="application/json",
        headers={"If-Match": seen},
    )

    assert (response.status_code, response.json()["code"]) == (412, "outdated")
    hook.refresh_from_db()
    assert (hook.events, hook.generation) == (["alarm.raised"], 1)


def test_contact_data_that_have_changed_since_they_were_read_stay_as_they_are(client, car, person):
    address, wish = "/api/v1/me/contact", {"language": "de", "city": "Torino"}
    seen = client.get(address)["ETag"]
    changed = client.put(address, wish, content_type="application/json", headers={"If-Match": seen})

    late = client.put(address, wish | {"city": "Milano"}, content_type="application/json", headers={"If-Match": seen})
    unknown = client.put(address, wish | {"language": "tlh"}, content_type="application/json")

    assert (changed.status_code, changed.json()["language"], late.status_code) == (200, "de", 412)
    assert unknown.status_code == 422
    person.refresh_from_db()
    assert (person.city, person.street) == ("Torino", "")


TIMERS = {"timers": [{"id": 1, "enabled": True, "time": "07:30", "climate": True, "weekdays": ["monday"]}]}


def test_a_setting_that_somebody_else_is_about_to_change_is_not_overwritten(client, person):
    car = reporting_car(person)
    client.force_login(person)
    address = f"/api/v1/vehicles/{car.vin}/settings/departure_timers"

    def put(seen: str, value: dict = TIMERS):
        return client.put(address, {"value": value}, content_type="application/json", headers={"If-Match": seen})

    unset = client.get(address)
    first = put(unset["ETag"])
    meanwhile = put(unset["ETag"], {"timers": []})
    on_its_way = client.get(address)
    answer(car)
    held = client.get(address)
    later = put(on_its_way["ETag"], {"timers": []})

    assert (unset.json()["value"], first.status_code, meanwhile.status_code) == (None, 202, 412)
    assert (on_its_way.json()["wanted"], on_its_way.json()["command_id"]) == (TIMERS, first.json()["id"])
    assert (held.json()["value"], held.json()["wanted"], later.status_code) == (TIMERS, None, 412)
    assert put(held["ETag"], {"timers": []}).status_code == 202


@pytest.mark.parametrize("name", ["climate", "trips", "nothing"])
def test_what_no_command_sets_is_no_setting(client, car, name):
    address = f"/api/v1/vehicles/{car.vin}/settings/{name}"

    assert client.get(address).status_code == 404
    assert client.put(address, {"value": {}}, content_type="application/json").status_code == 404


def test_a_program_without_the_scope_of_a_setting_neither_sees_nor_changes_it(person):
    car = reporting_car(person)
    api = Api(token(person, "climate"))
    address = f"/api/v1/vehicles/{car.vin}/settings/speed_alarms"

    assert api.get(address).status_code == 404
    assert api.put(address, {"value": {"alarms": []}}, content_type="application/json").status_code == 403


def test_somebody_elses_car_has_no_tag_to_guess(client, car):
    client.force_login(vehicle_facts.person())

    response = client.get(f"/api/v1/vehicles/{car.vin}/state", headers={"If-None-Match": "*"})

    assert (response.status_code, response.has_header("ETag")) == (404, False)
