"""Everything that the unmodified clients read: conformance cases 1, 7, 11 and 12 of the contract."""

import importlib
import json
import struct
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from tests import destination_facts, vehicle_facts
from tests import identity_facts as facts
from tests.compat.cars import DRIVES, report, reporting_car
from tests.compat.tokens import token_for

from vettura.compat import captcha, kept
from vettura.compat import measurements as words
from vettura.foundation import clock
from vettura.identity import actions
from vettura.vehicle_link import actions as link
from vettura.vehicles import actions as vehicle_actions
from vettura_wire import payloads, signals

pytestmark = pytest.mark.django_db


@pytest.fixture
def constants(client_package):
    return importlib.import_module("pyporscheconnectapi.const")


def properties_of(vehicle) -> dict[str, object]:
    """The value of every property that the client has for a car."""
    names = [name for name, each in vars(type(vehicle)).items() if isinstance(each, property)]
    return {name: getattr(vehicle, name) for name in names}


@pytest.mark.conformance(1, 7)
@pytest.mark.parametrize("drive", DRIVES)
def test_every_property_of_the_client_reads_for_every_drive(clock, read, loop, person, constants, drive):
    car = reporting_car(person, drive)

    seen = read(person)[car.vin]
    loop.run(seen.get_stored_overview())
    properties = properties_of(seen)

    answered = {each["key"] for each in seen.status["measurements"]}
    assert answered == set(constants.MEASUREMENTS)
    assert seen.data["name"] == car.model_name
    assert seen.data["MILEAGE"]["kilometers"] == 18240
    assert properties["location"] == (45.07, 7.69, 272)
    assert (properties["vehicle_locked"], properties["vehicle_closed"], properties["connected"]) == (True, True, True)
    assert properties["tire_pressure_status"] is True
    assert properties["has_remote_services"] is True
    assert seen.data.get("FUEL_LEVEL", {}).get("percent") == (None if drive == "BEV" else 55)
    if drive != "COMBUSTION":
        assert seen.data["BATTERY_LEVEL"]["percent"] == 60
        assert seen.data["CHARGING_SUMMARY"]["status"] == "CHARGING"
        assert properties["charging_target"] == 80
        # 300 km are 60 %: 20 % more in an hour are 100 km in 60 minutes
        assert seen.data["CHARGING_RATE"]["chargingRate-kph"] == pytest.approx(100, abs=1)
        assert seen.data["CHARGING_SUMMARY"]["targetDateTimeWithOffset"] - clock.real_now() == timedelta(hours=1)
        assert properties["remote_climatise_on"] is False
        assert properties["has_remote_climatisation"] is True
    else:
        assert "CHARGING_SUMMARY" not in seen.data
        assert properties["has_remote_climatisation"] is False


@pytest.mark.conformance(1)
def test_everything_else_that_the_client_reads(read, loop, person, version):
    car = reporting_car(person)
    destination_facts.destination(car, person, name="Home")
    seen = read(person)[car.vin]

    loop.run(seen.get_capabilities())
    loop.run(seen.get_trip_statistics())
    loop.run(seen.get_picture_locations())

    commands = {each["key"]: each for each in seen.capabilities["commands"]}
    assert commands["REMOTE_CLIMATIZER_START"]["status"]["isEnabled"] is True
    assert commands["REMOTE_CLIMATIZER_START"]["metadata"]["minTemperature"] > 280
    assert commands["CS_YOUNITED"]["status"] == {"isEnabled": False, "cause": "NOT_SUPPORTED"}
    trips = {each["key"]: each["status"]["isEnabled"] for each in seen.trip_statistics["measurements"]}
    assert "TRIP_STATISTICS_CYCLIC" in trips
    address = urlsplit(seen.picture_locations["sideView"])
    picture = Client().get(address.path)
    assert (address.scheme, picture["Content-Type"]) == ("http", "image/png")
    assert struct.unpack(">I", picture.content[16:20])[0] == 1200
    if version == "0.2.9":
        loop.run(seen.get_destinations())
        assert [each["name"] for each in seen.data["DESTINATIONS"]["list"]] == ["Home"]


@pytest.mark.conformance(7)
@pytest.mark.parametrize("version", ["0.2.9"], indirect=True)
def test_a_car_in_privacy_mode_says_so_and_not_where_it_is(read, loop, person):
    car = reporting_car(person)
    vehicle_actions.set_privacy_mode(vin=car.vin, on=True, at=clock.now())

    seen = read(person)[car.vin]
    loop.run(seen.get_stored_overview())
    loop.run(seen.get_capabilities())

    assert seen.privacy_mode is True
    assert status_of(seen, "GPS_LOCATION") == {"isEnabled": False, "cause": "PRIVACY_ACTIVATED"}
    assert seen.mileage == 18240
    assert command_status(seen, "LOCK") == {"isEnabled": False, "cause": "PRIVACY_ACTIVATED"}


@pytest.mark.conformance(7)
@pytest.mark.parametrize("version", ["0.2.9"], indirect=True)
def test_a_car_out_of_reach_keeps_its_last_values_with_their_moments(clock, read, loop, person):
    car = reporting_car(person)
    measured = clock.now()
    clock.advance(hours=5)
    link.record_offline(vin=car.vin, offline=payloads.Offline())

    seen = read(person)[car.vin]
    loop.run(seen.get_stored_overview())

    assert seen.connected is False
    assert seen.data["BATTERY_LEVEL"] == {"percent": 60, "lastModified": words.moment(measured)}
    assert seen.last_global_update == measured


@pytest.mark.parametrize("version", ["0.2.9"], indirect=True)
def test_a_car_that_never_spoke_answers_every_key_with_a_cause(read, loop, person, constants):
    car = vehicle_facts.vehicle(main_user=person, remote_access=True)

    seen = read(person)[car.vin]
    loop.run(seen.get_stored_overview())
    properties_of(seen)

    assert {each["key"] for each in seen.status["measurements"]} == set(constants.MEASUREMENTS)
    assert status_of(seen, "BATTERY_LEVEL") == {"isEnabled": False, "cause": "NOT_CONNECTED"}
    assert status_of(seen, "FUEL_LEVEL") == {"isEnabled": False, "cause": "NOT_SUPPORTED"}


@pytest.mark.conformance(7)
@pytest.mark.parametrize("version", ["0.2.9"], indirect=True)
def test_what_no_contract_covers_any_more_is_not_offered(clock, read, loop, person):
    car = reporting_car(person)
    clock.advance(days=4000)

    seen = read(person)[car.vin]
    loop.run(seen.get_stored_overview())
    loop.run(seen.get_capabilities())

    assert command_status(seen, "LOCK") == {"isEnabled": False, "cause": "LICENSE_DEACTIVATED"}
    assert status_of(seen, "GPS_LOCATION") == {"isEnabled": False, "cause": "LICENSE_DEACTIVATED"}


@pytest.mark.parametrize("version", ["0.2.9"], indirect=True)
def test_two_cars_of_one_model_have_names_of_their_own(read, loop, person):
    first, second = (vehicle_facts.vehicle(main_user=person) for _ in range(2))

    cars = read(person)
    for car in cars.values():
        loop.run(car.get_stored_overview())

    assert cars[first.vin].data["name"] == f"{first.model_name} {first.vin_end}"
    assert cars[first.vin].data["name"] != cars[second.vin].data["name"]


# -- by hand ------------------------------------------------------------------------------------------------------------


def status_of(seen, key: str) -> dict:
    return next(each["status"] for each in seen.status["measurements"] if each["key"] == key)


def command_status(seen, key: str) -> dict:
    return next(each["status"] for each in seen.capabilities["commands"] if each["key"] == key)


def get(path: str, bearer: dict[str, str] | None = None):
    return Client().get(f"/app{path}", **(bearer or {}))


@pytest.mark.conformance(12)
def test_strangers_find_nothing(person):
    car = reporting_car(facts.account())
    bearer = token_for(person)

    assert get(f"/connect/v1/vehicles/{car.vin}?mf=MILEAGE", bearer).status_code == 404
    assert get(f"/connect/v1/vehicles/{car.vin}/pictures", bearer).status_code == 404
    assert get("/connect/v1/vehicles", bearer).json() == []


def test_nobody_reads_without_a_token_or_with_one_of_our_own(person):
    assert get("/connect/v1/vehicles").status_code == 401
    assert get("/connect/v1/vehicles", {"HTTP_AUTHORIZATION": "Bearer nonsense"}).status_code == 401
    assert facts.signed_in(person).get("/app/connect/v1/vehicles").status_code == 401


def test_a_token_without_the_scope_reads_nothing(person):
    refused = get("/connect/v1/vehicles", token_for(person, "openid"))

    assert (refused.status_code, refused.json()["error"]) == (403, "scope_missing")


def test_a_car_that_was_taken_from_the_app_does_not_exist_for_it_any_more(person):
    kept_car, taken = reporting_car(person), reporting_car(person)
    bearer = token_for(person)

    actions.revoke_program_car(account=person, client_id="XhygisuebbrqQ80byOuU5VncxLIm8E6H", vin=taken.vin)

    assert [each["vin"] for each in get("/connect/v1/vehicles", bearer).json()] == [kept_car.vin]
    assert get(f"/connect/v1/vehicles/{taken.vin}?mf=MILEAGE", bearer).status_code == 404
    assert get(f"/connect/v1/vehicles/{taken.vin}/pictures", bearer).status_code == 404


@pytest.mark.parametrize(
    ("drive", "used"),
    [
        ("BEV", {"avgKwhPerHundredKm": 20.0}),
        ("PHEV", {"avgKwhPerHundredKm": 20.0, "avgLiterPerHundredKm": 5.0}),
        ("COMBUSTION", {"avgLiterPerHundredKm": 5.0}),
    ],
)
def test_a_trip_says_what_cars_of_its_drive_use(drive, used):
    told = {"short": {"km": 50.0, "seconds": 3600, "kwh": 10.0, "liters": 2.5}}

    (trip,) = kept.trips(told, "short", drive=drive, at="2026-09-01T09:00:00Z")

    assert trip == {
        "id": "short",
        "tripEndTime": "2026-09-01T09:00:00Z",
        "distanceKm": 50.0,
        "drivingTimeMinutes": 60,
        "avgSpeedKmh": 50,
        **used,
    }
    assert kept.trips(told, "long", drive=drive, at="2026-09-01T09:00:00Z") == []


def test_a_token_is_worth_nothing_once_the_person_lets_no_foreign_apps_in(person):
    bearer = token_for(person)
    actions.allow_foreign_apps(account=person, is_on=False)

    assert get("/connect/v1/vehicles", bearer).status_code == 401


@pytest.mark.conformance(11)
def test_doubled_slashes_unknown_keys_and_long_questions_are_answered(person):
    car = reporting_car(person)
    bearer = token_for(person)
    keys = [f"KEY_{number}" for number in range(128)]

    doubled = get(f"//connect/v1/vehicles/{car.vin}?mf=MILEAGE&mf=MILEAGE&mf=SOMETHING&cf=ELSE", bearer).json()
    many = get(f"/connect/v1/vehicles/{car.vin}?mf=" + "&mf=".join(keys), bearer).json()

    assert [each["key"] for each in doubled["measurements"]] == ["MILEAGE", "SOMETHING"]
    assert doubled["measurements"][1]["status"] == {"isEnabled": False, "cause": "NOT_SUPPORTED"}
    assert [each["key"] for each in doubled["commands"]] == ["ELSE"]
    assert [each["key"] for each in many["measurements"]] == keys


def test_any_app_id_and_language_are_taken(person):
    reporting_car(person)
    more = {
        "HTTP_X_CLIENT_ID": "52064df8-6daa-46f7-bc9e-e3232622ab26",
        "HTTP_APIKEY": "x",
        "HTTP_ACCEPT_LANGUAGE": "de",
    }

    assert get("/connect/v1/vehicles", token_for(person) | more).status_code == 200


def test_reading_the_list_asks_the_database_no_more_for_more_cars(person, django_assert_max_num_queries):
    for _ in range(3):
        vehicle_facts.vehicle(main_user=person)
    bearer = token_for(person)

    with django_assert_max_num_queries(8):
        assert len(get("/connect/v1/vehicles", bearer).json()) == 3


@pytest.mark.parametrize(
    ("is_plugged", "is_charging", "charge", "says"),
    [
        (False, False, 50, "NOT_PLUGGED"),
        (True, True, 50, "CHARGING"),
        (True, False, 50, "READY_TO_CHARGE"),
        (True, False, 80, "CHARGING_COMPLETED"),
    ],
)
def test_how_charging_stands_is_one_of_the_known_words(is_plugged, is_charging, charge, says):
    assert words.charging_status(is_plugged=is_plugged, is_charging=is_charging, charge=charge, target=80) == says


def test_a_flat_tire_is_one_that_differs_from_its_axle(person):
    car = reporting_car(person)
    report(car, {signals.TIRE_PRESSURE["rear_left_tire"]: 170}, sequence=2)

    told = get(f"/connect/v1/vehicles/{car.vin}?mf=TIRE_PRESSURE_REAR_LEFT&mf=TIRE_PRESSURE", token_for(person)).json()

    one, every = (each["value"] for each in told["measurements"])
    assert (one["actualPressureBar"], one["differenceBar"]) == (1.7, -0.4)
    assert every["rearRightTire"]["differenceBar"] == 0.4
    assert every["frontLeftTire"]["differenceBar"] == 0


def test_the_page_around_a_picture_tells_its_facts_as_clients_read_them():
    page = captcha.page("Title", {"screen": {"captcha": {"image": "data:image/svg+xml;base64,AAAA"}}})

    assert 'atob("' in page
    assert json.dumps("Title")[1:-1] in page
