"""
Many connected cars that have nothing to say: what they cost, how long until all are back, and how soon an app sees a change.

Beside it the same clients with the same certificates on the bare broker: TLS, MQTT and no platform behind it.
"""

import asyncio
import contextlib
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiomqtt
import uvloop

from bench import stage
from bench.commands import PATIENCE_SECONDS, Times, _tls
from bench.http import Http
from vettura_wire import payloads, signals, topics
from vettura_wire.clock import real_now

BARE = """
server_name: bare
listen: 127.0.0.1:{port}
jetstream {{ store_dir: {store} }}
mqtt {{
    listen: 127.0.0.1:{mqtt_port}
    tls {{ cert_file: {keys}/server.pem, key_file: {keys}/server.key, ca_file: {keys}/ca.pem, verify: true, timeout: 10 }}
}}
"""
CHANGES_PER_SECOND = 10.0


@dataclass
class Cost:
    """What processes use: memory in bytes, and seconds of the processor so far."""

    memory: int
    seconds: float

    @classmethod
    def of(cls, *pids: int) -> "Cost":
        """As the kernel counts it."""
        memory, ticks = 0, 0
        for pid in pids:
            memory += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return cls(memory, ticks / os.sysconf("SC_CLK_TCK"))


def measure(world: stage.Stage, *, cars: int, idle_seconds: float, changes: int) -> dict[str, Any]:
    """Everything of this part. Django is set up and the world exists."""
    from vettura.launcher.certificates import provision
    from vettura.launcher.commands.fleet import fleet_vins

    vins = fleet_vins(cars)
    for vin in vins:
        provision(world.data_dir, vin)
    bare = _bare(world, vins, idle_seconds)
    platform = _platform(world, vins, idle_seconds, changes)
    return {
        "cars": cars,
        "bare_broker": bare,
        "platform": platform,
        "memory_ratio": _ratio(platform["kib_per_car"], bare["kib_per_car"]),
        "cpu_ratio": _ratio(platform["idle_cpu_ms_per_car_and_minute"], bare["idle_cpu_ms_per_car_and_minute"]),
        "back_ratio": _ratio(platform["all_back_s"], bare["all_back_s"]),
    }


def _bare(world: stage.Stage, vins: list[str], idle_seconds: float) -> dict[str, float]:
    from vettura.launcher.nats import program
    from vettura.launcher.places import free_port

    folder, port, mqtt_port = world.data_dir / "bare", free_port(), free_port()
    folder.mkdir()
    file = folder / "nats.conf"
    file.write_text(BARE.format(port=port, mqtt_port=mqtt_port, store=folder / "streams", keys=world.keys_dir))

    def start() -> subprocess.Popen[bytes]:
        with (folder / "log").open("ab") as log:
            return subprocess.Popen([str(program()), "-c", str(file)], stdout=log, stderr=log)

    def stop(broker: subprocess.Popen[bytes]) -> None:
        broker.terminate()
        broker.wait(timeout=30)

    broker = start()
    try:
        time.sleep(1)
        before = Cost.of(broker.pid)
        with _cars(world, f"mqtts://localhost:{mqtt_port}", vins) as online:
            stage.wait_until(lambda: online() == len(vins), what="the bare broker did not get every car", seconds=600)
            found = _idle([broker.pid], before, len(vins), idle_seconds)
            began = time.perf_counter()
            stop(broker)
            stage.wait_until(lambda: online() == 0, what="the cars do not notice", seconds=60)
            broker = start()
            stage.wait_until(lambda: online() == len(vins), what="not every car came back", seconds=600)
            found["all_back_s"] = round(time.perf_counter() - began, 1)
        return found
    finally:
        stop(broker)


def _platform(world: stage.Stage, vins: list[str], idle_seconds: float, changes: int) -> dict[str, Any]:
    from vettura.vehicle_link.models import VehicleLink

    def connected_since(moment: Any) -> int:
        return VehicleLink.objects.filter(vehicle__vin__startswith="VTT", connected_at__gt=moment).count()

    with stage.link(world) as link, stage.web(world):
        stage.wait_until(lambda: stage.answers(world.port), what="the web process does not answer")
        pids = [world.broker_pid(), link.pid]
        before = Cost.of(*pids)
        began_at = real_now()
        with _cars(world, world.mqtt_url, vins):
            stage.wait_until(
                lambda: connected_since(began_at) == len(vins), what="not every car said hello", seconds=600
            )
            found: dict[str, Any] = _idle(pids, before, len(vins), idle_seconds)
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                found["change_seen"] = runner.run(_changes(world, changes)).summary()
            began_at, began = real_now(), time.perf_counter()
            world.restart_broker()
            stage.wait_until(
                lambda: connected_since(began_at) == len(vins), what="not every car said hello again", seconds=600
            )
            found["all_back_s"] = round(time.perf_counter() - began, 1)
        return found


def _idle(pids: list[int], before: Cost, cars: int, seconds: float) -> dict[str, float]:
    """What the connected cars cost while nothing happens."""
    time.sleep(min(5.0, seconds))
    first = Cost.of(*pids)
    time.sleep(seconds)
    last = Cost.of(*pids)
    per_minute = (last.seconds - first.seconds) / seconds * 60
    return {
        "kib_per_car": round((last.memory - before.memory) / 1024 / cars, 1),
        "idle_cpu_ms_per_car_and_minute": round(per_minute * 1000 / cars, 2),
    }


async def _changes(world: stage.Stage, count: int) -> Times:
    """From a car's publishing to the event in the stream of an app that watches this car."""
    vin, times = world.spare_vin, Times()
    waiting: dict[float, asyncio.Future[None]] = {}

    def take(kind: str, data: bytes) -> None:
        if kind == "state":
            seen = waiting.get(json.loads(data)["values"].get(signals.MILEAGE))
            if seen is not None and not seen.done():
                seen.set_result(None)

    http = Http(world.port, world.headers)
    port = int(world.mqtt_url.rpartition(":")[2])
    protocol = aiomqtt.ProtocolVersion.V311
    first = int(real_now().timestamp() * 1000)
    try:
        await http.stream(f"/api/v1/vehicles/{vin}/stream", take)
        async with aiomqtt.Client(
            "localhost", port, identifier=vin, tls_context=_tls(world, vin), protocol=protocol
        ) as car:
            # one after the other: of two reports that come together a viewer is told the newer one only
            for number in range(count):
                mileage = 10_000.0 + number
                seen = waiting[mileage] = asyncio.get_running_loop().create_future()
                state = payloads.State(seq=first + number, measured_at=real_now(), values={signals.MILEAGE: mileage})
                began = time.perf_counter()
                await car.publish(topics.up(vin, topics.STATE), payloads.encode(state), qos=1)
                await asyncio.wait_for(seen, PATIENCE_SECONDS)
                times.add(time.perf_counter() - began)
                await asyncio.sleep(1 / CHANGES_PER_SECOND)
    finally:
        http.close()
    return times


@contextlib.contextmanager
def _cars(world: stage.Stage, mqtt_url: str, vins: list[str]) -> Iterator[Callable[[], int]]:
    """The cars in a process of their own, and how many say that they are connected."""
    count = world.data_dir / "cars.online"
    count.write_text("0")
    words = ["-m", "bench.cars", str(world.data_dir), mqtt_url, *vins]
    with stage.process(*words, name="cars", data_dir=world.data_dir):
        yield lambda: int(count.read_text() or 0)


def _ratio(one: float, other: float) -> float | None:
    return round(one / other, 2) if other > 0 else None
