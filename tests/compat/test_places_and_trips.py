"""Places and trips in the foreign words: the list that a person keeps, “send to the car”, and where each trip began and ended."""

import json

import pytest
from django.test import Client
from tests import destination_facts, vehicle_facts
from tests.compat.cars import answer, reporting_car
from tests.compat.tokens import token_for

from vettura.foundation import clock as platform_clock
from vettura.navigation.models import Destination
from vettura.vehicle_link import actions as link
from vettura.vehicles import actions as vehicles
from vettura_wire import payloads, signals

pytestmark = pytest.mark.django_db
MUSEUM = {"name": "Museo", "address": "Via Po 1, Torino", "location": "45.070300,7.686900"}


@pytest.fixture
def car(person):
    return reporting_car(person)


@pytest.fixture
def bearer(person):
    return token_for(person)


def post(car, bearer, key: str, **payload: object):
    address = f"/app/connect/v1/vehicles/{car.vin}/commands"
    return Client().post(
        address, json.dumps({"key": key, "payload": payload}), content_type="application/json", **bearer
    )


def measured(car, bearer, key: str) -> dict:
    told = Client().get(f"/app/connect/v1/vehicles/{car.vin}?mf={key}", **bearer).json()
    return told["measurements"][0]


def listed(car, bearer) -> dict:
    return measured(car, bearer, "DESTINATIONS")["value"]


def test_a_place_is_added_changed_and_deleted_and_the_car_is_given_the_list(car, bearer):
    added = post(car, bearer, "DESTINATIONS_EDIT", spin=None, destinationEntry=MUSEUM)
    status_id = added.json()["status"]["id"]
    told = Client().get(f"/app/connect/v1/vehicles/{car.vin}/commands/{status_id}", **bearer).json()
    entry = listed(car, bearer)["list"][0]

    changed = post(car, bearer, "DESTINATIONS_EDIT", destinationEntry={"uuid": entry["uuid"], "name": "Mole"})
    seen = listed(car, bearer)["list"]

    assert (added.status_code, told["status"]["result"]) == (201, "PERFORMED")
    assert {name: entry[name] for name in MUSEUM} == MUSEUM
    assert (changed.status_code, [(each["name"], each["location"]) for each in seen]) == (
        201,
        [("Mole", MUSEUM["location"])],
    )
    assert Destination.objects.get().released["name"] == "Mole"
    assert post(car, bearer, "DESTINATIONS_DELETE", spin=None, uuid=entry["uuid"]).status_code == 201
    assert listed(car, bearer)["list"] == []


def test_a_list_that_has_changed_since_it_was_read_stays_as_it_is(person, car, bearer):
    row = destination_facts.destination(car, person)
    seen = listed(car, bearer)["snapshotId"]
    destination_facts.destination(car, person, name="Home")

    late = post(car, bearer, "DESTINATIONS_DELETE", uuid=str(row.id), snapshotId=seen)
    now = post(car, bearer, "DESTINATIONS_DELETE", uuid=str(row.id), snapshotId=listed(car, bearer)["snapshotId"])

    assert (late.status_code, late.json()["error"], now.status_code) == (412, "outdated", 201)


def test_the_same_place_sent_to_the_car_twice_is_there_once(car, bearer):
    for _ in range(2):
        assert post(car, bearer, "POI_SEND_TO_CAR", poi=MUSEUM).status_code == 201

    assert [(each["name"], each["type"]) for each in listed(car, bearer)["list"]] == [("Museo", "POI")]
    assert Destination.objects.get().released is not None


@pytest.mark.parametrize(
    ("key", "payload", "status"),
    [
        ("DESTINATIONS_EDIT", {"destinationEntry": "Museo"}, 400),
        ("DESTINATIONS_EDIT", {"destinationEntry": {"name": 7}}, 400),
        ("DESTINATIONS_EDIT", {"destinationEntry": {"name": "x", "location": "here"}}, 400),
        ("DESTINATIONS_EDIT", {"destinationEntry": {"name": "x", "type": "MOON"}}, 400),
        ("DESTINATIONS_EDIT", {"destinationEntry": {"name": "nowhere"}}, 422),
        ("DESTINATIONS_DELETE", {"uuid": "x"}, 400),
        ("DESTINATIONS_DELETE", {"uuid": "01a22389-e6fd-7845-a767-862dfda0a43d"}, 404),
    ],
)
def test_a_place_that_cannot_be_read_or_kept_is_refused(car, bearer, key, payload, status):
    assert post(car, bearer, key, **payload).status_code == status
    assert not Destination.objects.exists()


def test_nobody_changes_a_strangers_list(bearer):
    theirs = reporting_car(vehicle_facts.person())

    assert post(theirs, bearer, "POI_SEND_TO_CAR", poi=MUSEUM).status_code == 404


def test_places_are_to_be_had_without_a_contract_and_said_to_be(car, bearer):
    told = Client().get(f"/app/connect/v1/vehicles/{car.vin}?cf=DESTINATIONS_EDIT&cf=POI_SEND_TO_CAR", **bearer).json()

    assert [each["status"]["isEnabled"] for each in told["commands"]] == [True, True]


def drive(car, clock, sequence: int, mileages: list[float]) -> int:
    """A report a minute; returns the number of the next one."""
    for mileage in mileages:
        clock.advance(minutes=1)
        state = payloads.State(seq=sequence, measured_at=clock.real_now(), values={signals.MILEAGE: mileage})
        link.record_states(states=[(car.vin, state)])
        sequence += 1
    return sequence


def test_trips_are_told_apart_by_their_pauses_the_newest_first(clock, person, car, bearer):
    following = drive(car, clock, 2, [18240.4, 18241.4, 18242.4])
    clock.advance(minutes=20)
    drive(car, clock, following, [18242.4, 18243.4, 18244.4, 18245.4])

    trips = measured(car, bearer, "TRIP_STATISTICS_SHORT_TERM_HISTORY")["value"]["list"]
    ours = Client()
    ours.force_login(person)
    page = ours.get(f"/api/v1/vehicles/{car.vin}/trips?limit=1").json()
    rest = ours.get(f"/api/v1/vehicles/{car.vin}/trips", {"before": page["next"]}).json()

    assert [(each["distanceKm"], each["drivingTimeMinutes"], each["avgSpeedKmh"]) for each in trips] == [
        (3.0, 3, 60),
        (2.0, 2, 60),
    ]
    assert (trips[1]["startMileageKm"], trips[1]["endMileageKm"]) == (18240.4, 18242.4)
    assert [each["id"] for each in (*page["items"], *rest["items"])] == [each["id"] for each in trips]
    assert rest["next"] is None


def test_what_was_driven_in_privacy_mode_is_in_no_trip(clock, person, car, bearer):
    following = drive(car, clock, 2, [18240.4, 18241.4])
    vehicles.set_privacy_mode(vin=car.vin, on=True, at=platform_clock.now())
    following = drive(car, clock, following, [18250.4 + each for each in range(12)])
    vehicles.set_privacy_mode(vin=car.vin, on=False, at=platform_clock.now())
    drive(car, clock, following, [18300.4])

    trips = measured(car, bearer, "TRIP_STATISTICS_SHORT_TERM_HISTORY")["value"]["list"]

    assert [each["distanceKm"] for each in trips] == [1.0]


def test_departures_are_the_timers_and_are_set_as_they_are(car, bearer):
    departure = {
        "id": 1,
        "enabled": True,
        "triggerDateTime": "2026-09-02T07:30:00",
        "repeatOn": ["MONDAY"],
        "metadata": {"targetSoc": 80, "isChargingEnabled": True, "isClimatizationEnabled": True},
    }
    assert post(car, bearer, "DEPARTURES_EDIT", list=[departure]).status_code == 201
    assert answer(car) == 1

    told = measured(car, bearer, "DEPARTURES")["value"]["list"]
    assert [(each["id"], each["repeatOn"], each["metadata"]) for each in told] == [
        (1, ["MONDAY"], departure["metadata"])
    ]
