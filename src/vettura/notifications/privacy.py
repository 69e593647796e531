"""A person's data in this context: the mails, text messages, inbox messages and notes to phones that went to them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.text import get_valid_filename
from django.utils.translation import gettext_lazy as _

from vettura.foundation.archive import exports, read
from vettura.foundation.erasing import Subject, empties, erases
from vettura.foundation.privacy import Person
from vettura.notifications.models import Mail, Message, MessageAttachment, Push, PushSubscription, Sms


@dataclass
class MessageRow:
    """A message in the inbox; `attachments` are names of files in the archive."""

    kind: str
    language: str
    subject: str
    body: str
    posted_at: datetime
    read_at: datetime | None
    attachments: list[str]


def attachment_files(person: Person) -> Mapping[str, bytes]:
    """Every attachment of the inbox, by its name in the archive."""
    found = MessageAttachment.objects.filter(message__recipient_id=person.id)
    return {_file_name(each): bytes(each.content) for each in found.iterator()}


@exports("messages", title=_("Your inbox"), row=MessageRow, of=(Message, MessageAttachment), files=attachment_files)
def messages(person: Person) -> Iterator[MessageRow]:
    """The oldest first."""
    names: dict[object, list[str]] = {}
    for each in MessageAttachment.objects.filter(message__recipient_id=person.id).defer("content").order_by("id"):
        names.setdefault(each.message_id, []).append(_file_name(each))
    for message in Message.objects.filter(recipient_id=person.id).order_by("posted_at", "id").iterator():
        yield MessageRow(
            kind=message.kind,
            language=message.language,
            subject=message.subject,
            body=message.body,
            posted_at=message.posted_at,
            read_at=message.read_at,
            attachments=names.get(message.id, []),
        )


@dataclass
class SentRow:
    """A mail or text message to the person. What stood in it is not kept once it is sent."""

    to: str
    language: str
    status: str
    queued_at: datetime
    finished_at: datetime | None


@dataclass
class MailRow(SentRow):
    """A mail to the person. What stood in it, besides its subject, is not kept once it is sent."""

    subject: str


@exports("mails", title=_("Mails to you"), row=MailRow, of=(Mail,))
def mails(person: Person) -> Iterator[MailRow]:
    """The oldest first."""
    return read(MailRow, Mail.objects.filter(recipient_id=person.id).order_by("queued_at", "id"))


@exports("text_messages", title=_("Text messages to you"), row=SentRow, of=(Sms,))
def text_messages(person: Person) -> Iterator[SentRow]:
    """The oldest first."""
    return read(SentRow, Sms.objects.filter(recipient_id=person.id).order_by("queued_at", "id"))


@dataclass
class PushSubscriptionRow:
    """A browser or phone that is told something: where its push service takes notes, and of what it wants to know."""

    endpoint: str
    kinds: list[str]
    created_at: datetime
    told_at: datetime | None


@exports(
    "phones", title=_("Phones and browsers that are told something"), row=PushSubscriptionRow, of=(PushSubscription,)
)
def phones(person: Person) -> Iterator[PushSubscriptionRow]:
    """The oldest first."""
    return read(
        PushSubscriptionRow, PushSubscription.objects.filter(recipient_id=person.id).order_by("created_at", "id")
    )


@exports("phone_notes", title=_("Notes to your phones"), row=SentRow, of=(Push,))
def phone_notes(person: Person) -> Iterator[SentRow]:
    """The oldest first; `to` is the push service."""
    return read(SentRow, Push.objects.filter(recipient_id=person.id).order_by("queued_at", "id"))


def _file_name(attachment: MessageAttachment) -> str:
    return f"messages/{attachment.id}-{get_valid_filename(attachment.name)}"


# -- what an erasure does -------------------------------------------------------------------------------------------


@erases(_("Messages in the inbox, with what came along"), of=(Message, MessageAttachment))
def erased_messages(subject: Subject) -> QuerySet[Message]:
    """All of them."""
    return Message.objects.filter(recipient_id=subject.id)


@erases(_("Records of mails"), of=(Mail,))
def erased_mails(subject: Subject) -> QuerySet[Mail]:
    """Those to the person, and those to the address; the farewell goes by itself once it is sent."""
    by_address = Q(recipient_id=None, to__iexact=subject.email, queued_at__lte=subject.email_until)
    return Mail.objects.filter(Q(recipient_id=subject.id) | by_address, is_farewell=False)


@erases(_("Records of text messages"), of=(Sms,))
def erased_text_messages(subject: Subject) -> QuerySet[Sms]:
    """All of them."""
    return Sms.objects.filter(recipient_id=subject.id)


@erases(_("Phones and browsers that are told something, with the notes to them"), of=(PushSubscription, Push))
def erased_push_subscriptions(subject: Subject) -> QuerySet[PushSubscription]:
    """All of them."""
    return PushSubscription.objects.filter(recipient_id=subject.id)


@empties(_("The name in the subjects of mails to others"), of=(Mail,), to=lambda _subject: {"subject": ""})
def mails_that_name_the_person(subject: Subject) -> QuerySet[Mail]:
    """Such as an invitation in the person's name: that it was sent stays."""
    if " " not in subject.name:  # half a name would be anybody's
        return Mail.objects.none()
    found = Mail.objects.filter(subject__icontains=subject.name, is_farewell=False)
    return found.exclude(recipient_id=subject.id).exclude(to__iexact=subject.email)
