"""`vettura worker`"""

from __future__ import annotations

import argparse
import importlib

from vettura.launcher.django_setup import set_up
from vettura.launcher.doctor import refuse_unsafe


def arguments(parser: argparse.ArgumentParser) -> None:
    """There are none."""


def run(options: argparse.Namespace) -> int:
    """Work until SIGTERM."""
    refuse_unsafe()
    set_up(speaks_of_jobs=True)
    importlib.import_module("vettura.launcher.worker").main()  # models can be imported only now
    return 0
