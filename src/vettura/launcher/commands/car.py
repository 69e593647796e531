"""`vettura car VIN` and `vettura car menu GENERATION`: both are the program `vettura_car`, which knows nothing of us."""

from __future__ import annotations

import argparse
import os
import sys

from vettura.config import environment as env
from vettura.launcher.django_setup import find_servers


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("car", metavar="VIN|menu")
    parser.add_argument(
        "generation", nargs="?", metavar="GENERATION", help="with menu: a code such as TAY; without it they are listed"
    )
    parser.add_argument(
        "--lang", choices=("en", "it", "de"), help="with menu: labels in this language where it is known"
    )
    parser.add_argument("--port", type=int, default=8100, help="port of the car's page (8100)")
    parser.add_argument("--speed", type=float, default=1.0, help="how much faster commands are than in a real car")


def run(options: argparse.Namespace) -> int:
    """Become the car."""
    find_servers()
    words = ["--pack", str(env.pack_dir())]
    if options.car == "menu":
        words += ["menu", *([options.generation] if options.generation else [])]
        words += ["--lang", options.lang] if options.lang else []
    else:
        words += ["--vin", options.car, "--port", str(options.port), "--speed", str(options.speed)]
        words += ["--data-dir", str(env.data_dir()), "--mqtt", env.MQTT_URL.value or ""]
    os.execv(sys.executable, [sys.executable, "-m", "vettura_car", *words])
