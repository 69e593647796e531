"""`python -m bench.cars`: the fleet, in a process of its own. Every signed command is answered at once."""

import asyncio
import sys
from pathlib import Path

import uvloop

from vettura_car.fleet import run_fleet


def main() -> None:
    """This will run the cars named on the command line: data folder, MQTT address, VINs."""
    data_dir, mqtt_url, *vins = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run_fleet(vins, Path(data_dir), mqtt_url))


if __name__ == "__main__":
    main()
