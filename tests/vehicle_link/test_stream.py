"""Live views of a car: what viewers see, who may, and what those who come back missed."""

import asyncio
import json
import socket
from collections.abc import Callable
from contextlib import asynccontextmanager

import pytest
import uvicorn
import wsproto
from django.db import connections
from django.test import Client
from starlette.routing import Router
from tests import link_facts as facts
from tests import program_facts

from vettura.entitlements import actions as entitlements
from vettura.foundation import clock
from vettura.identity import actions as people
from vettura.identity import events as people_events
from vettura.vehicle_link import actions, reactions, rules, stream
from vettura.vehicle_link.models import CommandStep
from vettura.vehicles import actions as vehicles
from vettura.vehicles import events
from vettura_wire import signals

PATIENCE_SECONDS = 8


class Browser:
    """Opens a stream as a browser does, over ASGI, and reads events one by one."""

    def __init__(
        self,
        cookies: dict[str, str],
        vin: str = facts.VIN,
        last_seen: int | None = None,
        *,
        query: str = "",
        token: str = "",
    ) -> None:
        headers = [(b"authorization", f"Bearer {token}".encode())] if token else []
        headers += [(b"cookie", "; ".join(f"{name}={value}" for name, value in cookies.items()).encode())]
        if last_seen is not None:
            headers.append((b"last-event-id", str(last_seen).encode()))
        path = f"/api/v1/vehicles/{vin}/stream"
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
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


CHARGE, MILEAGE, LATITUDE = signals.STATE_OF_CHARGE, signals.MILEAGE, signals.LATITUDE


def report(car, seq, **values) -> tuple[str, facts.payloads.State]:
    named = {"charge": CHARGE, "mileage": MILEAGE, "latitude": LATITUDE}
    values = {named[name]: value for name, value in values.items()}
    return car.vin, facts.payloads.State(seq=seq, measured_at=facts.clock.real_now(), values=values)


def states_of(events) -> list[dict]:
    return [data["values"] for kind, _, data in events if kind == "state"]


@pytest.fixture
def person(transactional_db):
    return facts.account()


@pytest.fixture
def car(person):
    return facts.vehicle(main_user=person)


def test_a_viewer_gets_the_signals_it_has_chosen_and_no_state_without_them(watching, person, car):
    cookies = cookies_of(person)

    async def story():
        async with Browser(cookies, query=f"signals={MILEAGE}").open() as browser:
            await in_thread(actions.record_states, states=[report(car, 1, charge=80.0)])
            await in_thread(actions.record_states, states=[report(car, 2, charge=79.0, mileage=12.5)])
            await browser.until(lambda: states_of(browser.events))
            assert states_of(browser.events) == [{MILEAGE: 12.5}]

    watching(story)


def test_what_comes_within_the_interval_comes_together_with_its_newest_values(watching, person, car):
    cookies = cookies_of(person)

    async def story():
        async with Browser(cookies, query="interval=0.7").open() as browser:
            for seq in range(1, 5):
                await in_thread(actions.record_states, states=[report(car, seq, charge=80.0 - seq)])
            await in_thread(actions.record_states, states=[report(car, 5, mileage=9.0)])
            await browser.until(lambda: any(MILEAGE in each for each in states_of(browser.events)))
            together = states_of(browser.events)
            assert len(together) < 5
            assert together[-1][MILEAGE] == 9.0
            assert [each[CHARGE] for each in together if CHARGE in each][-1] == 76.0

    watching(story)


@pytest.mark.parametrize("query", ["signals=Vehicle.Soul", "interval=-1", "interval=soon", "interval=nan"])
def test_a_wish_that_makes_no_sense_is_refused(watching, person, car, query):
    cookies = cookies_of(person)

    async def story():
        async with Browser(cookies, query=query).open() as browser:
            assert (browser.status, json.loads(browser.text)["code"]) == (422, "invalid_request")

    watching(story)


@pytest.mark.rule("DAT-012")
def test_a_program_sees_what_its_scopes_open_and_no_place_without_consent_to_it(watching, person, car):
    states = program_facts.token(person, "status")
    climate = program_facts.token(person, "climate", client_id="heater")

    async def story():
        async with Browser({}, token=states).open() as charts, Browser({}, token=climate).open() as heater:
            await in_thread(actions.record_states, states=[report(car, 1, charge=80.0, latitude=45.0)])
            await in_thread(facts.command, car, type="lock")
            await in_thread(facts.command, car, type="climate_stop")
            assert len(await charts.statuses(4)) == 4
            await heater.statuses(2)
            assert states_of(charts.events) == [{CHARGE: 80.0}]
            assert states_of(heater.events) == []
            seen = {data["command"]["type"] for kind, _, data in heater.events if kind == "command"}
            assert seen == {"climate_stop"}

    watching(story)


@pytest.mark.parametrize(
    ("scopes", "cars", "status"), [(("destinations",), None, 403), (("status",), ["WP0ZZZY1ZLSA00009"], 404)]
)
def test_a_program_without_the_scope_or_the_car_gets_no_stream(watching, person, car, scopes, cars, status):
    value = program_facts.token(person, *scopes, cars=cars)

    async def story():
        async with Browser({}, token=value).open() as browser:
            assert browser.status == status

    watching(story)


def test_a_program_has_so_many_streams_at_once_and_is_told_so(watching, person, car, monkeypatch):
    monkeypatch.setattr(rules, "STREAMS_OF_CAR", 2)
    value, other = (program_facts.token(person, "status", client_id=each) for each in ("charts", "heater"))

    async def story():
        refused = Socket(authorization=f"Bearer {value}")
        async with (
            Browser({}, token=value).open() as first,
            Browser({}, token=value).open() as second,
            Browser({}, token=value).open() as third,
            Browser({}, token=other).open() as others,
            refused.open(),
        ):
            assert (first.status, second.status, third.status, others.status) == (200, 200, 429, 200)
            assert json.loads(third.text)["code"] == "vehicle_link.too_many_streams"
            assert refused.sent[0]["status"] == 429
        async with Browser({}, token=value).open() as again:
            assert again.status == 200
        assert not stream._open

    watching(story)


def test_a_person_in_the_portal_and_our_own_app_are_not_counted_as_programs_of_others_are(
    watching, person, car, monkeypatch
):
    monkeypatch.setattr(rules, "STREAMS_OF_CAR", 1)
    value = program_facts.token(person, "status", client_id="our-app", is_ours=True)

    async def story():
        async with (
            Browser({}, token=value).open() as first,
            Browser({}, token=value).open() as second,
            Browser(cookies_of_person).open() as third,
            Browser(cookies_of_person).open() as fourth,
        ):
            assert {each.status for each in (first, second, third, fourth)} == {200}

    cookies_of_person = cookies_of(person)
    watching(story)


@pytest.mark.rule("DAT-012")
def test_where_a_car_is_stands_in_the_stream_only_while_a_service_finds_it(watching, person):
    car = facts.vehicle(main_user=person, contracts=False)
    value = program_facts.token(person, "status", "location", places=None)

    async def story():
        async with Browser({}, token=value).open() as before:
            await in_thread(actions.record_states, states=[report(car, 1, charge=80.0, latitude=45.0)])
            await before.until(lambda: states_of(before.events))
            assert states_of(before.events) == [{CHARGE: 80.0}]
        await in_thread(entitlements.start_inclusive_contracts, vin=car.vin, at=clock.now())
        async with Browser({}, token=value).open() as after:
            await in_thread(actions.record_states, states=[report(car, 2, charge=79.0, latitude=46.0)])
            await after.until(lambda: states_of(after.events))
            assert states_of(after.events) == [{CHARGE: 79.0, signals.LATITUDE: 46.0}]

    watching(story)


class Socket:
    """A WebSocket as a server hands it on; what it is sent is kept."""

    def __init__(self, **headers: str) -> None:
        self.scope = {
            "type": "websocket",
            "path": stream.ADDRESS.format(vin=facts.VIN),
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "path_params": {"vin": facts.VIN},
            "extensions": {"websocket.http.response": {}},
            "scheme": "ws",
        }
        self.sent: list[dict] = []
        self._said: asyncio.Queue = asyncio.Queue()
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def open(self):
        await self._said.put({"type": "websocket.connect"})

        async def send(message):
            async with self._changed:
                self.sent.append(message)
                self._changed.notify_all()

        task = asyncio.create_task(stream.socket(stream.WebSocket(self.scope, self._said.get, send)))
        try:
            await self.until(lambda: self.sent)
            yield self
        finally:
            await self._said.put({"type": "websocket.disconnect", "code": 1000})
            await asyncio.wait_for(task, PATIENCE_SECONDS)

    async def until(self, question: Callable[[], object]) -> None:
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(question), PATIENCE_SECONDS)

    @property
    def events(self) -> list[dict]:
        return [json.loads(each["text"]) for each in self.sent if each["type"] == "websocket.send"]


def test_a_websocket_at_the_same_address_tells_the_same(watching, person, car):
    value = program_facts.token(person, "status")

    async def story():
        async with Socket(authorization=f"Bearer {value}").open() as socket:
            await socket.until(lambda: socket.events)
            await in_thread(actions.record_states, states=[report(car, 1, charge=80.0)])
            await in_thread(facts.command, car)
            await socket.until(lambda: len(socket.events) >= 4)
            opened, state, first, second = socket.events
            assert (opened["event"], state["event"], state["data"]["values"]) == ("opened", "state", {CHARGE: 80.0})
            assert [first["data"]["command"]["status"], second["data"]["command"]["status"]] == ["accepted", "sent"]
            assert first["id"] < second["id"]

    watching(story)


@pytest.mark.parametrize("who", ["nobody", "a page of somebody else"])
def test_a_websocket_is_refused_before_it_opens(watching, person, car, who):
    cookie = "; ".join(f"{name}={value}" for name, value in cookies_of(person).items())
    headers = {"cookie": cookie, "host": "localhost:8000", "origin": "https://evil.example"} if who != "nobody" else {}

    async def story():
        async with Socket(**headers).open() as socket:
            await socket.until(lambda: len(socket.sent) >= 2)
            assert socket.sent[0]["type"] == "websocket.http.response.start"
            assert socket.sent[0]["status"] == (401 if who == "nobody" else 403)

    watching(story)


def test_a_websocket_of_our_own_page_opens_with_its_cookies(watching, person, car):
    cookie = "; ".join(f"{name}={value}" for name, value in cookies_of(person).items())

    async def story():
        async with Socket(cookie=cookie, host="localhost:8000", origin="http://localhost:8000").open() as socket:
            await socket.until(lambda: socket.events)
            assert socket.events[0]["event"] == "opened"

    watching(story)


def test_a_websocket_is_closed_when_the_viewers_rights_end(watching, person, car):
    value = program_facts.token(person, "status")

    async def story():
        async with Socket(authorization=f"Bearer {value}").open() as socket:
            await socket.until(lambda: socket.events)
            await in_thread(people.revoke_program, account=person, client_id="charts")
            ended = people_events.ProgramAccessChanged(account_id=person.id, at=facts.clock.now())
            await in_thread(reactions.ask_programs_again, ended)
            await socket.until(lambda: socket.sent[-1]["type"] == "websocket.close")
            assert socket.sent[-1]["code"] == stream.RIGHTS_ENDED

    watching(story)


class Wire:
    """A WebSocket client over a real connection to the server that the front uses."""

    def __init__(self, port: int, *, token: str = "") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
        self._protocol = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)
        headers = [(b"authorization", f"Bearer {token}".encode())] if token else []
        asked = wsproto.events.Request(
            host=f"127.0.0.1:{port}", target=stream.ADDRESS.format(vin=facts.VIN), extra_headers=headers
        )
        self._socket.sendall(self._protocol.send(asked))

    def hear(self):
        """The next thing that the server says."""
        while True:
            for event in self._protocol.events():
                return event
            received = self._socket.recv(65536)
            self._protocol.receive_data(received or None)

    def close(self) -> None:
        self._socket.close()


def test_over_a_real_connection_a_websocket_opens_for_a_token_and_is_refused_without_one(watching, person, car):
    value = program_facts.token(person, "status")

    async def story():
        with socket.create_server(("127.0.0.1", 0)) as place:
            port = place.getsockname()[1]
        server = uvicorn.Server(
            uvicorn.Config(Router(routes=stream.routes), port=port, ws="wsproto", lifespan="off", log_config=None)
        )
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.02)
        opened, refused = await asyncio.to_thread(lambda: (Wire(port, token=value), Wire(port)))
        try:
            assert isinstance(await asyncio.to_thread(opened.hear), wsproto.events.AcceptConnection)
            assert json.loads((await asyncio.to_thread(opened.hear)).data)["event"] == "opened"
            await in_thread(actions.record_states, states=[report(car, 1, charge=80.0)])
            heard = json.loads((await asyncio.to_thread(opened.hear)).data)
            assert (heard["event"], heard["data"]["values"]) == ("state", {CHARGE: 80.0})
            assert (await asyncio.to_thread(refused.hear)).status_code == 401
        finally:
            opened.close()
            refused.close()
            server.should_exit = True
            await serving

    watching(story)
