"""Which commands there are, what each needs, and what may be asked of a car."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vettura.remote_services import errors
from vettura_pack.model import Terms
from vettura_wire import signals

Json = dict[str, Any]  # parameters as they come from outside, checked here
Surface = Literal["app", "portal"]

TEMPERATURE = "temperature"
TARGET = "target_percent"


@dataclass(frozen=True, kw_only=True)
class CommandType:
    """
    One type of command.

    `opens`: it opens or disarms, so it asks for the PIN. `family`: a later command of a family makes an earlier one
    that still waits pointless. `surfaces`: where it is offered (REM-009).
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
            type="charge_start", verb=_("Start charging"), done=_("Charging started"), icon="plug", family="charging"
        ),
        CommandType(
            type="charge_stop", verb=_("Stop charging"), done=_("Charging stopped"), icon="plug", family="charging"
        ),
        CommandType(
            type="set_charge_target",
            verb=_("Set target charge"),
            done=_("Target charge set"),
            icon="battery",
            family="charge_target",
            parameter=TARGET,
            # a parameter is asked for where there is room for it
            surfaces=_APP_ONLY,
        ),
    )
}


def command_type(name: str) -> CommandType:
    """The type of this name. Raises UnknownCommand."""
    if name not in TYPES:
        raise errors.UnknownCommand(type=name[:32])
    return TYPES[name]


def family_of(command: CommandType) -> tuple[str, ...]:
    """The types that a command makes pointless while they still wait, its own included."""
    return tuple(entry.type for entry in TYPES.values() if entry.family == command.family)


def checked_parameters(command: CommandType, given: Mapping[str, Any], terms: Terms) -> Json:  # Any: from outside
    """The parameters as they are sent to the car, defaults filled in. Raises ParameterUnknown or ParameterWrong."""
    unknown = sorted(set(given) - ({command.parameter} if command.parameter else set()))
    if unknown:
        raise errors.ParameterUnknown(name=unknown[0][:32])
    match command.parameter:
        case str(name) if name == TEMPERATURE:
            lowest, highest = terms.climate_temperature_minimum, terms.climate_temperature_maximum
            value = given.get(name, terms.climate_temperature_default)
            return {name: float(_number(name, value, lowest, highest))}
        case str(name) if name == TARGET:
            low, high = Decimal(terms.charge_target_minimum), Decimal(terms.charge_target_maximum)
            return {name: int(_number(name, given.get(name), low, high))}
        case _:
            return {}


def _number(name: str, value: object, minimum: Decimal, maximum: Decimal) -> Decimal:
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    number = Decimal(str(value)) if is_number else None
    if number is None or not number.is_finite() or not minimum <= number <= maximum:
        raise errors.ParameterWrong(name=name, minimum=float(minimum), maximum=float(maximum))
    return number


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
