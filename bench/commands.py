"""
A remote command, from the request to the visible result, beside the floor and the raw broker.

The floor is what such a command cannot do without: one request that Django answers, two single-row commits (the command,
its result) and one QoS 1 round trip through the broker.
"""

import asyncio
import json
import ssl
import statistics
import time
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
    """Sees what live viewers see: a step is told after it is committed, so then it is visible."""

    def __init__(self) -> None:
        """Nothing is on its way yet."""
        self.following: dict[str, Follow] = {}

    async def take(self, message: nats.aio.msg.Msg) -> None:
        """One live notice."""
        notice = json.loads(message.data)
        if notice["kind"] != "command":
            return
        follow = self.following.get(notice["command"]["id"])
        if follow is None:
            return
        if notice["command"]["status"] == "delivered":
            follow.received_at = datetime.fromisoformat(notice["at"])
        if notice["command"]["status"] in ("done", "failed", "refused", "expired") and not follow.done.done():
            follow.done.set_result(time.perf_counter() - follow.began)


async def measure(stage: Stage, *, rates: list[tuple[float, int]]) -> dict[str, object]:
    """This will measure the floor, the raw broker, and commands at each rate (commands per second, how many)."""
    platform = await nats.connect(
        stage.nats_url, nkeys_seed_str=(stage.keys_dir / "nats-platform.seed").read_text().strip()
    )
    csrf = "a" * 32
    cookies = "; ".join(f"{name}={value}" for name, value in {**stage.cookies, "vettura_csrf": csrf}.items())
    http = Http(stage.port, {"Cookie": cookies, "X-CSRFToken": csrf})
    watcher = Watcher()
    subscription = await platform.subscribe("vettura.live.>", cb=watcher.take)
    try:
        await _commands(stage, http, watcher, rate=20, count=60)  # warm up
        empty, commits, puback = (
            await _empty_view(http),
            await asyncio.to_thread(_two_commits, stage),
            await _puback(stage),
        )
        broker = await _raw_broker(stage, platform)
        floor_ms = empty.percentile(50) + commits.percentile(50) + puback.percentile(50)
        found: dict[str, object] = {
            "empty_view": empty.summary(),
            "two_commits": commits.summary(),
            "qos1_round_trip": puback.summary(),
            "floor_p50_ms": round(floor_ms, 2),
            "raw_broker": broker.summary(),
        }
        for rate, count in rates:
            accepted, received, visible = await _commands(stage, http, watcher, rate=rate, count=count)
            found[f"commands_at_{rate:g}_per_s"] = {
                "accepted": accepted.summary(),
                "received": received.summary(),
                "visible": visible.summary(),
                "p50_over_floor": round(visible.percentile(50) / floor_ms, 2),
            }
        return found
    finally:
        await subscription.unsubscribe()
        http.close()
        await platform.close()


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
        accepted.add(time.perf_counter() - follow.began)
        visible.add(await asyncio.wait_for(follow.done, PATIENCE_SECONDS))
        if follow.received_at is not None:
            received.add((follow.received_at - follow.sent_at).total_seconds())
        del watcher.following[command_id]

    start = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(count):
            await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
            group.create_task(one(number))
    return accepted, received, visible


async def _empty_view(http: Http) -> Times:
    times = Times()
    for _ in range(200):
        began = time.perf_counter()
        await http.request("GET", "/api/v1/nothing-here")  # answered by Django, without asking the database
        times.add(time.perf_counter() - began)
    return times


def _two_commits(stage: Stage) -> Times:
    times = Times()
    with psycopg.connect(stage.database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bench_row (id bigserial PRIMARY KEY, status text)")
        for _ in range(200):
            began = time.perf_counter()
            connection.execute("INSERT INTO bench_row (status) VALUES ('sent')")
            connection.execute("INSERT INTO bench_row (status) VALUES ('done')")
            times.add(time.perf_counter() - began)
    return times


def _tls(stage: Stage, vin: str) -> ssl.SSLContext:
    folder = stage.data_dir / "cars" / vin
    context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
    context.load_cert_chain(folder / "car.pem", folder / "car.key")
    return context


async def _puback(stage: Stage) -> Times:
    """From a car's QoS 1 publish to the acknowledgement: one round trip that the broker has stored."""
    times = Times()
    vin = stage.vins[-1][:-4] + "9999"
    from vettura.launcher.certificates import provision
    from vettura.vehicles import actions as vehicles

    def known() -> None:
        from django.db import connection

        vehicles.register_vehicle(
            vin=vin,
            model_line="taycan",
            generation="TAY",
            model_name="Taycan 4S",
            model_year=2020,
            drive="BEV",
            equipment=(),
            country="IT",
        )
        connection.close()

    await asyncio.to_thread(known)
    provision(stage.data_dir, vin)
    state = payloads.encode(payloads.State(seq=1, measured_at=real_now(), values={}))
    port = int(stage.mqtt_url.rpartition(":")[2])
    async with aiomqtt.Client(
        "localhost", port, identifier=vin, tls_context=_tls(stage, vin), protocol=aiomqtt.ProtocolVersion.V311
    ) as car:
        for _ in range(200):
            began = time.perf_counter()
            await car.publish(topics.up(vin, topics.STATE), state, qos=1)
            times.add(time.perf_counter() - began)
    return times


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
