"""`vettura clock show|advance|reset`: the clock of the demo."""

from __future__ import annotations

import argparse
import importlib
import re
import shutil
import subprocess
import sys
from datetime import datetime, timedelta

from vettura.config import environment as env
from vettura.launcher.django_setup import set_up
from vettura.launcher.errors import LauncherError
from vettura.launcher.places import Places, Ports
from vettura.launcher.postgres import EmbeddedPostgres
from vettura.launcher.progress import say
from vettura.launcher.up import down, running

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("word", choices=("show", "advance", "reset"))
    parser.add_argument("by", nargs="?", metavar="28d", help="with advance: a number and m, h, d or w")
    parser.add_argument("--yes", action="store_true", help="with reset: do not ask")


def run(options: argparse.Namespace) -> int:
    """Show the time, let it pass, or begin the demo anew."""
    if env.profile() not in ("demo", "test"):
        raise LauncherError("Only the demo's clock can be moved; this is not the demo profile.")
    if options.word == "reset":
        return _reset(asks=not options.yes)
    by = duration(options.by or "") if options.word == "advance" else None
    set_up()
    clock = importlib.import_module("vettura.foundation.clock")
    if by is not None:
        importlib.import_module("vettura.foundation.demo_clock").advance(by=by)
    say(f"World time  {_written(clock.now())}")
    say(f"Real time   {_written(clock.real_now())}")
    say(f"Ahead by    {clock.source().shift()}")
    return 0


def duration(text: str) -> timedelta:
    """A duration as people type it: 28d, 3h, 90m, 2w. Raises LauncherError for anything else."""
    found = re.fullmatch(r"(\d{1,6})\s*([mhdw])", text.strip())
    if found is None:
        raise LauncherError(f"{text!r} is not a duration. Write a number and m, h, d or w, for example 28d.")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def _reset(*, asks: bool) -> int:
    """Throw the demo world away and begin again at real time. The keys stay."""
    if env.DATABASE_URL.value:
        raise LauncherError("The demo uses a database of yours; empty it yourself, then run `vettura up`.")
    places = Places.from_environment()
    state = running(places)
    if asks and input("This deletes everything in the demo and begins anew. Type yes to go on: ").strip() != "yes":
        say("Nothing was changed.")
        return 1
    down(places)
    EmbeddedPostgres(places.data_dir / "postgres", places.socket_dir).remove()
    for name in ("nats", "sandbox", "cars"):
        shutil.rmtree(places.data_dir / name, ignore_errors=True)
    say("The demo world is gone; the next start builds it anew.")
    if state is None:
        return 0
    words = [word for name, option in Ports.OPTIONS.items() for word in (option, str(state["ports"][name]))]
    again = [
        sys.executable,
        "-m",
        "vettura.launcher.main",
        "up",
        "--detach",
        "--data-dir",
        str(places.data_dir),
        *words,
    ]
    return subprocess.run(again, check=False).returncode


def _written(moment: datetime) -> str:
    return f"{moment:%A %d %B %Y, %H:%M:%S} UTC"
