"""Taking an order back."""

from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.db import transaction
from django.utils.translation import get_language

from vettura.billing import actions as billing
from vettura.catalog import queries as catalog
from vettura.entitlements import actions as entitlements
from vettura.foundation import clock, outbox
from vettura.foundation.errors import NotFound
from vettura.foundation.periods import locale_of
from vettura.identity.models import Account
from vettura.store import errors, events, rules
from vettura.store.actions import mails
from vettura.store.models import Order


@transaction.atomic
def withdraw(*, order_id: UUID, by: Account) -> Order:
    """
    Take an order back: its contracts end now, its price goes back, its invoice is taken back (C-23, C-73).

    Withdrawing twice is the same as once. Raises NotFound, NotWithdrawable, WithdrawalPeriodOver.
    """
    order = (
        Order.objects.select_for_update(of=("self",))
        .select_related("vehicle", "account")
        .filter(id=order_id, account_id=by.id)
        .first()
    )
    if order is None:
        raise NotFound
    if order.status == Order.Status.WITHDRAWN:
        return order
    if order.status != Order.Status.PAID:
        raise errors.NotWithdrawable
    at = clock.now()
    if not rules.may_withdraw(order, at):
        zone = ZoneInfo(catalog.country(order.country).timezone)
        last_on = order.withdrawable_until.astimezone(zone).date()
        raise errors.WithdrawalPeriodOver(
            last_on=format_date(
                last_on.fromordinal(last_on.toordinal() - 1), "long", locale=locale_of(get_language() or "en")
            )
        )
    order.status, order.withdrawn_at = Order.Status.WITHDRAWN, at
    order.save(update_fields=["status", "withdrawn_at"])
    entitlements.end_contracts_of_order(vehicle=order.vehicle, order_line_ids=order.line_ids, at=at)
    billing.request_refund(order_id=order.id, at=at)
    billing.cancel_invoice(order_id=order.id, at=at)
    mails.send_withdrawal_receipt(order, at)
    outbox.publish(events.OrderWithdrawn(vin=order.vehicle.vin, order_id=order.id, account_id=order.account_id, at=at))
    return order
