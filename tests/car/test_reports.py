"""What a car measured reaches the platform once, in order, over gaps, lost acknowledgements and restarts."""

import shutil
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.car.conftest import connect

from vettura_car import uplink
from vettura_car.reports import DRIFTING, Reports
from vettura_wire import signals, topics

TRUNK, WINDOW = signals.FRONT_TRUNK_OPEN, signals.WINDOW_OPEN["driver_door"]
CHARGE = signals.STATE_OF_CHARGE
START = datetime(2026, 9, 1, 8, tzinfo=UTC)


class Time:
    """The car's time, as the test lets it pass."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def time(monkeypatch):
    moments = Time()
    monkeypatch.setattr(uplink, "real_now", moments)
    return moments


@pytest.fixture
def known_car(make_car):
    """A car that has been connected before and has told everything."""

    def make(**options):
        car = make_car(**options)
        connect(car)
        deliver(car)
        return car

    return make


def states(car) -> list:
    return [item for item in car.uplink.outgoing() if item.kind == topics.STATE]


def deliver(car, most=None) -> list:
    """What the broker takes of the car's reports."""
    taken = states(car)[:most]
    for item in taken:
        item.taken()
    return [item.payload for item in taken]


def lose_link(car) -> None:
    car.note_link(False)


def test_a_value_that_changes_and_changes_back_in_a_gap_is_reported_with_both_moments(known_car, time):
    car = known_car()
    lose_link(car)

    car.open_part("front_trunk", True)
    opened = time.now
    time.passes(60)
    car.open_part("front_trunk", False)

    told = [(report.values[TRUNK], report.measured_at) for report in deliver(car)]
    assert [value for value, _ in told] == [True, False]
    assert (told[0][1], told[1][1] > opened + timedelta(seconds=59)) == (opened, True)


def test_a_drifting_number_alone_waits_for_its_interval_also_in_a_gap(known_car, time):
    car = known_car()
    lose_link(car)
    for charge in range(77, 47, -1):
        car.change(state_of_charge=float(charge))
        time.passes(1)

    charges = [report.values[CHARGE] for report in deliver(car)]

    assert charges == [67.0, 57.0, 48.0]


def test_the_last_value_before_the_car_sleeps_does_not_wait(known_car, time):
    car = known_car(ignition="on")
    lose_link(car)
    car.condition.state_of_charge = 33.0

    car.set_ignition("off")

    assert deliver(car)[-1].values[CHARGE] == 33.0


def test_what_the_broker_took_is_not_sent_again_and_the_rest_is_after_a_restart(known_car, make_car, time):
    car = known_car()
    lose_link(car)
    for is_open in (True, False, True):
        car.open_part("front_trunk", is_open)
    taken = deliver(car, 1)

    later = make_car()

    left = [item.payload for item in states(later)]
    assert [report.values.get(TRUNK) for report in left] == [False, True]
    assert taken[0].seq < left[0].seq < left[1].seq


def test_numbers_grow_over_a_lost_disk(known_car, make_car, tmp_path):
    last = known_car().uplink.reports.add(START, {TRUNK: True}).seq
    shutil.rmtree(tmp_path)

    fresh = make_car()
    connect(fresh)

    assert deliver(fresh)[0].seq > last


def test_a_torn_line_is_skipped_and_what_follows_is_whole(tmp_path):
    journal = tmp_path / "reports.jsonl"
    reports = Reports(journal)
    reports.add(START, {TRUNK: True})
    with journal.open("ab") as file:
        file.write(b'{"report":{"seq":9,"measu')

    later = Reports(journal)
    later.add(START, {TRUNK: False})

    assert [report.values[TRUNK] for report in Reports(journal).waiting()] == [True, False]


def test_a_long_life_does_not_make_a_long_journal(tmp_path):
    reports = Reports(tmp_path / "reports.jsonl")
    for number in range(1_000):
        reports.take(reports.add(START, {CHARGE: float(number)}).seq)

    assert len((tmp_path / "reports.jsonl").read_bytes().splitlines()) < 500
    assert Reports(tmp_path / "reports.jsonl").noted == {CHARGE: 999.0}


def test_when_there_is_no_room_the_oldest_drifting_numbers_go_first(tmp_path):
    reports = Reports(tmp_path / "reports.jsonl", most=3)
    for values in ({TRUNK: True}, {CHARGE: 50.0}, {CHARGE: 49.0}, {TRUNK: False}, {CHARGE: 48.0}):
        reports.add(START, dict(values))

    kept = [report.values for report in reports.waiting()]
    assert kept == [{TRUNK: True}, {TRUNK: False}, {CHARGE: 48.0}]
    assert [report.values for report in Reports(tmp_path / "reports.jsonl").waiting()] == kept


def test_without_drifting_numbers_the_oldest_go(tmp_path):
    reports = Reports(tmp_path / "reports.jsonl", most=2)
    for part in (True, False, True):
        reports.add(START, {TRUNK: part})

    assert [report.values[TRUNK] for report in reports.waiting()] == [False, True]


@pytest.mark.rule("C-77")
def test_nothing_of_what_happened_in_privacy_mode_is_kept(known_car, make_car, time):
    car = known_car()
    lose_link(car)
    car.open_part("front_trunk", True)
    car.set_privacy(True)
    car.open_part("front_trunk", False)
    car.open_part("driver_door_window", True)
    car.change(state_of_charge=12.0)
    in_privacy = states(car)
    on_disk = (make_car().uplink.reports.waiting(), in_privacy)
    car.open_part("driver_door_window", False)
    car.change(state_of_charge=50.0)
    ended = time.now
    car.set_privacy(False)

    told = deliver(car)
    assert [report.values.get(WINDOW) for report in on_disk[0]] == [None]
    assert on_disk[1] == []
    assert [report.values[TRUNK] for report in told] == [True, False]
    assert not any(report.values.get(WINDOW) for report in told)
    assert told[1].measured_at > ended
    assert 12.0 not in {report.values.get(CHARGE) for report in told}


def test_a_factory_reset_forgets_what_waits(known_car):
    car = known_car()
    lose_link(car)
    car.open_part("front_trunk", True)
    car.open_part("front_trunk", False)

    car.reset_to_factory()

    assert [report.values[TRUNK] for report in deliver(car)] == [False]


def test_a_car_that_was_never_connected_keeps_nothing(make_car):
    car = make_car()
    car.open_part("front_trunk", True)

    assert car.uplink.reports.waiting() == []


def test_every_drifting_number_is_a_signal():
    assert set(signals.SIGNALS) >= DRIFTING


class Life:
    """A car whose link, power and luck come and go, and what of it the platform hears."""

    def __init__(self, make_car, monkeypatch) -> None:
        self.time = Time()
        monkeypatch.setattr(uplink, "real_now", self.time)
        self.make_car = make_car
        self.car = make_car()
        connect(self.car)
        self.heard: dict[int, object] = {}
        self.acknowledged: set[int] = set()
        self.kept: dict[int, object] = {}
        self.flips: list[tuple[bool, datetime]] = []
        self.on_send = lambda report: None

    def trunk(self) -> None:
        self.car.open_part("front_trunk", not self.car.condition.front_trunk_open)
        self.flips.append((self.car.condition.front_trunk_open, self.time.now))

    def drift(self) -> None:
        self.car.change(state_of_charge=self.car.condition.state_of_charge - 0.5)

    def sleep(self) -> None:
        self.car.set_ignition("off")

    def wake(self) -> None:
        self.car.set_ignition("on")

    def lose(self) -> None:
        lose_link(self.car)

    def reconnect(self) -> None:
        connect(self.car)

    def restart(self) -> None:
        self.car = self.make_car()

    def send(self) -> None:
        self._send(1)

    def send_and_break(self) -> None:
        """The line breaks before the broker's word for the last one arrives."""
        self._send(2)
        self._send(1, is_acknowledged=False)
        lose_link(self.car)

    def send_everything(self) -> None:
        connect(self.car)
        self._send(None)

    def look(self) -> None:
        self.kept |= {report.seq: report for report in self.car.uplink.reports.waiting()}

    def _send(self, most, *, is_acknowledged=True) -> None:
        for item in states(self.car)[:most]:
            assert item.payload.seq not in self.acknowledged
            self.kept[item.payload.seq] = item.payload
            self.heard.setdefault(item.payload.seq, item.payload)
            self.on_send(item.payload)
            if is_acknowledged:
                self.acknowledged.add(item.payload.seq)
                item.taken()


ACTS = st.sampled_from(["trunk", "drift", "sleep", "wake", "lose", "reconnect", "restart", "send", "send_and_break"])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=st.lists(ACTS, max_size=30))
def test_the_platform_hears_every_report_once_and_in_order_whatever_happens(make_car, tmp_path, monkeypatch, acts):
    shutil.rmtree(tmp_path, ignore_errors=True)
    life = Life(make_car, monkeypatch)

    for act in [*acts, "send_everything"]:
        life.time.passes(4)
        getattr(life, act)()
        life.look()

    heard = list(life.heard.values())
    assert list(life.heard) == sorted(life.heard)
    assert life.heard == life.kept
    told = [(report.values[TRUNK], report.measured_at) for report in heard if TRUNK in report.values]
    changes = [each for before, each in pairwise([(False, None), *told]) if each[0] != before[0]]
    assert changes == life.flips
    assert heard[-1].values[CHARGE] == life.car.condition.state_of_charge
