"""What is true of money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from vettura.billing import rules
from vettura.billing.models import BillingAddress, Invoice, Payment, SavedCard
from vettura.catalog import queries as catalog
from vettura.foundation.errors import NotFound
from vettura.identity.models import Account


@dataclass(frozen=True, kw_only=True)
class CardRow:
    """A saved card as pages show it. `problem`: `brand_not_accepted`, `expired`, or empty."""

    card: SavedCard
    brand_name: str
    problem: str
    expires_soon: bool


@dataclass(frozen=True, kw_only=True)
class CardForm:
    """What the card form of a page needs: the provider's script and key, and the brands taken in the country."""

    script_url: str
    public_key: str
    accepted: Sequence[str]
    accepted_names: Sequence[str]
    support_phone: str
    next_url: str


def billing_address(*, account: Account) -> BillingAddress | None:
    """The stored billing address, if there is one."""
    return BillingAddress.objects.filter(account_id=account.id).first()


def saved_cards(*, account: Account, country: str, at: datetime) -> list[CardRow]:
    """The person's cards, newest first, each with what keeps it from being used in the country (STO-007, STO-009)."""
    accepted = accepted_brands(country=country)
    found = SavedCard.objects.filter(account_id=account.id, deleted_at=None).order_by("-added_at", "-id")
    return [
        CardRow(
            card=card,
            brand_name=rules.brand_name(card.brand),
            problem=rules.problem_of(card, accepted=accepted, at=at) or "",
            expires_soon=rules.expires_soon(card, notice=catalog.terms().card_expiry_notice, at=at),
        )
        for card in found
    ]


def saved_card(*, account: Account, card_id: UUID) -> SavedCard:
    """A card of this person. Raises NotFound, also for somebody else's and deleted ones."""
    found = SavedCard.objects.filter(account_id=account.id, id=card_id, deleted_at=None).first()
    if found is None:
        raise NotFound
    return found


def accepted_brands(*, country: str) -> tuple[str, ...]:
    """The card brands taken in a country (STO-008); none in one that the pack does not know."""
    found = catalog.pack().countries.get(country)
    return tuple(found.card_brands) if found else ()


def accepted_brand_names(*, country: str) -> list[str]:
    """Their names, as their owners write them."""
    return [rules.brand_name(brand) for brand in accepted_brands(country=country)]


def card_form(*, country: str, next_url: str) -> CardForm:
    """What a page needs to let a card be entered."""
    found = catalog.pack().countries.get(country)
    return CardForm(
        script_url=settings.VETTURA_PROVIDERS.cards_script_url,
        public_key=settings.VETTURA_PROVIDERS.cards_public_key,
        accepted=accepted_brands(country=country),
        accepted_names=accepted_brand_names(country=country),
        support_phone=found.support_phone if found else "",
        next_url=next_url,
    )


def payment_of(*, order_id: UUID) -> Payment | None:
    """The payment of an order; None for one that cost nothing."""
    return Payment.objects.filter(order_id=order_id).select_related("card").first()


def latest_payment(*, account: Account) -> Payment | None:
    """The payment that a person began last."""
    return Payment.objects.filter(account_id=account.id).order_by("-requested_at", "-id").first()


def payments_of(*, order_ids: Sequence[UUID]) -> dict[UUID, Payment]:
    """The payments of orders, by order."""
    found = Payment.objects.filter(order_id__in=order_ids).select_related("card")
    return {payment.order_id: payment for payment in found}


def invoices_of(*, account: Account) -> QuerySet[Invoice]:
    """The person's published invoices and credit notes, newest first, without the files (INV-001)."""
    published = Invoice.objects.filter(account_id=account.id, published_at__isnull=False)
    return published.defer("pdf").order_by("-published_at", "-id")


def invoices_of_order(*, order_id: UUID) -> list[Invoice]:
    """What was billed, or will be, for an order; without the files."""
    return list(Invoice.objects.filter(order_id=order_id, canceled_at=None).defer("pdf").order_by("due_at"))


def invoice(*, account: Account, invoice_id: UUID) -> Invoice:
    """A published document with its file. Raises NotFound, also for somebody else's."""
    found = Invoice.objects.filter(account_id=account.id, id=invoice_id, published_at__isnull=False).first()
    if found is None:
        raise NotFound
    return found


def invoices_to_keep(*, account_id: UUID) -> QuerySet[Invoice]:
    """Documents that tax law wants kept when their recipient is erased: those that were published."""
    return Invoice.objects.filter(account_id=account_id, number__isnull=False)


def invoice_kept_until(*, invoice: Invoice) -> datetime:
    """Until when tax law wants a published invoice kept."""
    assert invoice.published_at is not None  # it has a number
    return catalog.tax_records_end(at=invoice.published_at, country=invoice.seller_country)


def payment_kept_until(*, payment: Payment) -> datetime:
    """Until when tax law wants a payment kept for which money was taken."""
    taken_at = payment.captured_at or payment.requested_at
    return catalog.tax_records_end(at=taken_at, country=payment.account.country)


def payments_to_keep(*, account_id: UUID) -> QuerySet[Payment]:
    """Money that was taken, be it given back or not: it proves the invoices."""
    taken = (Payment.Status.CAPTURED, Payment.Status.REFUNDED)
    return Payment.objects.filter(account_id=account_id, status__in=taken)
