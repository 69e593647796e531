"""
Remote services on the wire: the parameters of each type of command, and what a car keeps of them.

Both ends read parameters here: what the platform refuses, a car refuses too. Numbers that are a matter of business (which
temperature, which target) are judged by each end with its pack; here stands only what any car could mean.
"""

import math
import re
from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Any, Literal

import msgspec

from vettura_wire.errors import IllParameters

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Seat = Literal["front_left", "front_right", "rear_left", "rear_right"]
SEATS: tuple[Seat, ...] = ("front_left", "front_right", "rear_left", "rear_right")

LONGEST_NAME = 60
MOST_TIMERS = 5
MOST_PROFILES = 10
MOST_ALARMS = 10
LEAST_RADIUS = 50
MOST_RADIUS = 100_000
"""Meters around a point."""

Number = Annotated[int, msgspec.Meta(ge=1, le=2_147_483_647)]
Name = Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)]
Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]
Speed = Annotated[int, msgspec.Meta(ge=1, le=400)]
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Radius = Annotated[int, msgspec.Meta(ge=LEAST_RADIUS, le=MOST_RADIUS)]
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a command carries: an unknown field is refused, because a car that left it out would do something else."""


# -- what stands in the lists ------------------------------------------------------------------------------------------


class Area(Strict, frozen=True, kw_only=True):
    """A circle: degrees (WGS 84) and meters."""

    latitude: Latitude
    longitude: Longitude
    radius: Radius


class PreferredTime(Strict, frozen=True, kw_only=True):
    """A time of the day in which charging is welcome, in the car's local time; it may run over midnight."""

    begins: str
    ends: str
    weekdays: list[Weekday] = []


class ChargingProfile(Strict, frozen=True, kw_only=True):
    """
    How to charge at a place: at once up to ``minimum_percent``, then up to ``target_percent``, in the preferred times if there
    are some. Without a ``position`` it holds wherever no other does.
    """

    id: Number
    name: Name
    enabled: bool
    minimum_percent: Percent
    target_percent: Percent
    position: Area | None = None
    preferred_times: Annotated[list[PreferredTime], msgspec.Meta(max_length=7)] = []


class DepartureTimer(Strict, frozen=True, kw_only=True):
    """
    When somebody wants to leave, in the car's local time: on weekdays or on one ``date`` (then it is off). ``climate``: with the
    cabin at its temperature; ``target_percent``: with this charge.
    """

    id: Number
    enabled: bool
    time: str
    weekdays: list[Weekday] = []
    date: str | None = None
    climate: bool = False
    target_percent: Percent | None = None


class LocationAlarm(Strict, frozen=True, kw_only=True):
    """Tells when the car enters or leaves a circle."""

    id: Number
    name: Name
    enabled: bool
    area: Area
    on: Literal["enter", "leave", "both"] = "both"


class SpeedAlarm(Strict, frozen=True, kw_only=True):
    """Tells when the car drives faster than this (km/h)."""

    id: Number
    enabled: bool
    limit_kmh: Speed
    name: Name = ""


# -- parameters of commands --------------------------------------------------------------------------------------------


class Nothing(Strict, frozen=True, kw_only=True):
    """A command that takes no parameters."""


class ClimateStart(Strict, frozen=True, kw_only=True):
    """Degrees Celsius and the seat zones that are heated or cooled; what is absent stays as it was last (not a default)."""

    temperature: float | None = None
    seats: list[Seat] | None = None


class ChargeTarget(Strict, frozen=True, kw_only=True):
    """Where charging ends, in percent."""

    target_percent: Percent


class ChargingProfiles(Strict, frozen=True, kw_only=True):
    """All profiles: what is not in the list is gone."""

    profiles: Annotated[list[ChargingProfile], msgspec.Meta(max_length=MOST_PROFILES)]


class DepartureTimers(Strict, frozen=True, kw_only=True):
    """All timers: what is not in the list is gone."""

    timers: Annotated[list[DepartureTimer], msgspec.Meta(max_length=MOST_TIMERS)]


class LocationAlarms(Strict, frozen=True, kw_only=True):
    """All location alarms: what is not in the list is gone."""

    alarms: Annotated[list[LocationAlarm], msgspec.Meta(max_length=MOST_ALARMS)]


class SpeedAlarms(Strict, frozen=True, kw_only=True):
    """All speed alarms: what is not in the list is gone."""

    alarms: Annotated[list[SpeedAlarm], msgspec.Meta(max_length=MOST_ALARMS)]


class ValetAlarm(Strict, frozen=True, kw_only=True):
    """
    Tells when the car drives faster than ``limit_kmh`` or farther than ``radius`` from where it stands when the alarm is set;
    the car fills that place in as ``area``.
    """

    enabled: bool
    limit_kmh: Speed | None = None
    radius: Radius | None = None
    area: Area | None = None


class IntelligentClimate(Strict, frozen=True, kw_only=True):
    """Whether the car decides by itself how long before a departure it has to begin."""

    enabled: bool


class Trip(Strict, frozen=True, kw_only=True):
    """How the car was driven since a moment: kilometers, seconds, and what that took."""

    km: float = 0.0
    seconds: int = 0
    kwh: float = 0.0
    liters: float = 0.0


class Trips(Strict, frozen=True, kw_only=True):
    """The car's statistics: since the last start, since somebody reset it, and since the last time at the cable or the pump."""

    short: Trip = Trip()
    long: Trip = Trip()
    cyclic: Trip = Trip()


PARAMETERS: dict[str, type[Strict]] = {
    **dict.fromkeys(
        (
            "lock", "unlock", "trunk_unlock", "honk", "flash", "honk_and_flash", "climate_stop", "charge_start", "charge_stop",
            "direct_charge_start", "direct_charge_stop", "locate", "windows_open", "windows_close", "breakdown_call",
        ),
        Nothing,
    ),
    "climate_start": ClimateStart,
    "set_charge_target": ChargeTarget,
    "set_charging_profiles": ChargingProfiles,
    "set_departure_timers": DepartureTimers,
    "set_location_alarms": LocationAlarms,
    "set_speed_alarms": SpeedAlarms,
    "set_valet_alarm": ValetAlarm,
    "set_intelligent_climate": IntelligentClimate,
}  # fmt: skip
"""Every type of command, and what it takes."""

SETTINGS: dict[str, str] = {
    "set_charging_profiles": "charging_profiles",
    "set_departure_timers": "departure_timers",
    "set_location_alarms": "location_alarms",
    "set_speed_alarms": "speed_alarms",
    "set_valet_alarm": "valet_alarm",
    "set_intelligent_climate": "intelligent_climate",
    "climate_start": "climate",
}
"""By type of command, the setting that it changes and that the car keeps; a setting has the shape of the parameters."""
TRIPS = "trips"
KINDS: dict[str, type[Strict]] = {name: PARAMETERS[type_] for type_, name in SETTINGS.items()} | {TRIPS: Trips}
"""By setting, its shape; no command sets ``trips``, the car counts them."""


def parameters_of(type_: str, given: Mapping[str, Any]) -> Strict:  # Any: from outside
    """
    This will read the parameters of a command of this type.

    Refuses (IllParameters, with the path of the first that is wrong) what is missing, unknown, of another type or out of
    any sense: two entries with one id, a time that is none, a timer with neither weekdays nor a date, or with both.
    """
    kind = PARAMETERS.get(type_)
    if kind is None:
        raise IllParameters("type")
    return _read(kind, given)


def fits(name: str, value: object) -> bool:
    """This will tell whether a car may say that this holds of a setting."""
    kind = KINDS.get(name)
    try:
        return kind is not None and isinstance(value, Mapping) and bool(_read(kind, value))
    except IllParameters:
        return False


def plain(parameters: Strict) -> dict[str, Any]:  # Any: JSON
    """The parameters as they stand in JSON, without what is absent."""
    found: dict[str, Any] = msgspec.to_builtins(parameters)
    return {name: value for name, value in found.items() if value is not None}


def _read(kind: type[Strict], given: Mapping[str, Any]) -> Strict:
    try:
        read = msgspec.convert(dict(given), kind)
    except msgspec.ValidationError as error:
        raise IllParameters(_place_of(str(error))) from error
    problem = _problem_of(read)
    if problem is not None:
        raise IllParameters(problem)
    return read


def _place_of(message: str) -> str:
    """The path in the words of msgspec: “Expected `int`, got `str` - at `$.timers[0].id`”, or the field that it names."""
    found = re.search(r"at `\$\.?([^`]*)`", message)
    named = re.search(r"field `([^`]*)`", message)
    parts = [part for part in (found and found[1], named and named[1]) if part]
    return ".".join(parts)


def _problem_of(read: Strict) -> str | None:  # noqa: PLR0911 - one line per shape
    match read:
        case ChargingProfiles(profiles=profiles):
            return _list_problem("profiles", profiles, _profile_problem)
        case DepartureTimers(timers=timers):
            return _list_problem("timers", timers, _timer_problem)
        case LocationAlarms(alarms=alarms):
            return _list_problem("alarms", alarms, lambda each: _name_problem(each.name) or _area_problem(each.area))
        case SpeedAlarms(alarms=alarms):
            return _list_problem("alarms", alarms, lambda each: each.name and _name_problem(each.name))
        case ClimateStart(temperature=temperature, seats=seats):
            if temperature is not None and not math.isfinite(temperature):
                return "temperature"
            return "seats" if seats is not None and len(set(seats)) != len(seats) else None
        case ValetAlarm(enabled=True, limit_kmh=None, radius=None):
            return "limit_kmh"
        case ValetAlarm(area=Area() as area):
            return _area_problem(area)
    return None


def _list_problem(field: str, entries: list[Any], problem_of: Any) -> str | None:  # Any: each list has its own entries
    seen: set[int] = set()
    for number, each in enumerate(entries):
        problem = "id" if each.id in seen else problem_of(each)
        if problem:
            return f"{field}[{number}].{problem}"
        seen.add(each.id)
    return None


def _name_problem(name: str) -> str | None:
    return None if name and name == name.strip() and name.isprintable() else "name"


def _area_problem(area: Area | None) -> str | None:
    if area is None or (math.isfinite(area.latitude) and math.isfinite(area.longitude)):
        return None
    return "area"


def _profile_problem(profile: ChargingProfile) -> str | None:
    if profile.target_percent < profile.minimum_percent:
        return "target_percent"
    if any(not _is_clock(each.begins) or not _is_clock(each.ends) for each in profile.preferred_times):
        return "preferred_times"
    return _name_problem(profile.name) or (_area_problem(profile.position) and "position")


def _timer_problem(timer: DepartureTimer) -> str | None:
    if not _is_clock(timer.time):
        return "time"
    if bool(timer.weekdays) == (timer.date is not None) or len(set(timer.weekdays)) != len(timer.weekdays):
        return "weekdays"
    if timer.date is not None:
        try:
            date.fromisoformat(timer.date)
        except ValueError:
            return "date"
    return None


def _is_clock(text: str) -> bool:
    return _CLOCK.fullmatch(text) is not None


def clock_time(text: str) -> time:
    """The time of day that “07:30” means."""
    return time.fromisoformat(text)
