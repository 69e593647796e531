"""
A remote command, from the request to the visible result, beside the floor and the raw broker.

The floor is what such a command cannot do without: one request that Django answers, two single-row commits (the command,
its result) and one QoS 1 round trip through the broker. It is measured in the same run by the same client, at the same
rate as the commands: a machine that has just slept is slower than one that is warm, and both have to bear it.

A result is visible when it arrives in the event stream of the car, over HTTP, as in a browser.
"""

import asyncio
import json
import ssl
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

import aiomqtt
import nats
import psycopg

from bench.http import Http
from bench.stage import Stage
from vettura_wire import payloads, signing, topics
from vettura_wire.clock import real_now, to_ms

PATIENCE_SECONDS = 20
DATABASE_CONNECTIONS = 4


@dataclass
class Times:
    """Measured seconds."""

    values: list[float] = field(default_factory=list)

    def add(self, seconds: float) -> None:
        """One more."""
        self.values.append(seconds)

    def percentile(self, percent: int) -> float:
        """In milliseconds."""
        if len(self.values) < 2:
            return (self.values or [0.0])[0] * 1000
        return statistics.quantiles(self.values, n=100, method="inclusive")[percent - 1] * 1000

    def summary(self) -> dict[str, float]:
        """p50 and p99 in milliseconds."""
        return {
            "p50_ms": round(self.percentile(50), 2),
            "p99_ms": round(self.percentile(99), 2),
            "count": len(self.values),
        }


@dataclass
class Follow:
    """One command on its way."""

    sent_at: datetime
    began: float
    done: asyncio.Future[float]
    received_at: datetime | None = None


class Watcher:
    """Watches every car as a page does: one event stream each."""

    def __init__(self) -> None:
        """Nothing is on its way yet."""
        self.following: dict[str, Follow] = {}

    def take(self, kind: str, data: bytes) -> None:
        """One event."""
        if kind != "command":
            return
        notice = json.loads(data)
        follow = self.following.get(notice["command"]["id"])
        if follow is None:
            return
        if notice["command"]["status"] == "delivered":
            follow.received_at = datetime.fromisoformat(notice["at"])
        if notice["command"]["status"] in ("done", "failed", "refused", "expired") and not follow.done.done():
            follow.done.set_result(time.perf_counter() - follow.began)


async def measure(stage: Stage, *, rates: list[tuple[float, int]]) -> dict[str, object]:
    """This will measure the raw broker, and floor and commands at each rate (commands per second, how many)."""
    platform = await nats.connect(
        stage.nats_url, nkeys_seed_str=(stage.keys_dir / "nats-platform.seed").read_text().strip()
    )
    http = Http(stage.port, stage.headers)
    watcher = Watcher()
    found: dict[str, object] = {}
    try:
        for vin in stage.vins:
            await http.stream(f"/api/v1/vehicles/{vin}/stream", watcher.take)
        async with _floor(stage, http) as floor:
            await _paced(20, 60, floor.once)  # warm up
            await _commands(stage, http, watcher, rate=20, count=60)
            found["raw_broker"] = (await _raw_broker(stage, platform)).summary()
            for rate, count in rates:
                floor.forget()
                await _paced(rate, count, floor.once)
                accepted, received, visible = await _commands(stage, http, watcher, rate=rate, count=count)
                found[f"commands_at_{rate:g}_per_s"] = {
                    "floor": floor.summary(),
                    "accepted": accepted.summary(),
                    "received": received.summary(),
                    "visible": visible.summary(),
                    "p50_over_floor": round(visible.percentile(50) / floor.whole.percentile(50), 2),
                }
        return found
    finally:
        http.close()
        await platform.close()


async def _paced(rate: float, count: int, one: Callable[[int], Awaitable[None]]) -> None:
    """Begins at a fixed rate, however long each takes: a slow platform does not slow its callers down."""
    start = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(count):
            await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
            group.create_task(_awaited(one(number)))


async def _awaited(waiting: Awaitable[None]) -> None:
    await waiting


async def _commands(
    stage: Stage, http: Http, watcher: Watcher, *, rate: float, count: int
) -> tuple[Times, Times, Times]:
    accepted, received, visible = Times(), Times(), Times()

    async def one(number: int) -> None:
        command_id, vin = str(uuid4()), stage.vins[number % len(stage.vins)]
        follow = Follow(real_now(), time.perf_counter(), asyncio.get_running_loop().create_future())
        watcher.following[command_id] = follow
        status, body = await http.request(
            "POST", f"/api/v1/vehicles/{vin}/commands", {"type": "flash"}, Idempotency_Key=command_id
        )
        if status != 202:
            raise RuntimeError(f"{status}: {body}")
        # the same wish while one is under way is that command
        watcher.following.setdefault(body["id"], follow)
        accepted.add(time.perf_counter() - follow.began)
        follow = watcher.following[body["id"]]
        visible.add(await asyncio.wait_for(asyncio.shield(follow.done), PATIENCE_SECONDS))
        if follow.received_at is not None:
            received.add((follow.received_at - follow.sent_at).total_seconds())
        for each in (command_id, body["id"]):
            watcher.following.pop(each, None)

    await _paced(rate, count, one)
    return accepted, received, visible


class Floor:
    """What a command cannot do without, one after the other."""

    def __init__(self, http: Http, car: aiomqtt.Client, vin: str, database: "asyncio.Queue[psycopg.AsyncConnection]"):
        """The car is connected; the connections are free to use."""
        self._http = http
        self._car = car
        self._topic = topics.up(vin, topics.STATE)
        self._state = payloads.encode(payloads.State(seq=1, measured_at=real_now(), values={}))
        self._database = database
        self.forget()

    def forget(self) -> None:
        """This will measure anew."""
        self.whole, self.request, self.commits, self.round_trip = Times(), Times(), Times(), Times()

    async def once(self, _number: int) -> None:
        """One request that Django answers without the database, two single-row commits, one QoS 1 round trip."""
        began = time.perf_counter()
        await self._http.request("GET", "/api/v1/nothing-here")
        answered = time.perf_counter()
        connection = await self._database.get()
        try:
            kept = await (
                await connection.execute("INSERT INTO bench_row (status) VALUES ('sent') RETURNING id")
            ).fetchone()
            await connection.execute("UPDATE bench_row SET status = 'done' WHERE id = %s", kept)
        finally:
            self._database.put_nowait(connection)
        committed = time.perf_counter()
        await self._car.publish(self._topic, self._state, qos=1)
        acknowledged = time.perf_counter()
        self.request.add(answered - began)
        self.commits.add(committed - answered)
        self.round_trip.add(acknowledged - committed)
        self.whole.add(acknowledged - began)

    def summary(self) -> dict[str, dict[str, float]]:
        """The whole and its parts."""
        return {
            "whole": self.whole.summary(),
            "empty_view": self.request.summary(),
            "two_commits": self.commits.summary(),
            "qos1_round_trip": self.round_trip.summary(),
        }


@asynccontextmanager
async def _floor(stage: Stage, http: Http) -> AsyncIterator[Floor]:
    database: asyncio.Queue[psycopg.AsyncConnection] = asyncio.Queue()
    for _ in range(DATABASE_CONNECTIONS):
        database.put_nowait(await psycopg.AsyncConnection.connect(stage.database_url, autocommit=True))
    connection = await database.get()
    await connection.execute("CREATE TABLE IF NOT EXISTS bench_row (id bigserial PRIMARY KEY, status text)")
    database.put_nowait(connection)
    port = int(stage.mqtt_url.rpartition(":")[2])
    try:
        async with aiomqtt.Client(
            "localhost",
            port,
            identifier=stage.spare_vin,
            tls_context=_tls(stage, stage.spare_vin),
            protocol=aiomqtt.ProtocolVersion.V311,
        ) as car:
            yield Floor(http, car, stage.spare_vin, database)
    finally:
        while not database.empty():
            await database.get_nowait().close()


def _tls(stage: Stage, vin: str) -> ssl.SSLContext:
    folder = stage.data_dir / "cars" / vin
    context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
    context.load_cert_chain(folder / "car.pem", folder / "car.key")
    return context


async def _raw_broker(stage: Stage, platform: nats.aio.client.Client) -> Times:
    """A signed command straight to a car and its last result straight back: no web, no database."""
    times, vin = Times(), stage.vins[0]
    arrived: asyncio.Queue[bytes] = asyncio.Queue()

    async def take(message: nats.aio.msg.Msg) -> None:
        arrived.put_nowait(message.data)

    subscription = await platform.subscribe(f"vehicles.{vin}.up.result", cb=take)
    key = (stage.keys_dir / "platform.key").read_bytes()
    # above every counter that the platform gives out here
    for counter in range(1_000_000, 1_000_200):
        now = to_ms(real_now())
        order = payloads.Command(
            id=str(uuid4()), vin=vin, type="flash", counter=counter, issued=now, expires=now + 60_000, params={}
        )
        began = time.perf_counter()
        await platform.publish(topics.to_subject(topics.down(vin, topics.COMMAND)), signing.sign(order, key))
        while (
            payloads.decode(await asyncio.wait_for(arrived.get(), PATIENCE_SECONDS), payloads.Result).status != "done"
        ):
            pass
        times.add(time.perf_counter() - began)
    await subscription.unsubscribe()
    return times
