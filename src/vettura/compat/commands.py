"""`…/commands`: a foreign command becomes one of ours, and its life is told in the three words that clients know."""

import json
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from vettura.compat import clients, places, wishes
from vettura.compat.kept import Unreadable
from vettura.compat.measurements import moment
from vettura.compat.vehicles import for_account, refused
from vettura.foundation import ids
from vettura.foundation.errors import NotFound
from vettura.identity import actions as identity
from vettura.identity.models import Account
from vettura.remote_services import actions
from vettura.remote_services import queries as remote_services
from vettura.vehicle_link import queries as link
from vettura.vehicle_link.models import RemoteCommand
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle
from vettura_wire.statuses import Status

Json = dict[str, Any]

ACCEPTED, IN_PROGRESS, PERFORMED, ERROR = "ACCEPTED", "IN_PROGRESS", "PERFORMED", "ERROR"
RESULTS = {
    Status.ACCEPTED: ACCEPTED,
    Status.QUEUED: ACCEPTED,
    Status.WAKING: IN_PROGRESS,
    Status.SENT: IN_PROGRESS,
    Status.DELIVERED: IN_PROGRESS,
    Status.RUNNING: IN_PROGRESS,
    Status.DONE: PERFORMED,
}
PREFIX = "ODP"
# the end of an id whose command no car had to carry out
AT_ONCE = "AT-ONCE"


@require_POST
@for_account(clients.CARS, is_command=True)
def command(request: HttpRequest, account: Account, vin: str) -> HttpResponse:
    """This will have the car do something. What is refused is a status above 399 with its reason, which clients show."""
    vehicle = vehicles.vehicle_for(account=account, vin=vin)
    try:
        key, payload = _read(request.body)
        if key == wishes.SPIN_CHALLENGE:
            return JsonResponse({"data": {"challenge": identity.ask_for_pin(account=account, about=vin)}})
        if key in places.CHANGES:
            places.carry_out(key, payload, account=account, vehicle=vehicle)
            return _accepted(f"{PREFIX}-{key}-{AT_ONCE}")
        word = wishes.WORDS.get(key)
        if word is None:
            raise Unreadable("key")
        wish, step_up = word.read(payload, _car(vehicle)), wishes.step_up(payload)
    except Unreadable as wrong:
        return refused(HTTPStatus.BAD_REQUEST, "malformed_request", f"{wrong.name} cannot be read.")
    if word.scope not in getattr(request, "granted", frozenset()):
        return refused(HTTPStatus.FORBIDDEN, "scope_missing", f"The token was not granted the scope {word.scope}.")
    if wish.type is None:
        return _accepted(f"{PREFIX}-{key}-{AT_ONCE}")
    asked = actions.request_command(
        by=account, vin=vin, type=wish.type, params=wish.params, step_up=step_up, command_id=ids.new_id()
    )
    return _accepted(f"{PREFIX}-{key}-{asked.id}")


def _read(body: bytes) -> tuple[str, Json]:
    """Key and payload of a command. Raises Unreadable."""
    try:
        sent = json.loads(body)
    except ValueError as error:
        raise Unreadable("body") from error
    if not isinstance(sent, dict):
        raise Unreadable("body")
    # one client calls it by another name
    key, payload = sent.get("key") or sent.get("commandName"), sent.get("payload")
    if not isinstance(key, str):
        raise Unreadable("key")
    if payload is not None and not isinstance(payload, dict):
        raise Unreadable("payload")
    return key, payload or {}


def _car(vehicle: Vehicle) -> wishes.Car:
    twin = link.twins_of(vehicles=[vehicle])[vehicle.vin]
    return wishes.Car(
        understood=remote_services.understood(vehicle=vehicle),
        held={name: held.value for name, held in twin.held.items()},
    )


def _accepted(status_id: str) -> HttpResponse:
    return JsonResponse({"status": {"id": status_id, "result": ACCEPTED}}, status=HTTPStatus.CREATED)


@require_GET
@for_account(clients.CARS)
def command_status(request: HttpRequest, account: Account, vin: str, status_id: str) -> HttpResponse:
    """How far a command came: anything but PERFORMED and ERROR means that clients ask again."""
    vehicle = vehicles.vehicle_for(account=account, vin=vin)
    if status_id.endswith(AT_ONCE):
        return JsonResponse({"status": {"id": status_id, "result": PERFORMED}})
    try:
        # our id is the end of theirs: 36 characters
        command_id = UUID(status_id[-36:])
    except ValueError as error:
        raise NotFound from error
    return JsonResponse({"status": {"id": status_id, **told(link.command_of(vehicle=vehicle, command_id=command_id))}})


def told(command: RemoteCommand) -> Json:
    """
    The result of a command in the foreign words, with our own status, its cause and its steps for people who look closer, each as a
    sentence too.
    """
    return {
        "result": RESULTS.get(Status(command.status), ERROR),
        "state": command.status,
        "cause": command.cause or None,
        "message": remote_services.sentence(status=command.status, cause=command.cause),
        "steps": [
            {
                "state": step.status,
                "at": moment(step.at),
                "cause": step.cause or None,
                "message": remote_services.sentence(status=step.status, cause=step.cause),
            }
            for step in command.steps.all()
        ],
    }
