"""Invoices: numbers, tax, file, notice."""

import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from tests import store_facts as facts
from tests import vehicle_facts

from vettura.billing import actions, queries, rules
from vettura.billing.models import Invoice, InvoiceSeries
from vettura.billing.tasks import next_invoice, publish_invoices
from vettura.catalog import queries as catalog
from vettura.foundation.errors import NotFound
from vettura.foundation.ids import new_id
from vettura.foundation.money import Money
from vettura.notifications import queries as notifications
from vettura.notifications.models import Mail
from vettura.store import actions as store

RATES = sorted({rate.percent for country in catalog.countries() for rate in country.vat})


@given(
    cents=st.lists(st.integers(1, 10_000_000), min_size=1, max_size=20),
    percent=st.sampled_from(RATES),
    currency=st.sampled_from(["EUR", "CHF", "SEK", "JPY", "HUF", "CNY"]),
)
def test_lines_and_totals_add_up_to_the_smallest_unit(cents, percent, currency):
    lines = [rules.taxed(Money(Decimal(each) / (1 if currency == "JPY" else 100), currency), percent) for each in cents]

    assert all(line.net + line.vat == line.gross for line in lines)
    assert sum(line.net.amount + line.vat.amount for line in lines) == sum(line.gross.amount for line in lines)
    for line in lines:
        exact = line.gross.amount * percent / (100 + percent)
        assert abs(line.vat.amount - exact) <= (Decimal("0.5") if currency == "JPY" else Decimal("0.005"))


def request(account, *, country="IT", price="49.00", at):
    return actions.request_invoice(
        account=account,
        order_id=new_id(),
        order_number="26-TEST",
        vin="WP0ZZZY1ZLS000001",
        country=country,
        recipient=["Ada Rossi", "Via Roma 1"],
        lines=[actions.BilledLine(text="Navigation", gross=Money(Decimal(price), catalog.country(country).currency))],
        at=at,
    )


@pytest.mark.rule("INV-001", "INV-002", "INV-007")
def test_an_invoice_is_published_with_mail_and_message_when_it_is_due(cards, db, clock):
    order = facts.paid_order(cards)
    due = next_invoice()
    assert due == order.paid_at + catalog.terms().invoice_delay

    clock.move_to(due)
    assert not Mail.objects.filter(template="billing/mail/invoice").exists()
    assert publish_invoices(clock.now()) == 1
    assert publish_invoices(clock.now()) == 0

    (invoice,) = queries.invoices_of(account=order.account)
    (message,) = notifications.messages_of(recipient_id=order.account_id).filter(kind="invoice")
    (attachment,) = message.attachments.all()
    assert Mail.objects.filter(template="billing/mail/invoice", recipient_id=order.account_id).count() == 1
    assert bytes(attachment.content) == bytes(invoice.pdf)
    assert attachment.name == f"{invoice.number}.pdf"


@pytest.mark.rule("INV-001")
def test_the_file_names_order_vehicle_tax_and_amounts(db, clock):
    invoice = actions.publish_invoice(invoice_id=request(vehicle_facts.person(), at=clock.now()).id, at=clock.now())

    reader = PdfReader(io.BytesIO(bytes(invoice.pdf)))
    text = " ".join(page.extract_text() for page in reader.pages)

    for expected in (invoice.number, "26-TEST", "WP0ZZZY1ZLS000001", "Ada Rossi", "€40.16", "€8.84", "€49.00", "22 %"):
        assert expected in text
    assert b"pdfaid" in reader.xmp_metadata.stream.get_data()


def test_numbers_of_a_country_and_year_have_no_gaps(db, clock):
    account = vehicle_facts.person()
    italian = [request(account, at=clock.now()) for _ in range(3)]
    german = request(account, country="DE", at=clock.now())
    actions.cancel_invoice(order_id=italian[1].order_id, at=clock.now())

    numbers = [actions.publish_invoice(invoice_id=each.id, at=clock.now()).number for each in (*italian, german)]

    assert numbers == ["IT-2026-000001", None, "IT-2026-000002", "DE-2026-000001"]


def test_the_sellers_calendar_decides_the_year(db, clock):
    invoice = request(vehicle_facts.person(), at=clock.now())
    clock.move_to(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))

    assert actions.publish_invoice(invoice_id=invoice.id, at=clock.now()).number == "IT-2027-000001"


def test_a_number_is_not_used_up_when_publishing_fails(db, clock):
    invoice = request(vehicle_facts.person(), at=clock.now())
    Invoice.objects.filter(id=invoice.id).update(recipient={"not": "lines"})

    with pytest.raises(typst.TypstError):
        actions.publish_invoice(invoice_id=invoice.id, at=clock.now())

    assert not InvoiceSeries.objects.exists()


def test_an_invoice_is_found_by_its_recipient_only(db, clock):
    invoice = actions.publish_invoice(invoice_id=request(vehicle_facts.person(), at=clock.now()).id, at=clock.now())

    with pytest.raises(NotFound):
        queries.invoice(account=vehicle_facts.person(), invoice_id=invoice.id)


@pytest.mark.rule("FOD-022", "C-23")
def test_a_withdrawn_order_that_was_billed_gets_a_credit_note(cards, db, clock):
    order = facts.paid_order(cards)
    clock.move_to(next_invoice())
    publish_invoices(clock.now())

    store.withdraw(order_id=order.id, by=order.account)
    store.withdraw(order_id=order.id, by=order.account)
    publish_invoices(clock.now())
    facts.run_jobs()

    invoice, note = sorted(queries.invoices_of(account=order.account), key=lambda each: each.kind == "credit_note")
    assert (note.credits_number, note.number[:9]) == (invoice.number, "IT-2026-C")
    assert sum(line.gross_amount for each in (invoice, note) for line in each.lines.all()) == 0
    assert cards.payments(order.number)[0]["amount_refunded"] == order.total_amount * 100


def test_a_withdrawn_order_that_was_not_billed_never_is(cards, db, clock):
    order = facts.paid_order(cards)

    store.withdraw(order_id=order.id, by=order.account)
    clock.advance(days=30)

    assert publish_invoices(clock.now()) == 0
    assert next_invoice() is None
