"""The inbox for programs: `GET /messages`, `GET /messages/{id}`, attachments."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status

from vettura.notifications import actions, queries
from vettura.notifications.models import Message

MOST_PER_PAGE = 100

router = Router(tags=["messages"])


class AttachmentOut(Schema):
    """A file of a message; its bytes are at `…/attachments/{id}`."""

    id: UUID
    name: str
    media_type: str


class MessageOut(Schema):
    """A message as it lies in the inbox."""

    id: UUID
    kind: str
    subject: str
    body: str
    posted_at: datetime
    read_at: datetime | None
    attachments: list[AttachmentOut]

    @staticmethod
    def resolve_attachments(message: Message) -> list[Any]:  # Any: rows that AttachmentOut reads
        """The files, without their bytes."""
        return list(message.attachments.all())


class MessagesOut(Schema):
    """One page of the inbox, newest first; `next` is the cursor of the following one."""

    messages: list[MessageOut]
    unread: int
    next: UUID | None


@router.get("", response=MessagesOut, url_name="messages")
def messages(request: HttpRequest, before: UUID | None = None, limit: int = 20) -> dict[str, Any]:  # Any: MessagesOut
    """The caller's messages, newest first, those before the cursor `before`."""
    recipient_id = _recipient(request)
    found = queries.messages_of(recipient_id=recipient_id)
    if before is not None:
        found = queries.older_than(found, message_id=before, recipient_id=recipient_id)
    limit = max(1, min(limit, MOST_PER_PAGE))
    rows = list(found[: limit + 1])
    return {
        "messages": rows[:limit],
        "unread": queries.unread_count(recipient_id=recipient_id),
        "next": rows[limit - 1].id if len(rows) > limit else None,
    }


@router.get("/{message_id}", response=MessageOut, url_name="message")
def message(request: HttpRequest, message_id: UUID) -> Message:
    """One message of the caller; reading it marks it as read."""
    actions.mark_read(recipient_id=_recipient(request), message_id=message_id)
    return queries.message(recipient_id=_recipient(request), message_id=message_id)


@router.put(
    "/{message_id}/read", response={204: None}, operation_id="mark_message_read", summary="Mark a message as read"
)
def mark_read(request: HttpRequest, message_id: UUID) -> Status[None]:
    """Without its text. Twice is once."""
    actions.mark_read(recipient_id=_recipient(request), message_id=message_id)
    return Status(204, None)


@router.get("/attachments/{attachment_id}", url_name="message_attachment")
def attachment(request: HttpRequest, attachment_id: UUID) -> HttpResponse:
    """The bytes of a file."""
    found = queries.attachment(recipient_id=_recipient(request), attachment_id=attachment_id)
    return HttpResponse(bytes(found.content), content_type=found.media_type)


def _recipient(request: HttpRequest) -> UUID:
    account_id: UUID = request.auth.id  # type: ignore[attr-defined]  # the API shell puts the account there
    return account_id
