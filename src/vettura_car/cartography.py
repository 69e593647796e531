"""
The rules of the map on the screen: which layers are drawn, when there is a view from the road, and how an update goes.

Pure: facts in, answer out. What a person does about the map stands in ``vettura_car.mapping``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from vettura_pack.maps import MapData, MapPackage, MapRegion

SCALES = (400_000, 150_000, 60_000, 25_000, 10_000, 5000, 2500, 1200, 600, 300)
"""What the map shows from left to right, in meters; zooming in past the last one is the second way to the road (PCM-028)."""
USUAL = 5
"""The step of ``SCALES`` that a new map has."""

Answer = Literal["street_view_off", "street_not_covered", "street_view_while_driving"]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """
    How things stand for the map.

    ``traffic_reason`` and ``satellite_reason``: why the service does not run, None if it does. ``allows_while_driving``: the
    country lets the view from the road be used while driving (NAV-007).
    """

    traffic_on: bool = False
    satellite_on: bool = False
    traffic_reason: str | None = None
    satellite_reason: str | None = None
    is_covered: bool = False
    speed: float = 0.0
    allows_while_driving: bool = True


def draws_traffic(facts: Facts) -> bool:
    """Real-time traffic: only when switched on in the map view and with a connection (NAV-001, NAV-002)."""
    return facts.traffic_on and facts.traffic_reason is None


def draws_satellite(facts: Facts) -> bool:
    """Pictures from above: only when switched on; else the standard map (NAV-005)."""
    return facts.satellite_on and facts.satellite_reason is None


def shows_figure(facts: Facts) -> bool:
    """The figure stands on the map where there is a view from the road, and nowhere else (NAV-006)."""
    return draws_satellite(facts) and facts.is_covered


def against_street_view(facts: Facts) -> Answer | None:
    """Why there is no view from the road now, None if there is one (NAV-006, NAV-007)."""
    if not draws_satellite(facts):
        return "street_view_off"
    if not facts.is_covered:
        return "street_not_covered"
    if facts.speed > 0 and not facts.allows_while_driving:
        return "street_view_while_driving"
    return None


# -- updates -----------------------------------------------------------------------------------------------------------


def versions_of(package: MapPackage, regions: Sequence[MapRegion]) -> tuple[str, ...]:
    """The names under which versions are kept: one for each region, or the package's own."""
    return tuple(region.id for region in regions) if package.by_region else (package.id,)


def outdated(names: Sequence[str], held: Mapping[str, str], data: MapData, newest: str) -> tuple[str, ...]:
    """Those that are older than the newest release; what was never updated is as it was built."""
    built = data.releases[0].version
    return tuple(name for name in names if held.get(name, built) != newest)


def against_update(
    package: MapPackage | None, regions: Sequence[MapRegion], *, most: int, old: Sequence[str]
) -> str | None:
    """
    Why an update does not start, None if it does: nothing chosen, more regions than one update takes (NAV-011), or all of
    it is new already.
    """
    if package is None:
        return "choose_package"
    if package.by_region and not regions:
        return "choose_region"
    if package.by_region and len(regions) > most:
        return "too_many_regions"
    return None if old else "map_is_current"


def size_of(package: MapPackage, regions: Sequence[MapRegion]) -> int:
    """What has to be loaded, in megabytes."""
    return sum(region.megabytes for region in regions) if package.by_region else package.megabytes


def relevant(data: MapData, *, home: str, here: str, old: Sequence[str], most: int) -> tuple[MapRegion, ...]:
    """The regions whose update is looked for unasked: where the car is at home and where it is (NAV-015, C-31)."""
    found = dict.fromkeys(region.id for region in map(data.region_of, (home, here)) if region is not None)
    return tuple(region for region in data.regions if region.id in found and region.id in old)[:most]
