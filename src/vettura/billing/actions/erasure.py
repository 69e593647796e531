"""A person's data are erased: what tax law wants kept stays for its time, with nothing else (decision 0018)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from vettura.billing import ports, queries
from vettura.billing.models import Invoice, Payment, ProviderCustomer, Refund
from vettura.foundation import audit, jobs


def keep_invoices(*, account_id: UUID) -> None:
    """This will date the end of every published invoice; the document itself does not change."""
    for invoice in queries.invoices_to_keep(account_id=account_id).defer("pdf"):
        invoice.kept_until = queries.invoice_kept_until(invoice=invoice)
        invoice.save(update_fields=["kept_until"])


def keep_payments(*, account_id: UUID) -> None:
    """This will leave of money that was taken how much, when, for which order, and the provider's reference."""
    for payment in queries.payments_to_keep(account_id=account_id).select_related("account"):
        payment.kept_until = queries.payment_kept_until(payment=payment)
        payment.card, payment.return_url, payment.challenge_url = None, "", ""
        payment.save(update_fields=["kept_until", "card", "return_url", "challenge_url"])


def forget_at_provider(*, account_id: UUID) -> None:
    """This will make the card provider forget the person, soon."""
    for reference in ProviderCustomer.objects.filter(account_id=account_id).values_list("reference", flat=True):
        jobs.defer("billing.forget_customer", reference=reference)


def forget_customer(*, reference: str) -> None:
    """Make the card provider forget a person. Raises what the port raises, so that the job tries again."""
    ports.payment_provider().forget_customer(customer=reference)


@transaction.atomic
def drop_kept_records(*, at: datetime) -> int:
    """This will delete invoices and payments of erased people whose time is over; returns how many."""
    payments, invoices = Payment.objects.filter(kept_until__lte=at), Invoice.objects.filter(kept_until__lte=at)
    people = {*payments.values_list("account_id", flat=True), *invoices.values_list("account_id", flat=True)}
    Refund.objects.filter(payment__in=payments).delete()
    _, of_payments = payments.delete()
    _, of_invoices = invoices.delete()
    for account_id in people:  # the audit would still say what stood in the rows that are gone
        audit.erase(person=account_id)
    return of_payments.get(Payment._meta.label, 0) + of_invoices.get(Invoice._meta.label, 0)
