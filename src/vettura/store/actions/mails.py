"""Mails of an order: its confirmation (STO-021), the contract terms in force (STO-017), and the receipt of a withdrawal."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from vettura.catalog import queries as catalog
from vettura.foundation.money import format_money
from vettura.foundation.pdf import blocks_of, render_pdf
from vettura.foundation.periods import locale_of
from vettura.notifications import actions as notifications
from vettura.store.models import Order, OrderLine

TERMS_TEMPLATE = Path(__file__).resolve().parent.parent / "templates" / "store" / "terms.typ"


def send_confirmation(order: Order, lines: Sequence[OrderLine]) -> None:
    """This will send the confirmation with the order's number, lines and what happens next in the vehicle."""
    rows = [{"name": line.name, "price": format_money(line.price, order.language)} for line in lines]
    _send(
        order,
        "store/mail/confirmation",
        {"rows": rows, "total": format_money(order.total, order.language), "withdrawable_until": _last_day(order)},
    )


def send_terms(order: Order, at: datetime) -> None:
    """This will send the contract terms in force, as a PDF on a durable medium, for free orders too (STO-017)."""
    document = catalog.legal_document("terms_of_business", order.country, order.language)
    with translation.override(order.language):
        words = {
            "order": gettext("Order {number}").format(number=order.number),
            "version": gettext("Version {version}").format(version=document.version),
            "page": gettext("Page"),
        }
    pdf = render_pdf(
        template=TERMS_TEMPLATE,
        facts={
            "language": document.language,
            "title": document.title,
            "words": words,
            "date": format_date(at.astimezone(_zone(order)).date(), "long", locale=locale_of(order.language)),
            "blocks": blocks_of(document.body_markdown),
        },
        at=at,
    )
    attachment = notifications.Attachment(
        name=f"{order.number}-{document.version}.pdf", media_type="application/pdf", content=pdf
    )
    _send(order, "store/mail/terms", {"title": document.title, "version": document.version}, [attachment])


def send_withdrawal_receipt(order: Order, at: datetime) -> None:
    """This will confirm a withdrawal with its content, date and time on a durable medium, as the law asks."""
    moment = format_datetime(at.astimezone(_zone(order)), "long", locale=locale_of(order.language))
    names = [line.name for line in order.lines.all()]
    _send(
        order,
        "store/mail/withdrawal",
        {"withdrawn_at": moment, "names": names, "total": format_money(order.total, order.language)},
    )


def _send(
    order: Order, template: str, facts: dict[str, object], attachments: Sequence[notifications.Attachment] = ()
) -> None:
    account = order.account
    notifications.send_mail(
        recipient_id=account.id,
        to=account.address,
        language=order.language,
        template=template,
        facts={
            "name": account.name,
            "number": order.number,
            "vehicle": order.vehicle.model_name,
            "vin": order.vehicle.vin,
            "path": reverse("store:order", args=[order.id]),
            **facts,
        },
        attachments=list(attachments),
    )


def _zone(order: Order) -> ZoneInfo:
    return ZoneInfo(catalog.country(order.country).timezone)


def _last_day(order: Order) -> str:
    """The last day on which the order can be withdrawn: the deadline is the start of the day after."""
    local = order.withdrawable_until.astimezone(_zone(order))
    return format_date(local.date().fromordinal(local.date().toordinal() - 1), "long", locale=locale_of(order.language))
