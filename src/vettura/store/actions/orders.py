"""Orders: placed once per cart, paid outside the transaction, settled by whoever learns first how the payment went."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from vettura.billing import actions as billing
from vettura.billing import queries as billing_queries
from vettura.billing.errors import CardBrandNotAccepted, CardExpired
from vettura.billing.models import Payment
from vettura.catalog import queries as catalog
from vettura.entitlements import actions as entitlements
from vettura.foundation import clock, jobs, outbox
from vettura.foundation.errors import NotFound
from vettura.foundation.periods import end_of_period
from vettura.identity import actions as identity
from vettura.identity.models import Account
from vettura.store import errors, events, queries, rules
from vettura.store.actions import mails
from vettura.store.actions.carts import cart_to_order, refuse_twice, require_main_user, require_orderable
from vettura.store.models import Cart, CartItem, Order, OrderBook, OrderLine
from vettura.vehicles.models import Vehicle

Status = Order.Status


@transaction.atomic
def place_order(*, by: Account, cart_id: UUID, card_id: UUID | None, seen: str | None = None) -> Order:
    """
    Order what is in a cart. One cart becomes one order: placing it again returns that order.

    `seen` is the fingerprint of the overview that the person checked. What costs nothing is confirmed at once; else the
    order waits for `pay_order`; and where telecom law asks who uses a SIM, for the buyer's identification before (IDV-001).
    Raises NotFound, OnlyMainUserBuys, CartEmpty, AddressMissing, CardMissing, OverviewOutdated,
    OrderInProgress, the refusals of an offer (see `add_to_cart`) and of a card (see `billing.request_payment`).
    """
    cart = cart_to_order(cart_id=cart_id, by=by)
    placed = Order.objects.filter(cart=cart).first()
    if placed is not None:
        return placed
    if cart.vehicle is None:
        raise NotFound
    OrderBook.objects.get_or_create(vehicle=cart.vehicle)
    OrderBook.objects.select_for_update().get(vehicle=cart.vehicle)
    at = clock.now()
    choice = queries.choice_of_vehicle(account=by, vin=cart.vehicle.vin)
    require_main_user(choice)
    lines = [require_orderable(choice, offer_id, at) for offer_id in queries.offers_in(cart)]
    for position, line in enumerate(lines):
        refuse_twice(line, [other.offer.id for other in lines[:position]])
    identity.require_consents(account=by, services=[each for line in lines for each in line.offer.services])
    _refuse_waiting(cart, lines)
    overview = queries.overview(account=by, cart=cart, choice=choice, card_id=card_id, at=at, language=by.language)
    _refuse_incomplete(overview, seen)
    order = _create(by, cart.vehicle, overview, at)
    Cart.objects.filter(id=cart.id).update(is_open=False)
    outbox.publish(events.OrderPlaced(vin=cart.vehicle.vin, order_id=order.id, account_id=by.id, at=at))
    if rules.needs_identified_buyer([line.offer for line in overview.lines], catalog.pack().services):
        case = identity.require_identity_check(account=by, country=order.country)
        if case is not None:
            order.status = Status.IDENTIFY
            order.save(update_fields=["status"])
            return order
    return _charge(order, at)


def _charge(order: Order, at: datetime) -> Order:
    """Nothing to pay confirms the order; else its payment is asked for, and `pay_order` carries it out."""
    if order.card_id is None:
        return _confirm(order, at)
    billing.request_payment(
        account=order.account,
        order_id=order.id,
        order_number=order.number,
        amount=order.total,
        card_id=order.card_id,
        country=order.country,
        return_url=f"{settings.VETTURA_BASE_URL}{reverse('store:returned', args=[order.id])}",
    )
    return order


@transaction.atomic
def continue_identified_orders(*, account_id: UUID, country: str) -> list[Order]:
    """
    Let the orders go on that waited for this person's identification: they are paid, or confirmed where they cost nothing.

    Repeating it is the same as once. An order whose card can no longer be used ends, and its offers lie in the cart again.
    """
    orders = _orders_to_identify(account_id, country)
    at = clock.now()
    for order in orders:
        order.status = Status.WAITING
        order.save(update_fields=["status"])
        try:
            with transaction.atomic():
                _charge(order, at)
        except (NotFound, CardBrandNotAccepted, CardExpired):
            _end(order, Status.DECLINED, at)
        else:
            if order.status == Status.WAITING:
                jobs.defer("store.pay_order", order_id=str(order.id))
    return orders


@transaction.atomic
def end_unidentified_orders(*, account_id: UUID, country: str) -> list[Order]:
    """This will end the orders that waited for an identification that will not come; nothing was charged. Twice is once."""
    orders = _orders_to_identify(account_id, country)
    for order in orders:
        _end(order, Status.EXPIRED, clock.now())
    return orders


def _orders_to_identify(account_id: UUID, country: str) -> list[Order]:
    found = Order.objects.select_for_update(of=("self",)).select_related("vehicle", "account", "cart")
    return list(found.filter(account_id=account_id, country=country, status=Status.IDENTIFY).order_by("id"))


def _end(order: Order, status: Order.Status, at: datetime) -> None:
    """The order comes to nothing: its offers lie in the cart again."""
    order.status, order.ended_at = status, at
    order.save(update_fields=["status", "ended_at"])
    _refill_cart(order)
    outbox.publish(
        events.OrderEnded(
            vin=order.vehicle.vin, order_id=order.id, account_id=order.account_id, because=order.status, at=at
        )
    )


def _refuse_waiting(cart: Cart, lines: Sequence[queries.ShownOffer]) -> None:
    """A service that an unpaid order is about must not be bought a second time meanwhile."""
    wanted = {service.id: shown for shown in lines for service in shown.services}
    waiting = OrderLine.objects.filter(order__vehicle=cart.vehicle, order__status__in=(Status.IDENTIFY, Status.WAITING))
    for line in waiting:
        for service_id in catalog.offer(line.offer_id).services:
            if service_id in wanted:
                raise errors.OrderInProgress(name=wanted[service_id].name)


def _refuse_incomplete(overview: queries.Overview, seen: str | None) -> None:
    if not overview.lines:
        raise errors.CartEmpty
    if overview.address is None:
        raise errors.AddressMissing
    if overview.needs_card and overview.card is None:
        raise errors.CardMissing
    if seen is not None and seen != overview.fingerprint:
        raise errors.OverviewOutdated


def _create(by: Account, vehicle: Vehicle, overview: queries.Overview, at: datetime) -> Order:
    country = catalog.country(overview.choice.country)
    order = Order.objects.create(
        number=rules.order_number(secrets.token_bytes(8), at),
        cart=overview.cart,
        account_id=by.id,
        vehicle=vehicle,
        country=country.iso2,
        language=by.language,
        card_id=overview.card.id if overview.card else None,
        total_amount=overview.total.amount,
        total_currency=country.currency,
        address_lines=[*overview.address.lines, country.name[catalog.language_of_pack(by.language)]]
        if overview.address
        else [],
        terms_version=catalog.legal_document("terms_of_business", country.iso2, by.language).version,
        placed_at=at,
        withdrawable_until=end_of_period(start=at, days=catalog.terms().withdrawal_period, zone=country.timezone),
    )
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            position=position,
            offer_id=shown.offer.id,
            name=shown.name,
            term_days=shown.inclusive_days if shown.state.kind == "inclusive" else shown.term_days,
            is_free=shown.state.kind == "inclusive",
            price_amount=shown.price.amount,
            price_currency=country.currency,
        )
        for position, shown in enumerate(overview.lines, start=1)
    )
    return order


def cart_for_key(*, by: Account, vin: str, offer_ids: Sequence[str], key: str) -> Cart:
    """
    A cart for an order over the API: the same key is the same cart, so the same order.

    Raises NotFound for strangers, OnlyMainUserBuys.
    """
    choice = queries.choice_of_vehicle(account=by, vin=vin)
    require_main_user(choice)
    with transaction.atomic():
        cart, is_new = Cart.objects.get_or_create(
            id=uuid5(by.id, key),
            defaults={
                "account_id": by.id,
                "vehicle": choice.vehicle,
                "country": choice.country,
                "generation": choice.generation,
                "drive": choice.drive,
                # never the person's own cart: it exists for this one order
                "is_open": False,
                "began_at": clock.now(),
            },
        )
        if is_new:
            CartItem.objects.bulk_create(
                CartItem(cart=cart, offer_id=offer_id) for offer_id in dict.fromkeys(offer_ids)
            )
    return cart


def pay_order(*, order_id: UUID) -> Order:
    """
    Take an order's payment as far as it goes, and settle the order by it. May be repeated.

    Calls the provider, so it runs outside a transaction. When the provider does not answer, the order stays waiting and
    the sweep goes on: nobody has to press again.
    """
    payment = billing_queries.payment_of(order_id=order_id)
    if payment is not None:
        billing.settle_or_wait(payment_id=payment.id)
    return settle_order(order_id=order_id)


@transaction.atomic
def settle_order(*, order_id: UUID) -> Order:
    """
    Let an order follow its payment: captured confirms it, declined and released end it. Repeating it is the same as once.

    A declined order's offers lie in the cart again.
    """
    order = Order.objects.select_for_update(of=("self",)).select_related("vehicle", "account").get(id=order_id)
    payment = billing_queries.payment_of(order_id=order_id)
    if order.status != Status.WAITING or payment is None:
        return order
    at = clock.now()
    if payment.status in (Payment.Status.CAPTURED, Payment.Status.REFUNDED):
        return _confirm(order, at)
    if payment.status in (Payment.Status.DECLINED, Payment.Status.RELEASED):
        _end(order, Status.DECLINED if payment.status == Payment.Status.DECLINED else Status.EXPIRED, at)
    return order


def _confirm(order: Order, at: datetime) -> Order:
    order.status, order.paid_at = Status.PAID, at
    order.save(update_fields=["status", "paid_at"])
    lines = list(order.lines.all())
    for line in lines:
        entitlements.start_paid_contracts(
            vehicle=order.vehicle, order_line_id=line.id, offer_id=line.offer_id, at=at, is_free=line.is_free
        )
    billed = [billing.BilledLine(text=line.name, gross=line.price) for line in lines if line.price_amount > 0]
    if billed:
        billing.request_invoice(
            account=order.account,
            order_id=order.id,
            order_number=order.number,
            vin=order.vehicle.vin,
            country=order.country,
            recipient=order.address_lines,
            lines=billed,
            at=at,
        )
    mails.send_confirmation(order, lines)
    mails.send_terms(order, at)
    outbox.publish(events.OrderPaid(vin=order.vehicle.vin, order_id=order.id, account_id=order.account_id, at=at))
    return order


@transaction.atomic
def end_orders_of_former_main_user(*, vin: str, account_id: UUID, at: datetime) -> None:
    """
    This will end what a person had begun to buy for a car that is no longer theirs: the cart goes, and an order that
    waits for its payment ends, whose money is released (GAR-019).

    Confirmed orders stay as they are: their contracts are the car's, their papers the person's (STO-002, ID-035).
    Repeating it changes nothing.
    """
    Cart.objects.filter(vehicle__vin=vin, account_id=account_id, is_open=True).delete()
    waiting = Order.objects.select_for_update(of=("self",)).filter(
        vehicle__vin=vin, account_id=account_id, status__in=(Status.IDENTIFY, Status.WAITING)
    )
    for order in waiting:
        # the order ends first: money that was taken in this very moment goes back and confirms nothing
        order.status, order.ended_at = Status.EXPIRED, at
        order.save(update_fields=["status", "ended_at"])
        billing.request_refund(order_id=order.id, at=at)
        outbox.publish(
            events.OrderEnded(vin=vin, order_id=order.id, account_id=account_id, because=order.status, at=at)
        )


def _refill_cart(order: Order) -> None:
    former = order.cart
    cart, _ = Cart.objects.get_or_create(
        account_id=order.account_id,
        vehicle=order.vehicle,
        is_open=True,
        defaults={
            "country": former.country,
            "generation": former.generation,
            "drive": former.drive,
            "began_at": clock.now(),
        },
    )
    for line in order.lines.all():
        CartItem.objects.get_or_create(cart=cart, offer_id=line.offer_id)
