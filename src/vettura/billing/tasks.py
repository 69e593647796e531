"""Jobs at the card provider, and what time brings: open payments are asked about again, invoices fall due."""

from datetime import datetime
from uuid import UUID

from vettura.billing import actions
from vettura.billing.models import Invoice, Payment, SavedCard
from vettura.foundation.jobs import job
from vettura.foundation.sweeps import sweep

UNDECIDED = (Payment.Status.REQUESTED, Payment.Status.CHALLENGE)


@job("billing.settle_payment")
def settle_payment(payment_id: str) -> None:
    """This will take a payment as far as it goes."""
    actions.settle_payment(payment_id=UUID(payment_id))


@job("billing.carry_out_release")
def carry_out_release(payment_id: str) -> None:
    """This will let money go."""
    actions.carry_out_release(payment_id=UUID(payment_id))


@job("billing.carry_out_refund")
def carry_out_refund(refund_id: str) -> None:
    """This will give money back."""
    actions.carry_out_refund(refund_id=UUID(refund_id))


@job("billing.forget_card")
def forget_card(reference: str) -> None:
    """This will make the provider forget a card."""
    actions.forget_card(reference=reference)


@job("billing.forget_customer")
def forget_customer(reference: str) -> None:
    """This will make the provider forget a person whose data are erased."""
    actions.forget_customer(reference=reference)


@job("billing.handle_notice")
def handle_notice(notice_id: str) -> None:
    """This will work on a webhook."""
    actions.handle_notice(notice_id=UUID(notice_id))


def next_check() -> datetime | None:
    """When an open payment is asked about next."""
    found = Payment.objects.filter(next_check_at__isnull=False).order_by("next_check_at")
    return found.values_list("next_check_at", flat=True).first()


@sweep(next_due=next_check)
def check_open_payments(at: datetime) -> int:
    """This will let the provider be asked again about payments whose outcome is open: a crash between call and record heals."""
    due = Payment.objects.filter(next_check_at__lte=at).values_list("id", flat=True)
    return sum(actions.postpone_check(payment_id=payment_id, at=at) for payment_id in list(due))


def next_expiry() -> datetime | None:
    """When the next unfinished challenge ends."""
    found = Payment.objects.filter(status__in=UNDECIDED, release_requested_at=None).order_by("expires_at")
    return found.values_list("expires_at", flat=True).first()


@sweep(next_due=next_expiry)
def expire_payments(at: datetime) -> int:
    """This will end challenges that nobody finished."""
    return actions.expire_payments(at=at)


def next_invoice() -> datetime | None:
    """When the next invoice is due."""
    found = Invoice.objects.filter(number=None, canceled_at=None).order_by("due_at")
    return found.values_list("due_at", flat=True).first()


@sweep(next_due=next_invoice)
def publish_invoices(at: datetime) -> int:
    """This will publish every invoice that is due, in the order they fell due."""
    due = Invoice.objects.filter(number=None, canceled_at=None, due_at__lte=at).order_by("due_at", "id")
    ids = list(due.values_list("id", flat=True))
    for invoice_id in ids:
        actions.publish_invoice(invoice_id=invoice_id, at=at)
    return len(ids)


def next_card_notice() -> datetime | None:
    """When the next holder of a card is told that it expires."""
    found = SavedCard.objects.filter(next_notice_at__isnull=False).order_by("next_notice_at")
    return found.values_list("next_notice_at", flat=True).first()


@sweep(next_due=next_card_notice)
def announce_expiring_cards(at: datetime) -> int:
    """This will tell the holders of cards that expire soon or have expired."""
    due = SavedCard.objects.filter(next_notice_at__lte=at).order_by("next_notice_at").values_list("id", flat=True)
    return sum(actions.announce_expiry(card_id=card_id, at=at) for card_id in list(due))


def next_end_of_keeping() -> datetime | None:
    """When tax law lets go of the next record of an erased person."""
    ends = (
        model._default_manager.filter(kept_until__isnull=False).order_by("kept_until") for model in (Invoice, Payment)
    )
    firsts = (each.values_list("kept_until", flat=True).first() for each in ends)
    return min((first for first in firsts if first is not None), default=None)


@sweep(next_due=next_end_of_keeping)
def drop_kept_records(at: datetime) -> int:
    """This will delete what was kept of erased people for tax law, once its years are over."""
    return actions.drop_kept_records(at=at)
