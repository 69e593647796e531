"""
Where roads run: lengths, the nearest road, a place along a road. Pure; the roads are those of the pack.

Distances are on a plane that touches the Earth at the place in question: good to a few meters within a town, which is all
that the map needs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import atan2, cos, degrees, hypot, radians

from vettura_pack.maps import MapSheet, Road

METERS_PER_DEGREE = 111_320.0
JOINED = 60.0
"""Ends that are no farther from another road than this are crossings."""

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


def offset(center: Point, point: Point) -> tuple[float, float]:
    """Meters to the east and to the north from one place to another."""
    return (
        (point[1] - center[1]) * METERS_PER_DEGREE * cos(radians(center[0])),
        (point[0] - center[0]) * METERS_PER_DEGREE,
    )


def distance(one: Point, other: Point) -> float:
    """Meters between two places that are not far apart."""
    middle = ((one[0] + other[0]) / 2, one[1])
    return hypot((other[1] - one[1]) * METERS_PER_DEGREE * cos(radians(middle[0])), offset(one, other)[1])


def bearing(one: Point, other: Point) -> float:
    """Degrees from north, clockwise, from one place to another."""
    east, north = offset(one, other)
    return degrees(atan2(east, north)) % 360


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A place on a road: ``along`` meters from its beginning."""

    road: Road
    along: float


class Track:
    """A road with what is measured on it."""

    def __init__(self, road: Road) -> None:
        self.road = road
        latitudes, longitudes = zip(*road.line, strict=True)
        self.south, self.north = min(latitudes), max(latitudes)
        self.west, self.east = min(longitudes), max(longitudes)

    @cached_property
    def marks(self) -> tuple[float, ...]:
        """Meters from the beginning at each point."""
        marks = [0.0]
        for one, other in zip(self.road.line, self.road.line[1:], strict=False):
            marks.append(marks[-1] + distance(one, other))
        return tuple(marks)

    @property
    def length(self) -> float:
        """Meters from end to end."""
        return self.marks[-1]

    def at(self, along: float) -> tuple[Point, float]:
        """The place so many meters from the beginning, and the direction in which the road runs there."""
        line, marks = self.road.line, self.marks
        along = max(0.0, min(self.length, along))
        index = next((n for n in range(len(marks) - 1) if along <= marks[n + 1]), len(marks) - 2)
        one, other = line[index], line[index + 1]
        part = (along - marks[index]) / max(0.001, marks[index + 1] - marks[index])
        place = (one[0] + (other[0] - one[0]) * part, one[1] + (other[1] - one[1]) * part)
        return place, bearing(one, other)

    def nearest(self, place: Point) -> tuple[float, float]:
        """How far the road is from a place in meters, and where along it."""
        best = (float("inf"), 0.0)
        for index, (one, other) in enumerate(zip(self.road.line, self.road.line[1:], strict=False)):
            ax, ay = offset(place, one)
            bx, by = offset(place, other)
            dx, dy = bx - ax, by - ay
            part = max(0.0, min(1.0, -(ax * dx + ay * dy) / max(1e-9, dx * dx + dy * dy)))
            away = hypot(ax + dx * part, ay + dy * part)
            if away < best[0]:
                best = (away, self.marks[index] + part * (self.marks[index + 1] - self.marks[index]))
        return best

    def is_near(self, place: Point, meters: float) -> bool:
        """Whether the road may come this near: its frame does."""
        lat = meters / METERS_PER_DEGREE
        lon = lat / max(0.01, cos(radians(place[0])))
        return bool(self.south - lat <= place[0] <= self.north + lat and self.west - lon <= place[1] <= self.east + lon)


class Roads:
    """All roads of a pack."""

    def __init__(self, sheets: Iterable[MapSheet]) -> None:
        self.tracks = {road.id: Track(road) for sheet in sheets for road in sheet.roads}

    def near(self, place: Point, meters: float) -> list[Track]:
        """The roads that may be within so many meters."""
        return [track for track in self.tracks.values() if track.is_near(place, meters)]

    def nearest(self, place: Point, *, within: float) -> Spot | None:
        """The nearest place on a road; None if none is so near."""
        found = [(*track.nearest(place), track.road) for track in self.near(place, within)]
        away, along, road = min(found, key=lambda each: each[0], default=(float("inf"), 0.0, None))
        return Spot(road=road, along=along) if road is not None and away <= within else None

    def place(self, spot: Spot) -> tuple[Point, float]:
        """Where a spot is, and the direction of the road there."""
        return self.tracks[spot.road.id].at(spot.along)

    def drive(self, spot: Spot, meters: float) -> Spot:
        """
        This will go so many meters along the road, backwards if negative; never past its ends.

        What is left over at an end is not driven: see ``turn``.
        """
        length = self.tracks[spot.road.id].length
        return Spot(road=spot.road, along=max(0.0, min(length, spot.along + meters)))

    def turn(self, spot: Spot) -> Spot:
        """The road that goes on from the end of this one; the same road if none does, for turning back."""
        place, _ = self.place(spot)
        others = [track for track in self.near(place, JOINED) if track.road.id != spot.road.id]
        found = [(*track.nearest(place), track.road) for track in others]
        away, along, road = min(found, key=lambda each: each[0], default=(float("inf"), 0.0, spot.road))
        return Spot(road=road, along=along) if away <= JOINED else spot
