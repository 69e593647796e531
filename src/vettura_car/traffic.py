"""Where real-time traffic comes from: a port, and the local source that every car has."""

from datetime import datetime
from hashlib import blake2b
from typing import Literal, NamedTuple, Protocol

from vettura_car.roads import Track

Flow = Literal["free", "slow", "jam"]
REFRESH_SECONDS = 120
"""How long a picture of the traffic holds."""
LONGEST_STRETCH = 1500.0
"""Meters that are told as one."""
RUSH_HOURS = ((7, 9), (16, 19))


class Stretch(NamedTuple):
    """How traffic moves between two places along a road, in meters from its beginning."""

    start: float
    end: float
    flow: Flow


class Traffic(Protocol):
    """Tells how traffic moves on a road."""

    def on(self, track: Track, at: datetime) -> tuple[Stretch, ...]:
        """The road's stretches in order; nothing for a road of which nothing is known (NAV-004). Never an error."""
        ...


class SimulatedTraffic:
    """
    The same moment gives the same traffic on the same road, in every car and at every start.

    ``at`` is local time; in rush hours more stretches are slow. Only roads that the pack marks have data.
    """

    def on(self, track: Track, at: datetime) -> tuple[Stretch, ...]:
        """The road's stretches in order."""
        if not track.road.traffic:
            return ()
        count = max(1, round(track.length / LONGEST_STRETCH)) if track.length > LONGEST_STRETCH else 2
        step = track.length / count
        return tuple(Stretch(n * step, (n + 1) * step, self._flow(f"{track.road.id}:{n}", at)) for n in range(count))

    def _flow(self, stretch: str, at: datetime) -> Flow:
        slot = int(at.timestamp()) // REFRESH_SECONDS
        # what a stretch is like as such, moved a little by the moment: traffic changes, but not everywhere at once
        usual, now = _fraction(stretch), _fraction(f"{stretch}:{slot}")
        load = 0.75 * usual + 0.25 * now
        if any(start <= at.hour < end for start, end in RUSH_HOURS) and at.weekday() < 5:
            load += 0.15
        return "jam" if load > 0.88 else "slow" if load > 0.66 else "free"


def _fraction(text: str) -> float:
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest()) / 2**32
