"""What we need from a card provider, in our words."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from vettura.foundation.money import Money


@dataclass(frozen=True)
class EntryForm:
    """A card can be entered: on our page with the provider's script (`client_secret`) or on the provider's page (`url`)."""

    reference: str
    client_secret: str = ""
    url: str = ""


@dataclass(frozen=True)
class EnteredCard:
    """A card that the provider keeps for us. `brand` in lower case: `visa`, `mastercard`, `amex` …"""

    reference: str
    brand: str
    last_digits: str
    expires_month: int
    expires_year: int


@dataclass(frozen=True)
class Authorized:
    """The money is set aside."""

    authorization: str


@dataclass(frozen=True)
class ChallengeNeeded:
    """The bank wants to hear from the person first, at `url`."""

    authorization: str
    url: str


@dataclass(frozen=True)
class Declined:
    """No. `reason`: `declined`, `insufficient_funds`, `expired_card`, `wrong_code` or `not_confirmed`."""

    authorization: str
    reason: str


@dataclass(frozen=True)
class Captured:
    """The money was taken."""

    authorization: str


@dataclass(frozen=True)
class Released:
    """The money is free again; nothing was or will be taken."""

    authorization: str


@dataclass(frozen=True)
class Refunded:
    """The money went back."""

    reference: str


@dataclass(frozen=True)
class Notice:
    """Something happened at the provider; `authorization` names the payment, if it is about one. Ask again for the truth."""

    foreign_id: str
    kind: str
    authorization: str


class ProviderUnavailable(Exception):
    """The provider does not answer now (network, 5xx, too busy). Trying again with the same key may work."""


class ProviderRefused(Exception):
    """The provider will not do this, today or tomorrow. The reason is the provider's code."""


class NoticeNotGenuine(Exception):
    """The signature of a notice is wrong or too old."""


PaymentAnswer = Authorized | ChallengeNeeded | Declined | Captured | Released


class PaymentProvider(Protocol):
    """
    Keeps cards, takes and returns money. Every call may be repeated with the same key.

    All raise ProviderUnavailable and ProviderRefused. A declined card is an answer, not an error.
    """

    def customer(self, *, account_id: UUID, email: str, name: str) -> str:
        """This will make the person known and return the provider's reference."""
        ...

    def begin_card(self, *, customer: str, key: UUID) -> EntryForm:
        """This will let a card be entered on our page; its number goes to the provider only."""
        ...

    def begin_hosted_card(self, *, customer: str, back_to: str, cancel_to: str, language: str, key: UUID) -> EntryForm:
        """This will let a card be entered on the provider's page, which leads back."""
        ...

    def entered_card(self, *, entry: str) -> EnteredCard | Declined | None:
        """What became of an entry; None while it is not finished."""
        ...

    def forget_card(self, *, card: str) -> None:
        """This will make the provider forget a card; forgetting it twice is the same."""
        ...

    def forget_customer(self, *, customer: str) -> None:
        """This will make the provider forget a person and every card of theirs; forgetting twice is the same."""
        ...

    def authorize(
        self, *, amount: Money, customer: str, card: str, return_to: str, reference: str, key: UUID
    ) -> PaymentAnswer:
        """This will set money aside. `return_to` is where a challenge leads back to; `reference` stands on the statement."""
        ...

    def state_of(self, *, authorization: str) -> PaymentAnswer:
        """What the provider knows of an authorization."""
        ...

    def capture(self, *, authorization: str, key: UUID) -> Captured:
        """This will take the money that was set aside."""
        ...

    def release(self, *, authorization: str, key: UUID) -> None:
        """This will let the money go that was set aside, or end a challenge."""
        ...

    def refund(self, *, authorization: str, amount: Money, key: UUID) -> Refunded:
        """This will give captured money back."""
        ...

    def read_notice(self, *, body: bytes, signature: str) -> Notice:
        """What a webhook says. Raises NoticeNotGenuine."""
        ...


def payment_provider() -> PaymentProvider:
    """The provider in force."""
    provider: PaymentProvider = import_string(settings.VETTURA_PROVIDERS.payments)()
    return provider
