"""What is needed from outside: somebody who carries mail, and somebody who carries SMS."""

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Attachment:
    """A file: its name as people see it, its media type, its bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """A mail ready to go. `id` is the same at every attempt, so that a mailbox can recognize a repetition."""

    id: str
    sender: str
    to: str
    language: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...]


class TryAgain(Exception):
    """The provider could not be reached or asks for patience. The reason is a code, never the message's text."""


class Undeliverable(Exception):
    """The provider will not take this, today or tomorrow."""


class MailTransport(Protocol):
    """Carries a mail to the recipient's mail server."""

    def send(self, letter: Letter) -> str:
        """This will hand the mail over and return the provider's reference. Raises TryAgain, Undeliverable."""
        ...


class SmsTransport(Protocol):
    """Carries a text message to a phone."""

    def send(self, *, to: str, text: str) -> str:
        """This will hand the SMS over and return the provider's reference. Raises TryAgain, Undeliverable."""
        ...


def mail_transport() -> MailTransport:
    """The mail provider in force."""
    transport: MailTransport = import_string(settings.VETTURA_PROVIDERS.mail)()
    return transport


def sms_transport() -> SmsTransport:
    """The SMS provider in force."""
    transport: SmsTransport = import_string(settings.VETTURA_PROVIDERS.sms)()
    return transport
