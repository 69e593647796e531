"""
The car's link: one MQTT connection with the car's own certificate, reconnecting for ever with growing pauses.

MQTT 3.1.1, client id = VIN, clean session, last will ``offline``. Everything that goes up is asked from the car
(``Uplink.outgoing``) until the broker has acknowledged it; nothing is dropped when the link is.
"""

import asyncio
import contextlib
import logging
import random
import socket
import ssl
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import aiomqtt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from vettura_car.car import Car
from vettura_car.commands import Commands
from vettura_car.connection import Reason, Way
from vettura_car.errors import CarError
from vettura_wire import signing, topics
from vettura_wire.clock import real_now
from vettura_wire.errors import WireError
from vettura_wire.payloads import DATA_OFF, Document, Offline, Reply, encode

logger = logging.getLogger("vettura_car")

QOS = 1
GOOD_BYE_SECONDS = 2
KEEPALIVE = 30
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds between attempts; each pause doubles and is shortened at random, so that a fleet does not come at once."""
HEARTBEAT = 1.0
"""Seconds after which the car is asked again even if nothing changed: slow numbers come due by time."""


def read_platform_keys(folder: Path) -> dict[str, Ed25519PublicKey]:
    """This will read whom the car believes. Refuses (CarError) a missing or broken file."""
    path = folder / "platform-keys.json"
    if not path.exists():
        raise CarError(f"{path} is missing. Run “vettura provision {folder.name}” first.")
    try:
        return signing.read_keys(path.read_bytes())
    except WireError as error:
        raise CarError(f"{path} is not a set of public keys.") from error


def tls_context(folder: Path) -> ssl.SSLContext:
    """This will make the car's TLS: its certificate, and only the platform's CA. Refuses (CarError) missing files."""
    for name in ("car.key", "car.pem", "ca.pem"):
        if not (folder / name).exists():
            raise CarError(f"{folder / name} is missing. Run “vettura provision {folder.name}” first.")
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=str(folder / "ca.pem"))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(str(folder / "car.pem"), str(folder / "car.key"))
    return context


def client(*, vin: str, mqtt_url: str, tls: ssl.SSLContext | None) -> aiomqtt.Client:
    """This will make a client with the wire's client id, session and last will. ``tls`` None is for plain test brokers."""
    address = urlsplit(mqtt_url)
    return aiomqtt.Client(
        hostname=address.hostname or "localhost",
        port=address.port or 8883,
        identifier=vin,
        protocol=aiomqtt.ProtocolVersion.V311,
        clean_session=True,
        keepalive=KEEPALIVE,
        timeout=10,
        tls_context=tls if address.scheme == "mqtts" else None,
        will=aiomqtt.Will(topics.up(vin, topics.OFFLINE), encode(Offline()), qos=QOS),
    )


def stay_canceled(error: aiomqtt.MqttError | None = None) -> None:
    """
    This will end a link that was told to end, whatever took the cancellation on its way.

    Saying good-bye to a broker that is gone fails too, and the client turns that into an error of its own. And on
    Python 3.11 `asyncio.wait_for`, in which the client waits for the broker, drops a cancellation that comes in the same
    turn as the broker's answer: so whoever is about to wait for long asks here first.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError from error


async def say_good_bye(mqtt: aiomqtt.Client, *, vin: str, because: str = "") -> None:
    """
    This will tell the platform that the car leaves: leaving in order keeps the broker from publishing the last will.

    A broker that does not answer any more holds nobody up.
    """
    with contextlib.suppress(aiomqtt.MqttError, TimeoutError):
        async with asyncio.timeout(GOOD_BYE_SECONDS):
            await mqtt.publish(topics.up(vin, topics.OFFLINE), encode(Offline(at=real_now(), because=because)), qos=QOS)


class Link:
    """Keeps one car connected while it has data; ``run`` ends only when it is canceled."""

    def __init__(
        self,
        car: Car,
        commands: Commands,
        *,
        mqtt_url: str,
        tls: ssl.SSLContext | None,
        keys: Mapping[str, Ed25519PublicKey],
    ) -> None:
        self._car = car
        self._commands = commands
        self._url = mqtt_url
        self._tls = tls
        self._keys = keys
        self._way: Way | None = None

    async def run(self) -> None:
        """This will connect, serve, and connect again, with growing pauses while the platform is out of reach."""
        pause = FIRST_PAUSE
        while True:
            stay_canceled()
            await self._wait_for_data()
            try:
                async with client(vin=self._car.vin, mqtt_url=self._url, tls=self._tls) as mqtt:
                    pause = FIRST_PAUSE
                    await self._serve(mqtt)
            except aiomqtt.MqttError as error:
                stay_canceled(error)
                logger.info("no connection to the platform: %s", error)
            finally:
                self._car.note_link(False)
            if self._car.has_data:
                await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreads load, guards nothing
                pause = min(LONGEST_PAUSE, pause * 2)

    async def _serve(self, mqtt: aiomqtt.Client) -> None:
        # QoS 0: a QoS 1 subscription costs the broker a consumer per car, and what a car lacks is sent again anyway
        await mqtt.subscribe(topics.down_filter(self._car.vin), qos=0)
        self._way = self._car.connection.way
        await self._publish(mqtt, topics.HELLO, encode(self._car.uplink.hello()))
        stay_canceled()
        self._car.note_link(True)
        tasks = [asyncio.create_task(self._receive(mqtt)), asyncio.create_task(self._send(mqtt))]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except asyncio.CancelledError:
            await say_good_bye(mqtt, vin=self._car.vin)
            raise
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _receive(self, mqtt: aiomqtt.Client) -> None:
        async for message in mqtt.messages:
            payload = message.payload
            if isinstance(payload, bytes):
                self._car.consumption.note_message(message.topic.value, payload)
                try:
                    self.take(message.topic.value, payload)
                except WireError as error:
                    # whoever sent this is not the platform, or a newer one: nothing of it may have an effect
                    logger.warning("a message on %s was dropped: %s", message.topic, error)

    def take(self, topic: str, payload: bytes) -> None:
        """This will hand a message to whom it concerns. Refuses (WireError) what is not for this car or not signed."""
        vin, direction, kind = topics.parse(topic)
        if vin != self._car.vin or direction != "down":
            raise WireError(f"not for this car: {topic}")
        if kind == topics.COMMAND:
            self._commands.take(payload)
        elif kind == topics.DOCUMENT:
            document = signing.verify(payload, self._keys, Document)
            self._check_vin(document.vin)
            self._car.take_document(document)
        else:
            reply = signing.verify(payload, self._keys, Reply)
            self._check_vin(reply.vin)
            self._car.take_reply(reply)

    async def _send(self, mqtt: aiomqtt.Client) -> None:
        while True:
            self._car.changed.clear()
            if self._car.connection.reason is Reason.DATA_OFF:
                # somebody's wish, not a dead line: the car may say that it leaves, and why
                await say_good_bye(mqtt, vin=self._car.vin, because=DATA_OFF)
                raise aiomqtt.MqttError("the data connection was switched off")
            if not self._car.has_data or self._car.connection.way != self._way:
                # no Internet, or another way to it with another address: the old line is dead either way
                self._drop(mqtt)
            while self._commands.unremembered:
                await self._publish(mqtt, topics.RESULT, encode(self._commands.unremembered[0]))
                self._commands.unremembered.pop(0)
            for item in self._car.uplink.outgoing():
                if not self._car.uplink.may_go(item):
                    continue
                await self._publish(mqtt, item.kind, encode(item.payload))
                item.taken()
                if self._car.changed.is_set():
                    # privacy mode, no data, or something to tell before the rest of a long gap: what is due is asked anew
                    break
            stay_canceled()
            try:
                async with asyncio.timeout(HEARTBEAT):
                    await self._car.changed.wait()
            except TimeoutError:
                continue

    async def _publish(self, mqtt: aiomqtt.Client, kind: str, payload: bytes) -> None:
        topic = topics.up(self._car.vin, kind)
        await mqtt.publish(topic, payload, qos=QOS)
        self._car.consumption.note_message(topic, payload)

    def _drop(self, mqtt: aiomqtt.Client) -> None:
        # a car in a tunnel says no good-bye: the broker must see a dead line and publish the last will
        line = mqtt._client.socket()
        if isinstance(line, socket.socket):
            line.shutdown(socket.SHUT_RDWR)
        raise aiomqtt.MqttError("no data connection, or another one")

    def _check_vin(self, vin: str) -> None:
        if vin != self._car.vin:
            raise WireError(f"signed for {vin}")

    async def _wait_for_data(self) -> None:
        while not self._car.has_data:
            self._car.changed.clear()
            await self._car.changed.wait()
