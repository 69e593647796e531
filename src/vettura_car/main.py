"""Starts one car: its link, its passing time and its page, in one asyncio process."""

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import uvicorn

from vettura_car.build import LANGUAGES, Build, load_build
from vettura_car.car import Car
from vettura_car.commands import Commands
from vettura_car.errors import CarError
from vettura_car.head_unit import print_generations, print_menu
from vettura_car.mqtt import Link, read_platform_keys, tls_context
from vettura_car.pages import make_app
from vettura_pack import PackError, load_pack

PASSING = 1.0
"""Seconds between two looks at the battery, the cabin and the road."""


def run(
    vin: str, data_dir: Path, mqtt_url: str, port: int, pack_dir: Path, *, host: str = "127.0.0.1", speed: float = 1.0
) -> None:
    """
    This will run a car until it is interrupted.

    Its folder is ``<data_dir>/cars/<VIN>``. Refuses (CarError) a car that was not provisioned or whose build is unknown.
    """
    folder = data_dir / "cars" / vin
    build = load_build(vin=vin, folder=folder, pack=load_pack(pack_dir), pack_dir=pack_dir)
    start(build, folder, mqtt_url=mqtt_url, host=host, port=port, speed=speed)


def start(build: Build, folder: Path, *, mqtt_url: str, host: str, port: int, speed: float) -> None:
    """This will run the car of this build in the foreground."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # the server takes the signal, ends, and raises it once more: by then the car still has to say good-bye
        signal.signal(number, _stay)
    asyncio.run(serve(build, folder, mqtt_url=mqtt_url, host=host, port=port, speed=speed))


def _stay(number: int, frame: FrameType | None) -> None:
    """Not die of a signal that the server has already obeyed."""


async def serve(build: Build, folder: Path, *, mqtt_url: str, host: str, port: int, speed: float) -> None:
    """This will run link, time and page side by side; when the page's server ends, everything ends."""
    keys = read_platform_keys(folder)
    car = Car(build, folder, speed=speed)
    commands = Commands(car, keys)
    link = Link(car, commands, mqtt_url=mqtt_url, tls=tls_context(folder), keys=keys)
    config = uvicorn.Config(
        make_app(car, hosts=page_hosts(host, port)),
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        # open event streams must not hold the process back when it is told to stop
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    background = [asyncio.create_task(link.run()), asyncio.create_task(pass_time(car))]
    for task in background:
        # a car without its link would look alive and be deaf: rather end, loudly
        task.add_done_callback(lambda _: setattr(server, "should_exit", True))
    try:
        await server.serve()
    finally:
        for task in background:
            task.cancel()
        ended = await asyncio.gather(*background, return_exceptions=True)
    for outcome in ended:
        if isinstance(outcome, Exception):
            raise outcome


async def pass_time(car: Car) -> None:
    """This will let the car's time pass until it is canceled."""
    while True:
        await asyncio.sleep(PASSING)
        car.pass_time(PASSING)


def page_hosts(host: str, port: int) -> frozenset[str]:
    """The Host headers under which the page may be asked for."""
    return frozenset(f"{name}:{port}" for name in ("localhost", "127.0.0.1", "[::1]", host))


def main(arguments: Sequence[str] | None = None) -> int:
    """This will run the command line: a car, or with ``menu GENERATION`` the menu tree of a generation."""
    parser = argparse.ArgumentParser(prog="vettura_car", description="A simulated car with its head unit.")
    parser.add_argument("--pack", type=Path, help="folder of the brand pack")
    parser.add_argument("--vin", help="VIN of the car; its folder is DATA_DIR/cars/VIN")
    parser.add_argument("--port", type=int, default=8100, help="port of the car's page")
    parser.add_argument("--host", default="127.0.0.1", help="address of the car's page")
    parser.add_argument("--data-dir", type=Path, help="data directory of the platform")
    parser.add_argument("--mqtt", default="mqtts://localhost:8883", help="address of the broker")
    parser.add_argument("--speed", type=float, default=1.0, help="how much faster commands are than in a real car")
    for name in ("generation", "drive", "country", "language"):
        parser.add_argument(f"--{name}", help=f"{name} of the car, instead of the one in car.json")
    words = parser.add_subparsers(dest="word")
    menu = words.add_parser("menu", help="print the menu tree of a generation")
    menu.add_argument("code", metavar="GENERATION", nargs="?", help="without it the generations are listed")
    menu.add_argument("--lang", choices=LANGUAGES, help="labels in this language where it is known, not as printed")
    menu.add_argument("--pack", type=Path, default=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.pack is None:
        parser.error("--pack is needed")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s car %(message)s")
    logging.getLogger("mqtt").setLevel(logging.WARNING)
    try:
        pack = load_pack(options.pack)
        if options.word == "menu":
            if options.code:
                print_menu(pack, options.code, write=sys.stdout.write, language=options.lang)
            else:
                print_generations(pack, write=sys.stdout.write)
            return 0
        if options.vin is None or options.data_dir is None:
            parser.error("--vin and --data-dir are needed to start a car")
        folder = options.data_dir / "cars" / options.vin
        build = load_build(
            vin=options.vin,
            folder=folder,
            pack=pack,
            pack_dir=options.pack,
            generation=options.generation,
            drive=options.drive,
            country=options.country,
            language=options.language,
        )
        start(build, folder, mqtt_url=options.mqtt, host=options.host, port=options.port, speed=options.speed)
    except (CarError, PackError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0
