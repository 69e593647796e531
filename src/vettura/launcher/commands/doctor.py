"""`vettura doctor`"""

from __future__ import annotations

import argparse
import importlib

from vettura.config import environment as env
from vettura.launcher import doctor
from vettura.launcher.django_setup import find_servers, set_up
from vettura.launcher.nats import configuration
from vettura.launcher.places import Places
from vettura.launcher.progress import say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--nats-config", action="store_true", help="print the configuration for a NATS server of yours")


def run(options: argparse.Namespace) -> int:
    """Print every setting and every problem; the exit code is 1 when there is a problem."""
    places = Places.from_environment()
    if options.nats_config:
        say(configuration(keys_dir=places.keys_dir, store_dir=places.data_dir / "nats" / "streams"))
        return 0
    find_servers()
    say("Settings")
    for variable in env.ALL:
        value = variable.value
        shown = "(not set)" if value is None else "(set, secret)" if variable.is_secret and value else value
        say(f"  {variable.name:<30}{shown:<40}{variable.means}")
    say()
    problems = doctor.problems(places)
    if not problems:  # only a sound configuration can be asked for more
        set_up()
        problems = importlib.import_module("vettura.launcher.attention").waiting()
    for problem in problems:
        say(f"  ✗ {problem}")
    say("Nothing is wrong." if not problems else f"{len(problems)} problem{'s' if len(problems) > 1 else ''}.")
    return 1 if problems else 0
