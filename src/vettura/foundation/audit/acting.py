"""
Who acts, by which way in, and why. The database learns it with the write itself, and only with writes to audited tables:
all other statements, those in the path of a remote command above all, are sent as they are.
"""

import functools
import inspect
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, ParamSpec, TypeVar
from uuid import UUID, uuid4

from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse

from vettura.foundation import clock
from vettura.foundation.audit.columns import audited_models
from vettura.foundation.audit.triggers import SETTING

P = ParamSpec("P")
R = TypeVar("R")
Actor = Callable[[], UUID | None]
Origin = Callable[[], str]

WRITES = ("INSERT", "UPDATE", "DELETE")


def _nobody() -> UUID | None:
    return None


@dataclass(frozen=True)
class Acting:
    """What is known of whoever acts. Asked for when something is written: a request is yet to sign in and find its view."""

    channel: str = "program"
    origin: Origin = str
    request: str = ""
    reason: str = ""
    actor: Actor = _nobody


_acting: ContextVar[Acting] = ContextVar("acting", default=Acting())  # noqa: B039  # frozen


@contextmanager
def acting(*, channel: str, origin: str | Origin = "", actor: Actor = _nobody) -> Iterator[None]:
    """This will say of every change made inside by which way it came, and who made it. `origin` is never a secret."""
    name = origin if callable(origin) else lambda: origin
    former = _acting.set(Acting(channel=channel, origin=name, request=uuid4().hex, actor=actor))
    try:
        yield
    finally:
        _acting.reset(former)


@contextmanager
def reason(text: str, *, by: UUID | None = None) -> Iterator[None]:
    """This will say why the changes inside are made; `by` counts where no way in has said who acts."""
    now = _acting.get()
    actor = now.actor
    former = _acting.set(replace(now, reason=text.strip()[:500], actor=(lambda: actor() or by) if by else actor))
    try:
        yield
    finally:
        _acting.reset(former)


def channel() -> str:
    """The way in by which whoever acts has come: `web`, `desk`, `api`, `car`, `job`, `sweep` or `program`."""
    return _acting.get().channel


_explained: set[str] = set()


def explained(action: Callable[P, R]) -> Callable[P, R]:
    """
    The decorator of actions that take a `reason`: what they change is kept with it, and with `by` who did it.

    Without a reason of its own an action has that of the one that called it.
    """
    names = inspect.signature(action).parameters
    if "reason" not in names:
        raise TypeError(f"{action.__qualname__} takes no reason")
    _explained.add(f"{action.__module__}.{action.__qualname__}")

    @functools.wraps(action)
    def explain(*args: P.args, **kwargs: P.kwargs) -> R:
        by = kwargs.get("by")
        with reason(str(kwargs.get("reason") or "").strip() or _acting.get().reason, by=getattr(by, "pk", None)):
            return action(*args, **kwargs)

    return explain


def explained_actions() -> frozenset[str]:
    """The full names of all actions whose `reason` is kept with what they change."""
    return frozenset(_explained)


class AuditMiddleware:
    """Says of every change made for a request who is signed in there. Stands after Django's authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Django hands over the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The request, with its actor known."""
        # the view's name and not the address: some addresses are secrets that were mailed
        with acting(
            channel=_channel_of(request.path), origin=lambda: _view_of(request), actor=lambda: _signed_in(request)
        ):
            return self.get_response(request)


def _channel_of(path: str) -> str:
    if path.startswith("/api/"):
        return "api"
    return "desk" if path.startswith("/desk/") else "web"


def _view_of(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _signed_in(request: HttpRequest) -> UUID | None:
    """Whoever the API's token or the session stands for."""
    person = getattr(request, "auth", None) or getattr(request, "user", None)
    found = getattr(person, "pk", None)
    return found if isinstance(found, UUID) else None


@functools.cache
def _tables() -> frozenset[str]:
    return frozenset(each.table for each in audited_models())


def tell_the_database(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """
    This will send along who acts with a write to an audited table: one round trip, and nothing stays behind in the session.

    Any: what Django hands to a wrapper of its statements.
    """
    if not (isinstance(sql, str) and sql[:6] in WRITES and sql.partition('"')[2].partition('"')[0] in _tables()):
        return execute(sql, params, many, context)
    value = json.dumps(said())
    raw = context["cursor"].cursor
    if many:  # never Django's own queries; a cursor sends many one by one, each a statement of its own
        raw.execute(f"SELECT set_config('{SETTING}', %s, true)", [value])
        return execute(sql, params, many, context)
    if isinstance(params, dict):
        place, params = "%(vettura_audit)s", {**params, "vettura_audit": value}
    else:
        place, sql, params = "%s", sql if params is not None else sql.replace("%", "%%"), (value, *(params or ()))
    answer = execute(f"SELECT set_config('{SETTING}', {place}, true); {sql}", params, many, context)
    while raw.nextset():  # to the answer of the write
        pass
    return answer


def said() -> dict[str, str | None]:
    """Who acts now, by which way and why; and when, if the clock is another than the one that the database reads too."""
    now = _acting.get()
    actor = now.actor()
    return {
        "at": None if isinstance(clock.source(), clock.SystemTime) else clock.now().isoformat(),
        "actor": str(actor) if actor else None,
        "channel": now.channel,
        "origin": now.origin()[:120],
        "reason": now.reason,
        "request": now.request,
    }


def attach(*, connection: BaseDatabaseWrapper, **_more: Any) -> None:  # Any: what Django sends along
    """This will let the connection tell who acts, each time it opens."""
    if tell_the_database not in connection.execute_wrappers:
        connection.execute_wrappers.append(tell_the_database)
