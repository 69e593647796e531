"""
The front: one origin for pages and streams, over HTTP and HTTPS.

Event streams and the demo's sandboxes are answered here on the event loop; everything else goes to Django, which runs in
threads. Streams are collected by name from every `<context>/stream.py`: its `routes`, and its `lifespan` if it has one.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import importlib.util
import ipaddress
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, cast
from urllib.parse import urlsplit

import uvicorn
import uvloop
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vettura.config.threads import InThreads, WsgiApplication

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vettura.config.settings")

DJANGO_THREADS = 12
SWITCH_SECONDS = 0.0005
SHUTDOWN_SECONDS = 3
BROKER_PATIENCE_SECONDS = 2

Lifespan = Callable[[], AbstractAsyncContextManager[Any]]  # it may yield state or nothing

REQUESTS = Counter("vettura_http_requests_total", "Requests answered by the front.", ["method", "status"])
SECONDS = Histogram("vettura_http_request_seconds", "Time until the answer began.", ["method"])


@dataclass(frozen=True)
class Listener:
    """Where the front listens; with certificate and key it speaks HTTPS."""

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None


def create_app() -> Router:
    """This will set Django up and put streams, sandboxes and Django behind one application."""
    from django.conf import settings

    from vettura.config.wsgi import application as django_application  # sets Django up: not before somebody asks

    routes: list[BaseRoute] = [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]
    lifespans: list[Lifespan] = []
    for stream in _streams([*settings.CONTEXTS, "compat"]):
        routes.extend(stream.routes)
        if hasattr(stream, "lifespan"):
            lifespans.append(stream.lifespan)
    if settings.IS_DEMO:
        mounts, sandboxes = _sandboxes(settings)
        routes.extend(mounts)
        lifespans.extend(partial(sandbox.router.lifespan_context, sandbox) for sandbox in sandboxes)
    routes.append(Mount("/", InThreads(cast("WsgiApplication", django_application), workers=DJANGO_THREADS)))

    @contextlib.asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for each in lifespans:
                await stack.enter_async_context(each())
            yield

    # A bare router: Starlette's application would put two more layers under every event of every stream, and what they
    # do for errors Django does for its own answers, and the server for the rest.
    return Router(routes=routes, lifespan=lifespan, middleware=[Middleware(Measured)])


def run(listeners: list[Listener]) -> None:
    """This will serve on all listeners in one process until SIGTERM or Ctrl-C."""
    app = create_app()
    _read_what_stays()
    # what is there from the start stays: looking through it again and again would hold requests up
    gc.collect()
    gc.freeze()
    # a thread in the middle of its work holds the loop, and with it all streams, up for this long at most
    sys.setswitchinterval(SWITCH_SECONDS)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(app, listeners))


def _read_what_stays() -> None:
    """The pack's texts and the addresses, which the first request would read otherwise."""
    from django.urls import reverse

    from vettura.help_center import queries as help_center

    help_center.help_of_pack()
    reverse("help_center:index")


async def serve(app: ASGIApp, listeners: list[Listener]) -> None:
    """This will serve the application on all listeners until a signal ends them together."""
    servers = [
        _Server(
            uvicorn.Config(
                app,
                host=listener.host,
                port=listener.port,
                ssl_certfile=listener.certificate,
                ssl_keyfile=listener.key,
                lifespan="on" if position == 0 else "off",  # one application, one life
                http="httptools",
                ws="wsproto",
                access_log=False,
                server_header=False,
                log_config=None,
                timeout_graceful_shutdown=SHUTDOWN_SECONDS,
            )
        )
        for position, listener in enumerate(listeners)
    ]

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)

    async def serve_one(server: _Server) -> None:
        try:
            await server.serve()
        finally:
            stop()  # one listener that cannot go on ends the others

    await asyncio.gather(*(serve_one(server) for server in servers))


class _Server(uvicorn.Server):
    """A server that leaves the signals to `serve`, which has several servers to end."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:  # uvicorn's own type is a generator of nothing
        """This will do nothing."""
        yield


def _streams(contexts: list[str]) -> list[Any]:  # modules, of which we know `routes` and maybe `lifespan`
    names = [f"vettura.{context}.stream" for context in contexts]
    return [importlib.import_module(name) for name in names if importlib.util.find_spec(name) is not None]


def _sandboxes(settings: Any) -> tuple[list[BaseRoute], list[Starlette]]:  # Any: Django's settings object
    """The outside parties of the demo. They know nothing of us, so they are found by name too."""
    cards_module = importlib.import_module("vettura_sandbox.cards.app")
    ident_module = importlib.import_module("vettura_sandbox.ident.app")
    outside_module = importlib.import_module("vettura_sandbox.app")
    from vettura.config import environment as env

    state_dir = settings.VETTURA_DATA_DIR / "sandbox"
    state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    cards: Starlette = cards_module.create_app(
        state_dir,
        webhook_url=f"{settings.VETTURA_BASE_URL}/billing/webhooks/cards/",
        webhook_secret=env.CARDS_WEBHOOK_SECRET.value,
        secret_key=env.CARDS_KEY.value,
        publishable_key=env.CARDS_PUBLIC_KEY.value,
    )
    ident: Starlette = ident_module.create_app(
        state_dir,
        company=env.IDENT_COMPANY.value,
        key=env.IDENT_KEY.value,
        webhook_url=f"{settings.VETTURA_BASE_URL}/identification/webhooks/",
        webhook_secret=env.IDENT_WEBHOOK_SECRET.value,
        return_url=f"{settings.VETTURA_BASE_URL}/identification/{{custom1}}/",
    )
    outside: Starlette = outside_module.create_app(
        state_dir,
        smtp_url=settings.VETTURA_PROVIDERS.smtp_url,
        sms_account=env.SMS_ACCOUNT.value,
        sms_token=env.SMS_TOKEN.value,
        cards=cards,
        ident=ident,
    )
    # A foreign page must not reach the outbox through a host name of its own (DNS rebinding).
    guarded = TrustedHostMiddleware(outside, allowed_hosts=settings.ALLOWED_HOSTS, www_redirect=False)
    return [Mount("/sandbox", guarded)], [outside]


async def healthz(request: Request) -> Response:
    """This process lives."""
    return PlainTextResponse("ok\n")


async def readyz(request: Request) -> Response:
    """Whether what we depend on answers: 200, or 503 with the names of what does not."""
    from django.conf import settings

    checks = {
        "database": run_in_threadpool(_ask_database),
        "broker": _ask_broker(settings.VETTURA_NATS_URL),
    }
    answers = dict(zip(checks, await asyncio.gather(*checks.values(), return_exceptions=True), strict=True))
    failed = [name for name, answer in answers.items() if isinstance(answer, BaseException)]
    state = {name: "does not answer" if name in failed else "ok" for name in checks}
    return JSONResponse(state, status_code=503 if failed else 200)


async def metrics(request: Request) -> Response:
    """What Prometheus collects; for this machine only, elsewhere there is nothing here."""
    client = request.client.host if request.client else ""
    with contextlib.suppress(ValueError):
        if ipaddress.ip_address(client).is_loopback:
            return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
    return PlainTextResponse("Not found\n", status_code=404)


def _ask_database() -> None:
    from django.db import close_old_connections, connection

    close_old_connections()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()


async def _ask_broker(url: str) -> None:
    address = urlsplit(url)
    async with asyncio.timeout(BROKER_PATIENCE_SECONDS):
        reader, writer = await asyncio.open_connection(address.hostname, address.port or 4222)
        try:
            greeting = await reader.readline()
        finally:
            writer.close()
    if not greeting.startswith(b"INFO "):
        raise ConnectionError("This is not a NATS server.")


class Measured:
    """Counts requests and measures the time until their answers begin."""

    def __init__(self, app: ASGIApp) -> None:
        """This will wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """This will pass the request on and note its status."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method, began = scope["method"], perf_counter()

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                REQUESTS.labels(method, str(message["status"])).inc()
                SECONDS.labels(method).observe(perf_counter() - began)
            await send(message)

        await self.app(scope, receive, noted)
