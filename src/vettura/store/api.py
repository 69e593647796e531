"""The store for programs: offers of a vehicle, orders, withdrawal."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Header, Query, Router, Schema, Status

from vettura.billing import queries as billing
from vettura.billing.models import Payment
from vettura.foundation import clock, pages
from vettura.foundation.errors import NotFound
from vettura.foundation.money import Money
from vettura.identity import queries as identity
from vettura.identity.models import Account
from vettura.store import actions, errors, queries
from vettura.store.models import Order

router = Router(tags=["store"])
Limit = Annotated[int, Query(ge=1, le=100, description="How many at most.")]
Before = Annotated[UUID | None, Query(description="The last order of the page before.")]


class MoneyOut(Schema):
    """An amount of money, tax included."""

    amount: str
    currency: str

    @classmethod
    def of(cls, money: Money) -> "MoneyOut":
        """The amount as decimal text, e.g. "12.50"."""
        return cls(amount=f"{money.amount:.2f}", currency=money.currency.code)


class OfferOut(Schema):
    """
    What can be ordered for a vehicle.

    `state`: `orderable`, `inclusive` (the free term is unused), `renewable`, `too_early` (see `first_possible`) or `owned`.
    """

    id: str
    name: str
    summary: str
    services: list[str]
    price: MoneyOut
    term_days: int | None
    inclusive_days: int | None
    state: str
    runs_until: datetime | None
    first_possible: datetime | None


class OrderIn(Schema):
    """An order: offers for one vehicle, paid with a saved card (the newest usable one if none is named)."""

    vin: str
    offers: list[str]
    card_id: UUID | None = None


class OrderLineOut(Schema):
    """One offer of an order."""

    offer_id: str
    name: str
    price: MoneyOut
    term_days: int | None


class OrderOut(Schema):
    """
    An order. `status`: `waiting`, `paid`, `declined`, `expired` or `withdrawn`.

    While the bank wants to hear from the person, `challenge_url` is where the person must go.
    """

    id: UUID
    number: str
    vin: str
    status: str
    placed_at: datetime
    paid_at: datetime | None
    withdrawable_until: datetime
    total: MoneyOut
    lines: list[OrderLineOut]
    challenge_url: str | None
    decline_reason: str | None


@router.get("/offers", response=list[OfferOut], operation_id="list_offers")
def list_offers(request: HttpRequest, vin: str) -> list[OfferOut]:
    """What can be ordered for a vehicle in its country now; what does not fit is absent."""
    _require_car(request, vin)
    choice = queries.choice_of_vehicle(account=_account(request), vin=vin)
    shelf = queries.shelf(choice=choice, at=clock.now(), language=get_language() or "en")
    return [
        OfferOut(
            id=shown.offer.id,
            name=shown.name,
            summary=shown.summary,
            services=list(shown.offer.services),
            price=MoneyOut.of(shown.price),
            term_days=shown.term_days,
            inclusive_days=shown.inclusive_days,
            state=shown.state.kind,
            runs_until=shown.runs_until,
            first_possible=shown.state.first_possible,
        )
        for shown in shelf.by_id.values()
    ]


@router.post("/orders", response={201: OrderOut}, operation_id="place_order")
def place_order(
    request: HttpRequest, body: OrderIn, idempotency_key: Annotated[str, Header(alias="Idempotency-Key")] = ""
) -> Status[OrderOut]:
    """Order for a vehicle. Needs an Idempotency-Key: the same key returns the same order. Only the main user may."""
    if not idempotency_key:
        raise errors.KeyMissing
    account = _account(request)
    _require_car(request, body.vin)
    cart = actions.cart_for_key(by=account, vin=body.vin, offer_ids=body.offers, key=idempotency_key)
    placed = actions.place_order(by=account, cart_id=cart.id, card_id=body.card_id)
    actions.pay_order(order_id=placed.id)
    return Status(201, _one(account, placed.id))


@router.get("/orders", response=list[OrderOut], operation_id="list_orders")
def list_orders(
    request: HttpRequest, response: HttpResponse, before: Before = None, limit: Limit = 100
) -> list[OrderOut]:
    """The account's orders, the newest first; for a program those for cars that were opened to it."""
    account = _account(request)
    orders = queries.orders_of(account=account, before=before)
    cars = identity.allowed(request).cars
    found = list((orders if cars is None else orders.filter(vehicle__vin__in=cars))[: limit + 1])
    page = found[:limit]
    if len(found) > limit:
        pages.link_next(request, response, before=page[-1].id)
    payments = billing.payments_of(order_ids=[order.id for order in page])
    return [_order_out(order, payments.get(order.id)) for order in page]


@router.get("/orders/{order_id}", response=OrderOut, operation_id="get_order")
def get_order(request: HttpRequest, order_id: UUID) -> OrderOut:
    """One order."""
    shown = _one(_account(request), order_id)
    _require_car(request, shown.vin)
    return shown


@router.post("/orders/{order_id}/withdrawal", response=OrderOut, operation_id="withdraw_order")
def withdraw_order(request: HttpRequest, order_id: UUID) -> OrderOut:
    """Take an order back within its period; its contracts end and its price goes back. Repeating it is the same as once."""
    account = _account(request)
    _require_car(request, queries.order(account=account, order_id=order_id).vehicle.vin)
    actions.withdraw(order_id=order_id, by=account)
    return _one(account, order_id)


def _require_car(request: HttpRequest, vin: str) -> None:
    """A car that was not opened to the program looks like a stranger's."""
    if not identity.allowed(request).reaches(vin):
        raise NotFound


def _account(request: HttpRequest) -> Account:
    account: Account = getattr(request, "auth")  # noqa: B009  (ninja sets it; Django's request type does not know it)
    return account


def _one(account: Account, order_id: UUID) -> OrderOut:
    return _order_out(queries.order(account=account, order_id=order_id), billing.payment_of(order_id=order_id))


def _order_out(order: Order, payment: Payment | None) -> OrderOut:
    return OrderOut(
        id=order.id,
        number=order.number,
        vin=order.vehicle.vin,
        status=order.status,
        placed_at=order.placed_at,
        paid_at=order.paid_at,
        withdrawable_until=order.withdrawable_until,
        total=MoneyOut.of(order.total),
        lines=[
            OrderLineOut(
                offer_id=line.offer_id, name=line.name, price=MoneyOut.of(line.price), term_days=line.term_days
            )
            for line in order.lines.all()
        ],
        challenge_url=payment.challenge_url or None if payment else None,
        decline_reason=payment.decline_reason or None if payment else None,
    )
