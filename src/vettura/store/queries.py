"""What is true of the store."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from vettura.billing import queries as billing
from vettura.billing.models import BillingAddress, SavedCard
from vettura.catalog import queries as catalog
from vettura.entitlements import queries as entitlements
from vettura.entitlements.models import Contract
from vettura.foundation.errors import NotFound
from vettura.foundation.money import Money
from vettura.identity import queries as identity
from vettura.identity.models import Account, IdentityCheck
from vettura.store import rules
from vettura.store.models import Cart, CartItem, Order
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle
from vettura_pack.model import Offer, Service

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What a store page is about: a vehicle of one's own, or a country and a kind of vehicle."""

    country: str
    generation: str
    drive: str
    equipment: tuple[str, ...]
    vehicle: Vehicle | None = None
    may_buy: bool = True


@dataclass(frozen=True, kw_only=True)
class ShownOffer:
    """An offer on a page, with everything a template prints. `days_left` is for people who are signed in (STO-047, C-78)."""

    offer: Offer
    services: tuple[Service, ...]
    service_names: tuple[tuple[str, str], ...]
    name: str
    summary: str
    price: Money
    full_price: Money
    term_days: int | None
    inclusive_days: int | None
    state: rules.OfferState
    runs_until: datetime | None
    days_left: int | None
    is_unlimited: bool
    is_configurable: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Group:
    """Offers that do the same for you."""

    name: str
    offers: list[ShownOffer] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """The store for one choice: what can be had by group, and what could be had with other equipment."""

    groups: list[Group]
    not_possible: list[ShownOffer]

    @property
    def by_id(self) -> dict[str, ShownOffer]:
        """The offers that can be had, by id."""
        return {shown.offer.id: shown for group in self.groups for shown in group.offers}


@dataclass(frozen=True, kw_only=True)
class Overview:
    """What a person checks before ordering (STO-018). `fingerprint` goes with the order, see `rules.overview_fingerprint`."""

    cart: Cart
    choice: Choice
    lines: list[ShownOffer]
    total: Money
    address: BillingAddress | None
    card: SavedCard | None
    fingerprint: str
    needs_identity_check: bool

    @property
    def needs_card(self) -> bool:
        """Whether anything is to be paid."""
        return bool(self.total.amount > 0)


def choice_of_vehicle(*, account: Account, vin: str) -> Choice:
    """The store for a vehicle that the person uses. Raises NotFound for strangers."""
    return choice_for(vehicles.vehicle_for(account=account, vin=vin))


def choice_for(vehicle: Vehicle) -> Choice:
    """The store for a vehicle with the person's role."""
    return Choice(
        country=vehicle.country,
        generation=vehicle.generation,
        drive=vehicle.drive,
        equipment=tuple(vehicle.equipment),
        vehicle=vehicle,
        may_buy=vehicles.may(role=vehicle.role, permission="buy"),
    )


def choice_of_model(*, country: str, generation: str, drive: str) -> Choice:
    """The store without a vehicle (STO-030, C-48): whatever the kind of vehicle can be ordered with counts as fitted. Raises UnknownEntry."""
    found = catalog.generation(generation)
    catalog.country(country)
    return Choice(
        country=country,
        generation=generation,
        drive=drive if drive in found.drives else found.drives[0],
        equipment=tuple({*found.equipment, *found.standard_equipment}),
    )


def shelf(*, choice: Choice, at: datetime, language: str) -> Shelf:
    """What the store shows: what fits by group (STO-029, STO-031), and quietly what other equipment would make possible."""
    standings = (
        entitlements.standings_of(vehicles=[choice.vehicle], at=at)[choice.vehicle.vin] if choice.vehicle else {}
    )
    fitting = catalog.offers_for(
        generation=choice.generation, drive=choice.drive, equipment=choice.equipment, country=choice.country
    )
    words = catalog.pack().service_groups
    language = catalog.language_of_pack(language)
    groups = {key: Group(name=name[language]) for key, name in words.items()}
    for offer in fitting:
        shown = _shown(offer, choice, standings, at, language)
        groups[shown.services[0].group].offers.append(shown)
    known = {offer.id for offer in fitting}
    return Shelf(
        groups=[group for group in groups.values() if group.offers],
        not_possible=[
            shown
            for offer in _offers_with_all_equipment(choice)
            if offer.id not in known and (shown := _shown(offer, choice, standings, at, language)).missing
        ],
    )


def _offers_with_all_equipment(choice: Choice) -> list[Offer]:
    return catalog.offers_for(
        generation=choice.generation,
        drive=choice.drive,
        equipment=tuple(catalog.pack().equipment),
        country=choice.country,
    )


def _shown(
    offer: Offer, choice: Choice, standings: dict[str, entitlements.Standing], at: datetime, language: str
) -> ShownOffer:
    state = rules.offer_state(offer, standings, at)
    services = tuple(catalog.service(service_id) for service_id in offer.services)
    known = [standings[service.id] for service in services if service.id in standings]
    ends = [standing.covered_until for standing in known if standing.covered_until]
    missing = [
        name
        for service in services
        for name in catalog.missing_equipment(service_id=service.id, equipment=choice.equipment, language=language)
    ]
    return ShownOffer(
        offer=offer,
        services=services,
        service_names=tuple((service.id, service.name[language]) for service in services),
        name=offer.name[language],
        summary=offer.summary[language],
        price=rules.price(offer, choice.country, state),
        full_price=offer.price_for(choice.country),
        term_days=offer.term,
        inclusive_days=offer.inclusive_days,
        state=state,
        runs_until=min(ends, default=None),
        days_left=max(0, -((at - min(ends)) // _DAY)) if ends else None,
        is_unlimited=any(standing.is_unlimited for standing in known),
        is_configurable=any(service.configurable for service in services),
        missing=tuple(dict.fromkeys(missing)),
    )


def cart_of(*, account: Account, vehicle: Vehicle) -> Cart | None:
    """The open cart of a person for a vehicle."""
    return Cart.objects.filter(account_id=account.id, vehicle=vehicle, is_open=True).prefetch_related("items").first()


def visitor_cart(*, cart_id: str | None) -> Cart | None:
    """The cart of a visitor who is not signed in, by the id in the visitor's session."""
    if not cart_id:
        return None
    return Cart.objects.filter(id=UUID(cart_id), account=None, is_open=True).prefetch_related("items").first()


def offers_in(cart: Cart | None) -> list[str]:
    """The offers in a cart, in the order they were put in."""
    return [] if cart is None else [item.offer_id for item in cart.items.all()]


def overview(
    *, account: Account, cart: Cart, choice: Choice, card_id: UUID | None, at: datetime, language: str
) -> Overview:
    """What would be ordered now. An offer that no longer fits is left out. A card that is not the person's is no card."""
    shelf_now = shelf(choice=choice, at=at, language=language).by_id
    lines = [shelf_now[offer_id] for offer_id in offers_in(cart) if offer_id in shelf_now]
    address = billing.billing_address(account=account)
    usable = [
        row.card for row in billing.saved_cards(account=account, country=choice.country, at=at) if not row.problem
    ]
    card = next((each for each in usable if each.id == card_id), None if card_id else next(iter(usable), None))
    opens_sim = rules.needs_identified_buyer([line.offer for line in lines], catalog.pack().services)
    total = rules.total((line.price for line in lines), catalog.country(choice.country).currency)
    return Overview(
        cart=cart,
        choice=choice,
        lines=lines,
        total=total,
        address=address,
        card=card if total.amount > 0 else None,
        fingerprint=rules.overview_fingerprint(
            cart_id=cart.id,
            lines=[(line.offer.id, line.price) for line in lines],
            address=address.lines if address else (),
            card_id=card.id if card and total.amount > 0 else None,
        ),
        needs_identity_check=opens_sim and identity.must_be_identified(account=account, country=choice.country),
    )


def begun_for(*, account: Account, vehicles: Sequence[Vehicle]) -> dict[str, dict[str, Any]]:  # what a panel shows
    """
    Cars, by VIN, for which a person has something in the cart or an order that waits for its payment: `in_cart` counts
    offers, `waiting` holds orders. Two queries, however many cars.
    """
    found: dict[str, dict[str, Any]] = {}
    items = CartItem.objects.filter(cart__account_id=account.id, cart__vehicle__in=vehicles, cart__is_open=True)
    for vin in items.values_list("cart__vehicle__vin", flat=True):
        found.setdefault(vin, {"in_cart": 0, "waiting": []})["in_cart"] += 1
    waiting = Order.objects.filter(account_id=account.id, vehicle__in=vehicles, status=Order.Status.WAITING)
    for order in waiting.select_related("vehicle").order_by("placed_at"):
        found.setdefault(order.vehicle.vin, {"in_cart": 0, "waiting": []})["waiting"].append(order)
    return found


def orders_of(*, account: Account, before: UUID | None = None) -> QuerySet[Order]:
    """
    The person's orders, newest first, with their lines and vehicle (STO-005); `before` continues after one already shown. Raises
    NotFound for a `before` that is not theirs.
    """
    found = Order.objects.filter(account_id=account.id).select_related("vehicle").prefetch_related("lines")
    if before is not None:
        last = order(account=account, order_id=before)
        found = found.filter(Q(placed_at__lt=last.placed_at) | Q(placed_at=last.placed_at, id__lt=last.id))
    return found.order_by("-placed_at", "-id")


def orders_with(*, vehicle: Vehicle, services: Collection[str]) -> list[Order]:
    """The orders for a vehicle that hold one of these services, in its present main user's time, the newest first."""
    offers = [offer.id for offer in catalog.offers() if set(offer.services) & set(services)]
    found = Order.objects.filter(vehicle=vehicle, lines__offer_id__in=offers).distinct()
    since = vehicles.main_user_since(vehicle=vehicle)
    return list((found if since is None else found.filter(placed_at__gte=since)).order_by("-placed_at", "-id"))


def order(*, account: Account, order_id: UUID) -> Order:
    """An order of this person. Raises NotFound, also for somebody else's."""
    found = orders_of(account=account).filter(id=order_id).first()
    if found is None:
        raise NotFound
    return found


def may_withdraw(*, order: Order, at: datetime) -> bool:
    """Whether the customer may still take an order back."""
    return rules.may_withdraw(order, at)


def open_identity_check(*, order: Order) -> IdentityCheck | None:
    """The identification that an order waits for, if it does (IDV-001)."""
    if order.status != Order.Status.IDENTIFY:
        return None
    return identity.open_identity_check(account=order.account, country=order.country)


def contracts_of_order(*, order: Order) -> list[Contract]:
    """The contracts that an order became."""
    return entitlements.contracts_of_lines(order_line_ids=order.line_ids)


def countries_of(*, service: Service, language: str) -> list[str]:
    """The names of the countries in which a service can be had (STO-041), sorted."""
    language = catalog.language_of_pack(language)
    return sorted(catalog.country(iso2).name[language] for iso2 in service.countries)


def offers_with(*, service: Service, shelf: Shelf) -> Sequence[ShownOffer]:
    """The offers of a shelf that hold a service."""
    return [shown for shown in shelf.by_id.values() if service.id in shown.offer.services]


def orders_to_keep(*, account_id: UUID) -> QuerySet[Order]:
    """Orders that tax law wants kept when their buyer is erased: those for which money was taken."""
    return Order.objects.filter(account_id=account_id, paid_at__isnull=False, total_amount__gt=0)


def order_kept_until(*, order: Order) -> datetime:
    """Until when tax law wants a paid order kept."""
    return catalog.tax_records_end(at=order.paid_at or order.placed_at, country=order.country)


def orders_to_erase(*, account_id: UUID) -> QuerySet[Order]:
    """Orders that cost nothing or came to nothing."""
    return Order.objects.filter(account_id=account_id).filter(Q(paid_at=None) | Q(total_amount=0))
