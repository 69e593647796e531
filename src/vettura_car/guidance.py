"""Guidance: how far and in which direction a place lies from where the car is, and when it will be there. Pure."""

import math
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

EARTH_RADIUS = 6_371_008.8
"""Mean radius in meters (IUGG)."""
ARRIVED_WITHIN = 150.0
"""Meters: nearer than this the car is there."""
ROADS_ARE_LONGER = 1.3
"""A road is on average so much longer than the straight line."""
AVERAGE_SPEED = 60.0
"""Kilometers an hour that the arrival is reckoned with."""
COMPASS = ("north", "north_east", "east", "south_east", "south", "south_west", "west", "north_west")


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """What the car guides to. Degrees (WGS 84)."""

    name: str
    latitude: float
    longitude: float


class Bearing(NamedTuple):
    """How a goal lies: meters in a straight line, degrees from north, and degrees from where the car points."""

    meters: float
    degrees: float
    turn: float

    @property
    def has_arrived(self) -> bool:
        """Whether the car is there."""
        return self.meters < ARRIVED_WITHIN

    @property
    def direction(self) -> str:
        """The direction in a word of COMPASS."""
        return COMPASS[round(self.degrees / 45) % 8]

    @property
    def road_meters(self) -> float:
        """About how far it is by road."""
        return self.meters * ROADS_ARE_LONGER


def distance(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Meters between two positions along the surface (haversine)."""
    one, other = math.radians(latitude), math.radians(to_latitude)
    half_up = (other - one) / 2
    half_across = math.radians(to_longitude - longitude) / 2
    chord = math.sin(half_up) ** 2 + math.cos(one) * math.cos(other) * math.sin(half_across) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(1.0, chord)))


def degrees_to(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """The direction in which one sets out, in degrees from north, from 0 up to but not including 360."""
    one, other = math.radians(latitude), math.radians(to_latitude)
    across = math.radians(to_longitude - longitude)
    east = math.sin(across) * math.cos(other)
    north = math.cos(one) * math.sin(other) - math.sin(one) * math.cos(other) * math.cos(across)
    degrees = math.degrees(math.atan2(east, north)) % 360
    # a tiny negative angle is rounded up to a whole turn
    return 0.0 if degrees >= 360 else degrees


def towards(goal: Goal, *, latitude: float, longitude: float, heading: float) -> Bearing:
    """How the goal lies from where the car is and points."""
    degrees = degrees_to(latitude, longitude, goal.latitude, goal.longitude)
    return Bearing(
        meters=distance(latitude, longitude, goal.latitude, goal.longitude),
        degrees=degrees,
        turn=(degrees - heading) % 360,
    )


def arrival(bearing: Bearing, at: datetime) -> datetime:
    """About when the car will be there, if it leaves now."""
    return at + timedelta(hours=bearing.road_meters / 1000 / AVERAGE_SPEED)


def spoken_distance(meters: float) -> str:
    """A distance as a screen writes it: meters by tens, then kilometers with a decimal, then whole ones."""
    if meters < 995:
        return f"{round(meters, -1):.0f} m"
    return f"{meters / 1000:.1f} km" if meters < 99_950 else f"{meters / 1000:.0f} km"
