"""Invoices and credit notes: asked for when an order is paid, published when they are due, with mail and inbox message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from vettura.billing import events, rules
from vettura.billing.models import Invoice, InvoiceLine, InvoiceSeries
from vettura.catalog import queries as catalog
from vettura.foundation import outbox
from vettura.foundation.money import Money, format_money
from vettura.foundation.pdf import render_pdf
from vettura.foundation.periods import locale_of
from vettura.identity.models import Account
from vettura.notifications import actions as notifications

TEMPLATE = Path(__file__).resolve().parent.parent / "templates" / "billing" / "invoice.typ"


@dataclass(frozen=True, kw_only=True)
class BilledLine:
    """What was sold, and its price with tax."""

    text: str
    gross: Money


@transaction.atomic
def request_invoice(
    *,
    account: Account,
    order_id: UUID,
    order_number: str,
    vin: str,
    country: str,
    recipient: Sequence[str],
    lines: Sequence[BilledLine],
    at: datetime,
) -> Invoice:
    """
    Let an invoice be published after the delay of the terms, with the tax of the customer's country (INV-001 to INV-003).

    Repeating it returns the invoice there is. `recipient`: the lines of the address.
    """
    known = Invoice.objects.filter(order_id=order_id, kind=Invoice.Kind.INVOICE).first()
    if known is not None:
        return known
    place = catalog.country(country)
    supplied_on = at.astimezone(ZoneInfo(place.timezone)).date()
    invoice = Invoice.objects.create(
        account_id=account.id,
        order_id=order_id,
        order_number=order_number,
        vin=vin,
        language=account.language,
        seller_country=country,
        recipient=list(recipient),
        currency=place.currency,
        supplied_on=supplied_on,
        due_at=at + catalog.terms().invoice_delay,
    )
    _add_lines(invoice, [(line.text, line.gross) for line in lines], place.vat_rate(supplied_on))
    return invoice


def _add_lines(invoice: Invoice, lines: Sequence[tuple[str, Money]], percent: Decimal) -> None:
    for position, (text, gross) in enumerate(lines, start=1):
        amounts = rules.taxed(gross, percent)
        InvoiceLine.objects.create(
            invoice=invoice,
            position=position,
            text=text,
            vat_percent=percent,
            net_amount=amounts.net.amount,
            vat_amount=amounts.vat.amount,
            gross_amount=amounts.gross.amount,
        )


@transaction.atomic
def cancel_invoice(*, order_id: UUID, at: datetime) -> Invoice | None:
    """
    Take the invoice of a withdrawn order back: one that waits is never published, a published one gets a credit note.

    Returns the credit note, if one is due. Repeating it is the same as once.
    """
    invoice = Invoice.objects.select_for_update().filter(order_id=order_id, kind=Invoice.Kind.INVOICE).first()
    if invoice is None:
        return None
    if invoice.number is None:
        invoice.canceled_at = invoice.canceled_at or at
        invoice.save(update_fields=["canceled_at"])
        return None
    note, is_new = Invoice.objects.get_or_create(
        order_id=order_id,
        kind=Invoice.Kind.CREDIT_NOTE,
        defaults={
            "account_id": invoice.account_id,
            "order_number": invoice.order_number,
            "vin": invoice.vin,
            "language": invoice.language,
            "seller_country": invoice.seller_country,
            "recipient": invoice.recipient,
            "currency": invoice.currency,
            "supplied_on": invoice.supplied_on,
            "due_at": at,
            "credits_number": invoice.number,
        },
    )
    if is_new:
        for line in invoice.lines.all():
            InvoiceLine.objects.create(
                invoice=note,
                position=line.position,
                text=line.text,
                vat_percent=line.vat_percent,
                net_amount=-line.net_amount,
                vat_amount=-line.vat_amount,
                gross_amount=-line.gross_amount,
            )
    return note


@transaction.atomic
def publish_invoice(*, invoice_id: UUID, at: datetime) -> Invoice:
    """
    Publish a document: it gets the next number of its series, its PDF, a message in the inbox and a mail (INV-001, INV-002, INV-007).

    All of it or nothing, so numbers have no gaps and no notice comes before the document. Publishing twice is the same as
    once; a canceled one stays unpublished.
    """
    invoice = Invoice.objects.select_for_update(of=("self",)).select_related("account").get(id=invoice_id)
    if invoice.number is not None or invoice.canceled_at is not None:
        return invoice
    zone = catalog.country(invoice.seller_country).timezone
    invoice.number = _next_number(invoice, rules.year_of(at, zone))
    invoice.published_at = at
    invoice.pdf = render_pdf(template=TEMPLATE, facts=_facts(invoice, at.astimezone(ZoneInfo(zone)).date()), at=at)
    invoice.save()
    _announce(invoice, at)
    return invoice


def _next_number(invoice: Invoice, year: int) -> str:
    InvoiceSeries.objects.get_or_create(seller_country=invoice.seller_country, year=year, kind=invoice.kind)
    series = InvoiceSeries.objects.select_for_update().get(
        seller_country=invoice.seller_country, year=year, kind=invoice.kind
    )
    series.last_number += 1
    series.save(update_fields=["last_number"])
    return rules.document_number(
        seller_country=invoice.seller_country,
        year=year,
        number=series.last_number,
        is_credit_note=invoice.kind == Invoice.Kind.CREDIT_NOTE,
    )


def _announce(invoice: Invoice, at: datetime) -> None:
    account = invoice.account
    with translation.override(invoice.language):
        title = f"{invoice.get_kind_display()} {invoice.number}"
        body = gettext(
            "{title} for your order {order} is here. You find it in this message and among your invoices."
        ).format(title=title, order=invoice.order_number)
    attachment = notifications.Attachment(
        name=f"{invoice.number}.pdf", media_type="application/pdf", content=bytes(invoice.pdf or b"")
    )
    notifications.post_message(
        recipient_id=account.id,
        language=invoice.language,
        subject=title,
        body=body,
        attachments=[attachment],
        kind="invoice",
    )
    notifications.send_mail(
        recipient_id=account.id,
        to=account.address,
        language=invoice.language,
        template="billing/mail/invoice",
        facts={
            "title": title,
            "order_number": invoice.order_number,
            "name": account.name,
            "path": reverse("billing:invoices"),
        },
    )
    outbox.publish(
        events.InvoicePublished(
            account_id=account.id,
            invoice_id=invoice.id,
            order_id=invoice.order_id,
            number=str(invoice.number),
            at=at,
        )
    )


def _facts(invoice: Invoice, issued_on: date) -> dict[str, Any]:
    """What the template prints, as text in the document's language."""
    language = invoice.language
    lines = list(invoice.lines.all())

    def money(amount: Decimal) -> str:
        return format_money(Money(amount, invoice.currency), language)

    labels = catalog.labels(language)
    with translation.override(language):
        words = {
            "invoice": str(invoice.get_kind_display()),
            "number": gettext("Number"),
            "date": gettext("Date"),
            "supplied": gettext("Date of supply"),
            "order": gettext("Order"),
            "vehicle": gettext("Vehicle"),
            "service": gettext("Service"),
            "net": gettext("Net"),
            "vat": gettext("VAT"),
            "gross": gettext("Gross"),
            "total": gettext("Total"),
            "page": gettext("Page"),
            "paid": gettext("Paid by card. Nothing is left to pay.")
            if invoice.kind == Invoice.Kind.INVOICE
            else gettext("Takes back invoice {number}. The amount goes back to your card.").format(
                number=invoice.credits_number
            ),
            "currency": gettext("All amounts in {currency}.").format(currency=invoice.currency),
        }
    return {
        "language": language,
        "words": words,
        "seller": labels.get("company", labels.get("store", "")),
        "seller_lines": [line for key in ("company_address", "company_vat_id") if (line := labels.get(key))],
        "recipient": invoice.recipient,
        "number": invoice.number,
        "date": format_date(issued_on, "long", locale=locale_of(language)),
        "supplied": format_date(invoice.supplied_on, "long", locale=locale_of(language)),
        "order": invoice.order_number,
        "vin": invoice.vin,
        "lines": [
            {
                "text": line.text,
                "net": money(line.net_amount),
                "percent": f"{format_decimal(line.vat_percent, locale=language)} %",
                "vat": money(line.vat_amount),
                "gross": money(line.gross_amount),
            }
            for line in lines
        ],
        "net": money(sum((line.net_amount for line in lines), Decimal(0))),
        "vat": money(sum((line.vat_amount for line in lines), Decimal(0))),
        "gross": money(sum((line.gross_amount for line in lines), Decimal(0))),
    }
