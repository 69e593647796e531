"""Live views of a car: what viewers see, who may, and what those who come back missed."""

import asyncio
import json
from collections.abc import Callable
from contextlib import asynccontextmanager

import pytest
from django.db import connections
from django.test import Client
from tests import link_facts as facts

from vettura.vehicle_link import actions, reactions, stream
from vettura.vehicle_link.models import CommandStep
from vettura.vehicles import actions as vehicles
from vettura.vehicles import events

PATIENCE_SECONDS = 8


class Browser:
    """Opens a stream as a browser does, over ASGI, and reads events one by one."""

    def __init__(self, cookies: dict[str, str], vin: str = facts.VIN, last_seen: int | None = None) -> None:
        headers = [(b"cookie", "; ".join(f"{name}={value}" for name, value in cookies.items()).encode())]
        if last_seen is not None:
            headers.append((b"last-event-id", str(last_seen).encode()))
        path = f"/api/v1/vehicles/{vin}/stream"
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": headers,
            "path_params": {"vin": vin},
            "root_path": "",
            "http_version": "1.1",
            "scheme": "http",
        }
        self.status = 0
        self.text = ""
        self.is_over = False
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def open(self):
        gone = asyncio.Event()

        async def receive():
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            async with self._changed:
                if message["type"] == "http.response.start":
                    self.status = message["status"]
                else:
                    self.text += message.get("body", b"").decode()
                    self.is_over = not message.get("more_body", False)
                self._changed.notify_all()

        async def serve():
            response = await stream.stream(stream.Request(self.scope, receive))
            await response(self.scope, receive, send)

        task = asyncio.create_task(serve())
        try:
            await self.until(lambda: self.text)
            yield self
        finally:
            gone.set()
            await asyncio.wait_for(task, PATIENCE_SECONDS)

    async def until(self, question: Callable[[], object]) -> None:
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(question), PATIENCE_SECONDS)

    @property
    def events(self) -> list[tuple[str, str, dict]]:
        """Kind, id and data of each event."""
        found = []
        for block in self.text.split("\n\n"):
            lines = dict(
                line.split(": ", 1) for line in block.splitlines() if ": " in line and not line.startswith(":")
            )
            if "event" in lines:
                found.append((lines["event"], lines.get("id", ""), json.loads(lines["data"])))
        return found

    async def statuses(self, count: int) -> list[str]:
        await self.until(lambda: len([each for each in self.events if each[0] == "command"]) >= count)
        return [data["command"]["status"] for kind, _, data in self.events if kind == "command"]


def cookies_of(person) -> dict[str, str]:
    client = Client()
    client.force_login(person)
    return {name: morsel.value for name, morsel in client.cookies.items()}


@pytest.fixture
def watching(transactional_db, nats_server):
    """Runs a story of viewers on a loop of its own, with the streams' life around it."""

    def run(story):
        async def whole():
            async with stream.lifespan():
                await story()

        stream._opening = asyncio.Lock()
        asyncio.run(whole())

    return run


def in_thread(work, *args, **named):
    def ask():
        try:
            return work(*args, **named)
        finally:
            connections.close_all()

    return asyncio.to_thread(ask)


def test_a_viewer_sees_every_step_as_it_happens(watching, link):
    person = facts.account()
    car = facts.vehicle(main_user=person)
    cookies = cookies_of(person)

    async def story():
        async with Browser(cookies).open() as browser:
            command = await in_thread(facts.command, car)
            assert await browser.statuses(2) == ["accepted", "queued"]
            await in_thread(facts.online, car)
            assert await browser.statuses(3) == ["accepted", "queued", "sent"]
            await in_thread(actions.record_results, results=[(car.vin, facts.result(command, "done"))])
            assert await browser.statuses(4) == ["accepted", "queued", "sent", "done"]
            assert [data["is_online"] for kind, _, data in browser.events if kind == "link"] == [True]

    watching(story)


def test_a_viewer_that_comes_back_gets_the_steps_it_missed_once(watching):
    person = facts.account()
    car = facts.vehicle(main_user=person)
    cookies = cookies_of(person)
    command = facts.command(car)
    seen = CommandStep.objects.get(command=command, position=1).id

    async def story():
        async with Browser(cookies, last_seen=seen).open() as browser:
            assert await browser.statuses(1) == ["queued"]
            await in_thread(actions.record_results, results=[(car.vin, facts.result(command, "done"))])
            assert await browser.statuses(2) == ["queued", "done"]
            ids = [int(id) for kind, id, _ in browser.events if kind == "command"]
            assert ids == sorted(set(ids))

    watching(story)


def test_a_viewer_sees_new_values(watching):
    person = facts.account()
    car = facts.vehicle(main_user=person)
    cookies = cookies_of(person)
    path = "Vehicle.TraveledDistance"

    async def story():
        async with Browser(cookies).open() as browser:
            report = facts.payloads.State(seq=1, measured_at=facts.clock.real_now(), values={path: 12.5})
            await in_thread(actions.record_states, states=[(car.vin, report)])
            await browser.until(lambda: any(kind == "state" for kind, _, _ in browser.events))
            opened, *later = browser.events
            assert opened[0] == "opened"
            assert next(data["values"] for kind, _, data in later if kind == "state") == {path: 12.5}

    watching(story)


@pytest.mark.parametrize(("who", "status"), [("nobody", 401), ("stranger", 404)])
def test_who_may_not_see_a_car_sees_no_stream(watching, who, status):
    facts.vehicle()
    cookies = cookies_of(facts.account("stranger@example.org")) if who == "stranger" else {}

    async def story():
        async with Browser(cookies).open() as browser:
            assert browser.status == status
            assert "code" in json.loads(browser.text)

    watching(story)


def test_a_vin_that_does_not_exist_looks_like_a_strangers(watching):
    cookies = cookies_of(facts.account())

    async def story():
        async with Browser(cookies, vin="WP0ZZZY1ZLSA09999").open() as browser:
            assert browser.status == 404

    watching(story)


def test_a_viewer_is_sent_away_when_its_rights_end(watching):
    main, second = facts.account(), facts.account("second@example.org")
    car = facts.vehicle(main_user=main)
    vehicles.assign_user(vehicle=car, account=second, role="secondary_user", at=facts.clock.now())
    stays, goes = cookies_of(main), cookies_of(second)

    async def story():
        async with Browser(stays).open() as staying, Browser(goes).open() as going:
            await in_thread(vehicles.remove_secondary_user, vin=car.vin, account_id=second.id, by=main)
            removed = events.UserRemoved(vin=car.vin, account_id=second.id, role="secondary_user", at=facts.clock.now())
            await in_thread(reactions.end_live_views, removed)
            await going.until(lambda: going.is_over)
            await in_thread(facts.command, car)
            assert await staying.statuses(2) == ["accepted", "queued"]
            assert not staying.is_over

    watching(story)
