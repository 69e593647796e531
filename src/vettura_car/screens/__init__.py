"""The head unit's screens as HTML."""

from vettura_car.screens.entry import ACCOUNT, View
from vettura_car.screens.frame import unit

__all__ = ["ACCOUNT", "View", "unit"]
