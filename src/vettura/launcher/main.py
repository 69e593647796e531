"""The `vettura` command. Each command is a function in `vettura.launcher.commands`, loaded only when it is asked for."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from vettura.launcher.errors import LauncherError
from vettura.launcher.progress import say


class Command(Protocol):
    """A command: its arguments, and what it does. It returns the exit code."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's arguments."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it."""


@dataclass(frozen=True)
class Entry:
    """One line of `vettura --help`."""

    module: str
    does: str


COMMANDS = {
    "up": Entry("up", "run the platform, the sandboxes, the demo world and one car"),
    "down": Entry("down", "stop what `vettura up` runs in this data folder"),
    "status": Entry("status", "say what runs and where"),
    "web": Entry("web", "run the web process: pages, API and live streams"),
    "worker": Entry("worker", "run the worker: background jobs and everything that is due"),
    "link": Entry("link", "run the link to the cars"),
    "mqtt": Entry("mqtt", "run MQTT for owners: Home Assistant and programs of their own"),
    "provision": Entry("provision", "write a car's key, certificate, CA and the platform's public keys"),
    "car": Entry("car", "run a car with its head unit in the browser, or print a head unit's menu"),
    "fleet": Entry("fleet", "run many light cars that drive, park and charge"),
    "clock": Entry("clock", "show, advance or reset the clock of the demo"),
    "programs": Entry("programs", "list, add or remove programs that people sign in to, or change the signing key"),
    "tunnel": Entry("tunnel", "lead clients that insist on foreign host names here"),
    "ask": Entry("ask", "ask the help center a question, for somebody's car and country"),
    "jobs": Entry("jobs", "show what failed for good, or run it again"),
    "prepare": Entry("prepare", "make missing keys, migrate the database, collect static files"),
    "demo": Entry("demo", "load the demo world into the database"),
    "doctor": Entry("doctor", "say what is wrong with this configuration"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; what stops us is said in a sentence, without a traceback."""
    sys.dont_write_bytecode = False  # the reason is in `children`
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in ("-h", "--help", "help"):
        _help()
        return 0 if words else 2
    entry = COMMANDS.get(words[0])
    if entry is None:
        say(f"There is no command {words[0]!r}.")
        _help()
        return 2
    command: Command = importlib.import_module(f"vettura.launcher.commands.{entry.module}")
    parser = argparse.ArgumentParser(prog=f"vettura {words[0]}", description=f"This will {entry.does}.")
    parser.add_argument("--data-dir", type=Path, help="folder for keys, logs and embedded servers")
    command.arguments(parser)
    options = parser.parse_args(words[1:])
    if options.data_dir is not None:
        os.environ["VETTURA_DATA_DIR"] = str(options.data_dir.resolve())
    try:
        return command.run(options)
    except LauncherError as error:
        sys.stderr.write(f"\n{error}\n")
        return 1


def _help() -> None:
    say("usage: vettura COMMAND [OPTIONS]\n")
    for name, entry in COMMANDS.items():
        say(f"  {name:<11}{entry.does}")
    say("\n`vettura COMMAND --help` tells more.")


if __name__ == "__main__":
    sys.exit(main())
