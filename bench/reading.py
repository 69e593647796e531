"""
What reading costs: how soon a step of one command is at every one of many listeners of a car's event stream, and an API read of a car's
state beside the same server answering with a constant.
"""

import asyncio
import json
import resource
import time
from uuid import uuid4

from bench.commands import PATIENCE_SECONDS, Times
from bench.http import Http
from bench.stage import Stage

ROUNDS = 10


class Crowd:
    """Listeners of one car, and how long each waited for the end of the command that is on its way."""

    def __init__(self, size: int) -> None:
        """Nobody waits yet."""
        self.size = size
        self.waited = Times()
        self.last = Times()
        self._command, self._began, self._left = "", 0.0, 0
        self._all: asyncio.Future[None] | None = None

    def wait_for(self, command: str, began: float) -> "asyncio.Future[None]":
        """This will be done when every listener has heard of the end of this command."""
        self._command, self._began, self._left = command, began, self.size
        self._all = asyncio.get_running_loop().create_future()
        return self._all

    def take(self, kind: str, data: bytes) -> None:
        """One event at one listener."""
        if kind != "command" or self._all is None or self._all.done():
            return
        notice = json.loads(data)["command"]
        if notice["id"] != self._command or notice["status"] not in ("done", "failed", "refused"):
            return
        waited = time.perf_counter() - self._began
        self.waited.add(waited)
        self._left -= 1
        if self._left == 0:
            self.last.add(waited)
            self._all.set_result(None)


async def measure(stage: Stage, *, listeners: int, reads: int) -> dict[str, object]:
    """This will let so many listen to one car, and read its state so often."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    http = Http(stage.port, stage.headers)
    vin, crowd = stage.vins[0], Crowd(listeners)
    try:
        for _ in range(listeners):
            await http.stream(f"/api/v1/vehicles/{vin}/stream", crowd.take)
        for _ in range(ROUNDS):
            key = str(uuid4())
            heard = crowd.wait_for(key, time.perf_counter())
            await http.request("POST", f"/api/v1/vehicles/{vin}/commands", {"type": "flash"}, Idempotency_Key=key)
            await asyncio.wait_for(heard, PATIENCE_SECONDS)
        state = await _reads(http, f"/api/v1/vehicles/{vin}/state", reads)
        constant = await _reads(http, "/api/v1/nothing-here", reads)
    finally:
        http.close()
    return {
        "listeners": listeners,
        "heard": crowd.waited.summary(),
        "heard_by_all": crowd.last.summary(),
        "state": state.summary(),
        "constant": constant.summary(),
        "state_over_constant": round(state.percentile(50) / constant.percentile(50), 2),
    }


async def _reads(http: Http, path: str, count: int) -> Times:
    times = Times()
    for _ in range(count):
        began = time.perf_counter()
        await http.request("GET", path)
        times.add(time.perf_counter() - began)
    return times


def lines(found: dict[str, object]) -> list[str]:
    """As a person reads it."""
    labels = (
        (f"end of a command at {found['listeners']} listeners", "heard"),
        ("  at the last of them", "heard_by_all"),
        ("API read of a car's state", "state"),
        ("the same server with a constant", "constant"),
    )
    rows = [(label, found[name]) for label, name in labels]
    return [f"{label:44}{each['p50_ms']:>10}{each['p99_ms']:>10}" for label, each in rows if isinstance(each, dict)]
