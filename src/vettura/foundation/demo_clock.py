"""
Moves the demo's world time forward, step by step, so that everything happens in its order.

From one due moment to the next over all sweeps, at most a day at a time; a sweep in flight ends first. It never goes back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from vettura.foundation import clock, outbox, sweeps
from vettura.foundation.errors import Refusal
from vettura.foundation.events import Event
from vettura.foundation.models import ClockShift

LONGEST_STEP = timedelta(days=1)
# one sweep at a time over all processes: the worker's each second, and the clock's at every step
SWEEP_LOCK = 7_465_217


@dataclass(frozen=True, kw_only=True)
class ClockMoved(Event):
    """World time is now further ahead of real time, by `shift_seconds` in all."""

    stream_field: ClassVar[str] = "stream"
    shift_seconds: float
    at: datetime
    stream: str = "clock"


class ClockStandsStill(Refusal):
    """Only the demo's clock can be moved, and only forward."""

    code = "foundation.clock_stands_still"
    status = 409
    sentence = _("Only the demo's clock can be moved, and only forward.")


def run_sweeps() -> int:
    """This will do everything due by now, unless another process is doing it; returns how many things were done."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SWEEP_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        return sweeps.run_due(clock.now())


def advance(*, by: timedelta) -> datetime:
    """
    This will move world time forward and return the new time.

    Raises ClockStandsStill outside the demo or for a negative step.
    """
    if not settings.IS_DEMO or by < timedelta():
        raise ClockStandsStill
    goal = ClockShift.current() + by
    while (left := goal - ClockShift.current()) > timedelta():
        due, at = sweeps.earliest_due(), clock.now()
        until_due = max(due - at, timedelta(seconds=1)) if due else left
        _step(by=min(left, LONGEST_STEP, until_due))
    return clock.now()


def _step(*, by: timedelta) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SWEEP_LOCK])
        row, _created = ClockShift.objects.select_for_update().get_or_create(id=1)
        row.shift += by
        row.save(update_fields=["shift"])
        forget = getattr(clock.source(), "forget", None)
        if forget is not None:
            forget()
        outbox.publish(ClockMoved(shift_seconds=row.shift.total_seconds(), at=clock.now()))
        sweeps.run_due(clock.now())
