"""
The only place that asks the system for the time (besides `vettura_wire.clock` for the car).

World time (`now`) is what business deadlines and people see; in the demo it can be moved forward. Real time (`real_now`)
is for security: command expiry, lock-outs, tokens.
"""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class TimeSource(Protocol):
    """Where time comes from."""

    def real_now(self) -> datetime:
        """The real time, aware, UTC."""
        ...

    def shift(self) -> timedelta:
        """How far world time is ahead of real time; zero in production."""
        ...


class SystemTime:
    """The system's clock, with the demo's shift read from the database at most once a second."""

    SHIFT_IS_FRESH_FOR_SECONDS = 1.0

    def __init__(self) -> None:
        """This will start with an unknown shift; it is read on first use."""
        self._lock = threading.Lock()
        self._shift = timedelta()
        self._read_at = float("-inf")

    def real_now(self) -> datetime:
        """The system's time."""
        return datetime.now(UTC)

    def shift(self) -> timedelta:
        """The demo's shift, at most a second old."""
        tick = time.monotonic()
        if tick - self._read_at > self.SHIFT_IS_FRESH_FOR_SECONDS:
            with self._lock:
                self._shift = _read_shift()
                self._read_at = tick
        return self._shift

    def forget(self) -> None:
        """This will make the next question read the shift again."""
        self._read_at = float("-inf")


def _read_shift() -> timedelta:
    from django.conf import settings  # settings exist only once Django is set up; the clock is imported before

    if not settings.IS_DEMO:
        return timedelta()
    from vettura.foundation.models import ClockShift

    return ClockShift.current()


_source: TimeSource = SystemTime()


def install(source: TimeSource) -> TimeSource:
    """This will replace the source of time and return the former one (tests and the clock command)."""
    global _source
    former, _source = _source, source
    return former


def source() -> TimeSource:
    """The source in use."""
    return _source


def now() -> datetime:
    """World time: what deadlines are measured in and people see."""
    return _source.real_now() + _source.shift()


def real_now() -> datetime:
    """Real time: for security. Never moved."""
    return _source.real_now()


def to_world(moment: datetime) -> datetime:
    """A moment measured in real time (by a car), as world time."""
    return moment + _source.shift()
