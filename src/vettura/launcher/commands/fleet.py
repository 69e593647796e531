"""`vettura fleet N`"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib

from django.conf import settings

from vettura.launcher.certificates import provision
from vettura.launcher.django_setup import set_up
from vettura.launcher.places import Places
from vettura.launcher.progress import say, step

LARGEST_FLEET = 99_999


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.description = (
        "Registers and provisions N light cars and runs them in one process. They drive, park and charge until Ctrl-C, and go on "
        "from there the next time."
    )
    parser.add_argument("count", type=int, metavar="N", help="how many cars")
    parser.add_argument(
        "--states-per-second", type=float, default=0.1, help="reports of each car per second (0.1); 0: they stand still"
    )
    parser.add_argument("--seed", default="vettura", help="another word, other trips (vettura)")


def run(options: argparse.Namespace) -> int:
    """Register and provision the cars that are missing, and run them until Ctrl-C."""
    set_up()
    count = max(1, min(options.count, LARGEST_FLEET))
    data_dir = Places.from_environment().data_dir
    with step(f"{count} cars"):
        vins = fleet_vins(count)
        for vin in vins:
            provision(data_dir, vin)
    run_fleet = importlib.import_module("vettura_car.fleet").run_fleet
    say("Ctrl-C stops them.")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(
            run_fleet(
                vins,
                data_dir,
                settings.VETTURA_MQTT_URL,
                states_per_second=options.states_per_second,
                seed=options.seed,
            )
        )
    return 0


def fleet_vins(count: int) -> list[str]:
    """The VINs of `count` registered cars of the pack's newest generation without pairing. Django must be set up."""
    catalog = importlib.import_module("vettura.catalog.queries")
    register = importlib.import_module("vettura.vehicles.actions").register_vehicle
    transaction = importlib.import_module("django.db.transaction")
    generation = [each for each in catalog.generations() if not each.needs_pairing_code][-1]
    country = next(iter(catalog.countries())).iso2
    years = generation.model_years
    vins = [f"VTTZZZFLTFL{number:06d}" for number in range(count)]
    with transaction.atomic():  # one commit for all of them
        for vin in vins:
            register(
                vin=vin,
                model_line=generation.model_line,
                generation=generation.code,
                model_name=generation.name,
                model_year=years.last or years.first,
                drive=next(iter(generation.drives)),
                equipment=[],
                country=country,
            )
    return vins
