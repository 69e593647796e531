"""Webhooks of the card provider: verified, stored once, answered, then worked on. They are never believed: we ask again."""

from uuid import UUID

from django.db import transaction

from vettura.billing import errors, ports
from vettura.billing.actions.payments import settle_payment
from vettura.billing.models import Payment, ProviderNotice
from vettura.foundation import clock, jobs


@transaction.atomic
def receive_notice(*, body: bytes, signature: str) -> bool:
    """This will keep a notice and let a job work on it; False when it came before. Raises NoticeRefused."""
    try:
        notice = ports.payment_provider().read_notice(body=body, signature=signature)
    except ports.NoticeNotGenuine as wrong:
        raise errors.NoticeRefused from wrong
    row, is_new = ProviderNotice.objects.get_or_create(
        foreign_id=notice.foreign_id,
        defaults={"kind": notice.kind, "authorization": notice.authorization, "received_at": clock.now()},
    )
    if is_new:
        jobs.defer("billing.handle_notice", notice_id=str(row.id))
    return is_new


def handle_notice(*, notice_id: UUID) -> None:
    """This will bring the payment that a notice is about up to date; repeating it changes nothing more."""
    notice = ProviderNotice.objects.get(id=notice_id)
    if notice.handled_at is not None:
        return
    payment = Payment.objects.filter(authorization=notice.authorization).first() if notice.authorization else None
    if payment is not None:
        settle_payment(payment_id=payment.id)
    ProviderNotice.objects.filter(id=notice_id).update(handled_at=clock.now())
