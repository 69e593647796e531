"""What identity needs from outside: somebody who looks at a person and a document in a video call."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

State = Literal["waiting", "in_call", "verified", "failed", "aborted"]


class ProviderUnavailable(Exception):
    """The provider does not answer; it may later."""


class ProviderRefused(Exception):
    """The provider will never do this."""


class NoticeNotGenuine(Exception):
    """A webhook whose signature is not the provider's."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """What the agent compares with the document. `language` is the one of the call."""

    given_name: str
    family_name: str
    street: str
    postal_code: str
    city: str
    country: str
    email: str
    phone: str
    language: str


@dataclass(frozen=True, kw_only=True)
class BegunCheck:
    """An attempt at the provider: the code for its app, and the address of the call for a browser."""

    code: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture of the document or the face."""

    kind: str
    media_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """How an attempt stands. `reasons` are the provider's codes; document fields are empty before a decision."""

    state: State
    reasons: tuple[str, ...] = ()
    document_kind: str = ""
    document_country: str = ""
    document_number: str = ""
    valid_until: date | None = None
    has_pictures: bool = False


class IdentityCheckProvider(Protocol):
    """
    Lets a person be identified by video. An attempt is known by our transaction number; every call may be repeated.

    All raise ProviderUnavailable and ProviderRefused.
    """

    def begin(self, *, transaction: str, case: str, person: Person) -> BegunCheck:
        """This will make the attempt known; again, it is the same attempt."""
        ...

    def result(self, *, transaction: str) -> CheckResult:
        """How the attempt stands."""
        ...

    def pictures(self, *, transaction: str) -> list[Picture]:
        """What the agent took pictures of."""
        ...

    def forget(self, *, transaction: str) -> None:
        """This will make the provider delete the attempt; forgetting it twice is the same."""
        ...

    def read_notice(self, *, body: bytes, signature: str) -> str:
        """The transaction that a webhook is about. Raises NoticeNotGenuine."""
        ...

    def waiting_room(self, *, agent: str) -> str:
        """Where an identity agent of ours works, as a link for this agent; empty where the provider's own agents do."""
        ...


def identity_check_provider() -> IdentityCheckProvider:
    """The provider in force."""
    provider: IdentityCheckProvider = import_string(settings.VETTURA_PROVIDERS.identity_checks)()
    return provider
