"""How charge, range and mileage went: every report once, thinned when it is old, and the next owner's own."""

import shutil
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import link_facts as facts
from tests import vehicle_facts
from tests.car.conftest import make_car, pack
from tests.car.test_reports import ACTS, Life

from vettura.catalog import queries as catalog
from vettura.foundation.errors import NotFound
from vettura.vehicle_link import actions, queries, rules
from vettura.vehicle_link.models import HistoryPoint, PrivacySpan, Signal
from vettura.vehicles import actions as vehicles
from vettura_wire import payloads, signals

__all__ = ["make_car", "pack"]

CHARGE, MILEAGE = signals.STATE_OF_CHARGE, signals.MILEAGE


def report(car, seq, at, **values) -> tuple[str, payloads.State]:
    named = {
        "charge": CHARGE,
        "mileage": MILEAGE,
        "electric_range": signals.ELECTRIC_RANGE,
        "latitude": signals.LATITUDE,
    }
    return car.vin, payloads.State(
        seq=seq, measured_at=at, values={named[name]: value for name, value in values.items()}
    )


def charges() -> list[float]:
    return list(HistoryPoint.objects.order_by("measured_at").values_list("charge", flat=True))


@pytest.fixture
def person(db, clock):
    return facts.account()


@pytest.fixture
def car(person):
    return facts.vehicle(main_user=person)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=st.lists(ACTS, max_size=25))
def test_history_has_every_report_once_and_in_order_whatever_happens_to_the_car(
    db, clock, make_car, tmp_path, monkeypatch, acts
):
    shutil.rmtree(tmp_path, ignore_errors=True)
    HistoryPoint.objects.all().delete()
    facts.unused_vehicle()
    life = Life(make_car, monkeypatch)
    heard = []
    life.on_send = lambda state: heard.append((facts.VIN, state))
    for act in [*acts, "send_everything"]:
        life.time.passes(4)
        getattr(life, act)()
        life.look()

    for first in range(0, len(heard), 3):
        actions.record_states(states=heard[first : first + 3])
        actions.record_states(states=heard[first : first + 3])

    kept = [state for _, state in sorted(life.kept.items())]
    told = [(state.seq, state.values.get(CHARGE)) for state in kept if {CHARGE, MILEAGE} & set(state.values)]
    found = HistoryPoint.objects.order_by("measured_at", "sequence").values_list("sequence", "charge")
    assert list(found) == told


def test_a_report_that_says_nothing_of_it_is_no_point(car, clock):
    actions.record_states(states=[report(car, 1, clock.real_now(), latitude=45.0)])

    assert HistoryPoint.objects.count() == 0


def test_a_late_report_finds_its_place(car, clock):
    now = clock.real_now()
    for seq, minutes in ((3, 1), (1, 9), (2, 5)):
        actions.record_states(states=[report(car, seq, now - timedelta(minutes=minutes), charge=float(seq))])

    assert charges() == [1.0, 2.0, 3.0]


@pytest.mark.rule("C-77")
def test_privacy_mode_is_a_gap_and_not_a_line(person, car, clock):
    actions.record_states(states=[report(car, 1, clock.real_now(), charge=80.0)])
    clock.advance(hours=1)
    began = clock.now()
    actions.note_privacy(vin=car.vin, on=True, at=began)
    actions.note_privacy(vin=car.vin, on=True, at=began)
    vehicles.set_privacy_mode(vin=car.vin, on=True, at=began)
    clock.advance(hours=1)
    actions.record_states(states=[report(car, 2, clock.real_now(), charge=70.0)])
    ended = clock.now()
    vehicles.set_privacy_mode(vin=car.vin, on=False, at=ended)
    actions.note_privacy(vin=car.vin, on=False, at=ended)
    clock.advance(hours=1)
    actions.record_states(states=[report(car, 3, clock.real_now(), charge=60.0)])

    found = queries.history_of(vehicle=car, account_id=person.id, period="day", at=clock.now())
    drawn = rules.chart(found.values["charge"], begin=found.begin, end=found.end, gaps=found.gaps)
    assert [value for _, value in found.values["charge"]] == [80.0, 60.0]
    assert found.gaps == [(began, ended)]
    assert (drawn.lines, len(drawn.dots), len(drawn.gaps)) == ([], 2, 1)


def test_old_history_is_thinned_to_the_last_of_each_hour(car, clock):
    start = clock.real_now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=2)
    for minute in range(0, 120, 20):
        values = {"charge": 90.0 - minute / 20} if minute != 40 else {"mileage": 100.0}
        actions.record_states(states=[report(car, minute + 1, start + timedelta(minutes=minute), **values)])
    clock.advance(days=1)
    before = (actions.thin_history(at=clock.now()), HistoryPoint.objects.count())
    clock.advance(days=catalog.terms().history_fine.days)

    gone = (actions.thin_history(at=clock.now()), actions.thin_history(at=clock.now()))

    assert before[0] == 0
    assert gone[1] == 0
    assert HistoryPoint.objects.count() == before[1] - gone[0]
    # the last charge of the first hour is not lost to the mileage that came after it
    assert charges() == [89.0, None, 85.0]


def test_history_is_forgotten_after_its_time(car, clock):
    actions.record_states(states=[report(car, 1, clock.real_now(), charge=80.0)])
    clock.advance(days=catalog.terms().history_kept.days - 1)
    actions.thin_history(at=clock.now())
    kept = actions.forget_old_history(at=clock.now())
    clock.advance(days=2)

    assert (kept, actions.forget_old_history(at=clock.now()), HistoryPoint.objects.count()) == (0, 1, 0)


def test_the_next_owner_is_not_told_how_the_former_one_drove(car, person, clock):
    actions.record_states(states=[report(car, 1, clock.real_now(), charge=80.0, latitude=45.0)])
    actions.note_privacy(vin=car.vin, on=True, at=clock.now())
    actions.note_privacy(vin=car.vin, on=False, at=clock.now())
    late = report(car, 2, clock.real_now(), charge=70.0, latitude=46.0)
    clock.advance(hours=1)

    actions.forget_place(vin=car.vin)
    actions.forget_history(vin=car.vin)
    actions.record_states(states=[late])
    nothing = (
        HistoryPoint.objects.count(),
        PrivacySpan.objects.count(),
        Signal.objects.filter(path=signals.LATITUDE).count(),
    )
    actions.record_states(states=[report(car, 3, clock.real_now(), charge=60.0, latitude=47.0)])

    assert nothing == (0, 0, 0)
    assert charges() == [60.0]


def test_a_secondary_user_sees_from_when_they_use_the_car(car, person, clock):
    actions.record_states(states=[report(car, 1, clock.real_now(), charge=80.0)])
    clock.advance(hours=1)
    friend = vehicle_facts.person()
    vehicles.assign_user(vehicle=car, account=friend, role="secondary_user", at=clock.now())
    clock.advance(hours=1)
    actions.record_states(states=[report(car, 2, clock.real_now(), charge=70.0)])

    seen = [
        [value for _, value in queries.history_of(
            vehicle=car, account_id=each, period="day", at=clock.now()
        ).values["charge"]]
        for each in (person.id, friend.id)
    ]  # fmt: skip

    assert seen == [[80.0, 70.0], [70.0]]
    with pytest.raises(NotFound):
        queries.history_of(vehicle=car, account_id=UUID(int=7), period="day", at=clock.now())


# -- the page --------------------------------------------------------------------------------------------------------


def test_the_page_draws_a_line_and_has_the_numbers_as_a_table(client, person, car, clock):
    for seq in range(3):
        clock.advance(hours=2)
        values = {"charge": 80.0 - seq, "mileage": 1000.0 + seq, "electric_range": 300_000}
        actions.record_states(states=[report(car, seq + 1, clock.real_now(), **values)])
    client.force_login(person)

    page = client.get(f"/vehicles/{car.vin}/history/?period=day").content.decode()

    assert page.count("chart__line") == 3
    assert "Charge: last 78 %, between 78 % and 80 %." in page
    assert page.count("<table") == 3


def test_an_empty_history_says_so(client, person, car):
    client.force_login(person)

    assert "has reported nothing in this time" in client.get(f"/vehicles/{car.vin}/history/").content.decode()


@pytest.mark.parametrize("period", ["day", "week", "month", "century"])
def test_the_page_asks_as_much_for_a_long_history_as_for_a_short_one(client, person, car, clock, period):
    client.force_login(person)
    address = f"/vehicles/{car.vin}/history/?period={period}"
    client.get(address)
    asked = []
    for many in (1, 200):
        start = clock.real_now() - timedelta(hours=many)
        actions.record_states(
            states=[report(car, many * 1000 + n, start + timedelta(minutes=7 * n), charge=50.0) for n in range(many)]
        )
        with CaptureQueriesContext(connection) as questions:
            assert client.get(address).status_code == 200
        asked.append(len(questions))

    assert asked[0] == asked[1]


def test_the_page_of_the_car_leads_to_its_history(client, person, car, clock):
    actions.record_states(states=[report(car, 1, clock.real_now(), mileage=1000.0)])
    client.force_login(person)

    assert f"/vehicles/{car.vin}/history/" in client.get(f"/vehicles/{car.vin}/").content.decode()


@given(
    points=st.lists(st.tuples(st.integers(0, 1000), st.floats(0, 100)), max_size=30),
    gaps=st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), max_size=3),
)
def test_a_chart_shows_every_point_inside_its_box(points, gaps):
    begin = facts.real_now()

    def moment(minutes):
        return begin + timedelta(minutes=minutes)

    ordered = [(moment(minute), value) for minute, value in sorted(points)]
    spans = [(moment(min(gap)), moment(max(gap))) for gap in gaps]

    drawn = rules.chart(ordered, begin=begin, end=moment(1000), gaps=spans, lowest=0, highest=100)

    shown = [tuple(map(float, pair.split(","))) for line in drawn.lines for pair in line.split()] + drawn.dots
    assert len(shown) == len(points)
    assert all(0 <= x <= drawn.width and 0 <= y <= drawn.height for x, y in shown)
