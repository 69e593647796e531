"""A person and a car part: removed, left, sold, leased out or returned. Every step says first what it means."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from vettura.foundation.errors import NotFound
from vettura.identity.models import Account
from vettura.partners import queries as partners
from vettura.vehicles import actions, queries
from vettura.vehicles.errors import BuyerMissing, DayIsOver, LeasedToOneself, SoldToOneself
from vettura.vehicles.forms import ConfirmForm, LeaseForm, SaleBuyerForm
from vettura.vehicles.models import Vehicle
from vettura.vehicles.portal.garage import account_of, rendered_panels
from vettura.vehicles.rules import Permission


def _car(request: HttpRequest, vin: str, permission: Permission) -> tuple[Account, Vehicle]:
    """Who asks about which car; refused before the page for whom the table says no."""
    account = account_of(request)
    vehicle = queries.vehicle_for(account=account, vin=vin)
    queries.require(account=account, vehicle=vehicle, permission=permission)
    return account, vehicle


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, also if nothing was ticked."""
    return request.POST if request.method == "POST" else None


@login_required
def remove(request: HttpRequest, vin: str) -> HttpResponse:
    """This will say what removing the car means, ask, and then remove it (GAR-007, GAR-009, GAR-020)."""
    account, vehicle = _car(request, vin, "remove")
    form = ConfirmForm(_sent(request), question=gettext("I have read this and want to remove the car."))
    if request.method == "POST" and form.is_valid():
        actions.remove_vehicle(by=account, vin=vin)
        messages.info(request, gettext("%s is no longer in your vehicles.") % vehicle.model_name)
        return redirect("vehicles:garage")
    facts = {"vehicle": vehicle, "form": form, "people": len(queries.users_of(vehicle=vehicle)) - 1}
    return render(request, "vehicles/remove.html", facts, status=422 if form.is_bound else 200)


@login_required
def leave(request: HttpRequest, vin: str) -> HttpResponse:
    """This will ask a secondary user, and then end that person's time with the car."""
    account, vehicle = _car(request, vin, "leave")
    if request.method == "POST":
        actions.leave_vehicle(by=account, vin=vin)
        messages.info(request, gettext("You no longer use %s.") % vehicle.model_name)
        return redirect("vehicles:garage")
    return render(request, "vehicles/leave.html", {"vehicle": vehicle})


@login_required
def sale(request: HttpRequest, vin: str) -> HttpResponse:
    """Selling, step one: to whom."""
    account, vehicle = _car(request, vin, "sell")
    begun = queries.open_sale_of(vehicle=vehicle)
    form = SaleBuyerForm(
        request.POST or None,
        partners=partners.partners_in(country=vehicle.country),
        initial={
            "kind": "partner" if begun and begun.partner_id else "person",
            "buyer_email": begun.buyer_email if begun else "",
            "buyer_language": (begun and begun.buyer_language) or get_language(),
            "partner": str(begun.partner_id) if begun and begun.partner_id else "",
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.begin_sale(by=account, vin=vin, **form.buyer())
        # both concern who buys, so that field says it
        except (SoldToOneself, BuyerMissing) as refusal:
            form.add_error("buyer_email", str(refusal))
        else:
            return redirect("vehicles:release", vin=vin)
    facts = {"vehicle": vehicle, "form": form, "begun": begun}
    return render(request, "vehicles/sale.html", facts, status=422 if form.is_bound else 200)


@login_required
def release(request: HttpRequest, vin: str) -> HttpResponse:
    """Selling, step two: what stays, what goes, and the moment of the handover."""
    account, vehicle = _car(request, vin, "sell")
    begun = queries.open_sale_of(vehicle=vehicle)
    if begun is None:
        return redirect("vehicles:sale", vin=vin)
    form = ConfirmForm(_sent(request), question=gettext("The car is handed over, or will be in this moment."))
    if request.method == "POST" and form.is_valid():
        sold = actions.release_sold_vehicle(by=account, vin=vin)
        return redirect("vehicles:sold", sale_id=sold.id)
    stays = rendered_panels("sale_stays", account=account, vehicles=[vehicle], request=request)
    ends = rendered_panels("sale_ends", account=account, vehicles=[vehicle], request=request)
    facts = {
        "vehicle": vehicle,
        "sale": begun,
        "form": form,
        "people": [each for each in queries.users_of(vehicle=vehicle) if each.role == "secondary_user"],
        "stays": [part[vin] for part in stays if vin in part],
        "ends": [part[vin] for part in ends if vin in part],
    }
    return render(request, "vehicles/release.html", facts, status=422 if form.is_bound else 200)


@login_required
@require_POST
def call_off(request: HttpRequest, vin: str) -> HttpResponse:
    """This will call the sale off; the car stays where it is."""
    account, _ = _car(request, vin, "sell")
    actions.call_off_sale(by=account, vin=vin)
    messages.info(request, gettext("The sale is called off. Nothing has changed."))
    return redirect("vehicles:vehicle", vin=vin)


@login_required
def sold(request: HttpRequest, sale_id: UUID) -> HttpResponse:
    """What the seller is told afterwards; nothing of the car is here but its name and VIN (ID-033, ID-035)."""
    found = queries.sale_of(seller=account_of(request), sale_id=sale_id)
    return render(request, "vehicles/sold.html", {"sale": found, "vehicle": found.vehicle})


@login_required
def lease(request: HttpRequest, vin: str) -> HttpResponse:
    """The main user leases the car to a driver until a day (decision 0008)."""
    account, vehicle = _car(request, vin, "lease_out")
    offered = queries.lease_of(vehicle=vehicle)
    form = LeaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.offer_lease(
                by=account,
                vin=vin,
                driver_email=form.cleaned_data["email"],
                last_day=form.cleaned_data["last_day"],
                language=get_language() or account.language,
            )
        except LeasedToOneself as refusal:
            form.add_error("email", str(refusal))
        except DayIsOver as refusal:
            form.add_error("last_day", str(refusal))
        else:
            messages.info(request, gettext("The invitation is on its way to %s.") % form.cleaned_data["email"])
            return redirect("vehicles:lease", vin=vin)
    facts = {"vehicle": vehicle, "form": form, "lease": offered}
    return render(request, "vehicles/lease.html", facts, status=422 if form.is_bound else 200)


@login_required
def leased_out(request: HttpRequest, lease_id: UUID) -> HttpResponse:
    """What the lessor sees: which car is out, with whom and until when, and nothing of its use."""
    found = queries.lease(lessor=account_of(request), lease_id=lease_id)
    return render(request, "vehicles/leased_out.html", {"lease": found, "vehicle": found.vehicle})


@login_required
def end_lease(request: HttpRequest, lease_id: UUID) -> HttpResponse:
    """This will ask the lessor or the driver, and then return the car to its lessor."""
    account = account_of(request)
    found = queries.lease_to_end(by=account, lease_id=lease_id)
    if found is None:
        raise NotFound
    if request.method == "POST":
        actions.end_lease(by=account, lease_id=lease_id)
        messages.info(request, gettext("The lease has ended."))
        return redirect("vehicles:garage")
    facts = {"lease": found, "vehicle": found.vehicle, "is_driver": found.driver_id == account.id}
    return render(request, "vehicles/end_lease.html", facts)
