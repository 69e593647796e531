"""What can happen to webhooks and their deliveries, and what counts against a budget."""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction

from vettura.developers import errors, ports, queries, rules
from vettura.developers.models import Delivery, Spent, Webhook
from vettura.foundation import clock, jobs, outbound, statements
from vettura.foundation.errors import NotFound
from vettura.identity import queries as identity
from vettura.identity.models import Account
from vettura.remote_services import queries as remote_services
from vettura.vehicle_link import actions as link
from vettura.vehicle_link import queries as twins
from vettura.vehicles import queries as vehicles
from vettura_wire.signals import SIGNALS

Json = dict[str, Any]  # a JSON object: each event has its own facts
SEND = "developers.send_delivery"
# whose budget it is where nobody is signed in
NOBODY = UUID(int=0)
Expected = Callable[[Webhook], None] | None  # asked while the webhook is locked, before it is changed

SPEND = """
    INSERT INTO developers_spent AS spent (account_id, budget, about, "window", used, until)
    SELECT %(account)s, wanted.budget, wanted.about, wanted."window", 1, wanted.until
    FROM unnest(%(budgets)s::text[], %(abouts)s::text[], %(windows)s::bigint[], %(untils)s::timestamptz[])
         AS wanted (budget, about, "window", until)
    ON CONFLICT (account_id, budget, about, "window") DO UPDATE SET used = spent.used + 1
    RETURNING budget, used
"""


@dataclass(frozen=True)
class Made:
    """A webhook and its secret, which is told once."""

    webhook: Webhook
    secret: str


@transaction.atomic
def create_webhook(
    *,
    by: Account,
    url: str,
    events: Sequence[str],
    cars: Sequence[str],
    signals: Sequence[str] = (),
    allowed: identity.Allowed | None = None,
) -> Made:
    """
    This will make a webhook, which is told of nothing until it has proven that it knows its secret.

    Raises AddressUnfit, EventUnknown, TooManyWebhooks, and NotFound for a car that is not the person's or was not opened to the
    program that asks.
    """
    allowed = allowed or identity.Allowed()
    _check(by=by, url=url, events=events, signals=signals, cars=cars, allowed=allowed)
    # two at once wait for one another as soon as there is one
    if len(Webhook.objects.select_for_update().filter(account=by)) >= rules.MOST_WEBHOOKS:
        raise errors.TooManyWebhooks(limit=rules.MOST_WEBHOOKS)
    row = Webhook.objects.create(
        account=by,
        client_id=allowed.client_id,
        url=url,
        events=list(dict.fromkeys(events)),
        signals=list(dict.fromkeys(signals)),
        cars=list(dict.fromkeys(cars)),
        created_at=clock.now(),
    )
    return Made(row, queries.secrets_of(webhook=row)[0])


@transaction.atomic
def change_webhook(
    *,
    by: Account,
    webhook_id: UUID,
    changes: Mapping[str, Any],
    allowed: identity.Allowed | None = None,
    expected: Expected = None,
) -> Webhook:
    """
    This will change `url`, `events`, `signals` or `cars`; another address has to prove itself anew. Raises as `create_webhook`,
    NotFound for anybody else's, and what `expected` raises when it is not any more what the caller has seen.
    """
    allowed = allowed or identity.Allowed()
    row = _locked(by, webhook_id, allowed.client_id or None, expected)
    wanted = {name: changes.get(name, getattr(row, name)) for name in ("url", "events", "signals", "cars")}
    _check(by=by, allowed=allowed, **wanted)
    before = set(row.cars)
    if wanted["url"] != row.url:
        row.proven_at = None
    for name, value in wanted.items():
        setattr(row, name, value if name == "url" else list(dict.fromkeys(value)))
    row.save()
    _watch(before | set(row.cars))
    return row


@transaction.atomic
def delete_webhook(*, by: Account, webhook_id: UUID, client_id: str | None = None, expected: Expected = None) -> None:
    """This will delete a webhook with what waits for it. Raises NotFound for anybody else's, and what `expected` raises."""
    row = _locked(by, webhook_id, client_id, expected)
    cars = set(row.cars)
    row.delete()
    _watch(cars)


@transaction.atomic
def delete_webhooks_of(*, account_id: UUID) -> None:
    """This will delete everything that a person who is gone wanted to be told."""
    rows = Webhook.objects.filter(account_id=account_id)
    cars = {vin for row in rows for vin in row.cars}
    rows.delete()
    _watch(cars)


def prove_webhook(*, by: Account, webhook_id: UUID, client_id: str | None = None) -> Webhook:
    """
    This will ask the address to answer a challenge with its secret; then it is told of events.

    Raises NotFound for anybody else's, and ChallengeFailed.
    """
    row = queries.webhook(account=by, webhook_id=webhook_id, client_id=client_id)
    challenge = secrets.token_urlsafe(32)
    body = msgspec.json.encode({"type": "challenge", "challenge": challenge})
    good = {rules.answer_to(secret=each, challenge=challenge) for each in queries.secrets_of(webhook=row)}
    try:
        answered = ports.carrier().post(
            url=row.url, body=body, headers=_headers(row, body, {"Vettura-Event": "challenge"})
        )
    except ports.Unreachable as error:
        raise errors.ChallengeFailed(why=str(error)[:120]) from error
    if not rules.is_taken(answered.status):
        raise errors.ChallengeFailed(why=f"HTTP {answered.status}")
    if _response_in(answered.body) not in good:
        raise errors.ChallengeFailed(why="response")
    with transaction.atomic():
        Webhook.objects.filter(id=row.id, url=row.url).update(proven_at=clock.now())
        _watch(row.cars)
    row.refresh_from_db()
    return row


def _response_in(body: bytes) -> str:
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    return str(said.get("response", "")) if isinstance(said, dict) else ""


@transaction.atomic
def rotate_secret(*, by: Account, webhook_id: UUID, client_id: str | None = None, expected: Expected = None) -> Made:
    """
    This will give a webhook a new secret; with the former one is signed too for a day. Raises NotFound for anybody else's, and what
    `expected` raises.
    """
    row = _locked(by, webhook_id, client_id, expected)
    row.generation += 1
    row.former_until = clock.real_now() + rules.FORMER_SECRET_IS_GOOD_FOR
    row.save(update_fields=["generation", "former_until"])
    return Made(row, queries.secrets_of(webhook=row)[0])


@transaction.atomic
def note_event(*, type: str, vin: str, at: datetime, data: Json) -> int:
    """This will keep an event for every webhook that wants it and may know it, and send it soon; returns for how many."""
    wanting = Webhook.objects.filter(proven_at__isnull=False, events__contains=[type], cars__contains=[vin])
    kept = 0
    for row in wanting.select_related("account").order_by("id"):
        told = _may_be_told(row, type, vin, data)
        if told is None:
            continue
        now = clock.real_now()
        delivery = Delivery(webhook=row, type=type, vin=vin, created_at=now, next_at=now + rules.HANDED_OUT_FOR)
        delivery.body = rules.event_body(id=delivery.id, type=type, vin=vin, at=at, data=told)
        delivery.save(force_insert=True)
        _send_soon(delivery)
        kept += 1
    return kept


def _may_be_told(row: Webhook, type: str, vin: str, data: Json) -> Json | None:
    """What of an event whoever made the webhook may know now, as on every other way; None for nothing."""
    allowed = queries.allowed_of(webhook=row)
    if allowed is None or not allowed.reaches(vin):
        return None
    try:
        vehicle = vehicles.vehicle_for(account=row.account, vin=vin)
    except NotFound:
        return None
    if type == rules.COMMAND_FINISHED:
        return data if twins.sees_command(allowed=allowed, type=data["type"], vin=vin) else None
    if type != rules.STATE_CHANGED:
        return data if allowed.may(*rules.SCOPES_OF_EVENTS.get(type, ())) else None
    seen = twins.seen_signals(allowed=allowed, vin=vin, paths=data["signals"])
    if row.signals:
        seen &= set(row.signals)
    if seen & twins.PLACE:
        twin = twins.twins_of(vehicles=[vehicle])[vin]
        if not remote_services.place_of(vehicle=vehicle, twin=twin, at=clock.now()).is_known:
            seen -= twins.PLACE
    values = {path: value for path, value in data["signals"].items() if path in seen}
    return {"signals": values} if values else None


def send(*, delivery_id: UUID, attempt: int) -> None:
    """
    This will try a delivery, if so many attempts were made before. What is not taken is tried again later, or given up after the
    last pause.

    It may be sent more than once: the `id` in its body tells.
    """
    row = Delivery.objects.select_related("webhook__account").filter(id=delivery_id).first()
    if row is None or row.delivered_at is not None or row.dead_at is not None or row.attempts != attempt:
        return
    webhook = row.webhook
    if webhook.proven_at is None:
        _note_attempt(row, answer="not proven", is_taken=False)
        return
    # what was true when it happened need not be allowed any more
    body = dict(row.body)
    told = _may_be_told(webhook, row.type, row.vin, body["data"])
    if told is None:
        row.delete()
        return
    encoded = msgspec.json.encode(body | {"data": told})
    headers = {"Vettura-Event": row.type, "Vettura-Delivery": str(row.id), "Vettura-Attempt": str(row.attempts + 1)}
    try:
        answered = ports.carrier().post(url=webhook.url, body=encoded, headers=_headers(webhook, encoded, headers))
    except ports.Unreachable as error:
        _note_attempt(row, answer=str(error), is_taken=False)
        return
    _note_attempt(row, answer=f"HTTP {answered.status}", is_taken=rules.is_taken(answered.status))


@transaction.atomic
def _note_attempt(row: Delivery, *, answer: str, is_taken: bool) -> None:
    at = clock.real_now()
    row.attempts += 1
    row.last_answer = answer[:120]
    pause = rules.next_pause(row.attempts)
    if is_taken:
        row.delivered_at = at
    elif pause is None:
        row.dead_at = at
    else:
        row.next_at = at + pause
    row.save(update_fields=["attempts", "last_answer", "delivered_at", "dead_at", "next_at"])


def send_due(*, at: datetime) -> int:
    """This will have everything tried again whose pause is over (real time); returns how many."""
    due = Delivery.objects.select_for_update(skip_locked=True).filter(delivered_at=None, dead_at=None, next_at__lte=at)
    rows = list(due.order_by("next_at")[:500])
    for row in rows:
        # not handed out again while a worker is at it, unless that has come to grief
        row.next_at = at + rules.HANDED_OUT_FOR
        _send_soon(row)
    Delivery.objects.bulk_update(rows, ["next_at"])
    return len(rows)


@transaction.atomic
def replay(*, by: Account, delivery_id: UUID, client_id: str | None = None) -> Delivery:
    """This will send a dead letter again, from the first attempt on. Raises NotFound for anybody else's, and NotDead."""
    found = Delivery.objects.select_for_update(of=("self",)).select_related("webhook")
    row = found.filter(id=delivery_id, webhook__account=by).first()
    if row is None or (client_id is not None and row.webhook.client_id != client_id):
        raise NotFound
    if row.dead_at is None:
        raise errors.NotDead
    row.dead_at, row.attempts, row.next_at = None, 0, clock.real_now() + rules.HANDED_OUT_FOR
    row.save(update_fields=["dead_at", "attempts", "next_at"])
    _send_soon(row)
    return row


def forget_old(*, at: datetime) -> int:
    """This will delete deliveries that are older than they are kept (real time), and counts of windows that are over."""
    Spent.objects.filter(until__lt=at).delete()
    return Delivery.objects.filter(created_at__lt=at - rules.DELIVERIES_ARE_KEPT).delete()[0]


def spend(
    *, account_id: UUID, client_id: str, vin: str | None, is_command: bool, is_ours: bool = False
) -> list[rules.Standing]:
    """This will count a request of a program against its budgets and say how they stand. One statement, which waits for no disk."""
    wanted = rules.budgets_for(vin=vin, is_command=is_command, is_ours=is_ours)
    return _count(
        account_id,
        [(each, client_id if each.name == "program" else f"{client_id} {vin}"[:120]) for each in wanted],
    )


def spend_of_stranger(*, address: str) -> list[rules.Standing]:
    """This will count a request of nobody in particular against the budget of its network address, in the same way."""
    return _count(NOBODY, [(rules.BUDGET_OF_STRANGERS, address[:120])])


def _count(account_id: UUID, wanted: Sequence[tuple[rules.Budget, str]]) -> list[rules.Standing]:
    """Counts one request against each budget of what it is about."""
    at = clock.real_now()
    seconds = int(at.timestamp())
    ends = [datetime.fromtimestamp((seconds // each.seconds + 1) * each.seconds, tz=UTC) for each, _about in wanted]
    rows = statements.fetch(
        SPEND,
        {
            "account": account_id,
            "budgets": [each.name for each, _about in wanted],
            "abouts": [about for _each, about in wanted],
            "windows": [seconds // each.seconds for each, _about in wanted],
            "untils": ends,
        },
    )
    used: dict[str, int] = dict(rows)
    return [
        rules.Standing(each, used[each.name], max(1, int((end - at) / timedelta(seconds=1))))
        for (each, _about), end in zip(wanted, ends, strict=True)
    ]


def _locked(by: Account, webhook_id: UUID, client_id: str | None, expected: Expected) -> Webhook:
    row = queries.webhook(account=by, webhook_id=webhook_id, client_id=client_id, lock=True)
    if expected is not None:
        expected(row)
    return row


def _check(
    *,
    by: Account,
    url: str,
    events: Sequence[str],
    signals: Sequence[str],
    cars: Sequence[str],
    allowed: identity.Allowed,
) -> None:
    why = outbound.problem_with(url, may_be_plain=settings.VETTURA_PRIVATE_WEBHOOKS)
    if why:
        raise errors.AddressUnfit(url=url[:200], why=why)
    for name in events:
        if name not in rules.EVENTS:
            raise errors.EventUnknown(name=name[:80])
    for path in signals:
        if path not in SIGNALS:
            raise errors.EventUnknown(name=path[:80])
    for vin in cars:
        if not allowed.reaches(vin):
            raise NotFound
        vehicles.vehicle_for(account=by, vin=vin)


def _watch(vins: Collection[str]) -> None:
    for vin in sorted(vins):
        is_wanted = Webhook.objects.filter(cars__contains=[vin], proven_at__isnull=False).exists()
        try:
            link.watch(vin=vin, on=is_wanted)
        except NotFound:  # a car that is gone has nothing to say
            continue


def _headers(webhook: Webhook, body: bytes, more: Mapping[str, str]) -> dict[str, str]:
    signed = rules.signature(secrets=queries.secrets_of(webhook=webhook), at=clock.real_now(), body=body)
    return {"Content-Type": "application/json", "User-Agent": "Vettura", "Vettura-Signature": signed, **more}


def _send_soon(delivery: Delivery) -> None:
    # one after the other for one receiver: a slow one holds up nobody else
    jobs.defer(SEND, lock=f"webhook:{delivery.webhook_id}", delivery_id=str(delivery.id), attempt=delivery.attempts)
