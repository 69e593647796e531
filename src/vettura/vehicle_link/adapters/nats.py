"""
The link's way to the broker, over NATS.

Web processes are threads that must not wait for a broker: `NatsDownlink` keeps one connection on a loop of its own and
takes messages from any thread. It reconnects by itself; what waits meanwhile is bounded, the oldest goes first.
"""

import asyncio
import contextlib
import logging
import os
import threading
from collections import deque
from collections.abc import Callable

import uvloop
from django.conf import settings
from nats.aio.client import Client

log = logging.getLogger(__name__)

MOST_WAITING = 10_000
RECONNECT_SECONDS = 1


async def connect(*, name: str, renewed: Callable[[], None] = lambda: None) -> Client:
    """
    This will connect as the platform, reconnecting for ever once connected, and call `renewed` whenever it has. Raises OSError and
    the like if it cannot. Whoever is canceled meanwhile leaves no line open.
    """
    client = Client()

    async def tell() -> None:
        renewed()

    async def note(error: Exception) -> None:
        # each try of a reconnect ends here too; that the broker is away is told by whoever waits for it
        log.info("NATS (%s): %s", name, error or type(error).__name__)

    try:
        await client.connect(
            settings.VETTURA_NATS_URL,
            name=name,
            nkeys_seed_str=seed(),
            max_reconnect_attempts=-1,
            reconnect_time_wait=RECONNECT_SECONDS,
            error_cb=note,
            reconnected_cb=tell,
        )
    except asyncio.CancelledError:
        with contextlib.suppress(Exception):
            await client.close()
        raise
    return client


async def connect_patiently(*, name: str, renewed: Callable[[], None] = lambda: None) -> Client:
    """This will connect as soon as the broker is there, as `connect` does; it says once that it has to wait."""
    is_told = False
    while True:
        try:
            return await connect(name=name, renewed=renewed)
        except Exception as error:  # noqa: BLE001  # whatever it is, the next try may work
            if not is_told:
                log.warning("%s waits for NATS: %s", name, error or type(error).__name__)
                is_told = True
            await asyncio.sleep(RECONNECT_SECONDS)


def seed() -> str:
    """The seed of the platform's user: from the environment with an outside broker, else from the key folder."""
    given = os.environ.get("VETTURA_NATS_SEED")
    return given or (settings.VETTURA_KEYS_DIR / "nats-platform.seed").read_text().strip()


class NatsDownlink:
    """Sends from any thread over one connection. Opened by the first message; a fork opens its own."""

    def __init__(self) -> None:
        """This will not connect yet."""
        self._waiting: deque[tuple[str, bytes]] = deque(maxlen=MOST_WAITING)
        self._start_lock = threading.Lock()
        self._process_id: int | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._awake: asyncio.Event | None = None

    def publish(self, subject: str, payload: bytes) -> None:
        """This will send soon; it never waits and never raises for a broker that is away."""
        self._waiting.append((subject, payload))
        if self._process_id != os.getpid():
            self._start()
        elif self._loop is not None and self._awake is not None:
            with contextlib.suppress(RuntimeError):  # the loop ends with the process
                self._loop.call_soon_threadsafe(self._awake.set)

    def _start(self) -> None:
        with self._start_lock:
            if self._process_id == os.getpid():
                return
            self._process_id = os.getpid()
            threading.Thread(target=self._run, name="downlink", daemon=True).start()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._send_for_ever())

    async def _send_for_ever(self) -> None:
        self._awake = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        connection = await connect_patiently(name="vettura downlink")
        while True:
            await drain(connection, self._waiting)
            await self._awake.wait()
            self._awake.clear()


class LoopDownlink:
    """Sends from any thread over a connection that lives on a running loop: the link process has one already."""

    def __init__(self, connection: Client, loop: asyncio.AbstractEventLoop) -> None:
        """The connection must belong to the loop."""
        self._connection = connection
        self._loop = loop
        self._waiting: deque[tuple[str, bytes]] = deque(maxlen=MOST_WAITING)
        self._is_draining = False

    def publish(self, subject: str, payload: bytes) -> None:
        """This will send soon; it never waits and never raises for a broker that is away."""
        self._waiting.append((subject, payload))
        if not self._is_draining:
            self._is_draining = True
            self._loop.call_soon_threadsafe(self._begin)

    def _begin(self) -> None:
        self._is_draining = False
        self._task = self._loop.create_task(drain(self._connection, self._waiting))


async def drain(connection: Client, waiting: deque[tuple[str, bytes]]) -> None:
    """This will send everything that waits, oldest first; one message that cannot be sent does not hold up the next."""
    while waiting:
        subject, payload = waiting.popleft()
        try:
            await connection.publish(subject, payload)
        except Exception as error:  # noqa: BLE001  # too large, or the buffer of a long outage is full
            log.warning("not sent to %s: %s", subject, error or type(error).__name__)
