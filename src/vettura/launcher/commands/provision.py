"""`vettura provision VIN`"""

from __future__ import annotations

import argparse
import asyncio
import importlib
from pathlib import Path

from vettura.launcher.build import build_of
from vettura.launcher.certificates import fingerprint_of, provision, put_aside
from vettura.launcher.django_setup import set_up
from vettura.launcher.places import Places
from vettura.launcher.progress import say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("vin", metavar="VIN")
    parser.add_argument(
        "--revoke", action="store_true", help="take the car's certificate back; the broker refuses it at once"
    )


def run(options: argparse.Namespace) -> int:
    """Write what the car needs, or take its certificate back; the car must be registered."""
    set_up()
    data_dir = Places.from_environment().data_dir
    if not options.revoke:
        say(str(provision(data_dir, options.vin, build_of(options.vin))))
        return 0
    build_of(options.vin)  # refuses what is not registered
    return _revoke(data_dir, options.vin)


def _revoke(data_dir: Path, vin: str) -> int:
    actions = importlib.import_module("vettura.vehicle_link.actions")  # models can be imported only now
    process = importlib.import_module("vettura.vehicle_link.process")
    fingerprint = fingerprint_of(data_dir, vin)
    actions.revoke_certificate(vin=vin, fingerprint=fingerprint)
    kept = put_aside(data_dir, vin)
    say(f"The certificate of {vin} is revoked; it lies in {kept}. `vettura provision {vin}` makes a new one.")
    try:
        ended = asyncio.run(process.end_connections(vin))
    except Exception as error:  # noqa: BLE001 - whatever keeps us from the broker, the certificate is revoked all the same
        say(
            f"Whether the car is connected could not be asked ({error or type(error).__name__}); it is refused when it comes again."
        )
        return 1
    say("Its open connection was ended." if ended else "It was not connected.")
    return 0
