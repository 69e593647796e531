"""How the store refuses."""

from django.utils.translation import gettext_lazy as _

from vettura.foundation.errors import Refusal


class OnlyMainUserBuys(Refusal):
    """A secondary user asked to buy (STO-032, USR-004)."""

    code = "store.only_main_user_buys"
    why = "store"
    status = 403
    sentence = _("Only the main user of a vehicle can order for it.")


class OfferDoesNotFit(Refusal):
    """The offer cannot be had for this vehicle in this country (STO-029)."""

    code = "store.offer_does_not_fit"
    why = "store"
    sentence = _("This offer is not available for the vehicle in this country.")
    remedy = (_("Go to the store"), "store:catalog")


class RenewalTooEarly(Refusal):
    """The contract runs for longer than the renewal window (STO-046)."""

    code = "store.renewal_too_early"
    sentence = _("{name} runs until {ends_on}. It can be renewed from {first_on}.")


class NothingToRenew(Refusal):
    """The vehicle has the services of the offer without end, or the offer is made once."""

    code = "store.nothing_to_renew"
    sentence = _("The vehicle already has {name}.")


class ServiceTwiceInCart(Refusal):
    """Another offer in the cart has the same service."""

    code = "store.service_twice_in_cart"
    sentence = _("{name} has a service that {other} in your cart has too. Take one of them out.")
    remedy = (_("Go to the cart"), "store:cart")


class OrderInProgress(Refusal):
    """Another order for the same service waits for its payment."""

    code = "store.order_in_progress"
    sentence = _("An order for {name} is waiting for its payment. Finish it first.")
    remedy = (_("See orders"), "store:orders")


class CartEmpty(Refusal):
    """There is nothing to order."""

    code = "store.cart_empty"
    sentence = _("The cart is empty.")
    remedy = (_("Go to the store"), "store:catalog")


class AddressMissing(Refusal):
    """An order needs a billing address."""

    code = "store.address_missing"
    why = "payment"
    sentence = _("A billing address is needed before you can order.")
    remedy = (_("Add address"), "store:checkout_address")


class CardMissing(Refusal):
    """An order that costs something needs a card (STO-025)."""

    code = "store.card_missing"
    why = "payment"
    sentence = _("A credit card is needed before you can order.")
    remedy = (_("Choose a card"), "store:checkout_payment")


class OverviewOutdated(Refusal):
    """Cart, prices, address or card are no longer what the overview showed: nothing was ordered."""

    code = "store.overview_outdated"
    sentence = _("The order has changed since you looked at it. Please check it again; nothing was ordered.")
    remedy = (_("Check the order"), "store:checkout_overview")


class WithdrawalPeriodOver(Refusal):
    """The period for taking the order back is over (FOD-021, C-73)."""

    code = "store.withdrawal_period_over"
    sentence = _("This order could be withdrawn until {last_on}.")


class NotWithdrawable(Refusal):
    """The order was never confirmed, so there is nothing to withdraw."""

    code = "store.not_withdrawable"
    sentence = _("This order is not confirmed, so there is nothing to withdraw.")


class KeyMissing(Refusal):
    """An order over the API needs an Idempotency-Key."""

    code = "store.idempotency_key_missing"
    status = 400
    sentence = _("Send an Idempotency-Key header with the order.")
