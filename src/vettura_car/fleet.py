"""
Many light cars in one process: no page, no disk, every signed command answered at once. For benchmarks and drills.

Certificates and the platform's keys come from ``<data_dir>/cars/<VIN>/``, as for any car.
"""

import asyncio
import itertools
import logging
import random
import ssl
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import aiomqtt
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
from vettura_wire import events, signals, signing, topics
from vettura_wire.clock import real_now, real_now_ms
from vettura_wire.errors import WireError
from vettura_wire.payloads import Command, Connection, Document, Event, Hello, Result, State, encode
from vettura_wire.statuses import Status

logger = logging.getLogger("vettura_car")


class LightCar:
    """One car of a fleet: says hello, acknowledges documents, answers commands, reports its charge."""

    def __init__(self, vin: str, *, keys: Mapping[str, Ed25519PublicKey], head_unit: str = "fleet") -> None:
        self.vin = vin
        self.is_online = False
        self.commands_taken = 0
        self.states_sent = 0
        self._keys = keys
        self._head_unit = head_unit
        self._memory = Memory(None)
        self._documents: dict[str, int] = {}
        self._numbers = itertools.count(1)

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
        while True:
            number = next(self._numbers)
            state = State(
                seq=number,
                measured_at=real_now(),
                values={signals.STATE_OF_CHARGE: 100.0 - number % 80, signals.MILEAGE: 10_000.0 + number},
            )
            await self._publish(mqtt, topics.STATE, encode(state))
            self.states_sent += 1
            await asyncio.sleep(1 / states_per_second)

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
) -> None:
    """
    This will run light cars until it is canceled; ``started`` is called with them before they connect.

    ``states_per_second`` is per car, 0 for none. Refuses (CarError) a VIN that was not provisioned.
    """
    folders = {vin: data_dir / "cars" / vin for vin in vins}
    cars = [LightCar(vin, keys=read_platform_keys(folder)) for vin, folder in folders.items()]
    contexts = {vin: tls_context(folder) for vin, folder in folders.items()}
    if started is not None:
        started(cars)
    async with asyncio.TaskGroup() as group:
        for car in cars:
            group.create_task(car.run(mqtt_url=mqtt_url, tls=contexts[car.vin], states_per_second=states_per_second))
            await asyncio.sleep(1 / connects_per_second)
