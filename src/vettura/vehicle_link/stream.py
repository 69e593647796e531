"""
Live views of a vehicle: server-sent events, straight from the broker to the browser.

`command`, `state`, `link` and documents such as `contracts` arrive as events with JSON data. Command steps carry an id;
a viewer that comes back with `Last-Event-ID` gets the steps it missed. A viewer whose rights end is sent away.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.db import connections
from nats.aio.client import Client
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from vettura.foundation.errors import NotFound
from vettura.identity import queries as identity
from vettura.vehicle_link import queries
from vettura.vehicle_link.actions.commands import step_notice
from vettura.vehicle_link.actions.sending import LIVE_PREFIX
from vettura.vehicle_link.adapters.nats import connect
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle
from vettura_wire import topics

log = logging.getLogger(__name__)
T = TypeVar("T")

Json = dict[str, Any]  # notices are JSON of any shape

SCOPE = "vehicles"
HEARTBEAT_SECONDS = 15
# a viewer asks again whether it may watch at each of these heartbeats: sign-outs announce themselves to nobody
HEARTBEATS_PER_CHECK = 4
# a viewer that does not read is sent away rather than filling the memory
MOST_WAITING = 1_000
_END: Json = {"kind": "end"}

_connection: Client | None = None
_opening = asyncio.Lock()


@contextlib.asynccontextmanager
async def lifespan() -> AsyncIterator[None]:
    """This will close the broker connection of the streams when the front ends; it is opened by the first viewer."""
    try:
        yield
    finally:
        global _connection  # noqa: PLW0603  # one connection for all viewers of this process
        if _connection is not None:
            with contextlib.suppress(Exception):
                await _connection.close()
            _connection = None


async def stream(request: Request) -> Response:
    """This will send a vehicle's live events to a viewer who may see it; a stranger's answer is 404."""
    vin = request.path_params["vin"]
    cookies, authorization = dict(request.cookies), request.headers.get("authorization", "")
    account_id = await _asked(_signed_in, cookies, authorization)
    if account_id is None:
        return _problem(401, "not_signed_in", "Sign in first.")
    vehicle = await _asked(_visible, vin, cookies, authorization)
    if vehicle is None:
        return _problem(404, "not_found", "There is nothing here, or it is not yours to see.")
    try:
        connection = await _broker()
    except Exception as error:  # noqa: BLE001  # the broker is away: the browser tries again by itself
        log.warning("a viewer has to wait: %s", error or type(error).__name__)
        return _problem(503, "stream_unavailable", "Live updates are not available for the moment.")
    last_seen = request.headers.get("last-event-id", "")
    viewer = Viewer(connection, vehicle, cookies, authorization)
    return StreamingResponse(
        viewer.events(int(last_seen) if last_seen.isdigit() and len(last_seen) < 19 else None),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


class Viewer:
    """One open live view with one subscription."""

    def __init__(self, connection: Client, vehicle: Vehicle, cookies: Mapping[str, str], authorization: str) -> None:
        """The vehicle is one that the viewer may see now; credentials are kept to ask again."""
        self._connection = connection
        self._vehicle = vehicle
        self._credentials = (cookies, authorization)
        self._notices: asyncio.Queue[Json] = asyncio.Queue(MOST_WAITING)

    async def events(self, last_seen: int | None) -> AsyncIterator[str]:
        """This will give the events as text, from the step after `last_seen` on, until the viewer leaves or must."""

        async def take(message: Any) -> None:  # Any: nats-py's Msg
            self._keep(msgspec.json.decode(message.data))

        subscription = await self._connection.subscribe(LIVE_PREFIX + self._vehicle.vin, cb=take)
        # a viewer who leaves in this moment must not cancel it: nats-py breaks its connection over a canceled flush
        await asyncio.shield(self._connection.flush())
        try:
            yield "retry: 2000\n\n"
            # from here on nothing is missed: what a page showed before may be older, so it asks once more
            yield _event({"kind": "opened"})
            if last_seen is not None:
                yield "".join(map(_event, await _asked(_missed, self._vehicle, last_seen)))
            heartbeats = 0
            while True:
                try:
                    async with asyncio.timeout(HEARTBEAT_SECONDS):
                        notices = [await self._notices.get()]
                except TimeoutError:
                    heartbeats += 1
                    if heartbeats % HEARTBEATS_PER_CHECK == 0 and not await self._may_see():
                        return
                    yield ": still here\n\n"
                    continue
                # what came together goes out together
                while not self._notices.empty():
                    notices.append(self._notices.get_nowait())
                text, must_leave = await self._shown(notices, last_seen)
                if text:
                    yield text
                if must_leave:
                    return
        finally:
            with contextlib.suppress(Exception):
                await subscription.unsubscribe()

    def _keep(self, notices: list[Json]) -> None:
        """Keeps what was said until the viewer reads it; who does not read is sent away."""
        try:
            for notice in notices:
                self._notices.put_nowait(notice)
        except asyncio.QueueFull:
            self._notices.get_nowait()
            self._notices.put_nowait(_END)

    async def _shown(self, notices: list[Json], last_seen: int | None) -> tuple[str, bool]:
        """What of the notices is new to the viewer, as text, and whether the viewer has to leave after it."""
        text = ""
        for notice in notices:
            if notice["kind"] == "end" or (notice["kind"] == "rights" and not await self._may_see()):
                return text, True
            is_known = last_seen is not None and "id" in notice and notice["id"] <= last_seen
            if notice["kind"] != "rights" and not is_known:
                text += _event(notice)
        return text, False

    async def _may_see(self) -> bool:
        return await _asked(_visible, self._vehicle.vin, *self._credentials) is not None


def _event(notice: Json) -> str:
    kind = notice["kind"]
    data = msgspec.json.encode({key: value for key, value in notice.items() if key != "kind"}).decode()
    place = f"id: {notice['id']}\n" if kind == "command" else ""
    return f"{place}event: {kind}\ndata: {data}\n\n"


async def _broker() -> Client:
    global _connection  # noqa: PLW0603  # one connection for all viewers of this process
    async with _opening:
        if _connection is None or _connection.is_closed:
            _connection = await connect(name="vettura stream")
    return _connection


async def _asked(question: Callable[..., T], *facts: object) -> T:
    """The answer of the database, asked in a thread that gives its connection back: viewers are many and stay long."""

    def ask() -> T:
        try:
            return question(*facts)
        finally:
            connections.close_all()

    return await run_in_threadpool(ask)


def _signed_in(cookies: Mapping[str, str], authorization: str) -> UUID | None:
    account = _account(cookies, authorization)
    return None if account is None else account.id


def _account(cookies: Mapping[str, str], authorization: str) -> Any:  # Any: identity's Account, named there
    kind, _, token = authorization.partition(" ")
    if kind.lower() == "bearer":
        return identity.bearer_account(token=token.strip(), scope=SCOPE)
    return identity.session_account(cookies=cookies)


def _visible(vin: str, cookies: Mapping[str, str], authorization: str) -> Vehicle | None:
    account = _account(cookies, authorization)
    if account is None or not topics.is_vin(vin):
        return None
    try:
        return vehicles.vehicle_for(account=account, vin=vin)
    except NotFound:
        return None


def _missed(vehicle: Vehicle, last_seen: int) -> list[Json]:
    steps = queries.steps_after(vehicle=vehicle, step_id=last_seen)
    return [step_notice(step.command, step) for step in steps]


def _problem(status: int, code: str, detail: str) -> Response:
    body = {"type": f"/help/errors/{code}", "title": detail, "status": status, "detail": detail, "code": code}
    return JSONResponse(body, status_code=status, media_type="application/problem+json")


routes = [Route("/api/v1/vehicles/{vin}/stream", stream, methods=["GET"])]
