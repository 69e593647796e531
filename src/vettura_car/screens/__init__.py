"""The head unit's screens as HTML."""

from vettura_car.screens.destinations import GUIDANCE, PLACE
from vettura_car.screens.entry import ACCOUNT, CONNECTION, View, list_of_place
from vettura_car.screens.frame import unit
from vettura_car.screens.people import MINE, OTHER, WHO, who_is

__all__ = [
    "ACCOUNT",
    "CONNECTION",
    "GUIDANCE",
    "MINE",
    "OTHER",
    "PLACE",
    "WHO",
    "View",
    "list_of_place",
    "unit",
    "who_is",
]
