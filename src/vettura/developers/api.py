"""Programs come in: webhooks, what was sent to them, and what was given up. `request.auth` is the account."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Header, Query, Router, Schema, Status
from pydantic import Field

from vettura.developers import actions, queries
from vettura.developers.models import Delivery, Webhook
from vettura.foundation import conditional
from vettura.foundation.errors import NotFound
from vettura.foundation.idempotency import repeatable
from vettura.identity import queries as identity
from vettura.identity.models import Account

router = Router(tags=["webhooks"])

EventName = Literal["state.changed", "command.finished", "alarm.raised", "contract.started", "contract.ended"]
Vins = Annotated[list[str], Field(min_length=1, max_length=100)]
Paths = Annotated[list[str], Field(max_length=100)]
Events = Annotated[list[EventName], Field(min_length=1, max_length=10)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]
Address = Annotated[str, Field(max_length=500, examples=["https://example.org/vettura"])]


class WebhookIn(Schema):
    """What is to be told where: events of cars (VIN), and of their signals only those chosen (VSS paths; none: all)."""

    url: Address
    events: Events
    cars: Vins
    signals: Paths = []


class WebhookChange(Schema):
    """What is to be changed; what is absent stays. Another address has to prove itself anew."""

    url: Address | None = None
    events: Events | None = None
    cars: Vins | None = None
    signals: Paths | None = None


class WebhookOut(Schema):
    """A webhook. `is_proven`: its address has answered the challenge; only then it is told of events."""

    id: UUID
    url: str
    events: list[str]
    cars: list[str]
    signals: list[str]
    created_at: datetime
    is_proven: bool
    former_secret_until: datetime | None = Field(
        description="Until when the secret before the last change is good too."
    )


class WebhookMade(WebhookOut):
    """A webhook with its secret, which is told this once."""

    secret: str


class WebhooksOut(Schema):
    """All webhooks of the caller; there are never more than a page of them."""

    items: list[WebhookOut]


class DeliveryOut(Schema):
    """One event for one webhook: `waiting`, `delivered`, or `dead` when it was tried for long enough."""

    id: UUID
    type: str
    vin: str
    state: Literal["waiting", "delivered", "dead"]
    attempts: int
    last_answer: str | None
    created_at: datetime
    next_at: datetime | None


class DeliveryPage(Schema):
    """Deliveries, the newest first; `next` is the cursor of the following page."""

    items: list[DeliveryOut]
    next: UUID | None


def _account(request: HttpRequest) -> Account:
    account = getattr(request, "auth", None)
    if not isinstance(account, Account):
        raise NotFound
    return account


def _client(request: HttpRequest) -> str | None:
    """A program sees what it made itself; a person everything."""
    return identity.allowed(request).client_id or None


def _out(row: Webhook) -> WebhookOut:
    return WebhookOut(
        id=row.id,
        url=row.url,
        events=row.events,
        cars=row.cars,
        signals=row.signals,
        created_at=row.created_at,
        is_proven=row.proven_at is not None,
        former_secret_until=row.former_until,
    )


def _kept(made: actions.Made) -> dict[str, Any]:  # JSON
    """A webhook as its answer is kept for who asks again: secrets are made anew and not kept."""
    return {"webhook": _out(made.webhook).model_dump(mode="json"), "generation": made.webhook.generation}


def _made(answer: dict[str, Any]) -> WebhookMade:  # JSON
    shown = WebhookOut(**answer["webhook"])
    secret = queries.secret_of(webhook_id=shown.id, generation=answer["generation"])
    return WebhookMade(**shown.model_dump(), secret=secret)


def _delivery(row: Delivery) -> DeliveryOut:
    state: Literal["waiting", "delivered", "dead"] = "waiting"
    if row.delivered_at is not None:
        state = "delivered"
    elif row.dead_at is not None:
        state = "dead"
    return DeliveryOut(
        id=row.id,
        type=row.type,
        vin=row.vin,
        state=state,
        attempts=row.attempts,
        last_answer=row.last_answer or None,
        created_at=row.created_at,
        next_at=row.next_at if state == "waiting" else None,
    )


@router.get("", response=WebhooksOut, operation_id="list_webhooks", summary="List webhooks")
def list_webhooks(request: HttpRequest) -> WebhooksOut:
    """The caller's own; a program sees those that it made."""
    found = queries.webhooks_of(account=_account(request), client_id=_client(request))
    return WebhooksOut(items=[_out(each) for each in found])


@router.post("", response={201: WebhookMade}, operation_id="create_webhook", summary="Create a webhook")
def create_webhook(request: HttpRequest, webhook: WebhookIn, idempotency_key: Key = None) -> Status[WebhookMade]:
    """
    Make a webhook. Its `secret` is in this answer and in no other. It is told of nothing until `…/verification` has succeeded.

    Outside the demo the address begins with `https://` and leads to the public network. Twice is two, unless it comes with the same
    `Idempotency-Key`.
    """
    account, allowed, wanted = _account(request), identity.allowed(request), webhook.model_dump()
    answer = repeatable(
        account_id=account.id,
        program=allowed.client_id,
        key=idempotency_key,
        asked=("developers.create", wanted),
        do=lambda: _kept(actions.create_webhook(by=account, allowed=allowed, **wanted)),
    )
    return Status(201, _made(answer))


@router.get("/{webhook_id}", response=WebhookOut, operation_id="get_webhook", summary="Get a webhook")
def get_webhook(request: HttpRequest, webhook_id: UUID) -> WebhookOut:
    """One of the caller's own."""
    return _out(queries.webhook(account=_account(request), webhook_id=webhook_id, client_id=_client(request)))


@router.patch("/{webhook_id}", response=WebhookOut, operation_id="change_webhook", summary="Change a webhook")
def change_webhook(request: HttpRequest, webhook_id: UUID, changes: WebhookChange) -> WebhookOut:
    """What is absent or null stays as it is."""
    given = {name: value for name, value in changes.model_dump().items() if value is not None}
    return _out(
        actions.change_webhook(
            by=_account(request),
            webhook_id=webhook_id,
            changes=given,
            allowed=identity.allowed(request),
            expected=conditional.expected(request, _out),
        )
    )


@router.delete("/{webhook_id}", response={204: None}, operation_id="delete_webhook", summary="Delete a webhook")
def delete_webhook(request: HttpRequest, webhook_id: UUID) -> Status[None]:
    """With everything that waits for it."""
    actions.delete_webhook(
        by=_account(request),
        webhook_id=webhook_id,
        client_id=_client(request),
        expected=conditional.expected(request, _out),
    )
    return Status(204, None)


@router.post(
    "/{webhook_id}/verification", response=WebhookOut, operation_id="verify_webhook", summary="Verify a webhook"
)
def verify_webhook(request: HttpRequest, webhook_id: UUID) -> WebhookOut:
    """
    Have the address asked now: it gets `{"type": "challenge", "challenge": "…"}` and answers 200 with `{"response": "…"}`, which is the
    HMAC-SHA256 of the challenge with the secret, in hex.
    """
    return _out(actions.prove_webhook(by=_account(request), webhook_id=webhook_id, client_id=_client(request)))


@router.post(
    "/{webhook_id}/secret", response=WebhookMade, operation_id="rotate_webhook_secret", summary="Change a secret"
)
def rotate_secret(request: HttpRequest, webhook_id: UUID, idempotency_key: Key = None) -> WebhookMade:
    """
    A new secret, told this once. For a day everything is signed with the former one as well. Twice are two changes, unless it comes
    with the same `Idempotency-Key`.
    """
    account, client_id, expected = _account(request), _client(request), conditional.expected(request, _out)
    answer = repeatable(
        account_id=account.id,
        program=client_id or "",
        key=idempotency_key,
        asked=("developers.rotate", str(webhook_id)),
        do=lambda: _kept(
            actions.rotate_secret(by=account, webhook_id=webhook_id, client_id=client_id, expected=expected)
        ),
    )
    return _made(answer)


@router.get(
    "/{webhook_id}/deliveries", response=DeliveryPage, operation_id="list_deliveries", summary="List deliveries"
)
def list_deliveries(
    request: HttpRequest,
    webhook_id: UUID,
    state: Literal["all", "dead"] = "all",
    before: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> DeliveryPage:
    """What was sent or is to be sent, the newest first; `dead` are those that were given up."""
    webhook = queries.webhook(account=_account(request), webhook_id=webhook_id, client_id=_client(request))
    found = list(queries.deliveries_of(webhook=webhook, only_dead=state == "dead", before=before)[: limit + 1])
    page = found[:limit]
    return DeliveryPage(items=[_delivery(each) for each in page], next=page[-1].id if len(found) > limit else None)


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/replay",
    response={202: DeliveryOut},
    operation_id="replay_delivery",
    summary="Send a dead letter again",
)
def replay(
    request: HttpRequest, webhook_id: UUID, delivery_id: UUID, idempotency_key: Key = None
) -> Status[DeliveryOut]:
    """From the first attempt on. Only what was given up can be sent again; the same `Idempotency-Key` again sends nothing more."""
    account, client_id = _account(request), _client(request)
    queries.webhook(account=account, webhook_id=webhook_id, client_id=client_id)

    def do() -> dict[str, Any]:  # JSON
        row = actions.replay(by=account, delivery_id=delivery_id, client_id=client_id)
        return _delivery(row).model_dump(mode="json")

    answer = repeatable(
        account_id=account.id,
        program=client_id or "",
        key=idempotency_key,
        asked=("developers.replay", str(webhook_id), str(delivery_id)),
        do=do,
    )
    return Status(202, DeliveryOut(**answer))
