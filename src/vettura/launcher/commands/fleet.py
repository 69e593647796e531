"""`vettura fleet N`"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib
from pathlib import Path

from django.conf import settings

from vettura.launcher.certificates import provision
from vettura.launcher.django_setup import set_up
from vettura.launcher.places import Places
from vettura.launcher.progress import say, step

LARGEST_FLEET = 99_999
LOOKS_EVERY_SECONDS = 5


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.description = (
        "Registers and provisions N light cars and runs them in one process. They drive, park and charge until Ctrl-C, and go on "
        "from there the next time."
    )
    parser.add_argument("count", type=int, metavar="N", nargs="?", default=1, help="how many cars (1)")
    parser.add_argument(
        "--simulated",
        action="store_true",
        help="run the simulated cars of developers instead, also those made meanwhile",
    )
    parser.add_argument(
        "--states-per-second", type=float, default=0.1, help="reports of each car per second (0.1); 0: they stand still"
    )
    parser.add_argument("--seed", default="vettura", help="another word, other trips (vettura)")


def run(options: argparse.Namespace) -> int:
    """Register and provision the cars that are missing, and run them until Ctrl-C."""
    set_up()
    if options.simulated:
        say("Ctrl-C stops them.")
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(run_simulated(Places.from_environment().data_dir, options))
        return 0
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


async def run_simulated(data_dir: Path, options: argparse.Namespace) -> None:
    """This will run whatever simulated cars there are, and look for others every few seconds, until it is canceled."""
    run_fleet = importlib.import_module("vettura_car.fleet").run_fleet
    vins: list[str] = []
    running: asyncio.Task[None] | None = None
    try:
        while True:
            found = await asyncio.to_thread(simulated_vins)
            if found != vins:
                await _stopped(running)
                vins = found
                for vin in vins:
                    provision(data_dir, vin)
                say(f"{len(vins)} simulated cars: {', '.join(vins) or 'none yet'}")
                running = asyncio.create_task(
                    run_fleet(
                        vins,
                        data_dir,
                        settings.VETTURA_MQTT_URL,
                        states_per_second=options.states_per_second,
                        seed=options.seed,
                    )
                )
            await asyncio.sleep(LOOKS_EVERY_SECONDS)
            if vins and running is not None and running.done():
                running.result()  # it never ends by itself: says why it did
    finally:
        await _stopped(running)


async def _stopped(running: asyncio.Task[None] | None) -> None:
    if running is not None:
        running.cancel()
        # waiting for it hides no cancellation of ours
        await asyncio.wait([running])


def simulated_vins() -> list[str]:
    """The simulated cars that somebody has. Django must be set up."""
    connections = importlib.import_module("django.db").connections
    try:
        found: list[str] = importlib.import_module("vettura.vehicles.queries").simulated_vins()
        return found
    finally:
        connections.close_all()


def fleet_vins(count: int) -> list[str]:
    """The VINs of `count` registered cars of the pack's newest generation without pairing. Django must be set up."""
    catalog = importlib.import_module("vettura.catalog.queries")
    vehicles = importlib.import_module("vettura.vehicles.actions")
    transaction = importlib.import_module("django.db.transaction")
    generation = [each for each in catalog.generations() if not each.needs_pairing_code][-1]
    country = next(iter(catalog.countries())).iso2
    years = generation.model_years
    vins = [f"VTTZZZFLTFL{number:06d}" for number in range(count)]
    with transaction.atomic():  # one commit for all of them
        for vin in vins:
            car = vehicles.CarFacts(
                vin=vin,
                model_line=generation.model_line,
                generation=generation.code,
                model_name=generation.name,
                model_year=years.last or years.first,
                drive=next(iter(generation.drives)),
                equipment=[],
                country=country,
            )
            vehicles.register_vehicle(car=car)
    return vins
