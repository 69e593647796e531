"""
The unmodified clients, in a thread of their own, and the platform in the test's: requests cross over one by one.

So the platform's side runs in the test's transaction and clock, and the client keeps its event loop. Its only patch is
`asyncio.sleep`, which it uses to be polite.
"""

import asyncio
import contextlib
import importlib
import queue
import sys
import threading
from collections.abc import Iterator
from types import ModuleType
from urllib.parse import urlsplit

import httpx
import pytest
from django.core.cache import cache
from django.test import Client
from tests import identity_facts as facts
from tests.foreign_clients import folder_of

from vettura.identity import actions

VERSIONS = ("0.2.7", "0.2.9")
PATIENCE_SECONDS = 60
_sleep = asyncio.sleep


@contextlib.contextmanager
def loaded(version: str) -> Iterator[ModuleType]:
    """The client's package in one version; its dependencies are ours where we have them."""
    folder = str(folder_of(f"pyporscheconnectapi-{version}"))
    sys.path.append(folder)
    try:
        yield importlib.import_module("pyporscheconnectapi")
    finally:
        sys.path.remove(folder)
        for name in [name for name in sys.modules if name.partition(".")[0] == "pyporscheconnectapi"]:
            del sys.modules[name]


@pytest.fixture(params=VERSIONS)
def version(request) -> str:
    return request.param


@pytest.fixture
def client_package(version) -> Iterator[ModuleType]:
    with loaded(version) as package:
        yield package


@pytest.fixture(autouse=True)
def own_counts(db) -> None:
    cache.clear()


class Crossing(httpx.AsyncBaseTransport):
    """Hands requests of the client's loop over to the test's thread, where a browserless Django answers them."""

    def __init__(self) -> None:
        self.waiting: queue.Queue = queue.Queue()
        self.seen: list[tuple[str, str, int]] = []
        # answers given instead of the platform's, first come first served: (path, status, headers, body)
        self.instead: list[tuple[str, int, dict, bytes]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        answered = asyncio.get_running_loop().create_future()
        self.waiting.put((request, body, asyncio.get_running_loop(), answered))
        return await answered

    def answer(self, request: httpx.Request, body: bytes) -> httpx.Response:
        path = request.url.raw_path.decode()
        if self.instead and self.instead[0][0] in path:
            _, status, headers, content = self.instead.pop(0)
            self.seen.append((request.method, path, status))
            return httpx.Response(status, headers=headers, content=content, request=request)
        parts = urlsplit(path)
        headers = {
            f"HTTP_{name.upper().replace('-', '_')}": value
            for name, value in request.headers.items()
            if name not in ("content-type", "content-length", "accept-encoding")
        }
        response = Client().generic(
            request.method,
            parts.path,
            body,
            content_type=request.headers.get("content-type", "application/octet-stream"),
            QUERY_STRING=parts.query,
            secure=True,
            **headers,
        )
        self.seen.append((request.method, parts.path, response.status_code))
        told = list(response.headers.items())
        told += [("Set-Cookie", morsel.OutputString()) for morsel in response.cookies.values()]
        return httpx.Response(response.status_code, headers=told, content=response.content, request=request)


class Loop:
    """A loop in a thread that lives as long as the test: the client's locks belong to it."""

    def __init__(self) -> None:
        self.transport = Crossing()
        self.loop = asyncio.new_event_loop()
        self.slept: list[float] = []
        # what happens while the client sleeps, in the test's thread: a car that answers, a clock that moves
        self.meanwhile = lambda seconds: None
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def http(self, **more) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=self.transport, **more)

    def run(self, work):
        """The result of a coroutine of the client; the platform answers from here meanwhile."""
        future = asyncio.run_coroutine_threadsafe(work, self.loop)
        future.add_done_callback(lambda _: self.transport.waiting.put(None))
        while True:
            asked = self.transport.waiting.get(timeout=PATIENCE_SECONDS)
            if asked is None:
                return future.result()
            request, body, loop, answered = asked
            try:
                answer = self.meanwhile(body) if request == "sleep" else self.transport.answer(request, body)
            except BaseException as error:  # a failed assertion of the platform's side ends the test
                loop.call_soon_threadsafe(future.cancel)
                raise error
            loop.call_soon_threadsafe(answered.set_result, answer)

    async def sleep(self, seconds: float, *_) -> None:
        self.slept.append(seconds)
        answered = asyncio.get_running_loop().create_future()
        self.transport.waiting.put(("sleep", seconds, asyncio.get_running_loop(), answered))
        await answered

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)
        self.loop.close()


@pytest.fixture
def loop(monkeypatch) -> Iterator[Loop]:
    made = Loop()
    monkeypatch.setattr(asyncio, "sleep", made.sleep)
    yield made
    made.close()


@pytest.fixture
def person(db):
    """Somebody with a PIN who lets foreign apps in."""
    account = facts.account(pin="1234")
    actions.allow_foreign_apps(account=account, is_on=True)
    return account


@pytest.fixture
def connect(client_package, loop):
    """`connect(email, password, …)`: a connection of the client, each with cookies of its own unless `http` says otherwise."""
    connection = importlib.import_module("pyporscheconnectapi.connection")

    def make(email: str, password: str = facts.PASSWORD, *, http: httpx.AsyncClient | None = None, **more):
        return connection.Connection(email, password, async_client=http or loop.http(), **more)

    return make


@pytest.fixture
def read(connect, loop):
    """`read(person, method, …)`: the person's cars as the client sees them."""

    def cars(person):
        account = importlib.import_module("pyporscheconnectapi.account")
        made = account.PorscheConnectAccount(connection=connect(person.email))
        return {each.vin: each for each in loop.run(made.get_vehicles())}

    return cars
