"""The push service over HTTP: what browsers ask (subscribe, listen), what senders send, and a page to steer it."""

import json
import re
import secrets
from base64 import b64encode
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from vettura_sandbox.outbox import pages
from vettura_sandbox.outbox.routes import PAGE_POLICY
from vettura_sandbox.push.store import Note, PushStore, Subscription
from vettura_sandbox.push.vapid import NotBelieved, NotSaid, sender_of
from vettura_wire.clock import real_now

MOST_BYTES = 4096
SHORTEST_BODY = 16 + 4 + 1 + 65 + 1 + 16  # head with a P-256 key, the delimiter, the tag of AES-GCM
LONGEST_TTL = 28 * 24 * 60 * 60
URGENCIES = ("very-low", "low", "normal", "high")
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
STEERED = (404, 410, 429, 500, 503)


def create_app(state_dir: Path) -> Starlette:
    """This will make the push service with its state in `state_dir`."""
    return Starlette(routes=PushService(PushStore(Path(state_dir) / "push.sqlite3")).routes())


class PushService:
    """Answers for one store."""

    def __init__(self, store: PushStore) -> None:
        """What is kept stands in `store`."""
        self.store = store

    def routes(self) -> list[Route]:
        """Everything below the mount point."""
        return [
            Route("/", self.page),
            Route("/steer", self.steer, methods=["POST"]),
            Route("/subscribe", self.subscribe, methods=["POST"]),
            Route("/receive/{receiver}", self.receive, methods=["GET"]),
            Route("/receive/{receiver}", self.unsubscribe, methods=["DELETE"]),
            Route("/p/{subscription}", self.take, methods=["POST"]),
            Route("/note/{note}", self.acknowledge, methods=["DELETE"]),
        ]

    async def subscribe(self, request: Request) -> Response:
        """A browser subscribes (RFC 8030 section 4), for one sender if it says which (RFC 8292 section 4)."""
        body = await request.body()
        try:
            wanted = json.loads(body) if body else {}
        except ValueError:
            return Response(status_code=400)
        key = str(wanted.get("vapid", "")) if isinstance(wanted, dict) else ""
        id, receiver = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        await run_in_threadpool(self.store.subscribe, id=id, receiver=receiver, sender_key=key)
        root = _root(request)
        headers = {"Location": f"{root}/receive/{receiver}", "Link": f'<{root}/p/{id}>; rel="urn:ietf:params:push"'}
        return Response(status_code=201, headers=headers)

    def receive(self, request: Request) -> Response:
        """What waits for a browser, sealed as it came: nobody but the browser opens it."""
        found = self.store.subscription(receiver=request.path_params["receiver"])
        if found is None or found.is_gone:
            return Response(status_code=404)
        waiting = self.store.waiting(subscription=found.id, at=real_now().timestamp())
        return JSONResponse(
            [
                {
                    "id": each.id,
                    "topic": each.topic,
                    "urgency": each.urgency,
                    "ttl": each.ttl,
                    "body": b64encode(each.body).decode(),
                }
                for each in waiting
            ]
        )

    def unsubscribe(self, request: Request) -> Response:
        """A browser wants to hear nothing more (RFC 8030 section 7.3)."""
        self.store.unsubscribe(receiver=request.path_params["receiver"])
        return Response(status_code=204)

    def acknowledge(self, request: Request) -> Response:
        """A browser has a note (RFC 8030 section 6.2)."""
        return Response(status_code=204 if self.store.acknowledge(id=request.path_params["note"]) else 404)

    async def take(self, request: Request) -> Response:
        """A sender's note (RFC 8030 section 5)."""
        body = await _limited_body(request)
        found = await run_in_threadpool(self.store.subscription, id=request.path_params["subscription"])
        if found is None:
            return _refused(404, "no such subscription")
        if found.is_gone:
            return _refused(410, "the subscription has ended")
        problem = _stranger(request, found) or _problem(request, body)
        if problem is not None:
            return problem
        wanted = await run_in_threadpool(self.store.next_answer)
        if wanted is not None:
            return _refused(wanted, "as steered", {"Retry-After": "1"} if wanted in (429, 503) else {})
        note = Note(
            id=secrets.token_urlsafe(24),
            topic=request.headers.get("topic", ""),
            urgency=request.headers.get("urgency", "normal"),
            ttl=min(int(request.headers["ttl"]), LONGEST_TTL),
            body=body,
        )
        await run_in_threadpool(self.store.keep, note, subscription=found.id, at=real_now().timestamp())
        headers = {"Location": f"{_root(request)}/note/{note.id}", "TTL": str(note.ttl)}
        return Response(status_code=201, headers=headers)

    def page(self, request: Request) -> Response:
        """What there is, and how the next notes are answered."""
        root = request.scope.get("root_path", "")
        living, waiting = self.store.counts()
        buttons = " ".join(f"<button name='status' value='{each}'>{each}</button>" for each in STEERED)
        html = pages.page(
            "Push service",
            "<h1>Push service</h1><p class='lead'>Takes notes for browsers that subscribed here. They are sealed: nobody but the browser"
            f" reads them.</p><p>{living} subscriptions, {waiting} notes waiting.</p>"
            f"<form method='post' action='{root}/steer'><p>Answer the next note with {buttons}</p></form>",
            root=root.removesuffix("/push"),
        )
        return HTMLResponse(html, headers={"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-store"})

    async def steer(self, request: Request) -> Response:
        """This will let the next notes be answered with these statuses instead of taken."""
        form = await request.form()
        wanted = [int(str(each)) for each in form.getlist("status") if str(each).isdecimal()]
        await run_in_threadpool(self.store.answer_next, [each for each in wanted if each in STEERED])
        return RedirectResponse(f"{request.scope.get('root_path', '')}/", status_code=303)


async def _limited_body(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            break
    return body


def _stranger(request: Request, subscription: Subscription) -> Response | None:
    """The answer to somebody who is not, or need not be, who may send there."""
    try:
        key = sender_of(request.headers.get("authorization", ""), origin=_origin(request), at=real_now().timestamp())
    except NotSaid:
        return _refused(401, "say who you are", {"WWW-Authenticate": "vapid"})
    except NotBelieved as why:
        return _refused(403, str(why))
    if subscription.sender_key and key != subscription.sender_key:
        return _refused(403, "the subscription is for another sender")
    return None


def _problem(request: Request, body: bytes) -> Response | None:
    """What is wrong with a note, by the standards alone."""
    headers = request.headers
    is_sealed = len(body) >= SHORTEST_BODY and body[20:22] == b"\x41\x04" and int.from_bytes(body[16:20], "big") >= 18
    wrongs = (
        (not headers.get("ttl", "").isdecimal(), 400, "TTL is missing"),
        (headers.get("urgency", "normal") not in URGENCIES, 400, "no such urgency"),
        ("topic" in headers and not TOPIC.fullmatch(headers["topic"]), 400, "no topic"),
        (len(body) > MOST_BYTES, 413, "too long"),
        (headers.get("content-encoding") != "aes128gcm", 415, "not sealed as RFC 8291 says"),
        (not is_sealed, 400, "no sealed body"),
    )
    return next((_refused(status, why) for is_wrong, status, why in wrongs if is_wrong), None)


def _refused(status: int, why: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": why}, status_code=status, headers=headers)


def _origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers.get('host', '')}"


def _root(request: Request) -> str:
    return _origin(request) + str(request.scope.get("root_path", ""))
