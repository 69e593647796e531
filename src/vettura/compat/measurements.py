"""
What a car reports, in the words of the foreign API: one table of keys, each with how its value is made from our signals.

Pure: from the facts of one car to JSON. A key that was asked for is always answered; without a value it says why. Where the
original is not known (docs/compat.md), the shape is ours.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from vettura.compat import kept
from vettura_wire import signals

Json = dict[str, Any]

NOT_SUPPORTED = "NOT_SUPPORTED"
NOT_CONNECTED = "NOT_CONNECTED"
PRIVACY_ACTIVATED = "PRIVACY_ACTIVATED"
LICENSE_DEACTIVATED = "LICENSE_DEACTIVATED"
UNKNOWN = "UNKNOWN"
# ours: nobody has confirmed what the original says
REMOTE_ACCESS_MISSING = "REMOTE_ACCESS_NOT_GRANTED"
ROLE_MAY_NOT = "NOT_AUTHORIZED"

KELVIN = 273.15
TIRE_SIDES = {
    "FRONT_LEFT": "front_left_tire",
    "FRONT_RIGHT": "front_right_tire",
    "REAR_LEFT": "rear_left_tire",
    "REAR_RIGHT": "rear_right_tire",
}
# of a car that is driven from the left
DOOR_SIDES = {
    "FRONT_LEFT": "driver_door",
    "FRONT_RIGHT": "passenger_door",
    "REAR_LEFT": "rear_driver_door",
    "REAR_RIGHT": "rear_passenger_door",
}


@dataclass(frozen=True, kw_only=True)
class Signal:
    """The newest value of a signal, and when it was measured."""

    value: Any  # what a signal is depends on its path
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the car is, or in the foreign words why that is not said."""

    cause: str = ""
    latitude: float = 0.0
    longitude: float = 0.0
    heading: int = 0
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything that is known of one car for one person. `supported` are the paths that a car of this kind reports."""

    drive: str
    timezone: str
    is_connected: bool
    is_private: bool
    privacy_since: datetime | None
    has_remote_access: bool
    registered_at: datetime
    at: datetime
    supported: frozenset[str]
    values: Mapping[str, Signal]
    place: Place
    understood: frozenset[str] = frozenset()
    # what the car keeps of remote services, by the wire's names
    held: Mapping[str, Signal] = field(default_factory=dict)
    services: tuple[str, ...] = ()
    destinations: Json | None = None
    drives: tuple[Json, ...] | None = None

    @property
    def has_battery(self) -> bool:
        """Whether the car drives with electricity."""
        return self.drive in ("BEV", "PHEV")

    def value(self, path: str) -> Any:  # what a signal is depends on its path
        """The newest value; None while it was never reported."""
        known = self.values.get(path)
        return None if known is None else known.value

    def newest(self, *paths: str) -> datetime | None:
        """When the newest of these was measured."""
        return max((self.values[path].at for path in paths if path in self.values), default=None)


class Absent(Exception):
    """There is no value, and the foreign word for why."""

    def __init__(self, cause: str) -> None:
        """`cause` as it is sent."""
        super().__init__(cause)
        self.cause = cause


def moment(at: datetime) -> str:
    """A moment as the foreign API writes it."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def measurement(key: str, facts: Facts) -> Json:
    """One entry for a key, whatever it is."""
    try:
        if key not in TABLE:
            raise Absent(NOT_SUPPORTED)
        value = TABLE[key](facts)
    except Absent as absent:
        return {"key": key, "status": {"isEnabled": False, "cause": absent.cause}}
    return {"key": key, "status": {"isEnabled": True, "cause": "AVAILABLE"}, "value": value}


def measurements(keys: Iterable[str], facts: Facts) -> list[Json]:
    """An entry for every key that was asked for, each once."""
    return [measurement(key, facts) for key in dict.fromkeys(keys)]


# -- what values are made of ----------------------------------------------------------------------------------------


def _of(facts: Facts, *paths: str) -> Any:  # what a signal is depends on its path
    """The value of the first of these signals that was reported. Raises Absent."""
    for path in paths:
        value = facts.value(path)
        if value is not None:
            return value
    if not facts.supported.intersection(paths):
        raise Absent(NOT_SUPPORTED)
    raise Absent(UNKNOWN if facts.is_connected else NOT_CONNECTED)


def _dated(facts: Facts, value: Json, *paths: str) -> Json:
    at = facts.newest(*paths)
    return value if at is None else {**value, "lastModified": moment(at)}


def _needs_battery(facts: Facts) -> None:
    if not facts.has_battery:
        raise Absent(NOT_SUPPORTED)


def _percent(path: str) -> Callable[[Facts], Json]:
    return lambda facts: _dated(facts, {"percent": round(_of(facts, path))}, path)


def _flag(name: str, path: str) -> Callable[[Facts], Json]:
    return lambda facts: _dated(facts, {name: bool(_of(facts, path))}, path)


def _open(*paths: str) -> Callable[[Facts], Json]:
    def value(facts: Facts) -> Json:
        _of(facts, *paths)
        return _dated(facts, {"isOpen": any(facts.value(path) is True for path in paths)}, *paths)

    return value


def _electric_range(facts: Facts) -> Json:
    _needs_battery(facts)
    meters = _of(facts, signals.ELECTRIC_RANGE)
    return _dated(facts, {"kilometers": round(meters / 1000), "isRouteBasedRange": False}, signals.ELECTRIC_RANGE)


def _range(facts: Facts) -> Json:
    one = signals.ELECTRIC_RANGE if facts.drive == "BEV" else signals.FUEL_RANGE
    return _dated(facts, {"kilometers": round(_of(facts, signals.RANGE, one) / 1000)}, signals.RANGE, one)


def _mileage(facts: Facts) -> Json:
    return _dated(facts, {"kilometers": int(_of(facts, signals.MILEAGE))}, signals.MILEAGE)


def _charge_target(facts: Facts) -> int:
    target = facts.value(signals.CHARGE_LIMIT)
    return round(target) if isinstance(target, int | float) else 100


def charging_status(*, is_plugged: bool, is_charging: bool, charge: float, target: int) -> str:
    """How charging stands, as one of the foreign words that docs/compat.md lists."""
    if is_charging:
        return "CHARGING"
    if not is_plugged:
        return "NOT_PLUGGED"
    return "CHARGING_COMPLETED" if charge >= target else "READY_TO_CHARGE"


_CHARGE_PATHS = (
    signals.PLUGGED_IN,
    signals.CHARGING,
    signals.STATE_OF_CHARGE,
    signals.CHARGE_LIMIT,
    signals.CHARGING_MODE,
)
MODES = {
    signals.CHARGING_AT_ONCE: "DIRECT",
    signals.CHARGING_BY_PROFILE: "PROFILE",
    signals.CHARGING_BY_TIMER: "SINGLE_TIMER",
}


def _charging_summary(facts: Facts) -> Json:
    """Always with a target: clients of every version show it, and none of them guesses then."""
    _needs_battery(facts)
    charge = _of(facts, signals.STATE_OF_CHARGE)
    target, is_charging = _charge_target(facts), facts.value(signals.CHARGING) is True
    is_plugged = facts.value(signals.PLUGGED_IN) is True
    value: Json = {
        "status": charging_status(is_plugged=is_plugged, is_charging=is_charging, charge=charge, target=target),
        "mode": MODES.get(facts.value(signals.CHARGING_MODE), "PROFILE"),
        "targetSoC": target,
        "chargingProfile": {"minSoC": target},
        "plugState": "CONNECTED" if is_plugged else "DISCONNECTED",
    }
    left, measured_at = facts.value(signals.CHARGE_TIME_LEFT), facts.newest(signals.CHARGE_TIME_LEFT)
    if is_charging and isinstance(left, int | float) and left > 0 and measured_at is not None:
        value["targetDateTimeWithOffset"] = moment(measured_at + timedelta(seconds=float(left)))
    return _dated(facts, value, *_CHARGE_PATHS)


def _charging_rate(facts: Facts) -> Json:
    """
    Kilometers a minute, on average until the target: the car says how long it takes, not how fast it goes. Both spellings, because
    clients read one or the other; power is not known while the car charges.
    """
    _needs_battery(facts)
    charge, is_charging = _of(facts, signals.STATE_OF_CHARGE), facts.value(signals.CHARGING) is True
    rate = 0.0
    meters, left = facts.value(signals.ELECTRIC_RANGE), facts.value(signals.CHARGE_TIME_LEFT)
    if is_charging and meters and left and charge > 0:
        rate = round(meters / 1000 / charge * max(_charge_target(facts) - charge, 0) / (left / 60), 2)
    value: Json = {"chargingRate": rate, "chargingRatekmPerMin": rate}
    if not is_charging:
        value |= {"chargingPower": 0, "chargingPowerkW": 0}
    return _dated(facts, value, *_CHARGE_PATHS, signals.CHARGE_TIME_LEFT)


def _charging_settings(facts: Facts) -> Json:
    _needs_battery(facts)
    return _dated(facts, {"targetSoc": round(_of(facts, signals.CHARGE_LIMIT))}, signals.CHARGE_LIMIT)


def _needs_type(facts: Facts, type_: str) -> None:
    if type_ not in facts.understood:
        raise Absent(NOT_SUPPORTED)


def _held(facts: Facts, name: str) -> Json | None:
    """What the car keeps under this name; None while it has said nothing of it."""
    known = facts.held.get(name)
    return None if known is None else known.value


def _kept(facts: Facts, name: str, value: Json) -> Json:
    known = facts.held.get(name)
    return value if known is None else {**value, "lastModified": moment(known.at)}


def _profiles(facts: Facts) -> Json:
    _needs_type(facts, "set_charging_profiles")
    listed = kept.profiles(_held(facts, "charging_profiles"), target=_charge_target(facts))
    return _kept(facts, "charging_profiles", {"list": listed})


def _timers(facts: Facts) -> Json:
    _needs_type(facts, "set_departure_timers")
    listed = kept.timers(_held(facts, "departure_timers"), today=_today(facts))
    value = {"timerSubmitType": "ALL", "timerSubmitMaxCount": kept.MOST_TIMERS, "list": listed}
    return _kept(facts, "departure_timers", value)


def _location_alarms(facts: Facts) -> Json:
    _needs_type(facts, "set_location_alarms")
    return _kept(facts, "location_alarms", {"list": kept.location_alarms(_held(facts, "location_alarms"))})


def _speed_alarms(facts: Facts) -> Json:
    _needs_type(facts, "set_speed_alarms")
    return _kept(facts, "speed_alarms", {"list": kept.speed_alarms(_held(facts, "speed_alarms"))})


def _valet_alarm(facts: Facts) -> Json:
    _needs_type(facts, "set_valet_alarm")
    return _kept(facts, "valet_alarm", kept.valet_alarm(_held(facts, "valet_alarm") or {}))


def _direct_charging(facts: Facts) -> Json:
    mode = _of(facts, signals.CHARGING_MODE)
    return _dated(facts, {"isEnabled": mode == signals.CHARGING_AT_ONCE}, signals.CHARGING_MODE)


def _departures(facts: Facts) -> Json:
    """
    The departures of the timers. Its mere presence lets clients set the target by the charging settings, which is how our cars have
    it.
    """
    _needs_type(facts, "set_charge_target")
    held = _held(facts, "departure_timers")
    if held is None:
        return _dated(facts, {"list": []}, signals.CHARGE_LIMIT)
    return _kept(facts, "departure_timers", {"list": kept.timers(held, today=_today(facts))})


def _today(facts: Facts) -> str:
    return facts.at.astimezone(ZoneInfo(facts.timezone)).date().isoformat()


_CLIMATE_PATHS = (signals.CLIMATE_ACTIVE, signals.TARGET_TEMPERATURE)


def _climate(facts: Facts) -> Json:
    value: Json = {"climateZonesEnabled": kept.zones(_held(facts, "climate"))}
    wanted = facts.value(signals.TARGET_TEMPERATURE)
    if isinstance(wanted, int | float):
        value["targetTemperature"] = round(wanted + KELVIN, 2)
    return value


def _hvac_summary(facts: Facts) -> Json:
    is_on = bool(_of(facts, signals.CLIMATE_ACTIVE))
    return _dated(facts, {"status": "ON" if is_on else "OFF", **_climate(facts)}, *_CLIMATE_PATHS)


def _climatizer_state(facts: Facts) -> Json:
    return _dated(facts, {"isOn": bool(_of(facts, signals.CLIMATE_ACTIVE)), **_climate(facts)}, *_CLIMATE_PATHS)


def _locked(facts: Facts) -> Json:
    """Locked is a car whose every door is."""
    paths = tuple(signals.DOOR_LOCKED.values())
    _of(facts, *paths)
    known = [facts.value(path) for path in paths if facts.value(path) is not None]
    return _dated(facts, {"isLocked": all(value is True for value in known)}, *paths)


def _tire(facts: Facts, side: str) -> Json:
    """Pressure in bar, and by how much it differs from the axle's mean: what it should be depends on load and tire."""
    path = signals.TIRE_PRESSURE[TIRE_SIDES[side]]
    own = float(_of(facts, path))
    axle = [
        float(value)
        for other, tire in TIRE_SIDES.items()
        if other.partition("_")[0] == side.partition("_")[0]
        and (value := facts.value(signals.TIRE_PRESSURE[tire])) is not None
    ]
    difference = own - sum(axle) / len(axle)
    return {"actualPressureBar": round(own / 100, 2), "differenceBar": round(difference / 100, 2)}


def _tire_pressure(side: str) -> Callable[[Facts], Json]:
    return lambda facts: _dated(facts, _tire(facts, side), signals.TIRE_PRESSURE[TIRE_SIDES[side]])


def _all_tires(facts: Facts) -> Json:
    names = {
        "FRONT_LEFT": "frontLeftTire",
        "FRONT_RIGHT": "frontRightTire",
        "REAR_LEFT": "rearLeftTire",
        "REAR_RIGHT": "rearRightTire",
    }
    value = {name: _tire(facts, side) for side, name in names.items()}
    return _dated(facts, value, *signals.TIRE_PRESSURE.values())


def _location(facts: Facts) -> Json:
    place = facts.place
    if place.cause:
        raise Absent(place.cause)
    value: Json = {"location": f"{place.latitude:.6f},{place.longitude:.6f}", "direction": place.heading}
    return value if place.at is None else {**value, "lastModified": moment(place.at)}


def _trip(which: str) -> Callable[[Facts], Json]:
    def value(facts: Facts) -> Json:
        trips = _held(facts, "trips")
        if trips is None:
            raise Absent(UNKNOWN if facts.is_connected else NOT_CONNECTED)
        at = moment(facts.held["trips"].at)
        return {"list": kept.trips(trips, which, drive=facts.drive, at=at), "lastModified": at}

    return value


def _service_distance(facts: Facts) -> Json:
    return _dated(facts, {"kilometers": round(_of(facts, signals.SERVICE_DISTANCE))}, signals.SERVICE_DISTANCE)


def _privacy(facts: Facts) -> Json:
    since = facts.privacy_since or facts.registered_at
    return {"isEnabled": facts.is_private, "lastModified": moment(since)}


def _timestamp(facts: Facts) -> Json:
    at = max((signal.at for signal in facts.values.values()), default=facts.registered_at)
    return {"timestamp": moment(at), "lastModified": moment(at)}


def _destinations(facts: Facts) -> Json:
    if facts.destinations is None:
        raise Absent(ROLE_MAY_NOT)
    return facts.destinations


def _drives(facts: Facts) -> Json:
    if facts.drives is None:
        raise Absent(ROLE_MAY_NOT)
    return {"list": list(facts.drives)}


TABLE: dict[str, Callable[[Facts], Json]] = {
    "BATTERY_LEVEL": _percent(signals.STATE_OF_CHARGE),
    "E_RANGE": _electric_range,
    "RANGE": _range,
    "FUEL_LEVEL": _percent(signals.FUEL_LEVEL),
    "MILEAGE": _mileage,
    "CHARGING_SUMMARY": _charging_summary,
    "CHARGING_RATE": _charging_rate,
    "CHARGING_SETTINGS": _charging_settings,
    "CHARGING_PROFILES": _profiles,
    "DIRECT_CHARGING": _direct_charging,
    "TIMERS": _timers,
    "LOCATION_ALARMS": _location_alarms,
    "SPEED_ALARMS": _speed_alarms,
    "VALET_ALARM": _valet_alarm,
    "DEPARTURES": _departures,
    "HVAC_SUMMARY": _hvac_summary,
    "CLIMATIZER_STATE": _climatizer_state,
    "LOCK_STATE_VEHICLE": _locked,
    "PARKING_BRAKE": _flag("isOn", signals.PARKING_BRAKE),
    "TIRE_PRESSURE": _all_tires,
    "GPS_LOCATION": _location,
    "GLOBAL_PRIVACY_MODE": _privacy,
    "GLOBAL_TIMESTAMP": _timestamp,
    "REMOTE_ACCESS_AUTHORIZATION": lambda facts: {
        "isEnabled": facts.has_remote_access,
        "lastModified": moment(facts.registered_at),
    },
    "CONNECT_CONTRACT": lambda facts: {"isActive": bool(facts.services), "services": list(facts.services)},
    "TIMEZONE": lambda facts: {"timezone": facts.timezone},
    "DESTINATIONS": _destinations,
    "MAIN_SERVICE_RANGE": _service_distance,
    "TRIP_STATISTICS_SHORT_TERM": _trip("short"),
    "TRIP_STATISTICS_SHORT_TERM_HISTORY": _drives,
    "TRIP_STATISTICS_LONG_TERM": _trip("long"),
    "TRIP_STATISTICS_CYCLIC": _trip("cyclic"),
    "OPEN_STATE_LID_FRONT": _open(signals.FRONT_TRUNK_OPEN, signals.HOOD_OPEN),
    "OPEN_STATE_LID_REAR": _open(signals.REAR_TRUNK_OPEN),
    **{f"OPEN_STATE_DOOR_{side}": _open(signals.DOOR_OPEN[door]) for side, door in DOOR_SIDES.items()},
    **{f"OPEN_STATE_WINDOW_{side}": _open(signals.WINDOW_OPEN[door]) for side, door in DOOR_SIDES.items()},
    **{f"TIRE_PRESSURE_{side}": _tire_pressure(side) for side in TIRE_SIDES},
}
