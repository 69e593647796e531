"""`python -m bench.cars`: the fleet, in a process of its own. Every signed command is answered at once."""

import asyncio
import contextlib
import sys
from pathlib import Path

import uvloop

from vettura_car.fleet import LightCar, run_fleet

COUNTS_PER_SECOND = 5


def main() -> None:
    """This will run the cars named on the command line: data folder, MQTT address, VINs."""
    data_dir, mqtt_url, *vins = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(Path(data_dir), mqtt_url, vins))


async def _run(data_dir: Path, mqtt_url: str, vins: list[str]) -> None:
    cars: list[LightCar] = []
    counting = asyncio.create_task(_count(cars, data_dir / "cars.online"))
    try:
        await run_fleet(vins, data_dir, mqtt_url, started=cars.extend)
    finally:
        counting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await counting


async def _count(cars: list[LightCar], file: Path) -> None:
    """Whoever measures sees how many are connected."""
    fresh = file.with_suffix(".new")
    while True:
        fresh.write_text(str(sum(car.is_online for car in cars)))
        fresh.replace(file)
        await asyncio.sleep(1 / COUNTS_PER_SECOND)


if __name__ == "__main__":
    main()
