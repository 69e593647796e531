"""
Real time, for both ends of the wire.

Expiry of commands, counters and signatures are judged in real time; the demo's world time is a shift that reaches
the car as a signed document. Only this file and the platform's own clock may ask the system for the time.
"""

import time
from datetime import UTC, datetime


def real_now() -> datetime:
    """This will tell the real time, aware and in UTC."""
    return datetime.now(UTC)


def real_now_ms() -> int:
    """This will tell the real time as milliseconds since the epoch, as signed commands carry it."""
    return time.time_ns() // 1_000_000


def to_ms(at: datetime) -> int:
    """This will turn an aware moment into milliseconds since the epoch."""
    return round(at.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    """This will turn milliseconds since the epoch into an aware moment in UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC)
