"""
`python -m bench.soak_cars`: real cars on a bad network, in a process that is killed and started again.

Commands arrive twice, late and in another order; results are late and come again; lines break and coverage goes. Every act that a
command leads to is written down before it happens: command, when it expires, and when (milliseconds of real time).
"""

import asyncio
import os
import random
import sys
import time
from pathlib import Path

import aiomqtt
import uvloop

from vettura_car import commands as car_commands
from vettura_car.build import load_build
from vettura_car.car import Car
from vettura_car.commands import Commands
from vettura_car.mqtt import Link, read_platform_keys, tls_context
from vettura_pack import load_pack
from vettura_wire import topics
from vettura_wire.payloads import Command

SPEED = 50
"""How much faster than a car they do what they are told."""


class RoughLink(Link):
    """A line that repeats, delays, reorders and breaks."""

    def take(self, topic: str, payload: bytes) -> None:
        """Each command comes one to three times, each time after a while of its own."""
        if topics.parse(topic).kind != topics.COMMAND:
            super().take(topic, payload)
            return
        for _ in range(random.choices((1, 2, 3), (70, 20, 10))[0]):
            longest = random.choices((0.02, 0.5, 3.0, 25.0), (70, 20, 8, 2))[0]
            asyncio.get_running_loop().call_later(random.uniform(0, longest), super().take, topic, payload)

    async def _publish(self, mqtt: aiomqtt.Client, kind: str, payload: bytes) -> None:
        chance = random.random()
        if chance < 0.002:
            raise aiomqtt.MqttError("the line broke")
        if chance < 0.05:
            await asyncio.sleep(random.uniform(0, 0.5))
        await super()._publish(mqtt, kind, payload)
        if kind in (topics.RESULT, topics.STATE) and chance > 0.9:
            asyncio.get_running_loop().call_later(random.uniform(0, 5), self._again, mqtt, kind, payload)

    def _again(self, mqtt: aiomqtt.Client, kind: str, payload: bytes) -> None:
        """A packet that was taken long ago turns up once more, after newer ones."""
        mqtt._client.publish(topics.up(self._car.vin, kind), payload, qos=1)


def main() -> None:
    """This will run the cars named on the command line: data folder, pack, MQTT address, file of acts, VINs."""
    data_dir, pack_dir, mqtt_url, acts, *vins = sys.argv[1:]
    write_down(Path(acts))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run(Path(data_dir), Path(pack_dir), mqtt_url, vins))


def write_down(acts: Path) -> None:
    """From now on every act is written down before it happens."""
    file = os.open(acts, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    obey = car_commands.obey

    def written_down(car: Car, command: Command) -> None:
        os.write(file, f"{command.id} {command.expires} {time.time_ns() // 1_000_000}\n".encode())
        obey(car, command)

    car_commands.obey = written_down


async def run(data_dir: Path, pack_dir: Path, mqtt_url: str, vins: list[str]) -> None:
    """Every car with its link, its passing time and its moods, until the process is killed."""
    pack = load_pack(pack_dir)
    async with asyncio.TaskGroup() as group:
        for vin in vins:
            folder = data_dir / "cars" / vin
            keys = read_platform_keys(folder)
            car = Car(
                load_build(vin=vin, folder=folder, pack=pack, generation="TAY", country="IT"), folder, speed=SPEED
            )
            link = RoughLink(car, Commands(car, keys), mqtt_url=mqtt_url, tls=tls_context(folder), keys=keys)
            group.create_task(link.run())
            group.create_task(live(car, data_dir / "calm"))


async def live(car: Car, calm: Path) -> None:
    """The car drives into garages; there are none once the file `calm` is there, and whoever was killed in one comes out."""
    while True:
        await asyncio.sleep(random.uniform(1, 20))
        if calm.exists():
            car.set_network(has_coverage=True)
            continue
        car.set_network(has_coverage=False)
        await asyncio.sleep(random.choices((random.uniform(0.2, 3), random.uniform(15, 25)), (90, 10))[0])
        car.set_network(has_coverage=True)


if __name__ == "__main__":
    main()
