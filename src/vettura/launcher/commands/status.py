"""`vettura status`"""

from __future__ import annotations

import argparse
import importlib

from vettura.launcher.django_setup import set_up
from vettura.launcher.places import Places
from vettura.launcher.progress import say
from vettura.launcher.up import running


def arguments(parser: argparse.ArgumentParser) -> None:
    """There are none."""


def run(options: argparse.Namespace) -> int:
    """Say what runs; the exit code is 0 when everything does, 3 when nothing does, 1 otherwise."""
    places = Places.from_environment()
    state = running(places)
    if state is None:
        say(f"Vettura does not run in {places.data_dir}.")
        return 3
    if not state["processes"]:
        say(f"Vettura is starting in {places.data_dir} (process {state['pid']}).")
        return 1
    say(f"Vettura runs at {state['base_url']} (process {state['pid']}, profile {state['profile']}).")
    for name, process_id in state["processes"].items():
        say(f"  {name:<8}{f'process {process_id}' if process_id else 'ended, will start again'}")
    set_up()
    for sentence in importlib.import_module("vettura.launcher.attention").waiting():
        say(f"  ! {sentence}")
    return 0 if all(state["processes"].values()) else 1
