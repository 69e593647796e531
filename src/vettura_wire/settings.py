"""
Personal settings: what a person's profile holds, by name, and which values each may have.

Seat and climate belong to the car's body, the lists to its services; both follow the person (TAY-003, TAY-012).
"""

from typing import NamedTuple

SettingValue = int | float | list[str]

SEAT_POSITION = "seat_position"
SEAT_HEIGHT = "seat_height"
SEAT_BACKREST = "seat_backrest"
SEAT_HEATING = "seat_heating"
TEMPERATURE = "temperature"
FAVORITES = "favorites"
STATIONS = "stations"
WEATHER_PLACES = "weather_places"

LONGEST_LIST = 20
LONGEST_ENTRY = 60


class Scale(NamedTuple):
    """A number from ``least`` to ``most`` in steps, and where it stands in a new car."""

    least: float
    most: float
    step: float
    default: float


SCALES: dict[str, Scale] = {
    # percent of the way: from the front, from below, from upright
    SEAT_POSITION: Scale(0, 100, 5, 50),
    SEAT_HEIGHT: Scale(0, 100, 5, 50),
    SEAT_BACKREST: Scale(0, 100, 5, 40),
    SEAT_HEATING: Scale(0, 3, 1, 0),
    # degrees Celsius
    TEMPERATURE: Scale(16, 28, 0.5, 21),
}
LISTS: dict[str, str] = {FAVORITES: "online_navigation", STATIONS: "radio_plus", WEATHER_PLACES: "weather"}
"""Lists are personal content: each belongs to a service (by its id in the pack) and is empty for a guest (USR-014)."""
NAMES = (*SCALES, *LISTS)


def fits(name: str, value: object) -> bool:
    """This will tell whether a setting of this name may have this value."""
    if name in SCALES:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        scale = SCALES[name]
        return scale.least <= value <= scale.most and (value - scale.least) % scale.step == 0
    if name in LISTS:
        return isinstance(value, list) and len(value) <= LONGEST_LIST and all(_is_entry(each) for each in value)
    return False


def _is_entry(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_ENTRY and value == value.strip() and value.isprintable()
