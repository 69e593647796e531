"""Orders follow their payments, whoever learned of them first: a page, a webhook or a sweep; carts follow the car."""

from vettura.billing import events as billing
from vettura.foundation.reactions import reacts_to
from vettura.identity import events as identity
from vettura.store import actions
from vettura.vehicles import events as vehicles


@reacts_to(billing.PaymentCaptured)
def confirm_paid_order(event: billing.PaymentCaptured) -> None:
    """The money was taken: the order is confirmed."""
    actions.settle_order(order_id=event.order_id)


@reacts_to(billing.PaymentDeclined)
def end_declined_order(event: billing.PaymentDeclined) -> None:
    """The card was declined: the order ends, its offers lie in the cart again."""
    actions.settle_order(order_id=event.order_id)


@reacts_to(billing.PaymentReleased)
def end_expired_order(event: billing.PaymentReleased) -> None:
    """The money is free again: the order ends."""
    actions.settle_order(order_id=event.order_id)


@reacts_to(vehicles.MainUserParted)
def end_what_was_begun(event: vehicles.MainUserParted) -> None:
    """The car has another owner now, or none: nothing more is bought for it by the former one."""
    actions.end_orders_of_former_main_user(vin=event.vin, account_id=event.account_id, at=event.at)


@reacts_to(identity.IdentityVerified)
def continue_identified_orders(event: identity.IdentityVerified) -> None:
    """The buyer is identified: what waited for that goes on (IDV-002)."""
    actions.continue_identified_orders(account_id=event.account_id, country=event.country)


@reacts_to(identity.IdentityCheckFailed)
def end_unidentified_orders(event: identity.IdentityCheckFailed) -> None:
    """Nobody will identify the buyer any more: what waited for that ends. After a failed attempt it waits on."""
    if event.is_final:
        actions.end_unidentified_orders(account_id=event.account_id, country=event.country)
