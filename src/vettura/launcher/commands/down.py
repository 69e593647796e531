"""`vettura down`"""

from __future__ import annotations

import argparse

from vettura.launcher.places import Places
from vettura.launcher.progress import say
from vettura.launcher.up import down


def arguments(parser: argparse.ArgumentParser) -> None:
    """There are none."""


def run(options: argparse.Namespace) -> int:
    """Stop what runs, and wait until nothing of it is left."""
    places = Places.from_environment()
    say("Vettura has stopped." if down(places) else f"Vettura does not run in {places.data_dir}.")
    return 0
