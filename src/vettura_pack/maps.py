"""The navigation map of a pack: roads and areas to draw and drive on, and what a map update consists of."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from vettura_pack.errors import PackError
from vettura_pack.reading import Entry
from vettura_pack.values import LocalizedText

RoadClass = Literal["motorway", "main", "street"]
AreaKind = Literal["water", "park", "wood", "town"]


class Line(tuple[tuple[float, float], ...]):
    """Points as (latitude, longitude) in degrees; in YAML one text: "45.0703 7.6869, 45.0711 7.6901"."""

    __slots__ = ()


def read_line(entry: Entry, what: str) -> Line:
    """The points of a line. Raises PackError for fewer than two and for anything that is no place on Earth."""
    points = []
    for pair in entry.scalar(what, "points such as 45.07 7.68, 45.08 7.69", "str").split(","):
        try:
            latitude, longitude = (float(number) for number in pair.split())
        except ValueError:
            raise _no_point(entry, what, pair) from None
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            raise _no_point(entry, what, pair)
        points.append((latitude, longitude))
    if len(points) < 2:
        raise entry.refuse(f"{what} needs at least two points.")
    return Line(points)


def _no_point(entry: Entry, what: str, pair: str) -> PackError:
    return entry.refuse(f"{what} has “{pair.strip()}”, which is no latitude and longitude.")


@dataclass(frozen=True, kw_only=True)
class Road:
    """
    One road of the map. `limit` is what one drives on it, in km/h.

    `traffic`: real-time traffic exists for it (NAV-004). `street_view`: pictures from the road exist (NAV-006).
    """

    id: str
    class_: RoadClass
    name: str
    limit: int
    traffic: bool
    street_view: bool
    line: Line


@dataclass(frozen=True, kw_only=True)
class Area:
    """Something flat to draw below the roads."""

    kind: AreaKind
    outline: Line


@dataclass(frozen=True, kw_only=True)
class MapSheet:
    """The roads around one place, or between places."""

    id: str
    source: tuple[str, ...]
    roads: tuple[Road, ...]
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MapRegion:
    """A part of the navigation map that is updated as a unit. Units show the regions of the `market` of the car's country."""

    id: str
    name: LocalizedText
    market: str
    countries: tuple[str, ...]
    megabytes: int


@dataclass(frozen=True, kw_only=True)
class MapPackage:
    """What an update is chosen by: of single regions (`by_region`), or one thing of `megabytes` for the whole unit."""

    id: str
    name: LocalizedText
    by_region: bool
    megabytes: int = 0


@dataclass(frozen=True, kw_only=True)
class MapRelease:
    """An edition of all map data, offered for download from a day on."""

    version: str
    since: date


@dataclass(frozen=True, kw_only=True)
class MapData:
    """What there is to update. A new car has the first release."""

    source: tuple[str, ...]
    regions: tuple[MapRegion, ...]
    packages: tuple[MapPackage, ...]
    releases: tuple[MapRelease, ...]

    def newest(self, today: date) -> MapRelease:
        """The release that is offered on this day."""
        return [release for release in self.releases if release.since <= today or release is self.releases[0]][-1]

    def region_of(self, country: str) -> MapRegion | None:
        """The region that a country belongs to, None when there is no map of it."""
        return next((region for region in self.regions if country in region.countries), None)


def checked(data: MapData, entry: Entry) -> MapData:
    """The map data, if releases stand in the order of their days and no id stands twice; else raises PackError."""
    if not data.releases or list(data.releases) != sorted(data.releases, key=lambda release: release.since):
        raise entry.refuse("The map data need releases in the order of their days.")
    for what, ids in (
        ("region", [region.id for region in data.regions]),
        ("package", [package.id for package in data.packages]),
        ("release", [release.version for release in data.releases]),
    ):
        twice = next((each for each in ids if ids.count(each) > 1), None)
        if twice is not None:
            raise entry.refuse(f"The map data have the {what} “{twice}” twice.")
    return data
