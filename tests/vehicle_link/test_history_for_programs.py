"""`…/history`: what the history page shows, for programs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import link_facts as facts
from tests import vehicle_facts
from tests.vehicle_link.test_history import CHARGE, MILEAGE, report

from vettura.vehicle_link import actions
from vettura.vehicles import actions as vehicles

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(clock):
    return facts.account()


@pytest.fixture
def car(person, client):
    client.force_login(person)
    return facts.vehicle(main_user=person)


def history(client, car, **asked):
    return client.get(f"/api/v1/vehicles/{car.vin}/history", asked)


def drive(car, clock, count: int, *, first: int = 1) -> None:
    for seq in range(first, first + count):
        clock.advance(minutes=1)
        actions.record_states(states=[report(car, seq, clock.real_now(), charge=80.0 - seq, mileage=1000.0 + seq)])


def test_the_points_come_oldest_first_with_their_units(client, car, clock):
    drive(car, clock, 2)

    body = history(client, car).json()

    assert [each["values"] for each in body["items"]] == [
        {CHARGE: 79.0, MILEAGE: 1001.0},
        {CHARGE: 78.0, MILEAGE: 1002.0},
    ]
    assert (body["units"][CHARGE], body["units"][MILEAGE], body["next"]) == ("percent", "km", None)


def test_pages_follow_one_another_without_a_gap_also_where_moments_are_the_same(client, car, clock):
    at = clock.real_now()
    for seq in range(1, 6):
        actions.record_states(states=[report(car, seq, at, charge=float(seq))])

    seen, cursor = [], None
    while True:
        page = history(client, car, limit=2, **({"after": cursor} if cursor else {})).json()
        seen += [each["values"][CHARGE] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert seen == [1.0, 2.0, 3.0, 4.0, 5.0]


def test_only_chosen_signals_of_a_chosen_time_are_told(client, car, clock):
    begin = clock.now() + timedelta(minutes=1, seconds=30)
    drive(car, clock, 3)

    body = history(
        client, car, signals=MILEAGE, **{"from": begin.isoformat(), "to": (begin + timedelta(minutes=1)).isoformat()}
    ).json()

    assert [each["values"] for each in body["items"]] == [{MILEAGE: 1002.0}]


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"signals": "Vehicle.Speed"}, 422, "vehicle_link.signal_not_kept"),
        ({"from": "2026-09-01T10:00:00"}, 422, "invalid_request"),
        ({"after": "somewhere"}, 404, "not_found"),
        ({"limit": "0"}, 422, "invalid_request"),
    ],
)
def test_what_cannot_be_told_is_refused(client, car, asked, status, code):
    response = history(client, car, **asked)

    assert (response.status_code, response.json()["code"]) == (status, code)


@pytest.mark.rule("C-77")
def test_privacy_mode_is_a_gap(client, car, clock):
    drive(car, clock, 1)
    began = clock.now()
    actions.note_privacy(vin=car.vin, on=True, at=began)
    clock.advance(hours=1)
    actions.note_privacy(vin=car.vin, on=False, at=clock.now())

    [gap] = history(client, car).json()["gaps"]

    assert gap == {"began_at": "2026-09-01T09:01:00Z", "ended_at": "2026-09-01T10:01:00Z"}


def test_a_secondary_user_sees_it_from_when_they_use_the_car(client, car, person, clock):
    drive(car, clock, 1)
    friend = vehicle_facts.person()
    clock.advance(hours=1)
    vehicles.assign_user(vehicle=car, account=friend, role="secondary_user", at=clock.now())
    drive(car, clock, 1, first=2)
    client.force_login(friend)

    body = history(client, car).json()

    assert [each["values"][CHARGE] for each in body["items"]] == [78.0]


def test_a_stranger_sees_nothing(client, car):
    client.force_login(vehicle_facts.person())

    assert history(client, car).status_code == 404


def test_a_long_history_asks_no_more_of_the_database_than_a_short_one(client, car, clock):
    history(client, car)
    asked = []
    for count, first in ((1, 1), (40, 2)):
        drive(car, clock, count, first=first)
        with CaptureQueriesContext(connection) as questions:
            assert history(client, car).status_code == 200
        asked.append(len(questions))

    assert asked[0] == asked[1]
