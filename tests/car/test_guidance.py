"""Guidance: distance, direction and arrival, from where the car is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vettura_car import guidance
from vettura_car.guidance import Goal, towards

latitudes, longitudes = st.floats(-89, 89), st.floats(-180, 180)
TORINO, MILANO = (45.0703, 7.6869), (45.4642, 9.19)


def test_milan_lies_126_kilometers_north_east_of_turin():
    bearing = towards(
        Goal(name="Milano", latitude=MILANO[0], longitude=MILANO[1]),
        latitude=TORINO[0],
        longitude=TORINO[1],
        heading=90,
    )

    assert 125_000 < bearing.meters < 127_000
    assert (bearing.direction, round(bearing.degrees), round(bearing.turn)) == ("east", 69, 339)


@given(latitudes, longitudes, latitudes, longitudes)
def test_the_way_there_is_as_far_as_the_way_back_and_never_more_than_half_around(a, b, c, d):
    there, back = guidance.distance(a, b, c, d), guidance.distance(c, d, a, b)

    assert there == pytest.approx(back, abs=0.01)
    assert 0 <= there <= guidance.EARTH_RADIUS * 3.1416


@given(latitudes, longitudes, latitudes, longitudes, st.floats(0, 360))
def test_a_direction_is_one_of_the_compass(a, b, c, d, heading):
    bearing = towards(Goal(name="x", latitude=c, longitude=d), latitude=a, longitude=b, heading=heading)

    assert 0 <= bearing.degrees < 360
    assert 0 <= bearing.turn <= 360
    assert bearing.direction in guidance.COMPASS


@given(latitudes, longitudes)
def test_where_one_is_one_has_arrived(a, b):
    assert towards(Goal(name="x", latitude=a, longitude=b), latitude=a, longitude=b, heading=0).has_arrived


@pytest.mark.parametrize(("up", "there"), [(0.0013, True), (0.0014, False)])
def test_one_has_arrived_within_150_meters(up, there):
    assert (
        towards(Goal(name="x", latitude=45 + up, longitude=7), latitude=45, longitude=7, heading=0).has_arrived is there
    )


def test_the_arrival_is_reckoned_by_road():
    bearing = guidance.Bearing(meters=100_000 / 1.3, degrees=0, turn=0)
    now = datetime(2026, 9, 1, 12, tzinfo=UTC)

    assert guidance.arrival(bearing, now) - now == timedelta(minutes=100)


@pytest.mark.parametrize(
    ("meters", "says"),
    [
        (4, "0 m"),
        (994, "990 m"),
        (995, "1.0 km"),
        (12_340, "12.3 km"),
        (99_949, "99.9 km"),
        (99_951, "100 km"),
        (523_400, "523 km"),
    ],
)
def test_a_distance_is_written_as_on_a_screen(meters, says):
    assert guidance.spoken_distance(meters) == says


def test_guidance_follows_the_car_and_ends_where_it_arrives(ready_car, page_of):
    car = ready_car("TAY", language="en")
    car.change(latitude=TORINO[0], longitude=TORINO[1])
    car.destinations.save({"name": "Milano", "latitude": str(MILANO[0]), "longitude": str(MILANO[1])})
    car.destinations.choose(car.destinations.portal()[0].id)
    before = page_of(car).get("/guidance").text

    car.change(latitude=MILANO[0], longitude=MILANO[1])

    assert "126 km" in before
    assert "You have arrived." in page_of(car).get("/guidance").text
