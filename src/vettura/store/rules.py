"""What can be ordered when, what it costs, and how long it can be taken back."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from vettura.entitlements.queries import Standing
from vettura.foundation.money import Money
from vettura.store.models import Order
from vettura_pack.model import Offer, Service

# without 0/O and 1/I, which are read for each other
NUMBER_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

OfferStateKind = Literal["orderable", "inclusive", "renewable", "too_early", "owned"]


@dataclass(frozen=True)
class OfferState:
    """
    Whether an offer can be ordered for a vehicle now.

    `inclusive`: the free term is unused, so it costs nothing. `too_early`: it runs until `until` and can be renewed from
    `first_possible`. `owned`: nothing can be added.
    """

    kind: OfferStateKind
    until: datetime | None = None
    first_possible: datetime | None = None

    @property
    def is_orderable(self) -> bool:
        """Whether it can go into a cart."""
        return self.kind in ("orderable", "inclusive", "renewable")


def offer_state(offer: Offer, standings: Mapping[str, Standing], at: datetime) -> OfferState:
    """How an offer stands for a vehicle, from how the vehicle stands with each of its services (STO-024, STO-045, STO-046)."""
    found = [standings[service_id] for service_id in offer.services if service_id in standings]
    if any(standing.is_unlimited for standing in found):
        return OfferState("owned")
    if found and not offer.renewable:
        return OfferState("owned", until=max((s.covered_until for s in found if s.covered_until), default=None))
    running = [standing for standing in found if standing.covered_until is not None]
    early = [standing for standing in running if standing.renewable_from and at < standing.renewable_from]
    if early:
        latest = max(early, key=lambda standing: standing.covered_until or at)
        return OfferState("too_early", until=latest.covered_until, first_possible=latest.renewable_from)
    if offer.inclusive_days is not None and not any(standing.latest for standing in found):
        return OfferState("inclusive")
    if running:
        return OfferState("renewable", until=max(s.covered_until for s in running if s.covered_until))
    return OfferState("orderable")


def price(offer: Offer, country: str, state: OfferState) -> Money:
    """What an offer costs now: nothing while its free term is unused (STO-024), else its price in the country."""
    full = offer.price_for(country)
    return Money(Decimal(0), full.currency) if state.kind == "inclusive" else full


def total(prices: Iterable[Money], currency: str) -> Money:
    """The sum of prices in one currency."""
    return sum(prices, Money(Decimal(0), currency))


def overview_fingerprint(
    *, cart_id: UUID, lines: Sequence[tuple[str, Money]], address: Sequence[str], card_id: UUID | None
) -> str:
    """What a person saw before pressing the button: when it differs from what would be ordered, nothing is ordered (STO-019)."""
    parts = [str(cart_id), *(f"{offer} {price}" for offer, price in lines), *address, str(card_id or "")]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def may_withdraw(order: Order, at: datetime) -> bool:
    """Whether the customer may still take the order back (FOD-021, C-73)."""
    return order.status == Order.Status.PAID and at < order.withdrawable_until


def order_number(random: bytes, at: datetime) -> str:
    """A number that people can read over the phone: the year and eight letters, e.g. `26-7KQ2M4XB`."""
    letters = "".join(NUMBER_LETTERS[byte % len(NUMBER_LETTERS)] for byte in random[:8])
    return f"{at:%y}-{letters}"


def needs_identified_buyer(offers: Iterable[Offer], services: Mapping[str, Service]) -> bool:
    """Whether one of the offers opens a SIM, which telecom law may tie to a known person (IDV-001)."""
    return any(services[service_id].is_sim_bound for offer in offers for service_id in offer.services)
