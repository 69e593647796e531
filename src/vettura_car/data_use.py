"""
How much data a car has used, by bearer and by what used them, and how much volume somebody needs a month.

Pure: what is counted and when it runs is told by ``vettura_car.consumption``.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from vettura_car.connection import Abilities, Connection, Way
from vettura_pack.model import DataVolume

Bearer = Way | Literal["outside_wifi"]
"""What carries the data: the ways of the car, and WiFi that was brought up from outside (C-53)."""
BEARERS: tuple[Bearer, ...] = ("integrated_sim", "inserted_sim", "phone_hotspot", "outside_wifi")
HOTSPOT = "hotspot"
"""What devices in the car's own hotspot use, counted apart from the car's services."""
MESSAGES = "messages"
"""What goes between car and platform, byte for byte: remote services, reports, documents."""
MEGABYTE = 1_000_000
MOST_KILOMETERS = 500_000
"""More than this nobody drives in a year."""


class Wish(msgspec.Struct, kw_only=True, frozen=True):
    """What somebody told the adviser."""

    kilometers: int
    streams: bool = False
    uses_hotspot: bool = False


class DataUse(msgspec.Struct, kw_only=True):
    """
    The counters, in bytes, by bearer and by what used them (a service of the pack, ``HOTSPOT`` or ``MESSAGES``).

    ``since`` None: since the car was new. ``wish`` is what was asked of the adviser last.
    """

    used: dict[str, dict[str, float]] = {}
    since: datetime | None = None
    wish: Wish | None = None

    def add(self, bearer: Bearer, line: str, amount: float) -> None:
        """This will count some bytes more."""
        lines = self.used.setdefault(bearer, {})
        lines[line] = lines.get(line, 0.0) + amount

    def total(self, bearer: str | None = None) -> float:
        """Everything by one bearer, or by all."""
        return sum(sum(lines.values()) for name, lines in self.used.items() if bearer in (None, name))


class Advice(NamedTuple):
    """
    An estimate of the megabytes a month (TEL-004). ``least`` None: less than ``most``.

    ``is_interpolated``: the instructions print no figure there (C-32). ``hotspot_adds``: considerably more by the car's
    hotspot (TEL-005).
    """

    least: int | None
    most: int
    is_interpolated: bool = False
    hotspot_adds: bool = False


def bearer_of(connection: Connection, abilities: Abilities) -> Bearer | None:
    """This will name what carries the data now, None without a connection."""
    if connection.way == "phone_hotspot" and "phone_hotspot" in abilities.unstated:
        return "outside_wifi"
    return connection.way


def advise(wish: Wish, volumes: Sequence[DataVolume]) -> Advice:
    """
    This will estimate the volume a month (TEL-001 to TEL-005, C-32).

    The printed figures hold with streaming; without it less than the lower one will do.
    """
    fitting = next(
        line for line in volumes if line.up_to_km_a_year is None or wish.kilometers <= line.up_to_km_a_year
    )  # fmt: skip
    if wish.streams:
        return Advice(
            fitting.least_megabytes, fitting.most_megabytes, fitting.is_interpolated, hotspot_adds=wish.uses_hotspot
        )
    return Advice(None, fitting.least_megabytes, fitting.is_interpolated, hotspot_adds=wish.uses_hotspot)
