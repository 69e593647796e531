"""Remote commands and state for programs."""

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import link_facts as facts

from vettura.remote_services import actions as remote
from vettura.vehicle_link import actions as link
from vettura.vehicle_link.models import RemoteCommand, VehicleLink
from vettura_wire import payloads, signals

KEY = "01990000-0000-7000-8000-000000000001"


def post(client, vin, body, key=None, **more):
    headers = ({"Idempotency-Key": key} if key else {}) | {
        name.replace("_", "-"): value for name, value in more.items()
    }
    return client.post(f"/api/v1/vehicles/{vin}/commands", body, content_type="application/json", headers=headers)


def test_a_command_is_accepted_with_its_steps(browser, car):
    response = post(browser, car.vin, {"type": "lock", "params": {}}, key=KEY)

    body = response.json()
    assert response.status_code == 202
    assert (body["id"], body["type"], body["status"], body["cause"]) == (KEY, "lock", "queued", "car_unreachable")
    assert [(step["status"], step["cause"]) for step in body["steps"]] == [
        ("accepted", None),
        ("queued", "car_unreachable"),
    ]
    assert {"expires_at", "requested_at"} <= set(body)


@pytest.mark.parametrize("key", [KEY, "any text will do"])
def test_the_same_key_is_the_same_command(browser, car, key):
    first, again = (post(browser, car.vin, {"type": "lock"}, key=key).json() for _ in range(2))

    assert first == again
    assert RemoteCommand.objects.count() == 1


def test_the_same_key_for_another_command_is_refused(browser, car):
    post(browser, car.vin, {"type": "lock"}, key=KEY)

    response = post(browser, car.vin, {"type": "flash"}, key=KEY)

    assert (response.status_code, response.json()["code"]) == (422, "vehicle_link.command_id_taken")


def test_unlocking_without_the_pin_says_how_many_attempts_are_left(browser, car):
    response = post(browser, car.vin, {"type": "unlock"})

    body = response.json()
    assert (response.status_code, body["code"]) == (403, "remote_services.step_up_required")
    assert body["attempts_left"] == 3


def test_a_wrong_pin_is_counted_and_then_locked(browser, car):
    answers = [post(browser, car.vin, {"type": "unlock", "step_up": {"pin": "0000"}}) for _ in range(3)]

    assert [(each.status_code, each.json().get("attempts_left")) for each in answers] == [
        (403, 2),
        (403, 1),
        (423, None),
    ]
    assert RemoteCommand.objects.count() == 0


def test_the_right_pin_unlocks(browser, car):
    response = post(browser, car.vin, {"type": "unlock", "step_up": {"pin": "1234"}})

    assert (response.status_code, response.json()["type"]) == (202, "unlock")


def test_a_command_can_be_followed(browser, car):
    facts.online(car)
    sent = post(browser, car.vin, {"type": "lock"}).json()
    command = RemoteCommand.objects.get(id=UUID(sent["id"]))
    link.record_results(results=[(car.vin, facts.result(command, "done"))])

    body = browser.get(f"/api/v1/vehicles/{car.vin}/commands/{sent['id']}").json()

    assert (body["status"], [step["status"] for step in body["steps"]]) == ("done", ["accepted", "sent", "done"])


def test_an_answer_says_what_each_step_means_and_how_often_the_car_may_be_woken(browser, car):
    body = post(browser, car.vin, {"type": "lock"}, accept_language="de").json()

    assert body["text"] == "Das Fahrzeug ist nicht erreichbar. Der Befehl wartet darauf."
    assert body["steps"][0]["text"] == "Der Befehl wurde angenommen."
    assert body["wakes"] == {"limit": 30, "left": 30}


def test_over_the_budget_of_wakes_the_answer_says_when_to_try_again(browser, car):
    facts.online(car)
    asleep = payloads.State(seq=1, measured_at=facts.clock.real_now(), values={signals.IGNITION: "LOCK"})
    link.record_states(states=[(car.vin, asleep)])
    VehicleLink.objects.update(woken_at=[facts.clock.real_now() - facts.timedelta(hours=23)] * 30)

    refused = post(browser, car.vin, {"type": "flash"})

    assert (refused.status_code, refused.json()["code"]) == (429, "remote_services.wake_budget_spent")
    assert 3590 <= int(refused["Retry-After"]) <= 3600


def test_timers_and_alarms_are_read_with_their_moments(browser, car):
    timers = {"timers": [{"id": 1, "enabled": True, "time": "07:30", "weekdays": ["monday"]}]}
    link.record_settings(vin=car.vin, settings={"departure_timers": timers}, at=facts.clock.now())
    remote.record_incident(vin=car.vin, kind="speed", latitude=45.0, longitude=7.5, speed=140, at=facts.clock.now())

    settings = browser.get(f"/api/v1/vehicles/{car.vin}/settings").json()["settings"]
    [alarm] = browser.get(f"/api/v1/vehicles/{car.vin}/alarms").json()["items"]

    assert settings["departure_timers"]["value"] == timers
    assert (alarm["kind"], alarm["text"], alarm["speed"]) == ("speed", "Speed alarm", 140)


def test_commands_are_listed_in_pages_the_newest_first(browser, car):
    types = ("flash", "honk", "lock", "locate", "honk_and_flash")
    sent = [post(browser, car.vin, {"type": each}).json()["id"] for each in types]

    first = browser.get(f"/api/v1/vehicles/{car.vin}/commands?limit=3").json()
    second = browser.get(f"/api/v1/vehicles/{car.vin}/commands?limit=3&before={first['next']}").json()

    assert [each["id"] for each in first["items"] + second["items"]] == sent[::-1]
    assert second["next"] is None


def test_another_cars_command_is_not_found(browser, person, car):
    other = facts.vehicle(facts.OTHER_VIN, main_user=person)
    sent = post(browser, other.vin, {"type": "lock"}).json()

    assert browser.get(f"/api/v1/vehicles/{car.vin}/commands/{sent['id']}").status_code == 404


@pytest.mark.rule("REM-012")
def test_the_state_names_value_unit_and_age(browser, car):
    at = facts.clock.real_now()
    values = {signals.MILEAGE: 20_512.5, signals.STATE_OF_CHARGE: 78.0}
    link.record_states(states=[(car.vin, payloads.State(seq=1, measured_at=at, values=values))])

    body = browser.get(f"/api/v1/vehicles/{car.vin}/state").json()

    assert (body["is_online"], body["cause"]) == (True, None)
    assert body["signals"][signals.MILEAGE]["value"] == 20_512.5
    assert body["signals"][signals.MILEAGE]["unit"] == "km"


def test_a_car_with_many_signals_asks_no_more_of_the_database_than_one_with_few(browser, car):
    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            assert browser.get(f"/api/v1/vehicles/{car.vin}/state").status_code == 200
        return len(questions)

    at = facts.clock.real_now()
    asked()
    counts = []
    for seq, paths in enumerate(
        ((signals.MILEAGE,), (signals.MILEAGE, signals.STATE_OF_CHARGE, signals.ELECTRIC_RANGE, signals.LATITUDE))
    ):
        values = dict.fromkeys(paths, 50.0)
        link.record_states(states=[(car.vin, payloads.State(seq=seq + 1, measured_at=at, values=values))])
        counts.append(asked())

    assert counts[0] == counts[1]
