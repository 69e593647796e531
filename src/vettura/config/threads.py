"""
Django in threads, behind an asyncio server.

a2wsgi passes every part of an answer from the thread to the loop and waits for it. Nearly all of our requests and answers
are short and whole, so here such a request goes to its thread in one step and its answer comes back in one; only long
bodies and streamed answers (files) go part by part.
"""

import asyncio
import contextvars
import io
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, cast

from a2wsgi.wsgi import Body, build_environ
from starlette.types import Message, Receive, Scope, Send

Environ = dict[str, Any]  # what WSGI puts there
WsgiApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


@dataclass
class _Answer:
    """What the application said so far."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    content: bytes = b""
    is_sent: bool = False

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:  # noqa: ARG002
        """WSGI's `start_response` as Django uses it: called once, and what it returns is not written to."""
        self.status = int(status.split(" ", 1)[0])
        self.headers = [
            (name.strip().encode("latin-1").lower(), value.strip().encode("latin-1")) for name, value in headers
        ]

    @property
    def head(self) -> Message:
        """The beginning, as ASGI wants it."""
        return {"type": "http.response.start", "status": self.status, "headers": self.headers}


class InThreads:
    """A WSGI application as an ASGI application; at most `workers` requests are in it at once, the others wait."""

    def __init__(self, application: WsgiApplication, *, workers: int) -> None:
        """Threads begin with the first requests."""
        self._application = application
        self._executor = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="django")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """This will answer a request; there are no web sockets here."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
            return
        loop = asyncio.get_running_loop()
        environ = await self._environ(scope, receive, loop)
        if environ is None:
            return
        run = contextvars.copy_context().run
        answer = await loop.run_in_executor(self._executor, run, self._answer, environ, send, loop)
        if not answer.is_sent:
            await send(answer.head)
            await send({"type": "http.response.body", "body": answer.content})

    async def _environ(self, scope: Scope, receive: Receive, loop: asyncio.AbstractEventLoop) -> Environ | None:
        first = await receive()
        if first["type"] != "http.request":  # the client has gone
            return None
        # a2wsgi's own types of ASGI and ours are the same in other words
        body = Body(loop, cast("Any", receive))
        body.buffer.extend(first.get("body", b""))
        environ: Environ = dict(build_environ(cast("Any", scope), body))
        if not first.get("more_body", False):
            environ["wsgi.input"] = io.BytesIO(bytes(body.buffer))
        return environ

    def _answer(self, environ: Environ, send: Send, loop: asyncio.AbstractEventLoop) -> _Answer:
        """Runs in a thread from beginning to end: the thread's database connection is given back when it closes."""
        answer = _Answer()
        parts = self._application(environ, answer.start)
        try:
            if not getattr(parts, "streaming", False):
                answer.content = b"".join(parts)
                return answer

            def pass_on(message: Message) -> None:
                asyncio.run_coroutine_threadsafe(_sent(send, message), loop).result()

            answer.is_sent = True
            pass_on(answer.head)
            for part in parts:
                pass_on({"type": "http.response.body", "body": part, "more_body": True})
            pass_on({"type": "http.response.body", "body": b""})
            return answer
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()


async def _sent(send: Send, message: Message) -> None:
    await send(message)
