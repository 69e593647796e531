"""The head unit's screens as HTML."""

from vettura_car.screens.entry import ACCOUNT, CONNECTION, View
from vettura_car.screens.frame import unit
from vettura_car.screens.people import MINE, OTHER, WHO, who_is

__all__ = ["ACCOUNT", "CONNECTION", "MINE", "OTHER", "WHO", "View", "unit", "who_is"]
