"""Foreign commands as types of ours with their parameters. Pure: what is asked, not whether it may be."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from vettura.compat import clients, kept
from vettura.compat.kept import Unreadable
from vettura.compat.measurements import KELVIN

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Car:
    """What of a car decides how it is asked: the types that it understands, and what it keeps."""

    understood: Collection[str]
    held: Mapping[str, Json]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A command of ours. Without a type there is nothing to do: what was asked for is as it is."""

    type: str | None
    params: Json


@dataclass(frozen=True, kw_only=True)
class Word:
    """
    A foreign command: the types of ours that can carry it out (one is enough), the scope that it takes, and how its payload is
    read.
    """

    types: tuple[str, ...]
    read: Callable[[Json, Car], Wish]
    scope: str = clients.CARS


def _plain(type_: str, scope: str = clients.CARS) -> Word:
    return Word(types=(type_,), read=lambda _payload, _car: Wish(type=type_, params={}), scope=scope)


def _first(*types: str, scope: str) -> Word:
    def read(_payload: Json, car: Car) -> Wish:
        return Wish(type=next((each for each in types if each in car.understood), types[0]), params={})

    return Word(types=types, read=read, scope=scope)


MODES = {"FLASH": "flash", "HONK": "honk", "HONK_AND_FLASH": "honk_and_flash"}


def _honk_flash(payload: Json, _car: Car) -> Wish:
    mode = payload.get("mode", "FLASH")
    if mode not in MODES:
        raise Unreadable("mode")
    return Wish(type=MODES[mode], params={})


def _climate_start(payload: Json, _car: Car) -> Wish:
    """What is missing stays as it was last; some clients send degrees Celsius."""
    params: Json = {}
    kelvin, celsius = payload.get("targetTemperature"), payload.get("temperature")
    if isinstance(kelvin, int | float):
        params["temperature"] = round(float(kelvin) - KELVIN, 1)
    elif isinstance(celsius, int | float):
        params["temperature"] = float(celsius)
    zones = payload.get("climateZonesEnabled")
    if isinstance(zones, dict):
        params["seats"] = kept.seats(zones)
    return Wish(type="climate_start", params=params)


def _charging_settings(payload: Json, _car: Car) -> Wish:
    """Without a target nothing is to be changed, which clients do send."""
    if payload.get("targetSoc") is None:
        return Wish(type=None, params={})
    return Wish(type="set_charge_target", params={"target_percent": payload["targetSoc"]})


def _timers(payload: Json, _car: Car) -> Wish:
    return Wish(type="set_departure_timers", params=kept.to_timers(payload))


def _valet_off(_payload: Json, _car: Car) -> Wish:
    return Wish(type="set_valet_alarm", params={"enabled": False})


WORDS: dict[str, Word] = {
    "LOCK": _plain("lock"),
    "UNLOCK": _plain("unlock"),
    "TRUNK_UNLOCK": _plain("trunk_unlock"),
    "HONK_FLASH": Word(types=tuple(MODES.values()), read=_honk_flash),
    "WINDOWS_SUNROOF_OPEN": _plain("windows_open"),
    "WINDOWS_SUNROOF_CLOSE": _plain("windows_close"),
    "B_CALL_TRIGGER": _plain("breakdown_call"),
    "REMOTE_CLIMATIZER_START": Word(types=("climate_start",), read=_climate_start, scope=clients.MANAGE_CLIMATE),
    "REMOTE_CLIMATIZER_STOP": _plain("climate_stop", clients.MANAGE_CLIMATE),
    "DIRECT_CHARGING_START": _first("direct_charge_start", "charge_start", scope=clients.MANAGE_CHARGING),
    "DIRECT_CHARGING_STOP": _first("direct_charge_stop", "charge_stop", scope=clients.MANAGE_CHARGING),
    "CHARGING_START": _plain("charge_start", clients.MANAGE_CHARGING),
    "CHARGING_STOP": _plain("charge_stop", clients.MANAGE_CHARGING),
    "CHARGING_SETTINGS_EDIT": Word(
        types=("set_charge_target",), read=_charging_settings, scope=clients.MANAGE_CHARGING
    ),
    "CHARGING_PROFILES_EDIT": Word(
        types=("set_charging_profiles",),
        read=lambda payload, _car: Wish(type="set_charging_profiles", params=kept.to_profiles(payload)),
        scope=clients.MANAGE_CHARGING,
    ),
    "TIMERS_EDIT": Word(types=("set_departure_timers",), read=_timers, scope=clients.MANAGE_CHARGING),
    "DEPARTURES_EDIT": Word(types=("set_departure_timers",), read=_timers, scope=clients.MANAGE_CHARGING),
    "TIMERS_DISABLE": Word(
        types=("set_departure_timers",),
        read=lambda payload, car: Wish(
            type="set_departure_timers", params=kept.without_timers(car.held.get("departure_timers"), payload)
        ),
        scope=clients.MANAGE_CHARGING,
    ),
    "LOCATION_ALARMS_EDIT": Word(
        types=("set_location_alarms",),
        read=lambda payload, car: Wish(
            type="set_location_alarms", params=kept.to_location_alarms(payload, car.held.get("location_alarms"))
        ),
    ),
    "SPEED_ALARMS_EDIT": Word(
        types=("set_speed_alarms",),
        read=lambda payload, car: Wish(
            type="set_speed_alarms", params=kept.to_speed_alarms(payload, car.held.get("speed_alarms"))
        ),
    ),
    "VALET_ALARM_EDIT": Word(
        types=("set_valet_alarm",),
        read=lambda payload, _car: Wish(type="set_valet_alarm", params=kept.to_valet_alarm(payload)),
    ),
    "VALET_ALARM_DISABLE": Word(types=("set_valet_alarm",), read=_valet_off),
}
# The question for the PIN is no command, but clients ask whether it is to be had as if it were one.
SPIN_CHALLENGE = "SPIN_CHALLENGE"
TYPES = {key: word.types for key, word in WORDS.items()} | {SPIN_CHALLENGE: ("unlock", "trunk_unlock", "windows_open")}


def step_up(payload: Json) -> Json | None:
    """The answer to the question for the PIN, as our action takes it; None where none was sent. Raises Unreadable."""
    spin = payload.get("spin")
    if spin is None:
        return None
    if not isinstance(spin, dict) or not all(isinstance(spin.get(name), str) for name in ("challenge", "hash")):
        raise Unreadable("spin")
    return {"challenge": spin["challenge"], "answer": spin["hash"]}
