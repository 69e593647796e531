"""Phones and browsers that are told something, for programs: `/push-subscriptions`."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from vettura.notifications import actions, queries
from vettura.notifications.models import PushKind, PushSubscription

router = Router(tags=["messages"])

Kind = Literal["alarm", "command", "contract", "account"]


class PushKeys(Schema):
    """What the browser gave: its public key and its secret, base64url."""

    p256dh: Annotated[str, Field(min_length=80, max_length=100)]
    auth: Annotated[str, Field(min_length=20, max_length=40)]


class PushSubscriptionIn(Schema):
    """A subscription as browsers write it (`PushSubscription.toJSON()`), and of what it wants to know; absent: everything."""

    endpoint: Annotated[str, Field(max_length=1000, examples=["https://push.example/p/1"])]
    keys: PushKeys
    kinds: list[Kind] | None = None


class PushSubscriptionOut(Schema):
    """A phone or browser that is told something."""

    id: UUID
    endpoint: str
    kinds: list[str]
    created_at: datetime
    told_at: datetime | None = Field(description="When its push service last took something for it.")


class PushKindOut(Schema):
    """A kind of message, and what it is called in the asker's language."""

    kind: str
    text: str


class PushSubscriptionsOut(Schema):
    """
    The caller's subscriptions; there are never more than a page of them. `key` is the `applicationServerKey` that a browser subscribes
    for; null where notes to phones are not set up.
    """

    key: str | None
    kinds: list[PushKindOut]
    items: list[PushSubscriptionOut]


@router.get(
    "",
    response=PushSubscriptionsOut,
    operation_id="list_push_subscriptions",
    summary="List phones that are told something",
)
def list_push_subscriptions(request: HttpRequest) -> PushSubscriptionsOut:
    """What a browser needs to subscribe, and the subscriptions; a program sees its own."""
    recipient_id, client_id, _ = _caller(request)
    found = queries.push_subscriptions_of(recipient_id=recipient_id, client_id=client_id)
    return PushSubscriptionsOut(
        key=queries.push_key(),
        kinds=[PushKindOut(kind=kind.value, text=str(kind.label)) for kind in PushKind],
        items=[_out(each) for each in found],
    )


@router.post(
    "",
    response={200: PushSubscriptionOut, 201: PushSubscriptionOut},
    operation_id="subscribe_to_push",
    summary="Have a phone told something",
)
def subscribe_to_push(request: HttpRequest, body: PushSubscriptionIn) -> Status[PushSubscriptionOut]:
    """
    Have a browser told of messages by its push service (RFC 8030), sealed so that only the browser reads them (RFC 8291). The same
    `endpoint` again is the same subscription: 200, with the kinds as they are now. It ends with the program's sign-in.
    """
    recipient_id, client_id, grant_id = _caller(request)
    row, is_new = actions.subscribe_to_push(
        recipient_id=recipient_id,
        client_id=client_id,
        grant_id=grant_id,
        endpoint=body.endpoint,
        p256dh=body.keys.p256dh,
        auth=body.keys.auth,
        kinds=list(PushKind.values) if body.kinds is None else body.kinds,
    )
    return Status(201 if is_new else 200, _out(row))


@router.delete(
    "/{subscription_id}",
    response={204: None},
    operation_id="unsubscribe_from_push",
    summary="Tell a phone nothing more",
)
def unsubscribe_from_push(request: HttpRequest, subscription_id: UUID) -> Status[None]:
    """The browser is told nothing more."""
    recipient_id, client_id, _ = _caller(request)
    actions.unsubscribe_from_push(recipient_id=recipient_id, client_id=client_id, subscription_id=subscription_id)
    return Status(204, None)


def _caller(request: HttpRequest) -> tuple[UUID, str, UUID | None]:
    """Who asks, by which program, and since which of its sign-ins; as the API shell puts them there."""
    allowed = getattr(request, "allowed", None)
    recipient_id: UUID = request.auth.id  # type: ignore[attr-defined]
    return recipient_id, getattr(allowed, "client_id", ""), getattr(allowed, "grant_id", None)


def _out(row: PushSubscription) -> PushSubscriptionOut:
    return PushSubscriptionOut(
        id=row.id, endpoint=row.endpoint, kinds=list(row.kinds), created_at=row.created_at, told_at=row.told_at
    )
