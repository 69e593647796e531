"""
The overview with a wake-up (`wakeUpJob`): the car is asked to report, and the answer waits until it has, without a thread.

The wake-up is a `locate` of ours under an id made of the job's, so the same job again wakes nothing twice. A car that may not be
asked, or does not answer in time, is told as it was last known, with the moments of that.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID, uuid5

from django.db import connections
from django.http import HttpRequest, HttpResponse, QueryDict
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from vettura.compat.vehicles import admitted, overview
from vettura.foundation.errors import Refusal
from vettura.remote_services import actions
from vettura.remote_services.queries import LOCATE
from vettura.vehicle_link import queries as link
from vettura_wire import statuses

PATIENCE_SECONDS = 20.0
LOOK_EVERY_SECONDS = 0.4
JOB = "wakeUpJob"
T = TypeVar("T")


async def woken(request: Request) -> Response:
    """The overview, once the car has reported or its time is over."""
    vin, authorization = request.path_params["vin"], request.headers.get("authorization", "")
    command_id = await run_in_threadpool(_asked, _wake, authorization, vin, request.query_params[JOB])
    if command_id is not None:
        # after its time it is told as it was last known
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not await run_in_threadpool(_asked, _has_answered, command_id):
                    await asyncio.sleep(LOOK_EVERY_SECONDS)
    told = await run_in_threadpool(_asked, _overview, authorization, vin, request.url.query)
    return Response(told.content, told.status_code, dict(told.items()))


def _asked(question: Callable[..., T], *facts: object) -> T:
    """The answer of the database, from a thread that gives its connection back."""
    try:
        return question(*facts)
    finally:
        connections.close_all()


def _wake(authorization: str, vin: str, job: str) -> UUID | None:
    """This will ask the car to report, if this person may; the id of the command, None where nothing was asked."""
    account = admitted(authorization, vin)
    if account is None:
        return None
    command_id = uuid5(account.id, f"{vin} {job}"[:200])
    try:
        actions.request_command(by=account, vin=vin, type=LOCATE, params={}, step_up=None, command_id=command_id)
    except Refusal:
        # the overview says what can be said, or refuses for itself
        return None
    return command_id


def _has_answered(command_id: UUID) -> bool:
    command = link.known_command(command_id=command_id)
    return command is None or command.status not in statuses.FORWARD


def _overview(authorization: str, vin: str, query: str) -> HttpResponse:
    """What the address answers without a wake-up."""
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = f"/app/connect/v1/vehicles/{vin}"
    request.META["HTTP_AUTHORIZATION"] = authorization
    request.GET = QueryDict(query)
    return overview(request, vin=vin)


class WakingRoute(Route):
    """The overview's address, if it asks for a wake-up; without one Django answers."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """No match without a job."""
        asks = f"{JOB}=".encode() in scope.get("query_string", b"")
        return super().matches(scope) if asks else (Match.NONE, {})


routes: list[BaseRoute] = [
    WakingRoute(f"{begin}/connect/v1/vehicles/{{vin}}", woken, methods=["GET"]) for begin in ("/app", "/app/")
]
