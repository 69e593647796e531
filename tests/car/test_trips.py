"""What light cars do all day makes sense: nobody jumps, nobody drives on air, and a seed is a life."""

import itertools
import math

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.car.conftest import VIN

from vettura_car import fleet, trips
from vettura_car.fleet import LightCar
from vettura_car.trips import Trip, new_trip, recuperated_kwh
from vettura_wire import signals

HOUR = 3600
SEEDS = st.integers(0, 10_000).map(str)


def meters_between(one: Trip, other: Trip) -> float:
    north = (other.latitude - one.latitude) * trips.KM_PER_DEGREE
    east = (other.longitude - one.longitude) * trips.KM_PER_DEGREE * math.cos(math.radians(one.latitude))
    return math.hypot(north, east) * 1000


def life(seed: str, *, hours: float, every: float = 1.0) -> list[Trip]:
    """The states of a car, one after the other."""
    trip, seen = new_trip(seed), []
    for _ in range(int(hours * HOUR / every)):
        seen.append(msgspec.structs.replace(trip))
        trip.pass_time(every)
    return seen


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_second_by_second_nothing_jumps(seed):
    seen = life(seed, hours=3)

    for one, other in itertools.pairwise(seen):
        driven = other.mileage - one.mileage
        assert 0 <= other.speed <= trips.FASTEST_KMH
        assert -trips.SLOWER_PER_SECOND <= other.speed - one.speed <= trips.FASTER_PER_SECOND
        assert 0 <= driven <= trips.FASTEST_KMH / 3600 + 1e-9
        assert meters_between(one, other) <= driven * 1000 * 1.01 + 0.01
        if one.phase == "driving":
            back = recuperated_kwh(one.speed, other.speed) / trips.BATTERY_KWH * 100
            assert other.charge <= one.charge + back + 1e-9
        elif one.phase == "charging":
            assert 0 <= other.charge - one.charge <= trips.CHARGER_KW / HOUR / trips.BATTERY_KWH * 100 + 1e-9
        elif other.phase != "driving":
            assert (other.charge, driven) == (one.charge, 0)


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_over_a_day_a_car_drives_charges_and_is_never_empty(seed):
    seen = life(seed, hours=24, every=20)

    assert {each.phase for each in seen} >= {"parked", "driving"}
    assert all(each.charge > 5 for each in seen)
    assert seen[-1].mileage > seen[0].mileage
    # it comes home again and again: nobody is lost in the hills
    assert all(meters_between(each, seen[0]) < 60_000 for each in seen)
    used = seen[-1].mileage - seen[0].mileage
    assert used < 24 * trips.FASTEST_KMH


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, minutes=st.integers(1, 300))
def test_a_parked_car_stands_and_is_locked_and_a_driving_one_is_neither(seed, minutes):
    trip = new_trip(seed)
    trip.pass_time(minutes * 60)

    values = trip.values()

    assert set(values) <= set(signals.SIGNALS)
    assert all(signals.fits(path, value) for path, value in values.items())
    is_driving = trip.phase == "driving"
    assert (values[signals.GEAR] == signals.GEAR_DRIVE) is is_driving
    assert values[signals.PARKING_BRAKE] is not is_driving
    assert (values[signals.IGNITION] == signals.IGNITION_ON) is is_driving
    assert is_driving or values[signals.SPEED] == 0
    assert not (is_driving and values[signals.CHARGING])


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS, first=st.integers(1, 5000), second=st.integers(1, 5000))
def test_the_same_seed_is_the_same_life_also_when_it_was_interrupted(seed, first, second):
    through, kept = new_trip(seed), new_trip(seed)
    through.pass_time(first + second)
    kept.pass_time(first)
    resumed = msgspec.json.decode(msgspec.json.encode(kept), type=Trip)
    resumed.pass_time(second)

    assert resumed == through


def test_another_seed_is_another_life():
    assert new_trip("1").home != new_trip("2").home


def test_a_car_goes_on_from_where_it_was_and_a_new_seed_begins_anew(tmp_path):
    file = tmp_path / fleet.TRIP_FILE
    car = LightCar(VIN, keys={}, trip=fleet.load_trip(file, seed="1"), trip_file=file)
    car._trip.pass_time(5 * HOUR)
    car.remember_trip()

    assert fleet.load_trip(file, seed="1") == car._trip
    assert fleet.load_trip(file, seed="2") == new_trip("2")
    file.write_bytes(b"torn")
    assert fleet.load_trip(file, seed="1") == new_trip("1")
