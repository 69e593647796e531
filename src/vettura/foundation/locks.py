"""How long somebody who typed too many wrong codes has to wait: longer each time, never for good. Real time."""

from datetime import datetime, timedelta

# doubled more often than this, any lock has reached its longest
MOST_DOUBLINGS = 30


def lock_duration(*, locks_before: int, first: timedelta, longest: timedelta) -> timedelta:
    """How long the next lock lasts: the first, and twice as long after each one before, up to the longest."""
    factor: int = 2 ** min(locks_before, MOST_DOUBLINGS)
    return min(first * factor, max(first, longest))


def minutes_left(*, until: datetime, at: datetime) -> int:
    """Whole minutes until the end of a lock, rounded up, as said to people."""
    return max(1, -int(-(until - at) / timedelta(minutes=1) // 1))
