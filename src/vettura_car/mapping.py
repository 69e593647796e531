"""What a person does about a car's map: zoom, the view from the road, driving along roads, and map updates."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from vettura_car import cartography
from vettura_car.cartography import SCALES, Facts
from vettura_car.condition import is_moving, speed_of
from vettura_car.connection import SECONDS_PER_MEGABYTE
from vettura_car.data_use import MEGABYTE
from vettura_car.errors import NotPossible
from vettura_car.map_state import Finding, Job, MapState
from vettura_car.roads import Point, Roads, Spot, distance
from vettura_car.traffic import SimulatedTraffic, Traffic
from vettura_pack.maps import MapData, MapPackage, MapRegion, MapSheet

if TYPE_CHECKING:
    from vettura_car.car import Car

TRAFFIC_LAYER, SATELLITE_LAYER = "traffic_layer", "satellite_layer"
"""States of the ticks of the map view."""
TRAFFIC, SATELLITE, UPDATES = "real_time_traffic", "satellite_view", "map_updates"
"""The services behind them."""
ON_ROAD = 40.0
"""A car this near to a road, in meters, is on it."""
ASTRAY = 30.0
"""A car so far from where it was on its road, in meters, was put elsewhere meanwhile."""
SPEEDS = (0, 30, 50, 80, 110, 130)


class MapUse:
    """The map of one car. ``traffic`` is where its real-time traffic comes from."""

    def __init__(self, car: "Car", traffic: Traffic | None = None) -> None:
        self._car = car
        self.traffic: Traffic = traffic or SimulatedTraffic()
        self.roads = _roads(tuple(car.build.pack.map_sheets.values()))

    @property
    def _state(self) -> MapState:
        return self._car.condition.map

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def place(self) -> Point:
        """Where the car is."""
        return self._car.condition.latitude, self._car.condition.longitude

    @property
    def country(self) -> str:
        """The country the car is in."""
        return self._car.condition.network.country or self._car.build.country

    @property
    def spot(self) -> Spot | None:
        """Where on a road the car is; None away from every road of the map."""
        course = self._car.condition.course
        track = self.roads.tracks.get(course.road or "")
        if track is not None and distance(track.at(course.along)[0], self.place) <= ASTRAY:
            return Spot(road=track.road, along=course.along)
        return self.roads.nearest(self.place, within=ON_ROAD)

    def has_service(self, service_id: str) -> bool:
        """Whether the service exists for this car."""
        return any(service.id == service_id for service in self._car.build.services())

    @property
    def facts(self) -> Facts:
        """How things stand for the map now."""
        car = self._car
        spot = self.spot
        return Facts(
            traffic_on=car.condition.ticks.get(TRAFFIC_LAYER, False),
            satellite_on=car.condition.ticks.get(SATELLITE_LAYER, False),
            traffic_reason=self.reason(TRAFFIC),
            satellite_reason=self.reason(SATELLITE),
            is_covered=spot is not None and spot.road.street_view,
            speed=speed_of(car.condition),
            allows_while_driving=car.build.pack.countries[self.country].map_layers_while_driving,
        )

    def reason(self, service_id: str) -> str | None:
        """Why a service of the map does not run; the connection is looked at first (NAV-001)."""
        if not self._car.has_data:
            return "no_data"
        return self._car.entitlement.of(service_id).reason

    @property
    def street_view_is_open(self) -> bool:
        """Whether the view from the road is on the screen now; never while something speaks against it (NAV-007)."""
        return self._state.street_view and cartography.against_street_view(self.facts) is None

    def local_time(self) -> datetime:
        """The time where the car is at home, for traffic."""
        car = self._car
        return car.world_now().astimezone(ZoneInfo(car.build.pack.countries[car.build.country].timezone))

    # -- on the map --------------------------------------------------------------------------------------------------

    def zoom(self, step: int) -> None:
        """
        This will show less of the land, larger (1), or more (-1).

        Past the last step in, the view from the road opens where there is one (PCM-028), and refuses as the figure does.
        """
        state = self._state
        if step > 0 and state.scale == len(SCALES) - 1:
            if cartography.draws_satellite(self.facts):
                self.open_street_view()
            return
        if step < 0 and state.street_view:
            state.street_view = False
        else:
            state.scale = max(0, min(len(SCALES) - 1, state.scale + step))
        self._car.touched()

    def open_street_view(self) -> None:
        """This will open the view from the road. Refuses what ``cartography.against_street_view`` says."""
        against = cartography.against_street_view(self.facts)
        if against is not None:
            raise NotPossible(against)
        self._state.street_view = True
        self._car.touched()

    def close_street_view(self) -> None:
        """This will go back to the map."""
        self._state.street_view = False
        self._car.touched()

    # -- on the road -------------------------------------------------------------------------------------------------

    def set_speed(self, speed: int) -> None:
        """This will drive so fast from now on, in km/h. Refuses (unknown_option) others than ``SPEEDS``."""
        if speed not in SPEEDS:
            raise NotPossible("unknown_option")
        self._car.condition.course.speed = speed
        self._car.touched()

    def put(self, place: Point) -> None:
        """This will put the car on the nearest road. Refuses (no_road) a place that has none within a kilometer."""
        spot = self.roads.nearest(place, within=1000)
        if spot is None:
            raise NotPossible("no_road")
        self._stand(spot)
        self._car.touched()

    def put_on(self, road_id: str) -> None:
        """This will put the car on a road, as near as it is. Refuses (no_road) a road that is not around here."""
        track = next((each for each in self.roads.near(self.place, 3000) if each.road.id == road_id), None)
        if track is None:
            raise NotPossible("no_road")
        self._stand(Spot(road=track.road, along=track.nearest(self.place)[1]))
        self._car.touched()

    def put_along(self, percent: int) -> None:
        """This will put the car elsewhere on its road. Refuses (no_road) a car that is on none."""
        spot = self.spot
        if spot is None or not 0 <= percent <= 100:
            raise NotPossible("no_road")
        self._stand(Spot(road=spot.road, along=self.roads.tracks[spot.road.id].length * percent / 100))
        self._car.touched()

    def _stand(self, spot: Spot) -> None:
        c = self._car.condition
        (c.latitude, c.longitude), heading = self.roads.place(spot)
        c.heading = round(heading if c.course.forward else (heading + 180) % 360, 1)
        c.course.road, c.course.along = spot.road.id, spot.along

    def _drive(self, seconds: float) -> None:
        c = self._car.condition
        spot = self.spot
        if spot is None:
            c.course.road = None
            return
        meters = speed_of(c) / 3.6 * seconds
        ahead = meters if (c.gear == "D") == c.course.forward else -meters
        there = self.roads.drive(spot, ahead)
        if abs(there.along - spot.along) < abs(ahead) - 0.01:
            turned = self.roads.turn(there)
            if turned.road.id == there.road.id:
                c.course.forward = not c.course.forward
            else:
                c.course.forward = (turned.along < self.roads.tracks[turned.road.id].length / 2) == (c.gear == "D")
            there = turned
        self._stand(there)

    # -- map data ----------------------------------------------------------------------------------------------------

    @property
    def data(self) -> MapData | None:
        """What there is to update; None in a car whose unit has no such thing."""
        return self._car.build.pack.map_data if self._car.build.generation.map_update != "none" else None

    @property
    def newest(self) -> str | None:
        """The release that is offered now, as far as the car can know: while it has data."""
        if self.data is None or not self._car.has_data:
            return None
        return self.data.newest(self._car.world_now().date()).version

    def version(self, name: str) -> str:
        """The version of a region or a package in this unit."""
        data = self.data
        return self._state.versions.get(name, data.releases[0].version) if data is not None else ""

    @property
    def regions(self) -> tuple[MapRegion, ...]:
        """The regions of the market that the car was built for."""
        data = self.data
        home = data.region_of(self._car.build.country) if data is not None else None
        return tuple(each for each in data.regions if each.market == home.market) if data and home else ()

    @property
    def package(self) -> MapPackage | None:
        """The package that was chosen."""
        return (
            next((each for each in self.data.packages if each.id == self._state.package), None) if self.data else None
        )

    @property
    def chosen_regions(self) -> tuple[MapRegion, ...]:
        """The regions that were chosen."""
        return tuple(region for region in self.regions if region.id in self._state.regions)

    @property
    def most_regions(self) -> int:
        """How many regions one update takes (NAV-011)."""
        return self._car.build.pack.terms.map_update_max_regions

    def outdated(self, names: Sequence[str]) -> tuple[str, ...]:
        """Those of them for which something newer is offered."""
        if self.data is None or self.newest is None:
            return ()
        return cartography.outdated(names, self._state.versions, self.data, self.newest)

    @property
    def pause(self) -> str | None:
        """Why what is being loaded does not go on now; None while it does."""
        return "unit_is_off" if self._car.condition.ignition == "off" else self.reason(UPDATES)

    def choose_package(self, package_id: str) -> None:
        """
        This will choose what to update; what needs no region starts at once (NAV-014).

        Refuses (unknown_option) a package that does not exist.
        """
        data = self.data
        if data is None or package_id not in [each.id for each in data.packages]:
            raise NotPossible("unknown_option")
        self._state.package = package_id
        if self.package is not None and not self.package.by_region:
            self.start_update()
        self._car.touched()

    def choose_region(self, region_id: str) -> None:
        """This will choose a region, or no longer choose it. How many there may be is looked at when the update starts."""
        if region_id not in [region.id for region in self.regions]:
            raise NotPossible("unknown_option")
        chosen = self._state.regions
        self._state.regions = (
            [each for each in chosen if each != region_id] if region_id in chosen else [*chosen, region_id]
        )
        self._car.touched()

    def start_update(self) -> None:
        """
        This will start to load what was chosen.

        Refuses (map_update_running) a second one, a unit without the service or without data (its reason), and what
        ``cartography.against_update`` says.
        """
        if self._state.job is not None:
            raise NotPossible("map_update_running")
        reason = self.reason(UPDATES)
        if reason is not None:
            raise NotPossible(reason)
        self._load(self.package, self.chosen_regions)
        self._state.regions = []

    def start_found(self) -> None:
        """This will start the update that the unit found by itself (NAV-016). Refuses as ``start_update`` does."""
        found = self._state.found
        if found is None or self.data is None:
            raise NotPossible("nothing_to_do")
        if self._state.job is not None:
            raise NotPossible("map_update_running")
        reason = self.reason(UPDATES)
        if reason is not None:
            raise NotPossible(reason)
        package = next((each for each in self.data.packages if each.by_region), None)
        self._load(package, tuple(region for region in self.data.regions if region.id in found.regions))

    def _load(self, package: MapPackage | None, regions: tuple[MapRegion, ...]) -> None:
        names = cartography.versions_of(package, regions) if package is not None else ()
        old = self.outdated(names)
        against = cartography.against_update(package, regions, most=self.most_regions, old=old)
        newest = self.newest
        if against is not None or package is None or newest is None:
            raise NotPossible(against or "nothing_to_do")
        wanted = tuple(region for region in regions if region.id in old)
        megabytes = cartography.size_of(package, wanted)
        self._state.job = Job(package=package.id, names=list(old), version=newest, megabytes=megabytes)
        self._state.found, self._state.done = None, None
        self._car.touched()

    def cancel_update(self) -> None:
        """This will stop loading and drop what was loaded; the map stays as it was."""
        self._state.job = None
        self._car.touched()

    def put_off(self) -> None:
        """This will say no more about the release that was found, nor about one that has just been installed."""
        if self._state.found is not None:
            self._state.put_off = self._state.found.version
        self._state.found, self._state.done = None, None
        self._car.touched()

    def forget(self) -> None:
        """This will put everything of the driver back as in a new car; the map data that were loaded stay (REM-004)."""
        state = self._state
        self._car.condition.map = MapState(versions=state.versions, job=state.job)

    # -- time --------------------------------------------------------------------------------------------------------

    def pass_time(self, seconds: float) -> None:
        """This will drive on, load on, look for updates, and close a view from the road that is no longer allowed."""
        state = self._state
        if is_moving(self._car.condition):
            self._drive(seconds)
        self.settle()
        job = state.job
        if job is not None and self.pause is None:
            technology = self._car.connection.technology
            if technology is not None:
                more = min(job.megabytes - job.loaded, seconds / SECONDS_PER_MEGABYTE[technology])
                job.loaded += more
                self._car.consumption.note(UPDATES, more * MEGABYTE)
            if job.loaded >= job.megabytes:
                state.versions = {**state.versions, **dict.fromkeys(job.names, job.version)}
                state.job, state.done = None, job.version
        self._search()
        if job is not None or state.done is not None or state.found is not None:
            self._note(state)

    def settle(self) -> None:
        """This will close the view from the road when something speaks against it: it does not open again by itself."""
        if self._state.street_view and not self.street_view_is_open:
            self._state.street_view = False

    def _note(self, state: MapState) -> None:
        shown = (state.job.percent if state.job else None, self.pause, state.done, state.found and state.found.version)
        if shown != self._shown:
            self._shown = shown
            self._car.touched()

    _shown: tuple[object, ...] = ()

    def _search(self) -> None:
        """NAV-015: where the unit looks for updates itself, nobody has to do anything for it."""
        state, data, newest = self._state, self.data, self.newest
        if self._car.build.generation.map_update != "automatic" or data is None or newest is None:
            return
        if state.job is not None or newest == state.put_off or self.pause is not None:
            return
        old = self.outdated([region.id for region in data.regions])
        regions = cartography.relevant(
            data, home=self._car.build.country, here=self.country, old=old, most=self.most_regions
        )
        state.found = Finding(version=newest, regions=[each.id for each in regions]) if regions else None


@lru_cache(maxsize=4)
def _roads(sheets: tuple[MapSheet, ...]) -> Roads:
    return Roads(sheets)
