"""Carts: filled by visitors and main users, kept through sign-in."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.db import transaction
from django.utils.translation import get_language

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.foundation.periods import locale_of
from vettura.identity import actions as identity
from vettura.identity.models import Account
from vettura.store import errors, queries
from vettura.store.models import Cart, CartItem
from vettura.vehicles import queries as vehicles
from vettura.vehicles.errors import CarIsBeingSold


@transaction.atomic
def add_to_cart(*, by: Account, vin: str, offer_id: str) -> Cart:
    """
    Put an offer into the person's cart for a vehicle; twice is once.

    Raises NotFound for strangers, OnlyMainUserBuys, OfferDoesNotFit, RenewalTooEarly, NothingToRenew,
    ServiceTwiceInCart, ConsentNeeded.
    """
    choice = queries.choice_of_vehicle(account=by, vin=vin)
    require_main_user(choice)
    shown = require_orderable(choice, offer_id, clock.now())
    identity.require_consents(account=by, services=shown.offer.services)
    cart = _open_cart(by, choice)
    refuse_twice(shown, queries.offers_in(cart))
    CartItem.objects.get_or_create(cart=cart, offer_id=offer_id)
    return cart


@transaction.atomic
def add_to_visitor_cart(*, cart_id: str | None, country: str, generation: str, drive: str, offer_id: str) -> Cart:
    """
    Put an offer into a visitor's cart for a kind of vehicle; a cart for another kind is begun anew.

    The caller keeps the cart's id for the visitor. Raises OfferDoesNotFit, ServiceTwiceInCart.
    """
    choice = queries.choice_of_model(country=country, generation=generation, drive=drive)
    shown = require_orderable(choice, offer_id, clock.now())
    cart = queries.visitor_cart(cart_id=cart_id)
    if cart is None or (cart.country, cart.generation, cart.drive) != (country, choice.generation, choice.drive):
        cart = Cart.objects.create(
            country=country, generation=choice.generation, drive=choice.drive, began_at=clock.now()
        )
    refuse_twice(shown, queries.offers_in(cart))
    CartItem.objects.get_or_create(cart=cart, offer_id=offer_id)
    return cart


@transaction.atomic
def adopt_cart(*, cart_id: str | None, by: Account, vin: str) -> Cart | None:
    """
    Bring what a visitor put into the cart along after sign-in (ID-022); what does not suit the vehicle stays behind.

    Repeating it is the same as once. Raises NotFound for strangers. A secondary user's vehicle takes nothing over.
    """
    visitor = queries.visitor_cart(cart_id=cart_id)
    choice = queries.choice_of_vehicle(account=by, vin=vin)
    if visitor is None or not choice.may_buy:
        return None
    cart = _open_cart(by, choice)
    shelf = queries.shelf(choice=choice, at=clock.now(), language=by.language).by_id
    for offer_id in queries.offers_in(visitor):
        shown = shelf.get(offer_id)
        taken = {service_id for other in queries.offers_in(cart) for service_id in catalog.offer(other).services}
        if shown is not None and shown.state.is_orderable and not taken & set(shown.offer.services):
            CartItem.objects.get_or_create(cart=cart, offer_id=offer_id)
    visitor.delete()
    return cart


@transaction.atomic
def remove_from_cart(*, cart: Cart, offer_id: str) -> None:
    """This will take an offer out of an open cart; one that is not in it changes nothing."""
    CartItem.objects.filter(cart=cart, cart__is_open=True, offer_id=offer_id).delete()


def require_main_user(choice: queries.Choice) -> None:
    """Only the main user buys (STO-032, USR-004), and not in the middle of a sale. Raises OnlyMainUserBuys, CarIsBeingSold."""
    if not choice.may_buy:
        raise errors.OnlyMainUserBuys
    if choice.vehicle is not None and vehicles.open_sale_of(vehicle=choice.vehicle) is not None:
        raise CarIsBeingSold


def require_orderable(choice: queries.Choice, offer_id: str, at: datetime) -> queries.ShownOffer:
    """The offer as it can be ordered now. Raises OfferDoesNotFit, RenewalTooEarly, NothingToRenew."""
    language = get_language() or "en"
    shown = queries.shelf(choice=choice, at=at, language=language).by_id.get(offer_id)
    if shown is None:
        raise errors.OfferDoesNotFit(offer_id=offer_id)
    if shown.state.kind == "owned":
        raise errors.NothingToRenew(name=shown.name)
    if shown.state.kind == "too_early":
        zone = catalog.country(choice.country).timezone
        raise errors.RenewalTooEarly(
            name=shown.name,
            ends_on=_day(shown.state.until, zone, language),
            first_on=_day(shown.state.first_possible, zone, language),
        )
    return shown


def refuse_twice(shown: queries.ShownOffer, others: Iterable[str]) -> None:
    """A service is bought once at a time. Raises ServiceTwiceInCart when another offer has a service of this one."""
    language = catalog.language_of_pack(get_language())
    for other in others:
        if other != shown.offer.id and set(shown.offer.services) & set(catalog.offer(other).services):
            raise errors.ServiceTwiceInCart(name=shown.name, other=catalog.offer(other).name[language])


def _day(moment: datetime | None, zone: str, language: str) -> str:
    return (
        ""
        if moment is None
        else format_date(moment.astimezone(ZoneInfo(zone)).date(), "long", locale=locale_of(language))
    )


def _open_cart(by: Account, choice: queries.Choice) -> Cart:
    if choice.vehicle is None:
        raise NotFound
    cart, _ = Cart.objects.get_or_create(
        account_id=by.id,
        vehicle=choice.vehicle,
        is_open=True,
        defaults={
            "country": choice.country,
            "generation": choice.generation,
            "drive": choice.drive,
            "began_at": clock.now(),
        },
    )
    return cart


def cart_to_order(*, cart_id: UUID, by: Account) -> Cart:
    """The person's cart, locked, open or not. Raises NotFound."""
    cart = Cart.objects.select_for_update(of=("self",)).filter(id=cart_id, account_id=by.id).first()
    if cart is None:
        raise NotFound
    return cart
