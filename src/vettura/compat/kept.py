"""
What a car keeps of remote services (profiles, timers, alarms, seats), from our words into the foreign ones and back.

Pure, and both ways for each kind: clients read a list, change one thing in it and send it back whole.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from vettura_wire import remote

Json = dict[str, Any]

GENERAL_PROFILE = 1
MOST_TIMERS = remote.MOST_TIMERS
ZONES = {"front_left": "frontLeft", "front_right": "frontRight", "rear_left": "rearLeft", "rear_right": "rearRight"}
DAYS = {day: day.upper() for day in remote.WEEKDAYS}


class Unreadable(Exception):
    """What a client sent is not of the shape that it has to be; `name` is the field."""

    def __init__(self, name: str) -> None:
        """The field, as the client named it."""
        super().__init__(name)
        self.name = name


def entries(payload: Mapping[str, Any]) -> list[Json]:
    """The list of a payload. Raises Unreadable."""
    found = payload.get("list")
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Unreadable("list")
    return found


def place(text: object) -> tuple[float, float]:
    """`"lat,lon"` as degrees. Raises Unreadable."""
    try:
        latitude, longitude = (float(each) for each in str(text).split(","))
    except ValueError as error:
        raise Unreadable("location") from error
    return latitude, longitude


def _circle(area: Mapping[str, Any]) -> Json:
    return {"location": f"{area['latitude']:.6f},{area['longitude']:.6f}", "radius": area["radius"]}


def _area(circle: object) -> Json:
    if not isinstance(circle, Mapping) or "radius" not in circle:
        raise Unreadable("circle")
    latitude, longitude = place(circle.get("location"))
    return {"latitude": latitude, "longitude": longitude, "radius": circle["radius"]}


def _wanted(entry: Mapping[str, Any], name: str) -> Any:  # whatever the client sent; our own check comes after this one
    if name not in entry:
        raise Unreadable(name)
    return entry[name]


# -- seats ----------------------------------------------------------------------------------------------------------


def zones(held: Mapping[str, Any] | None) -> dict[str, bool]:
    """Which seats are heated or cooled with the climate."""
    seats = (held or {}).get("seats") or ()
    return {foreign: ours in seats for ours, foreign in ZONES.items()}


def seats(asked: Mapping[str, Any]) -> list[str]:
    """The seats that shall be heated or cooled."""
    return [ours for ours, foreign in ZONES.items() if asked.get(foreign) is True]


# -- charging profiles ----------------------------------------------------------------------------------------------


def profiles(held: Mapping[str, Any] | None, *, target: int) -> list[Json]:
    """
    The charging profiles. A car that keeps none charges to its target wherever it is, which is one profile in the foreign
    words: clients look for an enabled one.
    """
    kept = (held or {}).get("profiles") or [
        {
            "id": GENERAL_PROFILE,
            "name": "General",
            "enabled": True,
            "minimum_percent": target,
            "target_percent": target,
        }
    ]
    return [
        {
            "id": each["id"],
            "name": each["name"],
            "isEnabled": each["enabled"],
            "minSoc": each["minimum_percent"],
            "targetSoc": each["target_percent"],
            **({"position": _circle(each["position"])} if each.get("position") else {}),
            "preferredChargingTimes": [
                {
                    "startTime": time["begins"],
                    "endTime": time["ends"],
                    "weekdays": [DAYS[day] for day in time.get("weekdays", ())],
                }
                for time in each.get("preferred_times", ())
            ],
        }
        for each in kept
    ]


def to_profiles(payload: Mapping[str, Any]) -> Json:
    """Parameters of ours for a list that was sent back. A minimum above the target takes the target along."""
    made = []
    for each in entries(payload):
        least = _wanted(each, "minSoc")
        target = each.get("targetSoc", least)
        times = each.get("preferredChargingTimes", [])
        if not isinstance(times, list) or not all(isinstance(time, dict) for time in times):
            raise Unreadable("preferredChargingTimes")
        profile: Json = {
            "id": _wanted(each, "id"),
            "name": _wanted(each, "name"),
            "enabled": _wanted(each, "isEnabled"),
            "minimum_percent": least,
            "target_percent": max(least, target) if isinstance(least, int) and isinstance(target, int) else target,
            "preferred_times": [
                {
                    "begins": _wanted(time, "startTime"),
                    "ends": _wanted(time, "endTime"),
                    "weekdays": [str(day).lower() for day in time.get("weekdays", ())],
                }
                for time in times
            ],
        }
        if each.get("position") is not None:
            profile["position"] = _area(each["position"])
        made.append(profile)
    return {"profiles": made}


# -- timers ---------------------------------------------------------------------------------------------------------


def timers(held: Mapping[str, Any] | None, *, today: str) -> list[Json]:
    """The departure timers; one that repeats needs a date all the same, and `today` is as good as any."""
    return [
        {
            "id": each["id"],
            "enabled": each["enabled"],
            "type": "CLIMATIZER_CHARGING",
            "triggerType": "STOP",
            "triggerDateTime": f"{each.get('date') or today}T{each['time']}:00",
            "repeatOn": [DAYS[day] for day in each.get("weekdays", ())],
            "metadata": {
                "targetSoc": each.get("target_percent") or 0,
                "isChargingEnabled": each.get("target_percent") is not None,
                "isClimatizationEnabled": bool(each.get("climate")),
            },
        }
        for each in (held or {}).get("timers", ())
    ]


def to_timers(payload: Mapping[str, Any]) -> Json:
    """Parameters of ours for a list of timers that was sent back."""
    made = []
    for each in entries(payload):
        at = str(_wanted(each, "triggerDateTime"))
        facts = each.get("metadata")
        facts = facts if isinstance(facts, dict) else {}
        repeats = [str(day).lower() for day in each.get("repeatOn") or ()]
        timer: Json = {
            "id": _wanted(each, "id"),
            "enabled": _wanted(each, "enabled"),
            "time": at[11:16],
            "climate": facts.get("isClimatizationEnabled") is True,
            **({"weekdays": repeats} if repeats else {"date": at[:10]}),
        }
        if facts.get("isChargingEnabled") is True:
            timer["target_percent"] = _wanted(facts, "targetSoc")
        made.append(timer)
    return {"timers": made}


def without_timers(held: Mapping[str, Any] | None, payload: Mapping[str, Any]) -> Json:
    """The timers with those that were named (by `id`, `timerId` or in a list) switched off; all of them if none was."""
    listed = payload.get("list")
    named = {payload[name] for name in ("id", "timerId") if isinstance(payload.get(name), int)}
    named |= (
        {each.get("id") if isinstance(each, dict) else each for each in listed} if isinstance(listed, list) else set()
    )
    kept = (held or {}).get("timers", ())
    return {
        "timers": [{**each, "enabled": each["enabled"] and bool(named) and each["id"] not in named} for each in kept]
    }


# -- alarms ---------------------------------------------------------------------------------------------------------


def location_alarms(held: Mapping[str, Any] | None) -> list[Json]:
    """The alarms that watch a circle."""
    return [
        {"id": each["id"], "isEnabled": each["enabled"], "name": each["name"], "circle": _circle(each["area"])}
        for each in (held or {}).get("alarms", ())
    ]


def to_location_alarms(payload: Mapping[str, Any], held: Mapping[str, Any] | None) -> Json:
    """Parameters of ours; on which way an alarm tells stays as it was, because the foreign words cannot say it."""
    ways = {each["id"]: each.get("on", "both") for each in (held or {}).get("alarms", ())}
    return {
        "alarms": [
            {
                "id": _wanted(each, "id"),
                "name": _wanted(each, "name"),
                "enabled": _wanted(each, "isEnabled"),
                "area": _area(each.get("circle")),
                "on": ways.get(each["id"], "both"),
            }
            for each in entries(payload)
        ]
    }


def speed_alarms(held: Mapping[str, Any] | None) -> list[Json]:
    """The alarms that watch the speed."""
    return [
        {"id": each["id"], "isEnabled": each["enabled"], "speedLimit": each["limit_kmh"]}
        for each in (held or {}).get("alarms", ())
    ]


def to_speed_alarms(payload: Mapping[str, Any], held: Mapping[str, Any] | None) -> Json:
    """Parameters of ours; a name stays as it was."""
    names = {each["id"]: each.get("name", "") for each in (held or {}).get("alarms", ())}
    return {
        "alarms": [
            {
                "id": _wanted(each, "id"),
                "enabled": _wanted(each, "isEnabled"),
                "limit_kmh": _wanted(each, "speedLimit"),
                **({"name": names[each["id"]]} if names.get(each["id"]) else {}),
            }
            for each in entries(payload)
        ]
    }


def valet_alarm(held: Mapping[str, Any]) -> Json:
    """The valet alarm, with the circle around where the car stood when it was set."""
    told: Json = {"isEnabled": held.get("enabled") is True}
    if held.get("limit_kmh") is not None:
        told["speedLimit"] = held["limit_kmh"]
    if held.get("area"):
        told["area"] = {"circle": _circle(held["area"])}
    return told


def to_valet_alarm(payload: Mapping[str, Any]) -> Json:
    """Parameters of ours. Where the circle lies is the car's to say: around where it stands."""
    made: Json = {"enabled": True}
    if payload.get("speedLimit") is not None:
        made["limit_kmh"] = payload["speedLimit"]
    area = payload.get("area")
    if isinstance(area, dict):
        made["radius"] = _area(area.get("circle"))["radius"]
    return made


# -- trips ----------------------------------------------------------------------------------------------------------

USED = {"BEV": ("kwh",), "PHEV": ("kwh", "liters"), "COMBUSTION": ("liters",)}
PER_HUNDRED = {"kwh": "avgKwhPerHundredKm", "liters": "avgLiterPerHundredKm"}


def trips(held: Mapping[str, Any], which: str, *, drive: str, at: str) -> list[Json]:
    """The one trip that a car keeps of a kind, at the moment of its last word on it; none before the first kilometer."""
    trip = held.get(which) or {}
    kilometers, seconds = float(trip.get("km", 0)), float(trip.get("seconds", 0))
    if not kilometers:
        return []
    used = {PER_HUNDRED[each]: round(float(trip.get(each, 0)) / kilometers * 100, 1) for each in USED.get(drive, ())}
    return [
        {
            "id": which,
            "tripEndTime": at,
            "distanceKm": round(kilometers, 1),
            "drivingTimeMinutes": round(seconds / 60),
            "avgSpeedKmh": round(kilometers / seconds * 3600) if seconds else 0,
            **used,
        }
    ]


def drive(*, began_at: datetime, ended_at: datetime, begin: float, end: float) -> Json:
    """A trip that is over or goes on, with the mileage at both ends; what it used nobody has kept. Its id stays."""
    kilometers, seconds = end - begin, (ended_at - began_at).total_seconds()
    return {
        "id": f"{int(began_at.timestamp())}",
        "tripStartTime": _moment(began_at),
        "tripEndTime": _moment(ended_at),
        "startMileageKm": round(begin, 1),
        "endMileageKm": round(end, 1),
        "distanceKm": round(kilometers, 1),
        "drivingTimeMinutes": round(seconds / 60),
        "avgSpeedKmh": round(kilometers / seconds * 3600) if seconds else 0,
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
