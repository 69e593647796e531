"""A person's data in this context: what the deletion of the account means for orders."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vettura.foundation import clock
from vettura.foundation.archive import exports
from vettura.foundation.erasing import Obstacle, Subject, erases, hinders, keeps, leaves
from vettura.foundation.privacy import Consequence, Person, foretells
from vettura.store import actions, queries, rules
from vettura.store.models import Cart, CartItem, Order, OrderBook, OrderLine


@foretells
def consequences(person: Person) -> Iterator[Consequence]:
    """Orders that are not paid end; those that can still be withdrawn had better be withdrawn first."""
    orders = Order.objects.filter(account_id=person.id).order_by("placed_at")
    at = clock.now()
    for order in orders:
        if order.status == Order.Status.WAITING:
            sentence = gettext("Order {number} waits for its payment: it ends, and nothing is charged.")
            yield Consequence(kind="ends", sentence=sentence.format(number=order.number))
        elif rules.may_withdraw(order, at) and order.total_amount > 0:
            sentence = gettext("Order {number} can still be withdrawn: do so first if you want your money back.")
            yield Consequence(
                kind="before",
                sentence=sentence.format(number=order.number),
                href=reverse("store:order", args=[order.id]),
            )
    if orders.exists():
        yield Consequence(kind="stays", sentence=gettext("Your orders, until you ask for their erasure."))


# -- what is in the archive -----------------------------------------------------------------------------------------


@dataclass
class OrderLineRow:
    """One offer of an order, with name and price as they were."""

    offer_id: str
    name: str
    term_days: int | None
    is_free: bool
    price: Decimal
    currency: str


@dataclass
class OrderRow:
    """An order."""

    number: str
    vin: str
    status: str
    country: str
    total: Decimal
    currency: str
    address_lines: list[str]
    terms_version: str
    placed_at: datetime
    paid_at: datetime | None
    ended_at: datetime | None
    withdrawable_until: datetime
    withdrawn_at: datetime | None
    lines: list[OrderLineRow]


@exports("orders", title=_("Your orders"), row=OrderRow, of=(Order, OrderLine))
def orders(person: Person) -> Iterator[OrderRow]:
    """The oldest first."""
    found = Order.objects.filter(account_id=person.id).select_related("vehicle").prefetch_related("lines")
    for order in found.order_by("placed_at", "id"):
        yield OrderRow(
            number=order.number,
            vin=order.vehicle.vin,
            status=order.status,
            country=order.country,
            total=order.total_amount,
            currency=order.total_currency,
            address_lines=order.address_lines,
            terms_version=order.terms_version,
            placed_at=order.placed_at,
            paid_at=order.paid_at,
            ended_at=order.ended_at,
            withdrawable_until=order.withdrawable_until,
            withdrawn_at=order.withdrawn_at,
            lines=[
                OrderLineRow(
                    offer_id=line.offer_id,
                    name=line.name,
                    term_days=line.term_days,
                    is_free=line.is_free,
                    price=line.price_amount,
                    currency=line.price_currency,
                )
                for line in order.lines.all()
            ],
        )


@dataclass
class CartRow:
    """A cart for a car, with the offers in it."""

    vin: str
    is_open: bool
    began_at: datetime
    offers: list[str]


@exports("carts", title=_("Your carts"), row=CartRow, of=(Cart, CartItem))
def carts(person: Person) -> Iterator[CartRow]:
    """Also those that became an order."""
    found = Cart.objects.filter(account_id=person.id).select_related("vehicle").prefetch_related("items")
    for cart in found.order_by("began_at", "id"):
        yield CartRow(
            vin=cart.vehicle.vin if cart.vehicle else "",
            is_open=cart.is_open,
            began_at=cart.began_at,
            offers=[item.offer_id for item in cart.items.all()],
        )


# -- what an erasure does -------------------------------------------------------------------------------------------


@hinders
def open_orders(subject: Subject) -> Iterator[Obstacle]:
    """Orders that are neither paid nor over."""
    waiting = (Order.Status.IDENTIFY, Order.Status.WAITING)
    for number in Order.objects.filter(account_id=subject.id, status__in=waiting).values_list("number", flat=True):
        sentence = gettext("Order {number} is still open. Wait until it is paid or has ended.")
        yield Obstacle(sentence=sentence.format(number=number))


def _end_of_orders(subject: Subject) -> datetime | None:
    kept = queries.orders_to_keep(account_id=subject.id)
    return max((queries.order_kept_until(order=each) for each in kept), default=None)


@keeps(
    _("Paid orders: number, what was bought, prices and days, without address and card"),
    of=(Order, OrderLine),
    because=_("Tax law wants what proves a sale kept."),
    until=_end_of_orders,
    strip=lambda subject: actions.keep_orders(account_id=subject.id),
)
def kept_orders(subject: Subject) -> QuerySet[Order]:
    """Orders for which money was taken, also if it was given back."""
    return queries.orders_to_keep(account_id=subject.id)


@erases(
    _("Orders that cost nothing or came to nothing"),
    of=(Order, OrderLine),
    before=lambda subject: actions.erase_orders(account_id=subject.id),
)
def erased_orders(subject: Subject) -> QuerySet[Order]:
    """There is nothing to prove."""
    return queries.orders_to_erase(account_id=subject.id)


@erases(_("Carts"), of=(Cart, CartItem))
def erased_carts(subject: Subject) -> QuerySet[Cart]:
    """Those of kept orders have lost their owner before."""
    kept = queries.orders_to_keep(account_id=subject.id).values("cart_id")
    return Cart.objects.filter(account_id=subject.id).exclude(id__in=kept)


leaves(OrderBook, because="a lock of a car's orders; it names nobody")
