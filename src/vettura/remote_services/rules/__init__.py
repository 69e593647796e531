"""Which commands there are, what each needs, and what may be asked of a car."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vettura.remote_services import errors
from vettura.remote_services.rules import sentences
from vettura_pack.model import Terms
from vettura_wire import remote, signals
from vettura_wire.errors import IllParameters

Json = dict[str, Any]  # parameters as they come from outside, checked here
Surface = Literal["app", "portal", "settings"]

TEMPERATURE = "temperature"
TARGET = "target_percent"


@dataclass(frozen=True, kw_only=True)
class CommandType:
    """
    One type of command.

    `opens`: it opens or disarms, so it asks for the PIN. `family`: a later command of a family makes an earlier one
    that still waits pointless. `surfaces`: where it is offered (REM-009): in the app, as a control of the portal, or on a page of
    settings there.
    """

    type: str
    verb: str | Promise
    done: str | Promise
    icon: str
    family: str
    opens: bool = False
    needs_battery: bool = False
    parameter: str | None = None
    surfaces: tuple[Surface, ...] = ("app", "portal")


_APP_ONLY: tuple[Surface, ...] = ("app",)
_SETTINGS: tuple[Surface, ...] = ("app", "settings")
# what is left out of a list of alarms, or switched off in it, no longer watches: that asks for the PIN
ALARMS = frozenset({"set_location_alarms", "set_speed_alarms", "set_valet_alarm"})
TYPES: dict[str, CommandType] = {
    entry.type: entry
    for entry in (
        CommandType(type="lock", verb=_("Lock car"), done=_("Locked"), icon="lock", family="doors"),
        CommandType(type="unlock", verb=_("Unlock car"), done=_("Unlocked"), icon="unlock", family="doors", opens=True),
        CommandType(
            type="climate_start",
            verb=_("Start climate"),
            done=_("Climate is on"),
            icon="climate",
            family="climate",
            needs_battery=True,
            parameter=TEMPERATURE,
        ),
        CommandType(
            type="climate_stop",
            verb=_("Stop climate"),
            done=_("Climate is off"),
            icon="climate",
            family="climate",
        ),
        CommandType(type="locate", verb=_("Find car"), done=_("Found"), icon="map-pin", family="locate"),
        CommandType(
            type="trunk_unlock",
            verb=_("Unlock luggage compartment"),
            done=_("Luggage compartment unlocked"),
            icon="trunk",
            family="trunk",
            opens=True,
        ),
        CommandType(type="flash", verb=_("Flash lights"), done=_("Lights flashed"), icon="light", family="flash"),
        CommandType(type="honk", verb=_("Sound horn"), done=_("Horn sounded"), icon="horn", family="honk"),
        CommandType(
            type="honk_and_flash",
            verb=_("Sound horn and flash lights"),
            done=_("Horn sounded and lights flashed"),
            icon="horn",
            family="honk",
        ),
        CommandType(
            type="charge_start", verb=_("Start charging"), done=_("Charging started"), icon="plug", family="charging"
        ),
        CommandType(
            type="charge_stop", verb=_("Stop charging"), done=_("Charging stopped"), icon="plug", family="charging"
        ),
        CommandType(
            type="direct_charge_start",
            verb=_("Charge at once, whatever timers say"),
            done=_("Charging at once"),
            icon="plug",
            family="direct_charging",
            surfaces=_SETTINGS,
        ),
        CommandType(
            type="direct_charge_stop",
            verb=_("Charge by timers and profiles"),
            done=_("Charging by timers and profiles"),
            icon="plug",
            family="direct_charging",
            surfaces=_SETTINGS,
        ),
        CommandType(
            type="windows_close", verb=_("Close windows"), done=_("Windows closed"), icon="car", family="windows"
        ),
        CommandType(
            type="windows_open",
            verb=_("Open windows"),
            done=_("Windows opened"),
            icon="car",
            family="windows",
            opens=True,
        ),
        CommandType(
            type="breakdown_call",
            verb=_("Call roadside help"),
            done=_("Roadside help called"),
            icon="phone",
            family="breakdown_call",
            surfaces=_SETTINGS,
        ),
        CommandType(
            type="set_charge_target",
            verb=_("Set target charge"),
            done=_("Target charge set"),
            icon="battery",
            family="charge_target",
            parameter=TARGET,
            # a parameter is asked for where there is room for it
            surfaces=_SETTINGS,
        ),
        CommandType(
            type="set_charging_profiles",
            verb=_("Set charging profiles"),
            done=_("Charging profiles set"),
            icon="battery",
            family="charging_profiles",
            surfaces=_SETTINGS,
        ),
        CommandType(
            type="set_departure_timers",
            verb=_("Set departure timers"),
            done=_("Departure timers set"),
            icon="clock",
            family="departure_timers",
            surfaces=_SETTINGS,
        ),
        CommandType(
            type="set_intelligent_climate",
            verb=_("Set intelligent climatization"),
            done=_("Intelligent climatization set"),
            icon="climate",
            family="intelligent_climate",
            surfaces=_APP_ONLY,
        ),
        CommandType(
            type="set_location_alarms",
            verb=_("Set location alarms"),
            done=_("Location alarms set"),
            icon="map-pin",
            family="location_alarms",
            surfaces=_SETTINGS,
        ),
        CommandType(
            type="set_speed_alarms",
            verb=_("Set speed alarms"),
            done=_("Speed alarms set"),
            icon="bell",
            family="speed_alarms",
            surfaces=_SETTINGS,
        ),
        CommandType(
            type="set_valet_alarm",
            verb=_("Set valet alarm"),
            done=_("Valet alarm set"),
            icon="bell",
            family="valet_alarm",
            surfaces=_APP_ONLY,
        ),
    )
}


def sentence(status: str, cause: str) -> str:
    """What a step of a command means, in the reader's language; for a superseded one `cause` is the type of the newer command."""
    newer = TYPES.get(cause)
    return sentences.sentence(status, cause, replaced_by=newer.verb if newer else "")


def command_type(name: str) -> CommandType:
    """The type of this name. Raises UnknownCommand."""
    if name not in TYPES:
        raise errors.UnknownCommand(type=name[:32])
    return TYPES[name]


def family_of(command: CommandType) -> tuple[str, ...]:
    """The types that a command makes pointless while they still wait, its own included."""
    return tuple(entry.type for entry in TYPES.values() if entry.family == command.family)


def checked_parameters(
    command: CommandType, given: Mapping[str, Any], terms: Terms, *, seat_zones: Collection[str] = ()
) -> Json:  # Any: from outside
    """
    The parameters as they are sent to the car; what is absent stays as it was last in the car, it has no default.

    Raises ParameterUnknown, ParameterWrong for a number out of its range, or ParameterIll.
    """
    unknown = sorted(set(given) - {field.name for field in msgspec.structs.fields(remote.PARAMETERS[command.type])})
    if unknown:
        raise errors.ParameterUnknown(name=unknown[0][:32])
    ranges = {
        TEMPERATURE: (terms.climate_temperature_minimum, terms.climate_temperature_maximum),
        TARGET: (Decimal(terms.charge_target_minimum), Decimal(terms.charge_target_maximum)),
    }
    checked = dict(given)
    if command.parameter and (command.parameter in given or command.parameter == TARGET):
        number = _number(command.parameter, given.get(command.parameter), *ranges[command.parameter])
        checked[command.parameter] = int(number) if command.parameter == TARGET else float(number)
    try:
        parameters = remote.parameters_of(command.type, checked)
    except IllParameters as error:
        raise errors.ParameterIll(name=error.name[:64]) from error
    if isinstance(parameters, remote.ClimateStart) and not set(parameters.seats or ()) <= set(seat_zones):
        raise errors.ParameterIll(name="seats")
    return remote.plain(parameters)


def _number(name: str, value: object, minimum: Decimal, maximum: Decimal) -> Decimal:
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    number = Decimal(str(value)) if is_number else None
    if number is None or not number.is_finite() or not minimum <= number <= maximum:
        raise errors.ParameterWrong(name=name, minimum=float(minimum), maximum=float(maximum))
    return number


def without_places(name: str, value: Json) -> Json:
    """A setting as somebody reads it who may not know where the car is: without the places in it."""
    if name == "charging_profiles":
        profiles = [{key: part for key, part in each.items() if key != "position"} for each in value["profiles"]]
        return {"profiles": profiles}
    return {key: part for key, part in value.items() if key != "area"}


def disarms(command: CommandType, params: Mapping[str, Any], held: object) -> bool:
    """Whether alarms that watch now would watch no longer: any of them goes, is switched off or changed."""
    if command.type not in ALARMS or not isinstance(held, Mapping):
        return False
    if command.type == "set_valet_alarm":
        return held.get("enabled") is True and any(
            params.get(name) != held.get(name) for name in ("enabled", "limit_kmh", "radius")
        )
    wanted = {each["id"]: each for each in params["alarms"]}
    return any(each.get("enabled") and wanted.get(each.get("id")) != each for each in held.get("alarms", ()))


def temperatures(terms: Terms) -> list[int]:
    """The whole degrees Celsius that the cabin can be set to."""
    return list(range(int(terms.climate_temperature_minimum), int(terms.climate_temperature_maximum) + 1))


def has_enough_charge(command: CommandType, *, drive: str, charge: object, minimum: int) -> bool:
    """
    Whether the high-voltage battery allows the command: at the minimum it does, below it does not (REM-011, C-54).

    A car without such a battery, or one that never told its charge, is not held up here: the car itself decides.
    """
    if not command.needs_battery or drive == "COMBUSTION" or not isinstance(charge, int | float):
        return True
    return charge >= minimum


def offered_types(understood: tuple[str, ...], surface: Surface) -> list[CommandType]:
    """The types that a car understands and this surface may offer, in the order of the table (REM-009, REM-013)."""
    return [entry for entry in TYPES.values() if entry.type in understood and surface in entry.surfaces]


def picture_classes(values: Mapping[str, object]) -> str:
    """The classes that draw a car's state on its picture, from its signals."""
    return " ".join(name for path, name in PICTURE_CLASSES.items() if values.get(path) is True)


def open_parts(values: Mapping[str, object]) -> tuple[str, ...]:
    """The parts of the drawing that stand open, from the car's signals."""
    return tuple(dict.fromkeys(part for path, part in OPEN_PARTS.items() if values.get(path) is True))


def next_of_family(types: list[CommandType], values: Mapping[str, object]) -> list[CommandType]:
    """One command of each family, the one that changes how the car stands now; the others follow behind."""
    wanted = {
        "doors": "unlock" if values.get(LOCKED) is True else "lock",
        "climate": "climate_stop" if values.get(signals.CLIMATE_ACTIVE) is True else "climate_start",
        "honk": "honk_and_flash",
        "windows": "windows_close",
        "charging": "charge_stop" if values.get(signals.CHARGING) is True else "charge_start",
    }
    first = [entry for entry in types if wanted.get(entry.family, entry.type) == entry.type]
    return first + [entry for entry in types if entry not in first]


LOCKED = signals.DOOR_LOCKED["driver_door"]
# which part of the drawing a signal opens; the driver sits on the left in the drawings
OPEN_PARTS: dict[str, str] = {
    signals.DOOR_OPEN["driver_door"]: "door-front-left",
    signals.DOOR_OPEN["passenger_door"]: "door-front-right",
    signals.DOOR_OPEN["rear_driver_door"]: "door-rear-left",
    signals.DOOR_OPEN["rear_passenger_door"]: "door-rear-right",
    signals.WINDOW_OPEN["driver_door"]: "window-front-left",
    signals.WINDOW_OPEN["passenger_door"]: "window-front-right",
    signals.WINDOW_OPEN["rear_driver_door"]: "window-rear-left",
    signals.WINDOW_OPEN["rear_passenger_door"]: "window-rear-right",
    signals.HOOD_OPEN: "hood",
    signals.FRONT_TRUNK_OPEN: "hood",
    signals.REAR_TRUNK_OPEN: "trunk",
}
PICTURE_CLASSES: dict[str, str] = {
    LOCKED: "is-locked",
    signals.CHARGING: "is-charging",
    signals.PLUGGED_IN: "is-plugged",
    signals.CLIMATE_ACTIVE: "is-climate",
}
PROGRESS_PERCENT: dict[str, int] = {
    "accepted": 10,
    "queued": 15,
    "waking": 30,
    "sent": 40,
    "delivered": 60,
    "running": 80,
}
