"""Commands that came in over MQTT: read, and sent by the action that every way in uses."""

import logging
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
from django.utils import translation
from django.utils.translation import gettext as _

from vettura.developers import actions as developers
from vettura.developers.errors import BudgetSpent
from vettura.foundation import clock, ids
from vettura.foundation.errors import NotFound, Refusal
from vettura.identity import actions as identity
from vettura.identity import queries as people
from vettura.identity.errors import ScopeMissing
from vettura.owner_mqtt.owners import Owner
from vettura.owner_mqtt.topics import CommandTopic
from vettura.remote_services import actions
from vettura.remote_services import queries as remote_services
from vettura.vehicle_link import queries as link

log = logging.getLogger(__name__)

Json = dict[str, Any]  # from outside, checked by rules
NOT_SENT = "not_sent"
"""The status of a command that was refused before it was one."""
LONGEST_TYPE = 32


@dataclass(frozen=True)
class Order:
    """What somebody wants a car to do. The PIN is never shown, not even by accident."""

    type: str
    params: Json
    pin: str | None = field(default=None, repr=False)
    id: UUID | None = None


class Unreadable(Exception):
    """The message is no command; says what is wrong with it."""


def read(topic: CommandTopic, payload: bytes) -> Order:
    """
    The command of a message: `{"type", "params", "pin", "id"}` on the topic of all commands; on the topic of one type its parameters,
    with `pin` and `id` beside them, or nothing, or the one number that it takes. Raises Unreadable.
    """
    try:
        said: Any = msgspec.json.decode(payload) if payload.strip() else {}
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unreadable("not JSON") from error
    if topic.type is not None and not isinstance(said, dict):
        parameter = remote_services.parameter_of(type=topic.type)
        said = {parameter: said} if parameter else {}
    if not isinstance(said, dict):
        raise Unreadable("not a JSON object")
    pin, id_ = said.pop("pin", None), said.pop("id", None)
    if topic.type is None:
        type_, params = said.pop("type", None), said.pop("params", {})
        if said:
            raise Unreadable(f"unknown field {min(said)[:32]}")
    else:
        type_, params = topic.type, said
    if not isinstance(type_, str) or not isinstance(params, dict):
        raise Unreadable("type and params are missing")
    if pin is not None and not isinstance(pin, str):
        raise Unreadable("pin is a text")
    try:
        return Order(type_[:LONGEST_TYPE], params, pin, None if id_ is None else UUID(str(id_)))
    except ValueError as error:
        raise Unreadable("id is a UUID") from error


def obey(owner: Owner, topic: CommandTopic, payload: bytes, *, is_retained: bool) -> Json:
    """
    This will send a command to a car under the rules of the API (scope, budget, documents, rights, contract, PIN, wakes) and tell what
    became of it: its id and status, or why it was not sent.
    """
    with translation.override(owner.account.language):
        if is_retained:
            # a broker in between would hand it to us again and again
            return _not_sent(topic.type, "retained", _("A command must not be retained."))
        try:
            order = read(topic, payload)
        except Unreadable as error:
            return _not_sent(topic.type, "invalid_request", _("This is no command: %(why)s.") % {"why": error})
        try:
            return _sent(owner, topic.vin, order)
        except Refusal as refusal:
            return _not_sent(order.type, refusal.code, str(refusal), id_=order.id, facts=refusal.facts)


def _sent(owner: Owner, vin: str, order: Order) -> Json:
    _spend(owner, vin)
    remote_services.require_known(type=order.type)
    allowed, scope = owner.allowed, link.scope_of_command(type=order.type)
    if not allowed.reaches(vin):
        raise NotFound
    if not allowed.may(scope) or (scope == people.LOCATION and not allowed.sees_place(vin)):
        raise ScopeMissing(scope=scope)
    identity.require_acceptance(account=owner.account)
    command = actions.request_command(
        by=owner.account,
        vin=vin,
        type=order.type,
        params=order.params,
        step_up=None if order.pin is None else {"pin": order.pin},
        command_id=order.id or ids.new_id(),
    )
    return {
        "id": str(command.id),
        "type": command.type,
        "status": command.status,
        "cause": command.cause or None,
        "text": remote_services.sentence(status=command.status, cause=command.cause),
        "at": clock.now().isoformat(),
    }


def _spend(owner: Owner, vin: str) -> None:
    """Counts a command against the budgets that every program has. Raises BudgetSpent."""
    standings = developers.spend(
        account_id=owner.account.id, client_id=owner.allowed.client_id, vin=vin, is_command=True
    )
    spent = next((each for each in standings if each.is_spent), None)
    if spent is not None:
        budget = spent.budget
        raise BudgetSpent(budget=budget.name, limit=budget.limit, seconds=budget.seconds, wait=spent.wait)


def _not_sent(type_: str | None, code: str, text: str, *, id_: UUID | None = None, facts: Json | None = None) -> Json:
    more = {name: value for name, value in (facts or {}).items() if isinstance(value, str | int | float)}
    return more | {
        "id": None if id_ is None else str(id_),
        "type": type_,
        "status": NOT_SENT,
        "cause": code,
        "text": text,
        "at": clock.now().isoformat(),
    }


def step_told(step: Json, *, language: str) -> Json:
    """A step of a command that a car's link has announced, as it stands on the topic of results."""
    command = step["command"]
    with translation.override(language):
        text = remote_services.sentence(status=command["status"], cause=command["cause"] or "")
    return {**command, "text": text, "at": step["at"]}
