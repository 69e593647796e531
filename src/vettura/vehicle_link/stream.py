"""
Live views of a vehicle: server-sent events, or a WebSocket at the same address, straight from the broker to the viewer.

`command`, `state`, `link` and documents such as `contracts` arrive as events with JSON data. Command steps carry an id;
a viewer that comes back with `Last-Event-ID` (or `?last_event_id=`) gets the steps it missed. `?signals=` chooses signals of the
state, `?interval=` is the least number of seconds between two states: what came in between arrives together. A program sees what
its scopes open, and has only so many streams open at once (of each process that answers). Where the car is stands there as
everywhere: while a service that finds it runs, and not in privacy mode. A viewer whose rights end is sent away.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from django.db import connections
from nats.aio.client import Client
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from vettura.foundation.errors import NotFound
from vettura.foundation.panels import panels
from vettura.identity import queries as identity
from vettura.vehicle_link import errors, queries, rules
from vettura.vehicle_link.actions.commands import step_notice
from vettura.vehicle_link.actions.sending import LIVE_PREFIX
from vettura.vehicle_link.adapters.nats import connect
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle
from vettura_wire import topics
from vettura_wire.signals import SIGNALS

log = logging.getLogger(__name__)
T = TypeVar("T")

Json = dict[str, Any]  # notices are JSON of any shape

# any one of them opens the stream; each event needs its own
SCOPES = ("status", "location", "climate", "charging", "access")
LONGEST_INTERVAL = 3600
RIGHTS_ENDED = 4403  # a WebSocket's code of ours, after HTTP's 403
HEARTBEAT_SECONDS = 15
# a viewer asks again whether it may watch at each of these heartbeats: sign-outs announce themselves to nobody
HEARTBEATS_PER_CHECK = 4
# when a program whose streams are all open may try again
TRY_AGAIN_SECONDS = 30
# after these it is asked again what the viewer may know
CHANGES_OF_RIGHTS = frozenset({"rights", "contracts"})
# a viewer that does not read is sent away rather than filling the memory
MOST_WAITING = 1_000
_END: Json = {"kind": "end"}

# how many streams of a program are open in this process: by person and program, and those by car
_open: Counter[tuple[UUID, str, str]] = Counter()
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


@dataclass(frozen=True)
class Wish:
    """What a viewer asked for: after which step, which signals (None: all), and how many seconds between two states at least."""

    last_seen: int | None = None
    signals: frozenset[str] | None = None
    interval: float = 0.0


@dataclass(frozen=True)
class Seen:
    """A vehicle that a viewer may watch now, for whom, and what of it; `shows_place`: whether where it is may be known now."""

    vehicle: Vehicle
    account_id: UUID
    allowed: identity.Allowed
    shows_place: bool


async def stream(request: Request) -> Response:
    """This will send a vehicle's live events to a viewer who may see it; a stranger's answer is 404."""
    opened = await _opened(request)
    return opened if isinstance(opened, Response) else EventStream(opened)


class EventStream(StreamingResponse):
    """A viewer's events as an answer. It counts among what is open until the answer is over, however that comes."""

    def __init__(self, viewer: "Viewer") -> None:
        """The answer begins when it is called."""
        super().__init__(
            viewer.events(),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )
        self._viewer = viewer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """This will answer, or refuse what would be one stream too many."""
        try:
            with counted(self._viewer.seen):
                await super().__call__(scope, receive, send)
        except errors.TooManyStreams as refusal:
            await _too_many(refusal)(scope, receive, send)


@contextlib.contextmanager
def counted(seen: Seen) -> Iterator[None]:
    """While this lasts it is one more open stream of a program. A person in the portal has as many as there are tabs."""
    allowed = seen.allowed
    if not allowed.client_id:
        yield
        return
    of_program, of_car = ((seen.account_id, allowed.client_id, about) for about in ("", seen.vehicle.vin))
    limits = {of_program: rules.STREAMS_OF_PROGRAM, of_car: rules.STREAMS_OF_CAR}
    for key, limit in limits.items():
        if _open[key] >= (rules.STREAMS_OF_OURS if allowed.is_ours else limit):
            raise errors.TooManyStreams(limit=limit)
    _open.update(limits.keys())
    try:
        yield
    finally:
        _open.subtract(limits.keys())
        for key in limits:
            if not _open[key]:
                del _open[key]


def _too_many(refusal: errors.TooManyStreams) -> Response:
    answer = _problem(refusal.status, refusal.code, str(refusal))
    answer.headers["Retry-After"] = str(TRY_AGAIN_SECONDS)
    return answer


async def socket(websocket: WebSocket) -> None:
    """The same events over a WebSocket, one JSON object each: `event`, `data`, and `id` where there is one."""
    if websocket.cookies and "authorization" not in websocket.headers and not _is_same_origin(websocket):
        # a page of somebody else would come with the person's cookies
        await websocket.send_denial_response(_problem(403, "foreign_origin", "Cookies count on our own pages only."))
        return
    opened = await _opened(websocket)
    if isinstance(opened, Response):
        await websocket.send_denial_response(opened)
        return
    try:
        with counted(opened.seen):
            await _attend(websocket, opened)
    except errors.TooManyStreams as refusal:
        await websocket.send_denial_response(_too_many(refusal))


async def _attend(websocket: WebSocket, viewer: "Viewer") -> None:
    await websocket.accept()
    sending = asyncio.create_task(_send(websocket, viewer))
    try:
        # whatever the viewer says is not for us; that it went is
        while (await websocket.receive())["type"] != "websocket.disconnect":
            pass
    finally:
        sending.cancel()
        with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
            await sending


async def _send(websocket: WebSocket, viewer: "Viewer") -> None:
    async with contextlib.aclosing(viewer.notices()) as notices:
        async for together in notices:
            for notice in together if together is not None else [{"kind": "heartbeat"}]:
                data = {key: value for key, value in notice.items() if key != "kind"}
                place = {"id": notice["id"]} if notice["kind"] == "command" else {}
                await websocket.send_text(
                    msgspec.json.encode({"event": notice["kind"], **place, "data": data}).decode()
                )
    # the viewer's rights are over
    await websocket.close(code=RIGHTS_ENDED)


def _is_same_origin(connection: HTTPConnection) -> bool:
    origin = urlsplit(connection.headers.get("origin", ""))
    return bool(origin.netloc) and origin.netloc == connection.headers.get("host", "")


async def _opened(connection: HTTPConnection) -> "Viewer | Response":
    """A live view for whoever asks, or why there is none."""
    vin = connection.path_params["vin"]
    cookies, authorization = dict(connection.cookies), connection.headers.get("authorization", "")
    wish = _wish(connection)
    if isinstance(wish, Response):
        return wish
    who = await _asked(_caller, cookies, authorization)
    if who is None:
        return _problem(401, "not_signed_in", "Sign in first.")
    if not who[1].may(*SCOPES):
        return _problem(403, "identity.scope_missing", f"The token has not the scope {' '.join(SCOPES)}.")
    seen = await _asked(_visible, vin, cookies, authorization)
    if seen is None:
        return _problem(404, "not_found", "There is nothing here, or it is not yours to see.")
    try:
        broker = await _broker()
    except Exception as error:  # noqa: BLE001  # the broker is away: the viewer tries again by itself
        log.warning("a viewer has to wait: %s", error or type(error).__name__)
        return _problem(503, "stream_unavailable", "Live updates are not available for the moment.")
    return Viewer(broker, seen, cookies, authorization, wish)


def _wish(connection: HTTPConnection) -> Wish | Response:
    asked = connection.query_params
    chosen = [path for each in asked.get("signals", "").split(",") if (path := each.strip())]
    unknown = [path for path in chosen if path not in SIGNALS]
    if unknown:
        return _problem(422, "invalid_request", f"There is no signal {unknown[0][:80]}.")
    try:
        interval = float(asked.get("interval", "0"))
    except ValueError:
        interval = -1.0
    if not 0 <= interval <= LONGEST_INTERVAL:
        return _problem(422, "invalid_request", f"The interval is a number of seconds up to {LONGEST_INTERVAL}.")
    last_seen = connection.headers.get("last-event-id", "") or asked.get("last_event_id", "")
    is_place = last_seen.isascii() and last_seen.isdigit() and len(last_seen) < 19
    return Wish(int(last_seen) if is_place else None, frozenset(chosen) or None, interval)


class Viewer:
    """One open live view with one subscription."""

    def __init__(
        self, connection: Client, seen: Seen, cookies: Mapping[str, str], authorization: str, wish: Wish
    ) -> None:
        """The vehicle is one that the viewer may see now; credentials are kept to ask again."""
        self._connection = connection
        self.seen = seen
        self._credentials = (cookies, authorization)
        self._wish = wish
        self._notices: asyncio.Queue[Json] = asyncio.Queue(MOST_WAITING)

    async def events(self) -> AsyncIterator[str]:
        """This will give the events as text, until the viewer leaves or must."""
        yield "retry: 2000\n\n"
        async with contextlib.aclosing(self.notices()) as notices:
            async for together in notices:
                yield ": still here\n\n" if together is None else "".join(map(_event, together))

    async def notices(self) -> AsyncGenerator[list[Json] | None]:
        """This will give what happens, what came together at once; None shows that the view is still open."""

        async def take(message: Any) -> None:  # Any: nats-py's Msg
            self._keep(msgspec.json.decode(message.data))

        subscription = await self._connection.subscribe(LIVE_PREFIX + self.seen.vehicle.vin, cb=take)
        # a viewer who leaves in this moment must not cancel it: nats-py breaks its connection over a canceled flush
        await asyncio.shield(self._connection.flush())
        try:
            # from here on nothing is missed: what a page showed before may be older, so it asks once more
            yield [{"kind": "opened"}]
            if self._wish.last_seen is not None:
                missed = await _asked(_missed, self.seen.vehicle, self._wish.last_seen)
                if seen := [notice for each in missed if (notice := self._of_interest(each)) is not None]:
                    yield seen
            async for together in self._live():
                yield together
        finally:
            with contextlib.suppress(Exception):
                await subscription.unsubscribe()

    async def _live(self) -> AsyncGenerator[list[Json] | None]:
        time = asyncio.get_running_loop().time
        held: Json | None = None
        held_until, beat_at, heartbeats = time(), time() + HEARTBEAT_SECONDS, 0
        while True:
            arrived = await self._arrived(beat_at if held is None else min(beat_at, held_until))
            shown, must_leave = await self._shown(arrived)
            out = []
            for notice in shown:
                if notice["kind"] == "state" and self._wish.interval:
                    held = notice if held is None else _merged(held, notice)
                else:
                    out.append(notice)
            if held is not None and (must_leave or time() >= held_until):
                out.append(held)
                held, held_until = None, time() + self._wish.interval
            if out:
                yield out
            if must_leave:
                return
            if time() >= beat_at:
                heartbeats, beat_at = heartbeats + 1, time() + HEARTBEAT_SECONDS
                if heartbeats % HEARTBEATS_PER_CHECK == 0 and not await self._may_see():
                    return
                yield None

    async def _arrived(self, until: float) -> list[Json]:
        """What came together, or nothing when the time is over."""
        try:
            async with asyncio.timeout_at(until):
                notices = [await self._notices.get()]
        except TimeoutError:
            return []
        while not self._notices.empty():
            notices.append(self._notices.get_nowait())
        return notices

    def _keep(self, notices: list[Json]) -> None:
        """Keeps what was said until the viewer reads it; who does not read is sent away."""
        try:
            for notice in notices:
                self._notices.put_nowait(notice)
        except asyncio.QueueFull:
            self._notices.get_nowait()
            self._notices.put_nowait(_END)

    async def _shown(self, notices: list[Json]) -> tuple[list[Json], bool]:
        """What of the notices is new to the viewer, and whether the viewer has to leave after it."""
        shown: list[Json] = []
        for notice in notices:
            if notice["kind"] == "end" or (notice["kind"] in CHANGES_OF_RIGHTS and not await self._may_see()):
                return shown, True
            if notice.get("privacy_mode_on") is False and not await self._may_see():
                return shown, True
            if notice["kind"] != "rights" and (seen := self._of_interest(notice)) is not None:
                shown.append(seen)
        return shown, False

    def _of_interest(self, notice: Json) -> Json | None:
        """The notice as far as the viewer may see it and wants to; None if nothing is left of it."""
        allowed, vin = self.seen.allowed, self.seen.vehicle.vin
        if notice["kind"] == "command":
            is_known = self._wish.last_seen is not None and notice["id"] <= self._wish.last_seen
            is_seen = queries.sees_command(allowed=allowed, type=notice["command"]["type"], vin=vin)
            return None if is_known or not is_seen else notice
        if notice["kind"] != "state":
            return notice if allowed.may("status") else None
        seen = queries.seen_signals(allowed=allowed, vin=vin, paths=notice["values"])
        if not self.seen.shows_place:
            seen -= queries.PLACE
        wanted = seen if self._wish.signals is None else seen & self._wish.signals
        values = {path: value for path, value in notice["values"].items() if path in wanted}
        return notice | {"values": values} if values or "privacy_mode_on" in notice else None

    async def _may_see(self) -> bool:
        seen = await _asked(_visible, self.seen.vehicle.vin, *self._credentials)
        if seen is not None:
            # what a program may see of the car can have become less
            self.seen = seen
        return seen is not None


def _merged(before: Json, after: Json) -> Json:
    return before | after | {"values": before["values"] | after["values"]}


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


def _caller(
    cookies: Mapping[str, str], authorization: str
) -> tuple[Any, identity.Allowed] | None:  # identity's Account
    kind, _, token = authorization.partition(" ")
    if kind.lower() == "bearer":
        bearer = identity.bearer(token=token.strip())
        return None if bearer is None else (bearer.account, bearer.allowed)
    account = identity.session_account(cookies=cookies)
    return None if account is None else (account, identity.Allowed())


def _visible(vin: str, cookies: Mapping[str, str], authorization: str) -> Seen | None:
    caller = _caller(cookies, authorization)
    if caller is None or not topics.is_vin(vin):
        return None
    account, allowed = caller
    if not allowed.may(*SCOPES) or not allowed.reaches(vin):
        return None
    try:
        vehicle = vehicles.vehicle_for(account=account, vin=vin)
    except NotFound:
        return None
    # who may not know the place anyway needs no question
    shows_place = allowed.sees_place(vin) and all(shown(vehicle=vehicle) for shown in panels("place_shown"))
    return Seen(vehicle=vehicle, account_id=account.id, allowed=allowed, shows_place=shows_place)


def _missed(vehicle: Vehicle, last_seen: int) -> list[Json]:
    steps = queries.steps_after(vehicle=vehicle, step_id=last_seen)
    return [step_notice(step.command, step) for step in steps]


def _problem(status: int, code: str, detail: str) -> Response:
    body = {"type": f"/help/errors/{code}", "title": detail, "status": status, "detail": detail, "code": code}
    return JSONResponse(body, status_code=status, media_type="application/problem+json")


ADDRESS = "/api/v1/vehicles/{vin}/stream"
routes = [Route(ADDRESS, stream, methods=["GET"]), WebSocketRoute(ADDRESS, socket)]
