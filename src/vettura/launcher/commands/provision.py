"""`vettura provision VIN`"""

from __future__ import annotations

import argparse

from vettura.launcher.build import build_of
from vettura.launcher.certificates import provision
from vettura.launcher.django_setup import set_up
from vettura.launcher.places import Places
from vettura.launcher.progress import say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("vin", metavar="VIN")


def run(options: argparse.Namespace) -> int:
    """Write what the car needs; the car must be registered."""
    set_up()
    say(str(provision(Places.from_environment().data_dir, options.vin, build_of(options.vin))))
    return 0
