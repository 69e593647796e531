"""
`vettura link`: one asyncio loop with one connection to the broker.

Order matters at start: stream and consumer first, then the callout. No car can connect before somebody keeps its
messages (the stream drops what no consumer is interested in).
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import datetime

from django.db import connections
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import api
from nats.js.errors import BadRequestError

from vettura.vehicle_link import ports
from vettura.vehicle_link.adapters.nats import LoopDownlink, connect_patiently
from vettura.vehicle_link.process.doorkeeper import Doorkeeper
from vettura.vehicle_link.process.ingest import AWAY, Arrived, work_on
from vettura_wire.clock import from_ms

log = logging.getLogger(__name__)

STREAM = "$MQTT_msgs"
STREAM_SUBJECTS = "$MQTT.msgs.>"
CONSUMER = "vettura-link"
UPLINK_SUBJECTS = "$MQTT.msgs.vehicles.*.up.>"

LARGEST_BATCH = 500
# measurements may wait this long for company; anything else does not wait
LINGER_SECONDS = 0.1
PULL_SECONDS = 30
DATABASE_RETRY_SECONDS = 1


async def run(stop: asyncio.Event, *, ready: Callable[[], None] = lambda: None) -> None:
    """
    This will be the link until `stop` is set: it answers the callout, reads cars and writes to them.

    `ready` is called once cars can come in.
    """
    readers: list[Reader] = []

    def renewed() -> None:
        for reader in readers:
            reader.ask_again()

    connection = await _connected(stop, renewed=renewed)
    if connection is None:
        return
    loop = asyncio.get_running_loop()
    former = ports.install(LoopDownlink(connection, loop))
    with (
        ThreadPoolExecutor(max_workers=1, thread_name_prefix="ingest") as ingest,
        ThreadPoolExecutor(max_workers=1, thread_name_prefix="door") as doors,
    ):
        try:
            await prepare_stream(connection)
            doorkeeper = Doorkeeper(connection, doors)
            await doorkeeper.open()
            readers.append(Reader(connection, ingest, stop))
            # an error that ends either ends the process: the launcher starts it anew
            async with asyncio.TaskGroup() as group:
                serving = group.create_task(doorkeeper.serve())
                ready()
                await readers[0].read()
                serving.cancel()
        finally:
            ports.install(former)
            for executor in (ingest, doors):
                await loop.run_in_executor(executor, connections.close_all)
            with contextlib.suppress(Exception):
                await asyncio.wait_for(connection.drain(), timeout=5)


async def _connected(stop: asyncio.Event, *, renewed: Callable[[], None]) -> Client | None:
    connecting = asyncio.create_task(connect_patiently(name="vettura link", renewed=renewed))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({connecting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if connecting.done():
        return await connecting
    connecting.cancel()
    return None


async def prepare_stream(connection: Client) -> None:
    """
    This will make the MQTT gateway's stream and our durable consumer on it. Repeating it changes nothing.

    The gateway makes the stream at the first MQTT connection, which is too late: so we make the same one before.
    """
    jetstream = connection.jetstream()
    with contextlib.suppress(BadRequestError):  # it exists, made by the gateway
        await jetstream.add_stream(
            api.StreamConfig(
                name=STREAM,
                subjects=[STREAM_SUBJECTS],
                storage=api.StorageType.FILE,
                retention=api.RetentionPolicy.INTEREST,
            )
        )
    await jetstream.add_consumer(
        STREAM,
        api.ConsumerConfig(
            durable_name=CONSUMER,
            filter_subject=UPLINK_SUBJECTS,
            ack_policy=api.AckPolicy.EXPLICIT,
            ack_wait=20,
            max_ack_pending=20_000,
        ),
    )


class Reader:
    """
    Pulls messages of cars and has them worked on, one batch at a time, so that a vehicle's messages stay in order.

    The usual `fetch` waits for a full batch or a timeout; here a result of a command is worked on the moment it comes.
    """

    def __init__(self, connection: Client, executor: Executor, stop: asyncio.Event) -> None:
        """The executor has one thread: it keeps one database connection and the order."""
        self._stop = stop
        self._connection = connection
        self._executor = executor
        # None wakes the reader: it has to stop, or to ask again
        self._arriving: asyncio.Queue[Msg | None] = asyncio.Queue()
        self._asked_for = 0
        self._inbox = connection.new_inbox()

    async def read(self) -> None:
        """This will read until asked to stop; the batch in hand is finished, what was not begun goes back at once."""
        subscription = await self._connection.subscribe(self._inbox, cb=self._take, pending_msgs_limit=-1)
        stopping = asyncio.create_task(self._stop.wait())
        stopping.add_done_callback(lambda _: self._arriving.put_nowait(None))
        try:
            while not self._stop.is_set():
                batch = await self._next_batch()
                if batch:
                    await self._work_on(batch)
        finally:
            stopping.cancel()
            with contextlib.suppress(Exception):
                await subscription.unsubscribe()
                while not self._arriving.empty():
                    if (message := self._arriving.get_nowait()) is not None:
                        await self._connection.publish(message.reply, b"-NAK")

    def ask_again(self) -> None:
        """This will have the reader ask anew: a broker that was restarted knows nothing of what was asked of it before."""
        self._asked_for = 0
        self._arriving.put_nowait(None)

    async def _take(self, message: Msg) -> None:
        if message.headers and "Status" in message.headers and not message.reply:
            # the request has run out, or the connection was renewed: what was asked for will not come. The reader must ask
            # again at once: until it does, nothing arrives
            self.ask_again()
            return
        self._asked_for = max(0, self._asked_for - 1)
        self._arriving.put_nowait(message)

    async def _ask(self) -> None:
        if self._asked_for > LARGEST_BATCH:
            return
        self._asked_for += 2 * LARGEST_BATCH
        request = {"batch": 2 * LARGEST_BATCH, "expires": PULL_SECONDS * 1_000_000_000}
        await self._connection.publish(
            f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{CONSUMER}", json.dumps(request).encode(), self._inbox
        )

    async def _next_batch(self) -> list[Msg]:
        await self._ask()
        first = await self._arrived(PULL_SECONDS + 5)
        if first is None:
            self._asked_for = 0
            return []
        batch, is_measurements = [first], first.subject.endswith(".state")
        give_up_at = asyncio.get_running_loop().time() + LINGER_SECONDS
        while len(batch) < LARGEST_BATCH:
            patience = give_up_at - asyncio.get_running_loop().time() if is_measurements else 0.0
            if patience > 0 and self._arriving.empty():
                await self._ask()
            more = await self._arrived(patience)
            if more is None:
                break
            batch.append(more)
            is_measurements = is_measurements and more.subject.endswith(".state")
        return batch

    async def _arrived(self, patience: float) -> Msg | None:
        """The next message, None when there is none in time or the reader has to stop."""
        if not self._arriving.empty():
            return self._arriving.get_nowait()
        if patience <= 0:
            return None
        try:
            async with asyncio.timeout(patience):
                return await self._arriving.get()
        except TimeoutError:
            return None

    async def _work_on(self, batch: list[Msg]) -> None:
        arrived = [Arrived(m.subject, m.data, *_place_of(m)) for m in batch]
        while not await self._tried(lambda: work_on(arrived)):
            if self._stop.is_set():
                return  # unacknowledged: whoever reads next gets them again
            await asyncio.sleep(DATABASE_RETRY_SECONDS)
        for message in batch:
            await self._connection.publish(message.reply, b"+ACK")

    async def _tried(self, work: Callable[[], None]) -> bool:
        try:
            await asyncio.get_running_loop().run_in_executor(self._executor, work)
        except AWAY as error:
            log.warning("the database is away, messages wait: %s", error)
            await asyncio.get_running_loop().run_in_executor(self._executor, connections.close_all)
            return False
        return True


def _place_of(message: Msg) -> tuple[int, datetime]:
    """The place in the stream and when it came there, which the broker writes into the address for the acknowledgement."""
    # $JS.ACK.<stream>.<consumer>.<delivered>.<stream sequence>.<consumer sequence>.<time in ns>.<pending>
    *_, sequence, _consumer_sequence, nanoseconds, _pending = message.reply.split(".")
    return int(sequence), from_ms(int(nanoseconds) // 1_000_000)
