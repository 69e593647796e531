"""What changes about a car's map, as it is kept on disk."""

import msgspec

from vettura_car.cartography import USUAL


class Course(msgspec.Struct, kw_only=True):
    """
    How the car moves: the road it is on, where along it in meters and in which direction, and how fast it goes when it goes.

    ``road`` None: on none that the map knows.
    """

    road: str | None = None
    along: float = 0.0
    forward: bool = True
    speed: int = 50


class Job(msgspec.Struct, kw_only=True):
    """A map update that is being loaded; ``names`` are the regions or the package whose version it brings."""

    package: str
    names: list[str]
    version: str
    megabytes: int
    loaded: float = 0.0

    @property
    def percent(self) -> int:
        """How much of it is there."""
        return int(100 * self.loaded / max(1, self.megabytes))


class Finding(msgspec.Struct, kw_only=True):
    """An update that the unit found by itself (NAV-015)."""

    version: str
    regions: list[str]


class MapState(msgspec.Struct, kw_only=True):
    """
    The map on the screen and the map data in the unit.

    ``versions`` holds regions and packages that were ever updated; ``put_off`` is the release the driver did not want now,
    ``done`` the one that has just been installed, until that was read.
    """

    scale: int = USUAL
    street_view: bool = False
    package: str | None = None
    regions: list[str] = []
    versions: dict[str, str] = {}
    job: Job | None = None
    found: Finding | None = None
    put_off: str | None = None
    done: str | None = None
