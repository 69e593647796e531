"""
The listener for owners: one asyncio loop, MQTT 3.1.1 over TLS, one connection to NATS for what happens in cars.

Nothing is kept here but what a connection was told last: what stands on its topics is worked out anew from the database whenever its
car says something, at most every `PAUSE_SECONDS`, and only the difference is sent. So rights that end, a place that is private, a
contract that begins are all the same thing: other topics than before. Questions to the database go through a few threads.
"""

import asyncio
import contextlib
import json
import logging
import ssl
from collections import defaultdict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.db import connections
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from vettura.foundation.errors import Refusal
from vettura.owner_mqtt import owners, packets
from vettura.owner_mqtt.guests import AWAY, Guest, Json, read_packet
from vettura.owner_mqtt.owners import Owner
from vettura.owner_mqtt.packets import Answer
from vettura.vehicle_link.actions.sending import LIVE_PREFIX

log = logging.getLogger(__name__)
T = TypeVar("T")
Connect = Callable[..., Awaitable[Client]]
"""How to connect to the cars' broker, as soon as it is there: `name`, and `renewed` to call after each time it was away."""

THREADS = 4
PATIENCE_SECONDS = 10.0
"""For the handshake, and for the first packet."""
REFUSED_AFTER_SECONDS = 1.0
"""A wrong password is answered late: whoever guesses waits."""
CLOSE_SECONDS = 2.0
MOST_CONNECTIONS = 5_000
MOST_OF_ONE_PERSON = 20
MOST_FROM_ONE_PLACE = 200


@dataclass(frozen=True)
class Listener:
    """Where to listen, and with which certificate."""

    host: str
    port: int
    certificate: Path
    key: Path


async def run(
    listener: Listener, stop: asyncio.Event, *, connect: Connect, ready: Callable[[], None] = lambda: None
) -> None:
    """This will serve owners until `stop` is set. Raises OSError for a port that is taken."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(listener.certificate, listener.key)
    with ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="owners") as threads:
        house = House(threads)
        server = await asyncio.start_server(
            house.welcome, listener.host, listener.port, ssl=context, ssl_handshake_timeout=PATIENCE_SECONDS
        )
        watching = asyncio.create_task(house.watch(connect))
        ready()
        try:
            await stop.wait()
        finally:
            server.close()
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            await house.close()


class House:
    """Everybody who is connected."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        """Nobody is."""
        self._threads = threads
        self._visits: set[asyncio.Task[None]] = set()
        self._guests: dict[tuple[str, str], Guest] = {}
        self._from_place: defaultdict[str, int] = defaultdict(int)
        self._watched: dict[str, set[Guest]] = {}
        self._subscriptions: dict[str, Subscription] = {}
        self._broker: Client | None = None

    async def watch(self, connect: Connect) -> None:
        """This will connect to the cars' broker, as soon as it is there, and stay; what was missed meanwhile is looked up."""
        self._broker = await connect(name="vettura mqtt", renewed=self._look_at_all)
        for vin in list(self._watched):
            await self._subscribe(vin)
        self._look_at_all()
        await asyncio.Event().wait()

    def _look_at_all(self) -> None:
        for guest in self._guests.values():
            guest.look()

    async def welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """This will serve one connection to its end."""
        task = asyncio.current_task()
        assert task is not None  # a server's callback is one
        self._visits.add(task)
        place = str((writer.get_extra_info("peername") or ("",))[0])
        self._from_place[place] += 1
        try:
            if len(self._visits) <= MOST_CONNECTIONS and self._from_place[place] <= MOST_FROM_ONE_PLACE:
                await self._visit(reader, writer, place)
        except (packets.Malformed, OSError, EOFError, TimeoutError, asyncio.CancelledError):
            pass  # gone, or sent away
        except Exception:
            log.exception("a connection of an owner ended")
        finally:
            self._visits.discard(task)
            self._from_place[place] -= 1
            if not self._from_place[place]:
                del self._from_place[place]
            await _close(writer)

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, place: str) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            try:
                connect = await read_packet(reader)
            except packets.UnknownVersion:
                writer.write(packets.connack(Answer.UNKNOWN_VERSION))
                await writer.drain()
                return
        if not isinstance(connect, packets.Connect):
            return
        answer, owner = await self._admitted(connect, place)
        if owner is None:
            writer.write(packets.connack(answer))
            await writer.drain()
            return
        guest = Guest(self, owner, writer, connect)
        former = self._guests.get(guest.key)
        self._guests[guest.key] = guest
        if former is not None:
            # the same program of the same person has come back before we noticed that it was gone (section 3.1.4)
            former.send_away()
        try:
            await guest.stay(reader)
        finally:
            await guest.leave()
            if self._guests.get(guest.key) is guest:
                del self._guests[guest.key]

    async def _admitted(self, connect: packets.Connect, place: str) -> tuple[Answer, Owner | None]:
        if not connect.client_id and not connect.is_clean:
            return Answer.CLIENT_ID_REFUSED, None
        try:
            owner = await self.ask(owners.sign_in, user=connect.user, password=connect.password, place=place)
        except Refusal as refusal:
            log.info("refused at the owners' door: %s", refusal.code)
            await asyncio.sleep(REFUSED_AFTER_SECONDS)
            return Answer.NOT_AUTHORIZED, None
        except AWAY:
            log.warning("the database is away: an owner has to try again")
            return Answer.UNAVAILABLE, None
        here = sum(guest.owner.account.id == owner.account.id for guest in self._guests.values())
        if here >= MOST_OF_ONE_PERSON:
            return Answer.UNAVAILABLE, None
        return Answer.ACCEPTED, owner

    async def ask(self, question: Callable[..., T], *facts: object, **more: object) -> T:
        """The answer of the database, from a thread that gives its connection back."""

        def asked() -> T:
            try:
                return question(*facts, **more)
            finally:
                connections.close_all()

        return await asyncio.get_running_loop().run_in_executor(self._threads, asked)

    async def follow(self, guest: Guest, vin: str) -> None:
        """This will have a guest told of a car."""
        followers = self._watched.setdefault(vin, set())
        followers.add(guest)
        if vin not in self._subscriptions:
            await self._subscribe(vin)

    async def _subscribe(self, vin: str) -> None:
        if self._broker is None or vin in self._subscriptions:
            return

        async def take(message: Msg) -> None:
            notices: list[Json] = json.loads(message.data)
            for guest in tuple(self._watched.get(vin, ())):
                guest.hear(vin, notices)

        self._subscriptions[vin] = await self._broker.subscribe(LIVE_PREFIX + vin, cb=take)
        await asyncio.shield(self._broker.flush())

    async def forget(self, guest: Guest, vin: str) -> None:
        """This will tell a guest nothing more of a car."""
        followers = self._watched.get(vin, set())
        followers.discard(guest)
        if not followers:
            self._watched.pop(vin, None)
            subscription = self._subscriptions.pop(vin, None)
            if subscription is not None:
                with contextlib.suppress(Exception):
                    await subscription.unsubscribe()

    async def close(self) -> None:
        """This will end every connection."""
        for task in tuple(self._visits):
            task.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)
        if self._broker is not None:
            with contextlib.suppress(Exception):
                await self._broker.close()


async def _close(writer: asyncio.StreamWriter) -> None:
    """Ends a connection once everything is said, and in any case soon."""
    with contextlib.suppress(OSError, TimeoutError, asyncio.CancelledError):
        async with asyncio.timeout(CLOSE_SECONDS):
            writer.close()
            await writer.wait_closed()
    writer.transport.abort()
