"""A person's data in this context: what the deletion of the account means for cards and invoices."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from vettura.billing import actions, queries, rules
from vettura.billing.models import (
    BillingAddress,
    CardEntry,
    Invoice,
    InvoiceLine,
    Payment,
    ProviderCustomer,
    ProviderNotice,
    Refund,
    SavedCard,
)
from vettura.foundation.archive import exports, not_exported, read
from vettura.foundation.erasing import Obstacle, Subject, erases, hinders, keeps, leaves
from vettura.foundation.privacy import Consequence, Person, foretells


@foretells
def consequences(person: Person) -> Iterator[Consequence]:
    """Cards go, here and at the card provider (DAT-022); tax law keeps the invoices."""
    cards = [
        f"{rules.brand_name(card.brand)} •••• {card.last_digits}"
        for card in SavedCard.objects.filter(account_id=person.id, deleted_at=None).order_by("added_at")
    ]
    if cards:
        sentence = ngettext(
            "This card is deleted, here and at the card provider: {cards}.",
            "These cards are deleted, here and at the card provider: {cards}.",
            len(cards),
        )
        yield Consequence(kind="ends", sentence=sentence.format(cards=", ".join(cards)))
    if Invoice.objects.filter(account_id=person.id, canceled_at=None).exists():
        yield Consequence(
            kind="before",
            sentence=gettext("Download your invoices: you cannot open them here afterwards."),
            href=reverse("billing:invoices"),
        )
        yield Consequence(
            kind="stays", sentence=gettext("Your invoices: tax law asks us to keep them, also after an erasure.")
        )


# -- what is in the archive -----------------------------------------------------------------------------------------


@dataclass
class BillingAddressRow:
    """Where invoices are addressed to."""

    name: str
    company: str
    street: str
    postal_code: str
    city: str
    country: str


@exports("billing_address", title=_("Your billing address"), row=BillingAddressRow, of=(BillingAddress,))
def billing_address(person: Person) -> Iterator[BillingAddressRow]:
    """One at most."""
    return read(BillingAddressRow, BillingAddress.objects.filter(account_id=person.id))


@dataclass
class CardRow:
    """A card as people recognize it; its number is known to the card provider only."""

    brand: str
    last_digits: str
    expires_month: int
    expires_year: int
    added_at: datetime
    deleted_at: datetime | None


@exports("cards", title=_("Your cards by their last digits"), row=CardRow, of=(SavedCard,))
def cards(person: Person) -> Iterator[CardRow]:
    """Also deleted ones, while payments name them."""
    return read(CardRow, SavedCard.objects.filter(account_id=person.id).order_by("added_at"))


@dataclass
class PaymentRow:
    """The money of one order, and what of it was given back."""

    order_number: str
    amount: Decimal
    currency: str
    card_last_digits: str
    status: str
    decline_reason: str
    requested_at: datetime
    captured_at: datetime | None
    refunded: Decimal | None
    refunded_at: datetime | None


@exports("payments", title=_("Your payments"), row=PaymentRow, of=(Payment, Refund))
def payments(person: Person) -> Iterator[PaymentRow]:
    """The oldest first."""
    return read(
        PaymentRow,
        Payment.objects.filter(account_id=person.id).order_by("requested_at"),
        amount="amount_amount",
        currency="amount_currency",
        card_last_digits="card__last_digits",
        refunded="refund__amount_amount",
        refunded_at="refund__refunded_at",
    )


@dataclass
class InvoiceLineRow:
    """What was bought, with the tax in it."""

    text: str
    vat_percent: Decimal
    net: Decimal
    vat: Decimal
    gross: Decimal


@dataclass
class InvoiceRow:
    """An invoice or a credit note; `file` is its name in the archive."""

    kind: str
    number: str
    credits_number: str
    order_number: str
    vin: str
    recipient: list[str]
    currency: str
    supplied_on: date
    published_at: datetime
    lines: list[InvoiceLineRow]
    file: str


def invoice_files(person: Person) -> Mapping[str, bytes]:
    """Every invoice as PDF, by its name in the archive."""
    return {_file_name(each.number): bytes(each.pdf or b"") for each in _invoices(person).iterator()}


@exports("invoices", title=_("Your invoices"), row=InvoiceRow, of=(Invoice, InvoiceLine), files=invoice_files)
def invoices(person: Person) -> Iterator[InvoiceRow]:
    """Those that are published, the oldest first."""
    for each in _invoices(person).defer("pdf").prefetch_related("lines"):
        if each.number is None or each.published_at is None:
            continue
        yield InvoiceRow(
            kind=each.kind,
            number=each.number,
            credits_number=each.credits_number,
            order_number=each.order_number,
            vin=each.vin,
            recipient=each.recipient,
            currency=each.currency,
            supplied_on=each.supplied_on,
            published_at=each.published_at,
            lines=[
                InvoiceLineRow(
                    text=line.text,
                    vat_percent=line.vat_percent,
                    net=line.net_amount,
                    vat=line.vat_amount,
                    gross=line.gross_amount,
                )
                for line in each.lines.all()
            ],
            file=_file_name(each.number),
        )


def _invoices(person: Person) -> QuerySet[Invoice]:
    return Invoice.objects.filter(account_id=person.id, number__isnull=False).order_by("published_at", "number")


def _file_name(number: str | None) -> str:
    return f"invoices/{number}.pdf"


@dataclass
class CardProviderRow:
    """Under which reference the card provider knows the person."""

    reference: str


@exports("card_provider", title=_("Your reference at the card provider"), row=CardProviderRow, of=(ProviderCustomer,))
def card_provider(person: Person) -> Iterator[CardProviderRow]:
    """One at most."""
    return read(CardProviderRow, ProviderCustomer.objects.filter(account_id=person.id))


not_exported(CardEntry, because="the way to the provider's form; the card that came of it is among the cards")


# -- what an erasure does -------------------------------------------------------------------------------------------

TAX_LAW = _("Tax law wants what proves a sale kept.")


@hinders
def open_money(subject: Subject) -> Iterator[Obstacle]:
    """Money that is on its way, and invoices that are yet to be written."""
    payments = Payment.objects.filter(account_id=subject.id)
    if payments.filter(status__in=rules.OPEN).exists():
        yield Obstacle(sentence=gettext("A payment is not over yet. Wait until it is paid or released."))
    if payments.filter(refund__status=Refund.Status.REQUESTED).exists():
        yield Obstacle(sentence=gettext("Money is still to be given back. Wait until the card provider has done it."))
    if Invoice.objects.filter(account_id=subject.id, number=None, canceled_at=None).exists():
        yield Obstacle(sentence=gettext("An invoice is not published yet. Wait until it is."))


def _end_of_invoices(subject: Subject) -> datetime | None:
    kept = queries.invoices_to_keep(account_id=subject.id).only("published_at", "seller_country")
    return max((queries.invoice_kept_until(invoice=each) for each in kept), default=None)


def _end_of_payments(subject: Subject) -> datetime | None:
    kept = queries.payments_to_keep(account_id=subject.id).select_related("account")
    return max((queries.payment_kept_until(payment=each) for each in kept), default=None)


@keeps(
    _("Invoices as they were published, with name and address of the recipient"),
    of=(Invoice, InvoiceLine),
    because=TAX_LAW,
    until=_end_of_invoices,
    strip=lambda subject: actions.keep_invoices(account_id=subject.id),
)
def kept_invoices(subject: Subject) -> QuerySet[Invoice]:
    """A published document is not changed: what it says of its recipient is what the law asks for."""
    return queries.invoices_to_keep(account_id=subject.id)


@erases(_("Invoices that were never published"), of=(Invoice, InvoiceLine))
def unpublished_invoices(subject: Subject) -> QuerySet[Invoice]:
    """Called off before their day."""
    return Invoice.objects.filter(account_id=subject.id, number=None)


@keeps(
    _("Payments: amount, day, order number and the reference at the card provider, without the card"),
    of=(Payment, Refund),
    because=TAX_LAW,
    until=_end_of_payments,
    strip=lambda subject: actions.keep_payments(account_id=subject.id),
)
def kept_payments(subject: Subject) -> QuerySet[Payment]:
    """Money that was taken, and what of it was given back."""
    return queries.payments_to_keep(account_id=subject.id)


@erases(_("Payments that came to nothing"), of=(Payment,))
def payments_of_nothing(subject: Subject) -> QuerySet[Payment]:
    """Declined or released: no money was taken, so there is nothing to prove."""
    return Payment.objects.filter(
        account_id=subject.id, status__in=(Payment.Status.DECLINED, Payment.Status.RELEASED), refund=None
    )


@erases(_("Entries of cards"), of=(CardEntry,))
def card_entries(subject: Subject) -> QuerySet[CardEntry]:
    """The ways to the provider's form."""
    return CardEntry.objects.filter(account_id=subject.id)


@erases(_("Saved cards by their last digits"), of=(SavedCard,))
def saved_cards(subject: Subject) -> QuerySet[SavedCard]:
    """Also deleted ones; the provider forgets them with the person."""
    return SavedCard.objects.filter(account_id=subject.id)


@erases(
    _("The customer record at the card provider, with every card there"),
    of=(ProviderCustomer,),
    before=lambda subject: actions.forget_at_provider(account_id=subject.id),
)
def provider_customer(subject: Subject) -> QuerySet[ProviderCustomer]:
    """Here the reference, there the record."""
    return ProviderCustomer.objects.filter(account_id=subject.id)


@erases(_("The billing address"), of=(BillingAddress,))
def erased_billing_address(subject: Subject) -> QuerySet[BillingAddress]:
    """One at most."""
    return BillingAddress.objects.filter(account_id=subject.id)


leaves(ProviderNotice, because="names a payment by the provider's reference, and nobody")
