"""The unmodified clients command cars: conformance cases 8, 9 and 11 of the contract."""

import contextlib
import importlib
import json

import pytest
from django.test import Client
from tests import identity_facts as facts
from tests import link_facts, vehicle_facts
from tests.compat.cars import answer, reporting_car
from tests.compat.tokens import token_for

from vettura.compat import kept, wishes
from vettura.foundation import clock as platform_clock
from vettura.identity import actions, queries
from vettura.identity.rules import foreign
from vettura.vehicle_link import actions as link
from vettura.vehicle_link.models import RemoteCommand
from vettura_wire import payloads, remote

pytestmark = pytest.mark.django_db

newest = pytest.mark.parametrize("version", ["0.2.9"], indirect=True)


@contextlib.contextmanager
def refused(kind: type[Exception], says: str):
    """The client's error of this kind, with these words: it keeps them apart from what it prints."""
    with pytest.raises(kind) as error:
        yield
    assert says in error.value.message


@pytest.fixture
def service_error(client_package):
    return importlib.import_module("pyporscheconnectapi.exceptions").PorscheRemoteServiceError


@pytest.fixture
def api_error(client_package):
    return importlib.import_module("pyporscheconnectapi.exceptions").PorscheExceptionError


@pytest.fixture
def own(read, loop):
    """`own(person, car)`: the car as the client sees it, with its overview; it answers while the client sleeps."""

    def seen(person, car, status: str = "done", **more):
        found = read(person)[car.vin]
        loop.run(found.get_stored_overview())
        loop.meanwhile = lambda _: answer(car, status, **more)
        return found

    return seen


def commands_of(car) -> list[tuple[str, dict]]:
    return list(RemoteCommand.objects.filter(vehicle=car).order_by("counter").values_list("type", "params"))


@pytest.mark.conformance(8)
def test_every_command_of_the_client_reaches_an_electric_car_and_shows_at_once(own, loop, person):
    car = reporting_car(person)
    seen = own(person, car)
    services = seen.remote_services

    done = [
        loop.run(work).state.value
        for work in (
            services.flash_indicators(),
            services.honk_and_flash_indicators(),
            services.lock_vehicle(),
            services.unlock_vehicle("1234"),
            services.climatise_on(target_temperature=295.15, front_left=True),
        )
    ]
    assert done == ["PERFORMED"] * 5
    assert seen.vehicle_locked is False
    assert seen.remote_climatise_on is True
    loop.run(services.climatise_off())
    assert seen.remote_climatise_on is False
    loop.run(services.direct_charge_on())
    assert seen.direct_charge_on is True
    loop.run(services.direct_charge_off())
    assert seen.direct_charge_on is False
    loop.run(services.set_target_soc(65))
    assert seen.data["CHARGING_SUMMARY"]["targetSoC"] == 65
    loop.run(services.update_charging_profile(minimum_charge_level=40))
    assert seen.data["CHARGING_PROFILES"]["list"][0]["minSoc"] == 40

    assert commands_of(car) == [
        ("flash", {}),
        ("honk_and_flash", {}),
        ("lock", {}),
        ("unlock", {}),
        ("climate_start", {"temperature": 22.0, "seats": ["front_left"]}),
        ("climate_stop", {}),
        ("direct_charge_start", {}),
        ("direct_charge_stop", {}),
        ("set_charge_target", {"target_percent": 65}),
        (
            "set_charging_profiles",
            {"profiles": [{"id": 1, "name": "General", "enabled": True, "minimum_percent": 40, "target_percent": 65}]},
        ),
    ]


@newest
@pytest.mark.parametrize(("drive", "has_climate"), [("PHEV", True), ("COMBUSTION", False)])
def test_other_drives_take_what_they_can_and_refuse_the_rest(
    own, loop, person, drive, has_climate, api_error, service_error
):
    car = reporting_car(person, drive)
    services = own(person, car).remote_services

    for work in (services.flash_indicators(), services.lock_vehicle(), services.unlock_vehicle("1234")):
        assert loop.run(work).state.value == "PERFORMED"
    if has_climate:
        for work in (
            services.climatise_on(),
            services.climatise_off(),
            services.direct_charge_on(),
            services.set_target_soc(70),
        ):
            assert loop.run(work).state.value == "PERFORMED"
    else:
        with refused(service_error, "NOT_SUPPORTED"):
            loop.run(services.climatise_on())
        with refused(api_error, "not_supported"):
            loop.run(services.direct_charge_on())


def test_charging_settings_without_a_target_change_nothing(own, loop, person):
    car = reporting_car(person)

    status = loop.run(own(person, car).remote_services.update_charging_setting())

    assert status.state.value == "PERFORMED"
    assert commands_of(car) == []


@pytest.mark.conformance(8)
@newest
def test_a_command_that_the_car_refuses_is_an_error_with_its_reason(own, loop, person, service_error):
    car = reporting_car(person)
    services = own(person, car, "refused", cause="privacy_mode").remote_services

    with refused(service_error, "privacy_mode"):
        loop.run(services.lock_vehicle())


@pytest.mark.conformance(8)
@newest
def test_a_command_that_never_finishes_ends_after_the_clients_own_time(own, loop, person, service_error, monkeypatch):
    car = reporting_car(person)
    services = own(person, car).remote_services
    monkeypatch.setattr(importlib.import_module("pyporscheconnectapi.remote_services"), "_POLLING_TIMEOUT", 0.2)
    loop.meanwhile = lambda _: None

    with refused(service_error, "Did not receive remote service result"):
        loop.run(services.lock_vehicle())


@pytest.mark.conformance(8)
@newest
def test_a_command_for_a_car_out_of_reach_waits_and_is_done_when_the_car_is_back(clock, own, loop, person):
    car = reporting_car(person)
    seen = own(person, car)
    link.record_offline(vin=car.vin, offline=payloads.Offline())
    polls = iter(range(10))

    def comes_back(_: float) -> None:
        if next(polls) == 2:
            link_facts.online(car)
            answer(car)

    loop.meanwhile = comes_back
    status = loop.run(seen.remote_services.lock_vehicle())

    assert status.state.value == "PERFORMED"
    assert [each["state"] for each in status.details["status"]["steps"]] == ["accepted", "queued", "sent", "done"]


@newest
def test_a_command_that_expired_is_an_error(clock, own, loop, person, service_error):
    car = reporting_car(person)
    services = own(person, car).remote_services

    def nobody_answers(_: float) -> None:
        clock.advance(minutes=6)
        link.expire_commands(at=platform_clock.real_now())

    loop.meanwhile = nobody_answers
    with refused(service_error, "no_answer"):
        loop.run(services.lock_vehicle())


def test_a_wrong_pin_counts_and_opens_nothing(own, loop, person, api_error):
    car = reporting_car(person)
    services = own(person, car).remote_services

    with refused(api_error, "UNKNOWN_ERROR_403"):
        loop.run(services.unlock_vehicle("9999"))

    assert queries.pin_attempts_left(account=person, car=car.vin) == 2
    assert commands_of(car) == []


@pytest.mark.conformance(9)
@newest
def test_after_too_many_wrong_pins_even_the_right_one_is_locked_out(own, loop, person, api_error):
    car = reporting_car(person)
    services = own(person, car).remote_services
    for _ in range(3):
        with pytest.raises(api_error):
            loop.run(services.unlock_vehicle("9999"))

    with refused(api_error, "ACCOUNT_LOCKED"):
        loop.run(services.unlock_vehicle("1234"))


@pytest.mark.conformance(9)
@newest
def test_answers_of_the_platform_for_trouble_are_tried_again_as_it_says(own, loop, person):
    car = reporting_car(person)
    seen = own(person, car)
    loop.slept.clear()
    loop.transport.instead = [("/commands", 429, {"Retry-After": "1"}, b"{}")] * 2

    status = loop.run(seen.remote_services.lock_vehicle())

    assert status.state.value == "PERFORMED"
    assert loop.slept[:2] == [1, 1]
    assert commands_of(car) == [("lock", {})]


@pytest.mark.conformance(9)
@newest
def test_maintenance_is_waited_out_and_a_car_that_is_not_to_be_had_is_said_at_once(own, loop, person, api_error):
    car = reporting_car(person)
    services = own(person, car).remote_services
    loop.transport.instead = [("/commands", 503, {"Retry-After": "2"}, b"{}")]
    assert loop.run(services.lock_vehicle()).state.value == "PERFORMED"

    loop.transport.instead = [("/commands", 408, {}, b'{"error": "timeout"}')]
    with refused(api_error, "VEHICLE_UNAVAILABLE"):
        loop.run(services.lock_vehicle())

    assert commands_of(car) == [("lock", {})]


# -- by hand ------------------------------------------------------------------------------------------------------------


def post(car, bearer: dict[str, str], body: object):
    path = f"/app/connect/v1/vehicles/{car.vin}/commands"
    return Client().post(path, json.dumps(body), content_type="application/json", **bearer)


def challenge_of(car, bearer) -> str:
    return post(car, bearer, {"key": "SPIN_CHALLENGE", "payload": {"spin": None}}).json()["data"]["challenge"]


def spin(challenge: str, pin: str = "1234") -> dict[str, str]:
    return {"challenge": challenge, "hash": foreign.pin_answer(pin=pin, challenge=challenge)}


def unlock(car, bearer, **answered: str):
    return post(car, bearer, {"key": "UNLOCK", "payload": {"spin": answered}})


def test_a_question_for_the_pin_is_good_once_for_one_car_one_person_and_two_minutes(clock, person):
    car, other = reporting_car(person), reporting_car(person)
    bearer = token_for(person)
    stranger = facts.account(pin="1234")
    actions.allow_foreign_apps(account=stranger, is_on=True)

    first = spin(challenge_of(car, bearer))
    assert unlock(other, bearer, **first).status_code == 403
    assert unlock(car, bearer, **first).status_code == 201
    assert unlock(car, bearer, **first).status_code == 403
    theirs = reporting_car(stranger)
    assert unlock(car, bearer, **spin(challenge_of(theirs, token_for(stranger)))).status_code == 403
    late = spin(challenge_of(car, bearer))
    clock.advance(minutes=2)
    assert unlock(car, bearer, **late).status_code == 403
    assert queries.pin_attempts_left(account=person, car=car.vin) == 3


def test_a_wrong_answer_spends_the_question(person):
    car = reporting_car(person)
    bearer = token_for(person)
    challenge = challenge_of(car, bearer)

    wrong = unlock(car, bearer, **spin(challenge, "9999"))

    assert (wrong.status_code, wrong.json()["attempts_left"]) == (403, 2)
    assert unlock(car, bearer, **spin(challenge)).status_code == 403


def test_what_opens_is_refused_without_a_pin(person):
    car = reporting_car(person)
    bearer = token_for(person)

    assert post(car, bearer, {"key": "UNLOCK"}).status_code == 403
    assert post(car, bearer, {"key": "UNLOCK", "payload": {"spin": "1234"}}).status_code == 400
    assert post(car, bearer, {"key": "TRUNK_UNLOCK", "payload": {}}).status_code == 403
    assert commands_of(car) == []


@pytest.mark.conformance(11)
def test_words_of_other_clients_are_understood(person):
    car = reporting_car(person)
    bearer = token_for(person)

    assert post(car, bearer, {"commandName": "LOCK"}).status_code == 201
    assert post(car, bearer, {"key": "REMOTE_CLIMATIZER_START", "payload": {"temperature": 19}}).status_code == 201
    assert post(car, bearer, {"key": "REMOTE_CLIMATIZER_START", "payload": {}}).status_code == 201
    assert post(car, bearer, {"key": "HONK_FLASH", "payload": {"mode": "HONK"}}).status_code == 201

    assert commands_of(car) == [
        ("lock", {}),
        ("climate_start", {"temperature": 19.0}),
        ("climate_start", {}),
        ("honk", {}),
    ]


def test_how_a_command_goes_is_said_as_a_sentence_in_the_clients_language(person):
    car = reporting_car(person)
    bearer = token_for(person)
    status_id = post(car, bearer, {"key": "LOCK"}).json()["status"]["id"]
    answer(car, "refused", cause="privacy_mode")

    address = f"/app/connect/v1/vehicles/{car.vin}/commands/{status_id}"
    english = Client().get(address, **bearer).json()["status"]
    german = Client().get(address, **bearer, HTTP_ACCEPT_LANGUAGE="de").json()["status"]

    assert (english["result"], english["message"]) == (
        "ERROR",
        "The car has refused it. Privacy mode is on in the car.",
    )
    assert english["steps"][-1]["message"] == english["message"]
    assert german["message"] != english["message"]


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"key": 7},
        {"key": "NOTHING_LIKE_IT"},
        {"key": "LOCK", "payload": []},
        {"key": "HONK_FLASH", "payload": {"mode": "SING"}},
        {"key": "CHARGING_PROFILES_EDIT", "payload": {"list": [{"id": 1}]}},
        {
            "key": "LOCATION_ALARMS_EDIT",
            "payload": {"list": [{"id": 1, "name": "x", "isEnabled": True, "rectangle": {}}]},
        },
    ],
)
def test_what_cannot_be_read_is_refused(person, body):
    car = reporting_car(person)

    assert post(car, token_for(person), body).status_code == 400
    assert commands_of(car) == []


def test_parameters_out_of_their_range_are_refused(person):
    car = reporting_car(person)
    bearer = token_for(person)

    assert post(car, bearer, {"key": "CHARGING_SETTINGS_EDIT", "payload": {"targetSoc": 500}}).status_code == 422
    assert (
        post(car, bearer, {"key": "REMOTE_CLIMATIZER_START", "payload": {"targetTemperature": 500}}).status_code == 422
    )


def test_commands_have_the_budget_of_every_program_and_the_answer_says_when_to_come_again(clock, person):
    car = reporting_car(person)
    bearer = token_for(person)
    body = {"key": "CHARGING_SETTINGS_EDIT", "payload": {"targetSoc": None}}

    answers = [post(car, bearer, body) for _ in range(61)]

    assert [each.status_code for each in answers[-2:]] == [201, 429]
    assert answers[-1]["Retry-After"].isdigit()
    assert '"commands";r=0' in answers[-1]["RateLimit"]


def test_scopes_limit_what_an_app_may_do(person):
    car = reporting_car(person)
    bearer = token_for(person, "cars")

    assert post(car, bearer, {"key": "LOCK"}).status_code == 201
    assert post(car, bearer, {"key": "REMOTE_CLIMATIZER_STOP"}).status_code == 403
    assert post(car, bearer, {"key": "DIRECT_CHARGING_START"}).status_code == 403


@pytest.mark.conformance(12)
def test_strangers_command_nothing_and_see_no_command(person):
    car = reporting_car(facts.account())
    bearer = token_for(person)

    assert post(car, bearer, {"key": "LOCK"}).status_code == 404
    assert post(car, bearer, {"key": "SPIN_CHALLENGE"}).status_code == 404
    assert Client().get(f"/app/connect/v1/vehicles/{car.vin}/commands/ODP-LOCK-1", **bearer).status_code == 404


def test_a_car_without_remote_access_is_not_to_be_commanded_by_mobile(person):
    car = vehicle_facts.vehicle(main_user=person)

    refused = post(car, token_for(person), {"key": "LOCK"})

    assert refused.status_code == 405
    assert refused.json()["error"].startswith("remote_services.")


def test_alarms_and_timers_are_set_and_read_back(person):
    car = reporting_car(person)
    bearer = token_for(person)
    alarms = [{"id": 7, "isEnabled": True, "name": "Home", "circle": {"location": "45.070000,7.690000", "radius": 500}}]
    timers = [
        {
            "id": 1,
            "enabled": True,
            "type": "CLIMATIZER_CHARGING",
            "triggerType": "STOP",
            "triggerDateTime": "2026-09-02T07:30:00",
            "repeatOn": ["MONDAY"],
            "metadata": {"targetSoc": 80, "isChargingEnabled": True, "isClimatizationEnabled": True},
        }
    ]
    speed = [{"id": 3, "isEnabled": True, "speedLimit": 130}]
    for key, listed in (("LOCATION_ALARMS", alarms), ("TIMERS", timers), ("SPEED_ALARMS", speed)):
        assert (
            post(car, bearer, {"key": f"{key}_EDIT", "payload": {"spin": None, "list": listed}}).status_code == 201
        ), key
    valet = {"speedLimit": 80, "area": {"circle": {"location": "45.07,7.69", "radius": 1000}}}
    assert post(car, bearer, {"key": "VALET_ALARM_EDIT", "payload": valet}).status_code == 201
    assert answer(car) == 4

    told = overview(car, bearer, "LOCATION_ALARMS", "TIMERS", "SPEED_ALARMS", "VALET_ALARM")
    assert told["LOCATION_ALARMS"]["list"] == alarms
    assert told["SPEED_ALARMS"]["list"] == speed
    assert told["TIMERS"]["list"][0]["metadata"] == timers[0]["metadata"]
    assert told["TIMERS"]["list"][0]["repeatOn"] == ["MONDAY"]
    assert (told["VALET_ALARM"]["isEnabled"], told["VALET_ALARM"]["speedLimit"]) == (True, 80)
    # an alarm that watches is taken away with the PIN only
    assert post(car, bearer, {"key": "VALET_ALARM_DISABLE"}).status_code == 403
    answered = spin(challenge_of(car, bearer))
    assert post(car, bearer, {"key": "VALET_ALARM_DISABLE", "payload": {"spin": answered}}).status_code == 201
    assert post(car, bearer, {"key": "TIMERS_DISABLE", "payload": {"id": 1}}).status_code == 201
    answer(car)
    assert overview(car, bearer, "TIMERS")["TIMERS"]["list"][0]["enabled"] is False


def overview(car, bearer, *keys: str) -> dict:
    told = Client().get(f"/app/connect/v1/vehicles/{car.vin}?mf=" + "&mf=".join(keys), **bearer).json()
    return {each["key"]: each.get("value") for each in told["measurements"]}


# -- pure ---------------------------------------------------------------------------------------------------------------

PROFILE = {
    "id": 4,
    "name": "Home",
    "enabled": True,
    "minimum_percent": 30,
    "target_percent": 80,
    "position": {"latitude": 45.07, "longitude": 7.69, "radius": 200},
    "preferred_times": [{"begins": "22:00", "ends": "06:00", "weekdays": ["monday"]}],
}


def test_a_profile_comes_back_as_it_went():
    there = kept.profiles({"profiles": [PROFILE]}, target=80)

    assert kept.to_profiles({"list": there}) == {"profiles": [PROFILE]}


def test_a_minimum_above_the_target_takes_the_target_along():
    there = kept.profiles({"profiles": [PROFILE]}, target=80)
    there[0]["minSoc"] = 90

    made = kept.to_profiles({"list": there})["profiles"][0]

    assert (made["minimum_percent"], made["target_percent"]) == (90, 90)


@pytest.mark.parametrize("key", sorted(wishes.WORDS))
def test_every_foreign_word_means_types_that_cars_know(key):
    assert set(wishes.WORDS[key].types) <= set(remote.PARAMETERS)
