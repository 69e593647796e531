"""The store, the cart and the way to an order."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vettura.billing import actions as billing_actions
from vettura.billing import queries as billing
from vettura.billing.forms import BillingAddressForm
from vettura.billing.models import Payment
from vettura.catalog import queries as catalog
from vettura.catalog.errors import UnknownEntry
from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.identity.models import Account
from vettura.store import actions, errors, queries
from vettura.store.models import Cart, Order
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle

CART, VIN, MODEL, COUNTRY = "store_cart", "store_vin", "store_model", "store_country"

Context = dict[str, Any]  # what a template reads


@dataclass(frozen=True)
class Visit:
    """Who looks at the store, at what: a vehicle, a kind of vehicle, or nothing chosen yet."""

    account: Account | None
    garage: list[Vehicle]
    choice: queries.Choice | None
    cart: Cart | None


def language_here() -> str:
    """The language of the page."""
    return get_language() or "en"


def _person(request: HttpRequest) -> Account | None:
    return request.user if isinstance(request.user, Account) else None


def account_of(request: HttpRequest) -> Account:
    """Who is signed in. Raises NotFound for nobody."""
    account = _person(request)
    if account is None:
        raise NotFound
    return account


def visit_of(request: HttpRequest) -> Visit:
    """What the visitor chose, now or before; a cart filled before sign-in comes along (ID-022, STO-058, C-48)."""
    account = _person(request)
    if "model" in request.GET or "country" in request.GET:
        request.session[MODEL] = request.GET.get("model", request.session.get(MODEL, ""))
        request.session[COUNTRY] = request.GET.get("country", "")
        request.session.pop(VIN, None)
    if account is None:
        choice = _chosen_model(request)
        return Visit(None, [], choice, queries.visitor_cart(cart_id=request.session.get(CART)))
    garage = vehicles.garage_of(account=account)
    vehicle = _chosen_vehicle(request, garage)
    if vehicle is None:
        return Visit(account, garage, _chosen_model(request), None)
    if CART in request.session and actions.adopt_cart(cart_id=request.session[CART], by=account, vin=vehicle.vin):
        del request.session[CART]
    return Visit(account, garage, queries.choice_for(vehicle), queries.cart_of(account=account, vehicle=vehicle))


def _chosen_vehicle(request: HttpRequest, garage: list[Vehicle]) -> Vehicle | None:
    if "vin" in request.GET:
        if all(vehicle.vin != request.GET["vin"] for vehicle in garage):
            raise NotFound
        request.session[VIN] = request.GET["vin"]
    if "model" in request.GET:
        return None
    wanted = request.session.get(VIN)
    mine = [vehicle for vehicle in garage if vehicle.vin == wanted]
    return next(iter(mine), None) or next(
        (each for each in garage if each.role == "main_user"), next(iter(garage), None)
    )


def _chosen_model(request: HttpRequest) -> queries.Choice | None:
    generation, _, drive = str(request.session.get(MODEL, "")).partition(":")
    try:
        return queries.choice_of_model(country=request.session.get(COUNTRY, ""), generation=generation, drive=drive)
    except UnknownEntry:
        return None


def frame_of(visit: Visit) -> Context:
    """What every store page shows: the cart's size, and the card brands taken in the country (STO-008)."""
    country = visit.choice.country if visit.choice else visit.account.country if visit.account else ""
    return {
        "visit": visit,
        "choice": visit.choice,
        "vehicle": visit.choice.vehicle if visit.choice else None,
        "cart_size": len(queries.offers_in(visit.cart)),
        "card_brands": billing.accepted_brand_names(country=country),
        "country_name": _country_name(country),
    }


def _country_name(iso2: str) -> str:
    found = catalog.pack().countries.get(iso2)
    return found.name[catalog.language_of_pack(language_here())] if found else ""


def _models() -> list[tuple[str, list[tuple[str, str]]]]:
    """The kinds of vehicles to choose from, by model line: every generation with every drive it comes with."""
    drives = {"COMBUSTION": gettext("combustion engine"), "PHEV": gettext("plug-in hybrid"), "BEV": gettext("electric")}
    return [
        (
            line.name,
            [
                (f"{each.code}:{drive}", f"{catalog.generation_name(each)} · {drives.get(drive, drive)}")
                for each in map(catalog.generation, line.generations)
                for drive in each.drives
            ],
        )
        for line in catalog.model_lines()
    ]


# -- looking ------------------------------------------------------------------------------------------------------------
@require_GET
def store(request: HttpRequest) -> HttpResponse:
    """What a vehicle can have: one's own after sign-in, else country and model are chosen (STO-030, STO-058)."""
    visit = visit_of(request)
    language = language_here()
    context = {
        **frame_of(visit),
        "shelf": queries.shelf(choice=visit.choice, at=clock.now(), language=language) if visit.choice else None,
        "in_cart": queries.offers_in(visit.cart),
        "models": _models(),
        "countries": sorted((_country_name(country.iso2), country.iso2) for country in catalog.countries()),
        "chosen_model": request.session.get(MODEL, ""),
        "chosen_country": request.session.get(COUNTRY) or (visit.account.country if visit.account else ""),
    }
    return render(request, "store/catalog.html", context)


@require_GET
def service(request: HttpRequest, service_id: str) -> HttpResponse:
    """One service: what it does, where it can be had, and what becomes of data (STO-041, STO-051, DAT-018)."""
    found = catalog.service(service_id)
    visit = visit_of(request)
    language = catalog.language_of_pack(language_here())
    shelf = queries.shelf(choice=visit.choice, at=clock.now(), language=language) if visit.choice else None
    context = {
        **frame_of(visit),
        "service": found,
        "name": found.name[language],
        "summary": found.summary[language],
        "description": found.description[language],
        "data_protection": found.data_protection[language],
        "countries": queries.countries_of(service=found, language=language),
        "offers": queries.offers_with(service=found, shelf=shelf) if shelf else [],
        "in_cart": queries.offers_in(visit.cart),
    }
    return render(request, "store/service.html", context)


# -- cart ---------------------------------------------------------------------------------------------------------------
@require_GET
def cart(request: HttpRequest) -> HttpResponse:
    """The cart for the chosen vehicle (STO-026)."""
    visit = visit_of(request)
    lines = _lines(visit)
    has_all = _has_all_for_express(visit)
    return render(
        request,
        "store/cart.html",
        {**frame_of(visit), "lines": lines, "total": _total(visit, lines), "express": has_all},
    )


def _lines(visit: Visit) -> list[queries.ShownOffer]:
    if visit.choice is None:
        return []
    shelf = queries.shelf(choice=visit.choice, at=clock.now(), language=language_here()).by_id
    return [shelf[offer_id] for offer_id in queries.offers_in(visit.cart) if offer_id in shelf]


def _total(visit: Visit, lines: list[queries.ShownOffer]) -> object:
    if visit.choice is None or not lines:
        return None
    return sum((line.price for line in lines[1:]), lines[0].price)


def _has_all_for_express(visit: Visit) -> bool:
    """Whether billing address and a usable card are stored, so that checkout can jump to the overview (STO-028)."""
    if visit.account is None or visit.choice is None or billing.billing_address(account=visit.account) is None:
        return False
    cards = billing.saved_cards(account=visit.account, country=visit.choice.country, at=clock.now())
    return any(not row.problem for row in cards)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """This will put an offer into the cart."""
    visit = visit_of(request)
    offer_id = request.POST.get("offer", "")
    if visit.choice is None:
        return redirect("store:catalog")
    if visit.account is not None and visit.choice.vehicle is not None:
        actions.add_to_cart(by=visit.account, vin=visit.choice.vehicle.vin, offer_id=offer_id)
    else:
        found = actions.add_to_visitor_cart(
            cart_id=request.session.get(CART),
            country=visit.choice.country,
            generation=visit.choice.generation,
            drive=visit.choice.drive,
            offer_id=offer_id,
        )
        request.session[CART] = str(found.id)
    return redirect("store:cart")


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """This will take an offer out of the cart."""
    visit = visit_of(request)
    if visit.cart is not None:
        actions.remove_from_cart(cart=visit.cart, offer_id=request.POST.get("offer", ""))
    return redirect("store:cart")


# -- checkout: address, payment, overview, order (STO-027) --------------------------------------------------------------
def _checkout(request: HttpRequest) -> tuple[Account, queries.Choice, Cart, Visit]:
    """Who orders what. Raises OnlyMainUserBuys, CartEmpty, NotFound without a vehicle of one's own."""
    visit, account = visit_of(request), account_of(request)
    if visit.choice is None or visit.choice.vehicle is None:
        raise NotFound
    if not visit.choice.may_buy:
        raise errors.OnlyMainUserBuys
    if visit.cart is None or not queries.offers_in(visit.cart):
        raise errors.CartEmpty
    return account, visit.choice, visit.cart, visit


def _overview(request: HttpRequest) -> tuple[queries.Overview, Visit]:
    account, choice, open_cart, visit = _checkout(request)
    chosen = request.session.get("store_card")
    found = queries.overview(
        account=account,
        cart=open_cart,
        choice=choice,
        card_id=UUID(chosen) if chosen else None,
        at=clock.now(),
        language=language_here(),
    )
    return found, visit


@login_required
@require_GET
def checkout(request: HttpRequest) -> HttpResponse:
    """The next step that lacks something; with everything stored it is the overview (STO-028)."""
    found, _ = _overview(request)
    if found.address is None:
        return redirect("store:checkout_address")
    if found.needs_card and found.card is None:
        return redirect("store:checkout_payment")
    return redirect("store:checkout_overview")


@login_required
@require_http_methods(["GET", "POST"])
def checkout_address(request: HttpRequest) -> HttpResponse:
    """First step: where the invoice goes."""
    account, _, _, visit = _checkout(request)
    stored = billing.billing_address(account=account)
    form = BillingAddressForm(request.POST if request.method == "POST" else None, account=account, stored=stored)
    if request.method == "POST" and form.is_valid():
        billing_actions.save_billing_address(account=account, **form.cleaned_data)
        return redirect("store:checkout")
    return render(request, "store/address.html", {**frame_of(visit), "form": form, "step": 1})


@login_required
@require_http_methods(["GET", "POST"])
def checkout_payment(request: HttpRequest) -> HttpResponse:
    """Second step: which card; credit card is the only way to pay (STO-011)."""
    account, choice, _, visit = _checkout(request)
    if request.method == "POST":
        chosen = billing.saved_card(account=account, card_id=_id_sent(request, "card"))
        request.session["store_card"] = str(chosen.id)
        return redirect("store:checkout_overview")
    request.session.pop("store_card", None)
    context = {
        **frame_of(visit),
        "cards": billing.saved_cards(account=account, country=choice.country, at=clock.now()),
        "form": billing.card_form(country=choice.country, next_url=reverse("store:checkout_overview")),
        "step": 2,
    }
    return render(request, "store/payment.html", context)


@login_required
@require_GET
def checkout_overview(request: HttpRequest) -> HttpResponse:
    """Third step: everything to check and correct, and the binding button (STO-018, STO-019)."""
    found, visit = _overview(request)
    context = {**frame_of(visit), "overview": found, "button": _order_button(found), "step": 3}
    return render(request, "store/overview.html", context)


def _order_button(overview: queries.Overview) -> str:
    """The binding wording, which the law of the country may fix."""
    if not overview.needs_card:
        return gettext("Order free of charge")
    for key in (f"store.order_button.{overview.choice.country}", "store.order_button"):
        try:
            return catalog.text(key, language_here())
        except UnknownEntry:
            continue
    return gettext("Order with obligation to pay")


@login_required
@require_POST
def place(request: HttpRequest) -> HttpResponse:
    """The binding button. Pressed twice, or in two tabs, it is one order."""
    account = account_of(request)
    placed = actions.place_order(
        by=account,
        cart_id=_id_sent(request, "cart"),
        card_id=_id_sent(request, "card") if request.POST.get("card") else None,
        seen=request.POST.get("seen", ""),
    )
    return _after_payment(request, actions.pay_order(order_id=placed.id))


def _id_sent(request: HttpRequest, name: str) -> UUID:
    """What a button of ours names. Raises NotFound for anything else."""
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise NotFound from None


@login_required
@require_GET
def returned(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The person comes back from the bank."""
    found = queries.order(account=account_of(request), order_id=order_id)
    return _after_payment(request, actions.pay_order(order_id=found.id), is_back=True)


def _after_payment(request: HttpRequest, order: Order, *, is_back: bool = False) -> HttpResponse:
    if order.status == Order.Status.PAID:
        return redirect("store:confirmation", order.id)
    if case := queries.open_identity_check(order=order):
        return redirect("identity:identity_check", case.id)
    payment = billing.payment_of(order_id=order.id)
    if order.status == Order.Status.DECLINED:
        messages.error(request, _decline_sentence(payment))
        return redirect("store:checkout_payment")
    if payment is not None and payment.status == Payment.Status.CHALLENGE and not is_back:
        return redirect(payment.challenge_url)
    return redirect("store:order", order.id)


def _decline_sentence(payment: Payment | None) -> str:
    """What a declined card means, and who can help: the issuer for an expired one, Support otherwise (STO-010, STO-012, STO-013)."""
    reason = payment.decline_reason if payment else ""
    if reason == "expired_card":
        return gettext(
            "The card has expired. The institute that issued it can give you a new one. Nothing was charged."
        )
    if reason == "not_confirmed":
        return gettext("Your bank did not confirm the payment. Nothing was charged. Try again or choose another card.")
    if reason == "insufficient_funds":
        return gettext("The card does not cover the amount. Nothing was charged. Choose another card.")
    return gettext(
        "The card was declined. Nothing was charged. Choose another card; if this one should work, ask Support."
    )


# -- orders -------------------------------------------------------------------------------------------------------------
