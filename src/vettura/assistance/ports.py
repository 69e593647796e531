"""What is needed from outside: somebody who keeps the mails that people write to us."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Waiting:
    """A mail in the mailbox: its id there, and its bytes as they came (RFC 5322)."""

    id: str
    content: bytes


class MailboxUnreachable(Exception):
    """The mailbox could not be read; it is tried again later. The reason is a code, never a mail's text."""


class Mailbox(Protocol):
    """Keeps mails until they were taken in. Every call may be repeated."""

    def waiting(self, *, limit: int) -> Sequence[Waiting]:
        """The oldest mails that were not taken in. Raises MailboxUnreachable."""
        ...

    def taken_in(self, ids: Sequence[str]) -> None:
        """This will mark mails so that they wait no longer. Raises MailboxUnreachable."""
        ...


def mailbox() -> Mailbox | None:
    """The mailbox in force; None where no address of one is set."""
    if not settings.VETTURA_PROVIDERS.imap_url:
        return None
    found: Mailbox = import_string(settings.VETTURA_PROVIDERS.mailbox)()
    return found
