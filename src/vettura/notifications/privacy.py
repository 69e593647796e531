"""A person's data in this context: the mails, text messages and inbox messages that went to them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import get_valid_filename
from django.utils.translation import gettext_lazy as _

from vettura.foundation.archive import exports, read
from vettura.foundation.privacy import Person
from vettura.notifications.models import Mail, Message, MessageAttachment, Sms


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


def _file_name(attachment: MessageAttachment) -> str:
    return f"messages/{attachment.id}-{get_valid_filename(attachment.name)}"
