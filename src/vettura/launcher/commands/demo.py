"""`vettura demo`"""

from __future__ import annotations

import argparse
import importlib

from vettura.config import environment as env
from vettura.launcher.django_setup import set_up
from vettura.launcher.errors import LauncherError
from vettura.launcher.progress import step


def arguments(parser: argparse.ArgumentParser) -> None:
    """There are none."""


def run(options: argparse.Namespace) -> int:
    """Load the demo world; what is there already stays."""
    if env.profile() not in ("demo", "test"):
        raise LauncherError("The demo world has known passwords; it is only loaded in the demo profile.")
    set_up()
    with step("Demo world"):
        importlib.import_module("vettura.launcher.demo").load()
    return 0
