"""One connection of an owner: what it listens to, what it was told, and what it wants done."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import InterfaceError, OperationalError

from vettura.owner_mqtt import discovery, orders, owners, packets, topics
from vettura.owner_mqtt.owners import Owner, Retained
from vettura.owner_mqtt.packets import Answer, Kind
from vettura.vehicle_link import queries as link

if TYPE_CHECKING:
    from vettura.owner_mqtt.server import House

log = logging.getLogger(__name__)
Json = dict[str, Any]  # a notice of any shape
AWAY = (OperationalError, InterfaceError)

SETTLE_SECONDS = 0.3
PAUSE_SECONDS = 2.0
"""Between a car's word and what is told of it, so that what came together is told together; and between two such times."""
LOOK_SECONDS = 30.0
"""How often password and cars of a connection are asked for again: their end announces itself to cars, not to connections."""
EVERYTHING_SECONDS = 600.0
"""How often all that is known of the cars is: some of it changes with time alone, such as a contract that ends."""
LONGEST_KEEP_ALIVE = 3600
MOST_FILTERS = 1_000
MOST_WAITING_BYTES = 2_000_000
"""Whoever does not read is sent away rather than filling the memory."""
STEPS_SECONDS = 0.5
"""How soon the first step of a command is told, if there is one."""
MOST_ORDERS = 20
"""Commands of one connection that are being looked at; more have to wait in the network."""


@dataclass(eq=False)
class Guest:
    """One connection of an owner: its filters, and what it was told last of each car."""

    house: "House"
    owner: Owner
    writer: asyncio.StreamWriter
    connect: packets.Connect
    filters: set[str] = field(default_factory=set)
    told: dict[str, Retained] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Who has no client id is somebody else each time."""
        self.key = (self.owner.place, self.connect.client_id or f"\x00{id(self)}")
        self._dirty: set[str] = set()
        self._look_at_everything = False
        self._wake = asyncio.Event()
        self._received: set[int] = set()
        self._orders: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(MOST_ORDERS)
        # one after the other: whoever locks after unlocking means it so
        self._turn = asyncio.Lock()
        # for each command that is being looked at, those whose steps were told meanwhile
        self._told_meanwhile: list[set[str]] = []

    # -- what cars say --------------------------------------------------------------------------------------------

    def look(self) -> None:
        """This will have everything looked at again soon: password, rights and cars."""
        self._look_at_everything = True
        self._wake.set()

    def hear(self, vin: str, notices: list[Json]) -> None:
        """This will tell of commands at once and have the car looked at soon."""
        for notice in notices:
            if notice["kind"] == "command":
                if link.sees_command(allowed=self.owner.allowed, type=notice["command"]["type"], vin=vin):
                    for each in self._told_meanwhile:
                        each.add(notice["command"]["id"])
                    self.tell(vin, orders.step_told(notice, language=self.owner.account.language))
            elif notice["kind"] in ("rights", "end"):
                self.look()
            else:
                self._dirty.add(vin)
                self._wake.set()

    def tell(self, vin: str, result: Json) -> None:
        """This will say on a car's topic of results what became of a command."""
        self._publish(topics.result(vin), json.dumps(result, ensure_ascii=False).encode(), is_retained=False)

    # -- the connection -------------------------------------------------------------------------------------------

    async def stay(self, reader: asyncio.StreamReader) -> None:
        """This will serve the connection until the client leaves or must."""
        try:
            may_stay = await self._look_again()
        except AWAY:
            may_stay = False
        if not may_stay:
            self.writer.write(packets.connack(Answer.UNAVAILABLE))
            return
        self.writer.write(packets.connack(Answer.ACCEPTED))
        keeping = asyncio.create_task(self._keep_current())
        reading = asyncio.create_task(self._read(reader))
        try:
            await asyncio.wait({keeping, reading}, return_when=asyncio.FIRST_COMPLETED)
            for task in (keeping, reading):
                if task.done():
                    task.result()
        finally:
            for task in (keeping, reading, *self._orders):
                task.cancel()
            await asyncio.gather(keeping, reading, *self._orders, return_exceptions=True)

    async def leave(self) -> None:
        """This will follow no car any more."""
        for vin in tuple(self.told):
            await self.house.forget(self, vin)

    def send_away(self) -> None:
        """This will end the connection."""
        self.writer.transport.abort()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        seconds = min(self.connect.keep_alive or LONGEST_KEEP_ALIVE, LONGEST_KEEP_ALIVE) * 1.5
        while True:
            async with asyncio.timeout(seconds):
                packet = await read_packet(reader)
            match packet:
                case packets.Publish():
                    await self._take(packet)
                case packets.Subscribe():
                    self._subscribe(packet)
                case packets.Unsubscribe():
                    self.filters.difference_update(packet.filters)
                    self._write(packets.acknowledgement(Kind.UNSUBACK, packet.packet_id))
                case packets.Release():
                    self._received.discard(packet.packet_id)
                    self._write(packets.acknowledgement(Kind.PUBCOMP, packet.packet_id))
                case packets.Ping():
                    self._write(packets.pingresp())
                case packets.Noted():
                    pass
                case packets.Disconnect():
                    return
                case _:
                    raise packets.Malformed("a second hello")

    async def _take(self, packet: packets.Publish) -> None:
        """A command; whatever is published elsewhere is acknowledged and dropped, for there is nobody it could go to."""
        is_repeated = packet.qos == 2 and packet.packet_id in self._received
        if packet.qos == 2:
            self._received.add(packet.packet_id)
            if len(self._received) > MOST_FILTERS:
                raise packets.Malformed("too much in flight")
        topic = topics.command_topic(packet.topic)
        if topic is not None and not is_repeated:
            await self._room.acquire()
            task = asyncio.create_task(self._obey(topic, packet))
            self._orders.add(task)
            task.add_done_callback(self._orders.discard)
        if packet.qos == 1:
            self._write(packets.acknowledgement(Kind.PUBACK, packet.packet_id))
        elif packet.qos == 2:
            self._write(packets.acknowledgement(Kind.PUBREC, packet.packet_id))

    async def _obey(self, topic: topics.CommandTopic, packet: packets.Publish) -> None:
        told: set[str] = set()
        self._told_meanwhile.append(told)
        try:
            async with self._turn:
                result = await self.house.ask(
                    orders.obey, self.owner, topic, packet.payload, is_retained=packet.is_retained
                )
            if result["status"] != orders.NOT_SENT:
                # its steps are told as they come; that it stands as it stood is told of a wish that was known
                await asyncio.sleep(STEPS_SECONDS)
            if result["id"] not in told:
                self.tell(topic.vin, result)
        except AWAY:
            log.warning("the database is away: a command of an owner is lost")
            self.send_away()
        except Exception:
            log.exception("a command of an owner failed")
            self.send_away()
        finally:
            self._told_meanwhile = [each for each in self._told_meanwhile if each is not told]
            self._room.release()

    def _subscribe(self, packet: packets.Subscribe) -> None:
        answers = []
        new = []
        for each in packet.filters:
            if topics.is_filter(each) and (each in self.filters or len(self.filters) < MOST_FILTERS):
                self.filters.add(each)
                new.append(each)
                answers.append(0)
            else:
                answers.append(packets.FAILURE)
        self._write(packets.suback(packet.packet_id, answers))
        for retained in self.told.values():
            for topic, payload in retained.items():
                if any(topics.matches(each, topic) for each in new):
                    self._write(packets.publish(topic, payload, is_retained=True))

    # -- what is told of cars -------------------------------------------------------------------------------------

    async def _keep_current(self) -> None:
        time = asyncio.get_running_loop().time
        look_at, everything_at = time() + LOOK_SECONDS, time() + EVERYTHING_SECONDS
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(look_at):
                    await self._wake.wait()
            self._wake.clear()
            await asyncio.sleep(SETTLE_SECONDS)
            dirty, self._dirty = self._dirty, set()
            try:
                if self._look_at_everything or time() >= look_at:
                    is_everything = self._look_at_everything or time() >= everything_at
                    if not await self._look_again(dirty, is_everything=is_everything):
                        return
                    look_at = time() + LOOK_SECONDS
                    if is_everything:
                        self._look_at_everything, everything_at = False, time() + EVERYTHING_SECONDS
                else:
                    await self._tell_of(dirty)
            except AWAY:
                self.look()  # until it is back
            await asyncio.sleep(PAUSE_SECONDS)

    async def _look_again(self, dirty: Collection[str] = (), *, is_everything: bool = True) -> bool:
        """Whether the owner may stay; then what may be different is told as it stands now."""
        owner = await self.house.ask(owners.again, self.owner)
        if owner is None:
            self._take_back()
            return False
        is_everything = is_everything or owner.allowed != self.owner.allowed
        self.owner = owner
        vins, known = set(await self.house.ask(owners.cars_of, owner)), set(self.told)
        for vin in vins - known:
            self.told[vin] = {}
            await self.house.follow(self, vin)
        await self._tell_of(vins | known if is_everything else (vins ^ known) | set(dirty))
        return True

    async def _tell_of(self, vins: Collection[str]) -> None:
        """Sends what is different of these cars; a car that is not there any more is taken back."""
        if not vins:
            return
        found = await self.house.ask(owners.retained_of, self.owner, vins)
        for vin in sorted(vins):
            now = found.get(vin)
            if now is None:
                await self._forget(vin)
                continue
            before = self.told.get(vin, {})
            for topic, payload in now.items():
                if before.get(topic) != payload:
                    self._publish(topic, payload, is_retained=True)
            for topic in before.keys() - now.keys():
                self._publish(topic, b"", is_retained=True)
            self.told[vin] = now

    async def _forget(self, vin: str) -> None:
        """The car is gone: it is not available, then there is nothing of it."""
        await self.house.forget(self, vin)
        before = self.told.pop(vin, {})
        availability = topics.of_car(vin, "availability")
        if availability in before:
            self._publish(availability, discovery.GONE.encode(), is_retained=False)
        for topic in before:
            self._publish(topic, b"", is_retained=True)

    def _take_back(self) -> None:
        """
        The rights are over: what was told is taken back, also from a broker in between that has kept it. The devices stay as they are
        known, without a value: with another password they are the same again.
        """
        for vin, before in self.told.items():
            for topic in before:
                if topic == topics.of_car(vin, "availability"):
                    self._publish(topic, discovery.GONE.encode(), is_retained=True)
                elif topic != topics.discovery(vin):
                    self._publish(topic, b"", is_retained=True)

    def _publish(self, topic: str, payload: bytes, *, is_retained: bool) -> None:
        if any(topics.matches(each, topic) for each in self.filters):
            # who subscribed before is told a change as news; a bridge wants to know that it is kept (section 3.3.1.3)
            self._write(packets.publish(topic, payload, is_retained=is_retained and self.connect.is_bridge))

    def _write(self, packet: bytes) -> None:
        self.writer.write(packet)
        if self.writer.transport.get_write_buffer_size() > MOST_WAITING_BYTES:
            self.send_away()


async def read_packet(reader: asyncio.StreamReader) -> packets.Packet:
    """The next packet. Raises Malformed, UnknownVersion and EOFError."""
    [first] = await reader.readexactly(1)
    length, shift = 0, 0
    while True:
        [digit] = await reader.readexactly(1)
        length |= (digit & 0x7F) << shift
        shift += 7
        if not digit & 0x80:
            break
        if shift > 21:
            raise packets.Malformed("length")
    if length > packets.LARGEST:
        raise packets.Malformed("too long")
    return packets.read(first, await reader.readexactly(length))
