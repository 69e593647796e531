"""What is needed from outside: somebody who carries mail, SMS, and what is told to a phone or a browser."""

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


class Gone(Undeliverable):
    """There is nobody at this address any more, and never will be."""


@dataclass(frozen=True)
class Bell:
    """
    A note ready to go to a browser: where its push service takes it, the browser's key and secret (base64url), and how long it is worth
    carrying. A later note of the same topic takes the place of one that was not delivered yet.
    """

    endpoint: str
    p256dh: str
    auth: str
    payload: bytes
    ttl_seconds: int
    topic: str
    is_urgent: bool


class PushTransport(Protocol):
    """Carries a note to a push service, sealed so that only the browser reads it."""

    def public_key(self) -> str | None:
        """The key that browsers subscribe for (base64url); None where the installation has none."""
        ...

    def send(self, bell: Bell) -> str:
        """This will hand the note over and return the service's reference. Raises TryAgain, Undeliverable, Gone."""
        ...


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


def push_transport() -> PushTransport:
    """The way to push services in force."""
    transport: PushTransport = import_string(settings.VETTURA_PROVIDERS.push)()
    return transport
