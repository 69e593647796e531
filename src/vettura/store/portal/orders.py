"""Orders as their owners see them: the confirmation, the list, one order, its withdrawal, and what is still open."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from vettura.billing import queries as billing
from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.identity.models import Account
from vettura.store import actions, queries
from vettura.store.models import Order
from vettura.store.portal.shop import account_of, frame_of, language_here, visit_of
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle


def panel_open(*, account: Account, vehicles: Sequence[Vehicle], request: HttpRequest) -> dict[str, SafeString]:
    """What somebody has begun to buy for cars and not finished: it ends when the car is sold."""
    begun = queries.begun_for(account=account, vehicles=vehicles)
    return {vin: render_to_string("store/_open.html", facts, request=request) for vin, facts in begun.items()}


@login_required
@require_GET
def confirmation(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Right after the purchase: the order's number, and what happens next in the car (STO-020)."""
    found = queries.order(account=account_of(request), order_id=order_id)
    if found.paid_at is None:
        return redirect("store:order", found.id)
    context = {
        **frame_of(visit_of(request)),
        "order": found,
        "is_linked": vehicles.is_linked(vehicle=found.vehicle),
        "contact": catalog.country(found.country),
    }
    return render(request, "store/confirmation.html", context)


@login_required
@require_GET
def orders(request: HttpRequest) -> HttpResponse:
    """Every order with date, items and state (STO-005)."""
    found = queries.orders_of(account=account_of(request))[:200]
    return render(request, "store/orders.html", {**frame_of(visit_of(request)), "orders": found})


@login_required
@require_GET
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """One order: lines, payment, contracts, invoice, and withdrawal while it is possible (C-73)."""
    found = queries.order(account=account_of(request), order_id=order_id)
    context = {
        **frame_of(visit_of(request)),
        "order": found,
        "payment": billing.payment_of(order_id=found.id),
        "contracts": _named_contracts(found),
        "invoices": billing.invoices_of_order(order_id=found.id),
        "may_withdraw": queries.may_withdraw(order=found, at=clock.now()),
        "contact": catalog.country(found.country),
        "terms": catalog.terms(),
    }
    return render(request, "store/order.html", context)


def _named_contracts(order: Order) -> list[tuple[str, object]]:
    language = catalog.language_of_pack(language_here())
    return [
        (catalog.service(contract.service_id).name[language], contract)
        for contract in queries.contracts_of_order(order=order)
        if contract.service_id in catalog.pack().services
    ]


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Two steps, as the law asks: "withdraw from contract here", then "confirm withdrawal"."""
    account = account_of(request)
    found = queries.order(account=account, order_id=order_id)
    if request.method == "POST":
        actions.withdraw(order_id=found.id, by=account)
        messages.info(request, gettext("The order is withdrawn. You get a confirmation by e-mail."))
        return redirect("store:order", found.id)
    return render(request, "store/withdraw.html", {**frame_of(visit_of(request)), "order": found})
