"""
The money of an order: asked for, authorized, captured, released, refunded.

Every step is recorded first, carried out outside the transaction with the row's id as key, and its answer recorded under the
row's lock. So a step may be repeated by a page, a job, a webhook and a sweep at once and happens once.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from vettura.billing import errors, events, ports, queries, rules
from vettura.billing.models import Payment, ProviderCustomer, Refund, SavedCard
from vettura.catalog import queries as catalog
from vettura.foundation import clock, jobs, outbox
from vettura.foundation.errors import NotFound
from vettura.foundation.events import Event
from vettura.foundation.money import Money
from vettura.identity.models import Account

log = logging.getLogger(__name__)
Status = Payment.Status
FIRST_CHECK_AFTER = timedelta(seconds=30)
NEXT_CHECK_AFTER = timedelta(minutes=2)


@transaction.atomic
def request_payment(
    *,
    account: Account,
    order_id: UUID,
    order_number: str,
    amount: Money,
    card_id: UUID,
    country: str,
    return_url: str,
    is_captured_at_once: bool = True,
) -> Payment:
    """
    Record that an order is to be paid with a saved card; `settle_payment` carries it out. Nothing is charged here.

    Repeating it returns the payment there is. Raises NotFound for somebody else's card, CardBrandNotAccepted, CardExpired.
    """
    known = Payment.objects.filter(order_id=order_id).first()
    if known is not None:
        return known
    at = clock.now()
    card = SavedCard.objects.select_for_update().filter(id=card_id, account_id=account.id, deleted_at=None).first()
    if card is None:
        raise NotFound
    _refuse_unusable(card, country=country, at=at)
    return Payment.objects.create(
        account_id=account.id,
        order_id=order_id,
        order_number=order_number,
        amount_amount=amount.amount,
        amount_currency=amount.currency.code,
        card=card,
        is_captured_at_once=is_captured_at_once,
        return_url=return_url,
        requested_at=at,
        next_check_at=at + FIRST_CHECK_AFTER,
        expires_at=at + catalog.terms().payment_challenge_validity,
    )


def _refuse_unusable(card: SavedCard, *, country: str, at: datetime) -> None:
    problem = rules.problem_of(card, accepted=queries.accepted_brands(country=country), at=at)
    if problem == "brand_not_accepted":
        names = ", ".join(queries.accepted_brand_names(country=country))
        raise errors.CardBrandNotAccepted(brand=rules.brand_name(card.brand), accepted=names)
    if problem == "expired":
        raise errors.CardExpired


def settle_payment(*, payment_id: UUID) -> Payment:
    """
    Take a payment as far as it goes now: authorize it, look how a challenge ended, capture it.

    Calls the provider, so it runs outside a transaction; it may be repeated and run beside itself. Raises
    ProviderUnavailable when the provider does not answer: the sweep asks again.
    """
    provider = ports.payment_provider()
    payment = Payment.objects.select_related("card").get(id=payment_id)
    if payment.status == Status.REQUESTED and payment.release_requested_at is None:
        payment = _record(payment_id, _authorized(provider, payment))
    elif payment.status == Status.CHALLENGE and payment.authorization:
        payment = _record(payment_id, provider.state_of(authorization=payment.authorization))
    if payment.status == Status.AUTHORIZED and payment.is_captured_at_once:
        payment = _captured(provider, payment)
    return payment


def settle_or_wait(*, payment_id: UUID) -> Payment:
    """`settle_payment`, but a provider that does not answer leaves the payment open: the sweep asks again."""
    try:
        return settle_payment(payment_id=payment_id)
    except ports.ProviderUnavailable as reason:
        log.warning("payment %s: the card provider does not answer (%s)", payment_id, reason)
        return Payment.objects.get(id=payment_id)


def capture_later(*, payment_id: UUID) -> Payment:
    """
    Take the money that was set aside when the order said "later". Two at once take it once.

    Calls the provider, so it runs outside a transaction. Raises ProviderUnavailable.
    """
    payment = Payment.objects.get(id=payment_id)
    return _captured(ports.payment_provider(), payment) if payment.status == Status.AUTHORIZED else payment


def _captured(provider: ports.PaymentProvider, payment: Payment) -> Payment:
    if payment.release_requested_at is not None or not payment.authorization:
        return payment
    return _record(payment.id, provider.capture(authorization=payment.authorization, key=payment.id))


def _authorized(provider: ports.PaymentProvider, payment: Payment) -> ports.PaymentAnswer:
    customer = ProviderCustomer.objects.get(account_id=payment.account_id)
    assert payment.card is not None  # only money that was taken long ago has no card any more
    return provider.authorize(
        amount=payment.amount,
        customer=customer.reference,
        card=payment.card.reference,
        return_to=payment.return_url,
        reference=payment.order_number,
        key=payment.id,
    )


@transaction.atomic
def _record(payment_id: UUID, answer: ports.PaymentAnswer) -> Payment:
    """The provider's answer, if it moves the payment on; an answer that comes late or twice changes nothing."""
    payment = Payment.objects.select_for_update().get(id=payment_id)
    at = clock.now()
    if isinstance(answer, ports.Captured) and payment.status in (Status.REQUESTED, Status.CHALLENGE):
        # it was captured before we had noted that it was authorized: note both, in their order
        payment = _record(payment_id, ports.Authorized(answer.authorization))
    status, event = _meaning(payment, answer, at)
    if not rules.may_become(payment.status, status):
        return payment
    payment.status = status
    payment.authorization = answer.authorization or payment.authorization
    payment.challenge_url = answer.url if isinstance(answer, ports.ChallengeNeeded) else ""
    payment.decline_reason = answer.reason if isinstance(answer, ports.Declined) else ""
    is_open = status == Status.CHALLENGE or (status == Status.AUTHORIZED and payment.is_captured_at_once)
    payment.next_check_at = at + NEXT_CHECK_AFTER if is_open else None
    if status == Status.AUTHORIZED:
        payment.authorized_at = at
    elif status == Status.CAPTURED:
        payment.captured_at = at
    elif status in (Status.DECLINED, Status.RELEASED):
        payment.ended_at = at
    payment.save()
    if event is not None:
        outbox.publish(event)
    return payment


def _meaning(payment: Payment, answer: ports.PaymentAnswer, at: datetime) -> tuple[Status, Event | None]:
    account_id, payment_id, order_id = payment.account_id, payment.id, payment.order_id
    match answer:
        case ports.Authorized():
            return Status.AUTHORIZED, events.PaymentAuthorized(
                account_id=account_id, payment_id=payment_id, order_id=order_id, at=at
            )
        case ports.ChallengeNeeded():
            return Status.CHALLENGE, None
        case ports.Declined():
            return Status.DECLINED, events.PaymentDeclined(
                account_id=account_id, payment_id=payment_id, order_id=order_id, reason=answer.reason, at=at
            )
        case ports.Captured():
            return Status.CAPTURED, events.PaymentCaptured(
                account_id=account_id, payment_id=payment_id, order_id=order_id, at=at
            )
        case ports.Released():
            return Status.RELEASED, events.PaymentReleased(
                account_id=account_id, payment_id=payment_id, order_id=order_id, at=at
            )


@transaction.atomic
def expire_payments(*, at: datetime) -> int:
    """This will ask for the release of payments whose person never came back from the bank; returns how many."""
    due = Payment.objects.select_for_update(skip_locked=True).filter(
        status__in=(Status.REQUESTED, Status.CHALLENGE), expires_at__lte=at, release_requested_at=None
    )
    return sum(release_payment(payment, at) for payment in due)


@transaction.atomic
def request_refund(*, order_id: UUID, at: datetime) -> None:
    """
    Ask that an order's money goes back: released while it is only set aside, refunded when it was taken (C-23).

    Repeating it is the same as once. An order that cost nothing has nothing to give back.
    """
    payment = Payment.objects.select_for_update().filter(order_id=order_id).first()
    if payment is None:
        return
    if payment.status in rules.OPEN:
        release_payment(payment, at)
    elif payment.status == Status.CAPTURED:
        refund, is_new = Refund.objects.get_or_create(
            payment=payment,
            defaults={
                "amount_amount": payment.amount_amount,
                "amount_currency": payment.amount_currency,
                "requested_at": at,
            },
        )
        if is_new:
            jobs.defer("billing.carry_out_refund", lock=f"payment:{payment.id}", refund_id=str(refund.id))


def release_payment(payment: Payment, at: datetime) -> int:
    """This will ask that money which is only set aside goes free; 0 when that was asked before. The caller holds the lock."""
    if payment.release_requested_at is not None:
        return 0
    payment.release_requested_at, payment.next_check_at = at, at + NEXT_CHECK_AFTER
    payment.save(update_fields=["release_requested_at", "next_check_at"])
    jobs.defer("billing.carry_out_release", lock=f"payment:{payment.id}", payment_id=str(payment.id))
    return 1


def carry_out_release(*, payment_id: UUID) -> Payment:
    """
    Let the money go. One that was captured meanwhile is refunded instead; repeating it is the same as once.

    Calls the provider, so it runs outside a transaction. Raises ProviderUnavailable.
    """
    provider = ports.payment_provider()
    payment = Payment.objects.select_related("card").get(id=payment_id)
    if payment.status not in rules.OPEN:
        return payment
    reference = payment.authorization
    if reference is None:
        # The call may have been made and its answer lost in a crash: the same key tells, and sets nothing aside twice.
        answer = _authorized(provider, payment)
        if isinstance(answer, ports.Declined):
            return _record(payment_id, answer)
        reference = answer.authorization
    found = provider.state_of(authorization=reference)
    if isinstance(found, ports.Captured):
        payment = _record(payment_id, found)
        request_refund(order_id=payment.order_id, at=clock.now())
        return payment
    if not isinstance(found, ports.Released):
        provider.release(authorization=reference, key=payment_id)
    return _record(payment_id, ports.Released(reference))


def carry_out_refund(*, refund_id: UUID) -> Refund:
    """
    Give the money back. Repeating it is the same as once; what the provider will never do is recorded as refused.

    Calls the provider, so it runs outside a transaction. Raises ProviderUnavailable.
    """
    refund = Refund.objects.select_related("payment").get(id=refund_id)
    if refund.status != Refund.Status.REQUESTED or not refund.payment.authorization:
        return refund
    try:
        answer = ports.payment_provider().refund(
            authorization=refund.payment.authorization, amount=refund.amount, key=refund.id
        )
    except ports.ProviderRefused as reason:
        log.error("refund %s was refused by the card provider: %s", refund_id, reason)
        Refund.objects.filter(id=refund_id).update(status=Refund.Status.REFUSED, reference=str(reason)[:80])
        refund.refresh_from_db()
        return refund
    return _record_refund(refund_id, answer)


@transaction.atomic
def _record_refund(refund_id: UUID, answer: ports.Refunded) -> Refund:
    refund = Refund.objects.select_for_update().select_related("payment").get(id=refund_id)
    payment, at = refund.payment, clock.now()
    if refund.status != Refund.Status.REQUESTED:
        return refund
    refund.status, refund.reference, refund.refunded_at = Refund.Status.DONE, answer.reference, at
    refund.save()
    payment.status, payment.ended_at = Status.REFUNDED, at
    payment.save(update_fields=["status", "ended_at"])
    outbox.publish(
        events.PaymentRefunded(account_id=payment.account_id, payment_id=payment.id, order_id=payment.order_id, at=at)
    )
    return refund


@transaction.atomic
def postpone_check(*, payment_id: UUID, at: datetime) -> bool:
    """This will plan the next look at an open payment and let a job look now; False when it is no longer open."""
    payment = Payment.objects.select_for_update().get(id=payment_id)
    if payment.next_check_at is None or payment.next_check_at > at:
        return False
    payment.next_check_at = at + NEXT_CHECK_AFTER if payment.status in rules.OPEN else None
    payment.save(update_fields=["next_check_at"])
    job = "billing.carry_out_release" if payment.release_requested_at else "billing.settle_payment"
    if payment.status in rules.OPEN:
        jobs.defer(job, lock=f"payment:{payment.id}", payment_id=str(payment.id))
    return True
