"""Which cards are taken, how money moves from state to state, and how tax is told from a price."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from vettura.billing.models import Payment, SavedCard
from vettura.foundation.money import Money, rounded

Status = Payment.Status
# C-23: whatever was set aside is released, whatever was taken is refunded
TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    Status.REQUESTED: frozenset((Status.CHALLENGE, Status.AUTHORIZED, Status.DECLINED, Status.RELEASED)),
    Status.CHALLENGE: frozenset((Status.AUTHORIZED, Status.DECLINED, Status.RELEASED)),
    Status.AUTHORIZED: frozenset((Status.CAPTURED, Status.RELEASED)),
    Status.CAPTURED: frozenset((Status.REFUNDED,)),
    Status.DECLINED: frozenset(),
    Status.RELEASED: frozenset(),
    Status.REFUNDED: frozenset(),
}
OPEN = (Status.REQUESTED, Status.CHALLENGE, Status.AUTHORIZED)

BRAND_NAMES: Mapping[str, str] = {
    "visa": "Visa",
    "mastercard": "Mastercard",
    "amex": "American Express",
    "diners": "Diners Club",
    "discover": "Discover",
    "jcb": "JCB",
    "unionpay": "UnionPay",
}

CardProblem = Literal["brand_not_accepted", "expired"]


def brand_name(brand: str) -> str:
    """The brand as its owner writes it."""
    return BRAND_NAMES.get(brand, brand.capitalize())


def may_become(now: str, then: str) -> bool:
    """Whether a payment may move from one state to another. Staying is not moving."""
    return Status(then) in TRANSITIONS[Status(now)]


def is_expired(*, month: int, year: int, at: datetime) -> bool:
    """Whether a card is past its last day, the last of its month."""
    return (year, month) < (at.year, at.month)


def expires_at(*, month: int, year: int) -> datetime:
    """The first moment at which a card is expired: the end of its month."""
    return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)


def expires_soon(card: SavedCard, *, notice: timedelta, at: datetime) -> bool:
    """Whether a card that is still valid expires within the time in which its holder is told."""
    end = expires_at(month=card.expires_month, year=card.expires_year)
    return end - notice <= at < end


def next_notice_at(card: SavedCard, *, notice: timedelta, at: datetime) -> datetime | None:
    """When the holder is told next, after `at`: once while the card can still be replaced in time, once when it has expired."""
    end = expires_at(month=card.expires_month, year=card.expires_year)
    return next((moment for moment in (end - notice, end) if moment > at), None)


def card_problem(*, brand: str, month: int, year: int, accepted: Collection[str], at: datetime) -> CardProblem | None:
    """Why a card cannot be used: first whether the brand is taken in the country, then whether it is valid (STO-007, STO-009)."""
    if brand not in accepted:
        return "brand_not_accepted"
    return "expired" if is_expired(month=month, year=year, at=at) else None


def problem_of(card: SavedCard, *, accepted: Collection[str], at: datetime) -> CardProblem | None:
    """`card_problem` of a saved card."""
    return card_problem(brand=card.brand, month=card.expires_month, year=card.expires_year, accepted=accepted, at=at)


@dataclass(frozen=True)
class Taxed:
    """A gross price and the tax in it; `net + vat == gross` to the smallest unit."""

    net: Money
    vat: Money
    gross: Money


def taxed(gross: Money, percent: Decimal) -> Taxed:
    """The tax in a gross price, rounded half up per line, so that lines and totals always add up."""
    whole = rounded(gross)
    vat = rounded(Money(whole.amount * percent / (100 + percent), whole.currency))
    return Taxed(net=whole - vat, vat=vat, gross=whole)


def document_number(*, seller_country: str, year: int, number: int, is_credit_note: bool) -> str:
    """A document's number: country, year and the running number, e.g. `IT-2026-000042`; credit notes have a C before it."""
    return f"{seller_country}-{year}-{'C' if is_credit_note else ''}{number:06d}"


def year_of(at: datetime, zone: str) -> int:
    """The year whose series a document belongs to: the seller's calendar decides."""
    return at.astimezone(ZoneInfo(zone)).year
