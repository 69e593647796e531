"""What others may ask: the inbox, and what became of mails and SMS."""

from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from vettura.notifications import ports
from vettura.notifications.errors import MessageNotFound, PushSubscriptionNotFound
from vettura.notifications.models import Mail, Message, MessageAttachment, PushSubscription, Sms


def messages_of(*, recipient_id: UUID) -> QuerySet[Message]:
    """The inbox, newest first, with the names of the attachments but not their bytes."""
    return (
        Message.objects.filter(recipient_id=recipient_id)
        .prefetch_related(_attachment_names())
        .order_by("-posted_at", "-id")
    )


def older_than(found: QuerySet[Message], *, recipient_id: UUID, message_id: UUID) -> QuerySet[Message]:
    """What comes after a message in `messages_of`. Raises MessageNotFound when it is not in this inbox."""
    last = message(recipient_id=recipient_id, message_id=message_id)
    return found.filter(Q(posted_at__lt=last.posted_at) | Q(posted_at=last.posted_at, id__lt=last.id))


def message(*, recipient_id: UUID, message_id: UUID) -> Message:
    """One message of this inbox. Raises MessageNotFound, also for somebody else's."""
    found = messages_of(recipient_id=recipient_id).filter(id=message_id).first()
    if found is None:
        raise MessageNotFound
    return found


def attachment(*, recipient_id: UUID, attachment_id: UUID) -> MessageAttachment:
    """A file of this inbox with its bytes. Raises MessageNotFound, also for somebody else's."""
    found = MessageAttachment.objects.filter(id=attachment_id, message__recipient_id=recipient_id).first()
    if found is None:
        raise MessageNotFound
    return found


def unread_count(*, recipient_id: UUID) -> int:
    """How many messages were not opened yet."""
    return Message.objects.filter(recipient_id=recipient_id, read_at=None).count()


def mails_to(*, recipient_id: UUID) -> QuerySet[Mail]:
    """The delivery log of a person's mails, newest first."""
    return Mail.objects.filter(recipient_id=recipient_id).defer("sealed_content").order_by("-queued_at", "-id")


def sms_to(*, recipient_id: UUID) -> QuerySet[Sms]:
    """The delivery log of a person's text messages, newest first."""
    return Sms.objects.filter(recipient_id=recipient_id).defer("sealed_content").order_by("-queued_at", "-id")


def push_key() -> str | None:
    """The key that browsers subscribe for; None where notes to phones are not set up."""
    return ports.push_transport().public_key()


def push_subscriptions_of(*, recipient_id: UUID, client_id: str = "") -> list[PushSubscription]:
    """The browsers and phones of a person that are told something, the oldest first; of a program only its own."""
    found = PushSubscription.objects.filter(recipient_id=recipient_id)
    return list((found.filter(client_id=client_id) if client_id else found).order_by("created_at", "id"))


def push_subscription(*, recipient_id: UUID, subscription_id: UUID, client_id: str = "") -> PushSubscription:
    """One of them. Raises PushSubscriptionNotFound, also for somebody else's."""
    found = PushSubscription.objects.filter(recipient_id=recipient_id, id=subscription_id)
    row = (found.filter(client_id=client_id) if client_id else found).first()
    if row is None:
        raise PushSubscriptionNotFound
    return row


def _attachment_names() -> "Prefetch[str, QuerySet[MessageAttachment], str]":
    return Prefetch("attachments", queryset=MessageAttachment.objects.defer("content").order_by("name"))
