"""The demo clock walks from one due moment to the next."""

from datetime import datetime, timedelta

import pytest

from vettura.foundation import clock as time
from vettura.foundation import demo_clock, sweeps
from vettura.foundation.clock import SystemTime
from vettura.foundation.models import ClockShift, OutboxEvent


@pytest.fixture
def system_time():
    system = SystemTime()
    former = time.install(system)
    yield system
    time.install(former)


@pytest.fixture
def reminders():
    """Two things that are due, and when each was done."""
    start = time.now()
    open_until = [start + timedelta(hours=5), start + timedelta(days=3, hours=1)]
    done: list[tuple[datetime, datetime]] = []

    def remind(at: datetime) -> int:
        due = [moment for moment in open_until if moment <= at]
        done.extend((moment, at) for moment in due)
        for moment in due:
            open_until.remove(moment)
        return len(due)

    remind.__module__ = "vettura.foundation.tasks"
    sweeps.sweep(next_due=lambda: min(open_until, default=None))(remind)
    yield done
    sweeps._sweeps.pop("foundation.remind")


@pytest.mark.django_db(transaction=True)
def test_things_happen_at_their_moment_and_in_their_order(system_time, reminders):
    demo_clock.advance(by=timedelta(days=7))

    assert [moment for moment, _at in reminders] == sorted(moment for moment, _at in reminders)
    assert len(reminders) == 2
    assert all(at - moment < timedelta(seconds=30) for moment, at in reminders)


@pytest.mark.django_db(transaction=True)
def test_the_clock_announces_its_new_shift(system_time):
    demo_clock.advance(by=timedelta(hours=2))

    event = OutboxEvent.objects.filter(type="foundation.ClockMoved").latest("id")
    assert event.body["shift_seconds"] == pytest.approx(7200, abs=5)
    assert ClockShift.current() == pytest.approx(timedelta(hours=2), abs=timedelta(seconds=5))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("is_demo", "by"), [(True, timedelta(hours=-1)), (False, timedelta(hours=1))])
def test_the_clock_never_goes_back_nor_moves_outside_the_demo(system_time, settings, is_demo, by):
    settings.IS_DEMO = is_demo

    with pytest.raises(demo_clock.ClockStandsStill):
        demo_clock.advance(by=by)

    assert not ClockShift.objects.exists()
