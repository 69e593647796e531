"""
Many light cars in one process: no page, every signed command answered at once. For fleets to look at, benchmarks and drills.

A car with a trip drives, parks and charges, see ``trips``; where it is in that stands in its folder, so that it goes on from
there. What it measured without a connection is not kept. Certificates and the platform's keys come from ``<data_dir>/cars/<VIN>/``, as for any car.
"""

import asyncio
import itertools
import logging
import random
import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import aiomqtt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from vettura_car import SOFTWARE
from vettura_car.commands import judge_message
from vettura_car.memory import Memory
from vettura_car.mqtt import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    QOS,
    client,
    read_platform_keys,
    say_good_bye,
    stay_canceled,
    tls_context,
)
from vettura_car.storage import write_atomically
from vettura_car.trips import Trip, new_trip
from vettura_wire import events, signals, signing, topics
from vettura_wire.clock import real_now, real_now_ms
from vettura_wire.errors import WireError
from vettura_wire.payloads import Command, Connection, Document, Event, Hello, Result, SignalValue, State, encode
from vettura_wire.statuses import Status

TRIP_FILE = "trip.json"

logger = logging.getLogger("vettura_car")


class LightCar:
    """One car of a fleet: says hello, acknowledges documents, answers commands, reports its charge."""

    def __init__(
        self,
        vin: str,
        *,
        keys: Mapping[str, Ed25519PublicKey],
        head_unit: str = "fleet",
        trip: Trip | None = None,
        trip_file: Path | None = None,
    ) -> None:
        self.vin = vin
        self.is_online = False
        self.commands_taken = 0
        self.states_sent = 0
        self._keys = keys
        self._head_unit = head_unit
        self._memory = Memory(None)
        self._documents: dict[str, int] = {}
        # they grow over restarts: the platform takes a known number for a repetition
        self._numbers = itertools.count(real_now_ms())
        self._trip = trip
        self._trip_file = trip_file
        self._lived_until = real_now()

    async def run(self, *, mqtt_url: str, tls: ssl.SSLContext | None, states_per_second: float) -> None:
        """This will stay connected until it is canceled."""
        pause = FIRST_PAUSE
        while True:
            stay_canceled()
            try:
                async with client(vin=self.vin, mqtt_url=mqtt_url, tls=tls) as mqtt:
                    pause = FIRST_PAUSE
                    await self._serve(mqtt, states_per_second)
            except aiomqtt.MqttError as error:
                stay_canceled(error)
                logger.info("%s: %s", self.vin, error)
            finally:
                self.is_online = False
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreads load, guards nothing
            pause = min(LONGEST_PAUSE, pause * 2)

    def answers(self, token: bytes) -> list[Result]:
        """This will take a command once and give what is to be sent: delivered and done, or the refusal."""
        judgment = judge_message(token, vin=self.vin, keys=self._keys, memory=self._memory, now_ms=real_now_ms())
        if judgment.result is not None:
            return [judgment.result]
        if judgment.command is None:
            return judgment.known.results[-1:] if judgment.known else []
        return self._obey(judgment.command, signing.request_hash(token))

    def _obey(self, command: Command, request_hash: str) -> list[Result]:
        results = [
            Result(command_id=command.id, status=status, at=real_now(), request_hash=request_hash)
            for status in (Status.DELIVERED, Status.DONE)
        ]
        known = self._memory.remember(command, request_hash, results[0], real_now_ms())
        self._memory.add(known, results[1])
        known.sent = len(known.results)  # the caller sends them both
        self.commands_taken += 1
        return results

    async def _serve(self, mqtt: aiomqtt.Client, states_per_second: float) -> None:
        await mqtt.subscribe(topics.down_filter(self.vin), qos=0)
        await self._publish(mqtt, topics.HELLO, encode(self._hello()))
        stay_canceled()
        self.is_online = True
        reporting = asyncio.create_task(self._report(mqtt, states_per_second)) if states_per_second > 0 else None
        try:
            async for message in mqtt.messages:
                if isinstance(message.payload, bytes):
                    await self._take(mqtt, topics.parse(message.topic.value).kind, message.payload)
                stay_canceled()
        except asyncio.CancelledError:
            await say_good_bye(mqtt, vin=self.vin)
            raise
        finally:
            if reporting is not None:
                reporting.cancel()

    async def _take(self, mqtt: aiomqtt.Client, kind: str, payload: bytes) -> None:
        if kind == topics.COMMAND:
            for result in self.answers(payload):
                await self._publish(mqtt, topics.RESULT, encode(result))
        elif kind == topics.DOCUMENT:
            try:
                document = signing.verify(payload, self._keys, Document)
            except WireError:
                return
            self._documents[document.name] = max(document.version, self._documents.get(document.name, 0))
            applied = Event(
                id=f"{self.vin}-{next(self._numbers)}-{real_now_ms()}",
                type=events.DOCUMENT_APPLIED,
                at=real_now(),
                data={"name": document.name, "version": self._documents[document.name]},
            )
            await self._publish(mqtt, topics.EVENT, encode(applied))

    async def _report(self, mqtt: aiomqtt.Client, states_per_second: float) -> None:
        # the first pause differs, so that a fleet does not report in one beat
        await asyncio.sleep(random.uniform(0, 1 / states_per_second))  # noqa: S311 - spreads load, guards nothing
        reported: dict[str, SignalValue] = {}
        while True:
            now, number = real_now(), next(self._numbers)
            measured = self._measured(now, number)
            changed = {path: value for path, value in measured.items() if reported.get(path) != value}
            reported = measured
            if changed:
                await self._publish(mqtt, topics.STATE, encode(State(seq=number, measured_at=now, values=changed)))
                self.states_sent += 1
            await asyncio.sleep(1 / states_per_second)

    def _measured(self, now: datetime, number: int) -> dict[str, SignalValue]:
        """What the car measures; one without a trip has numbers that move, which is all that a benchmark needs."""
        trip = self._trip
        if trip is None:
            return {signals.STATE_OF_CHARGE: 100.0 - number % 80, signals.MILEAGE: 10_000.0 + number % 100_000}
        phase = trip.phase
        trip.pass_time((now - self._lived_until).total_seconds())
        self._lived_until = now
        if trip.phase != phase:
            self.remember_trip()
        return trip.values()

    def remember_trip(self) -> None:
        """This will keep on disk where the car is in its day."""
        if self._trip is not None and self._trip_file is not None:
            write_atomically(self._trip_file, msgspec.json.encode(self._trip))

    def _hello(self) -> Hello:
        has_memory = not self._memory.is_fresh
        self._memory.begin(real_now_ms())
        return Hello(
            vin=self.vin,
            head_unit=self._head_unit,
            software=SOFTWARE,
            documents=dict(self._documents),
            highest_counter=self._memory.highest_counter,
            has_memory=has_memory,
            connection=Connection(bearer="mobile", radio="LTE"),
            sent_at=real_now(),
        )

    async def _publish(self, mqtt: aiomqtt.Client, kind: str, payload: bytes) -> None:
        await mqtt.publish(topics.up(self.vin, kind), payload, qos=QOS)


async def run_fleet(
    vins: Sequence[str],
    data_dir: Path,
    mqtt_url: str,
    *,
    states_per_second: float = 0.0,
    connects_per_second: float = 200.0,
    started: Callable[[list[LightCar]], None] | None = None,
    seed: str | None = None,
) -> None:
    """
    This will run light cars until it is canceled; ``started`` is called with them before they connect.

    ``states_per_second`` is per car, 0 for none. With a ``seed`` they make trips: the same seed, the same trips; a car that has
    begun goes on from where it was. Refuses (CarError) a VIN that was not provisioned.
    """
    folders = {vin: data_dir / "cars" / vin for vin in vins}
    cars = [
        LightCar(
            vin,
            keys=read_platform_keys(folder),
            trip=None if seed is None else load_trip(folder / TRIP_FILE, seed=f"{seed}:{vin}"),
            trip_file=folder / TRIP_FILE,
        )
        for vin, folder in folders.items()
    ]
    contexts = {vin: tls_context(folder) for vin, folder in folders.items()}
    if started is not None:
        started(cars)
    try:
        async with asyncio.TaskGroup() as group:
            for car in cars:
                group.create_task(
                    car.run(mqtt_url=mqtt_url, tls=contexts[car.vin], states_per_second=states_per_second)
                )
                await asyncio.sleep(1 / connects_per_second)
    finally:
        for car in cars:
            car.remember_trip()


def load_trip(path: Path, *, seed: str) -> Trip:
    """The trip that a car has begun with this seed, or a new one; a broken file counts as none."""
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=Trip)
    except (FileNotFoundError, msgspec.DecodeError):
        return new_trip(seed)
    return kept if kept.seed == seed else new_trip(seed)
