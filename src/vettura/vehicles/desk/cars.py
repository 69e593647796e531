"""Staff of a partner come in: the cars they sold and the invitations of their buyers."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.foundation.panels import panels
from vettura.identity.models import Account
from vettura.partners import queries as partners
from vettura.partners.models import Partner
from vettura.vehicles import actions, queries
from vettura.vehicles.errors import DayIsOver, NobodyToAdd, SoldByAnotherPartner, VehicleHasMainUser
from vettura.vehicles.forms import AddAgainForm, EmailForm, InviteHolderForm, SaleForm, SaleModelForm
from vettura.vehicles.models import Vehicle
from vettura_pack.model import Generation

PAGE_SIZE = 50


def staff_of(request: HttpRequest) -> tuple[Account, Partner | None]:
    """Who is signed in and for which partner; None for Assistance, which sees all. Others find nothing here."""
    account = request.user
    if not isinstance(account, Account):
        raise NotFound
    partner = partners.partner_of_staff(account=account)
    if partner is None and not account.has_staff_role("assistance"):
        raise NotFound
    return account, partner


def seller_of(request: HttpRequest) -> tuple[Account, Partner]:
    """Who is signed in and for which partner. People who work for no partner find nothing here."""
    account, partner = staff_of(request)
    if partner is None:
        raise NotFound
    return account, partner


@login_required
def sold_vehicles(request: HttpRequest) -> HttpResponse:
    """The partner's cars with the state of their invitations; `q` searches."""
    _, partner = staff_of(request)
    search = request.GET.get("q", "").strip()
    page = int(number) if (number := request.GET.get("page", "")).isdecimal() and int(number) > 0 else 1
    rows = queries.sold_vehicles_of(
        partner=partner, search=search, at=clock.now(), offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE + 1
    )
    return render(
        request,
        "vehicles/desk/_sold_vehicles.html" if getattr(request, "htmx", False) else "vehicles/desk/sold_vehicles.html",
        {
            "partner": partner,
            "rows": rows[:PAGE_SIZE],
            "search": search,
            "previous_page": page - 1,
            "next_page": page + 1 if len(rows) > PAGE_SIZE else None,
        },
    )


@login_required
def register(request: HttpRequest) -> HttpResponse:
    """
    This will register a sold car and invite its buyer.

    First the model line and year; a year that two generations share asks which one it is (C-01, C-02); then the rest.
    """
    account, partner = seller_of(request)
    facts: dict[str, object] = {"partner": partner}
    if not request.GET.get("model_line"):
        return render(request, "vehicles/desk/register.html", {**facts, "model_form": SaleModelForm()})
    model_form = SaleModelForm(request.GET)
    facts["model_form"] = model_form
    if not model_form.is_valid():
        return render(request, "vehicles/desk/register.html", facts, status=422)
    line, year = model_form.cleaned_data["model_line"], model_form.cleaned_data["model_year"]
    candidates = catalog.generations_for(model_line=line, model_year=year)
    if not candidates:
        model_form.add_error("model_year", gettext("There was no such model in this year."))
        return render(request, "vehicles/desk/register.html", facts, status=422)
    generation = _chosen(candidates, request.GET.get("generation"))
    if generation is None:
        return render(request, "vehicles/desk/register.html", {**facts, "candidates": candidates})
    form = SaleForm(request.POST or None, generation=generation, initial=_usual(partner, generation))
    facts |= {"form": form, "generation": generation, "is_ambiguous": len(candidates) > 1}
    if request.method == "POST" and form.is_valid():
        try:
            said = _register(account, form, line, year)
        # both concern the VIN, so its field says it and the rest stays as typed
        except (VehicleHasMainUser, SoldByAnotherPartner) as refusal:
            form.add_error("vin", str(refusal))
        except DayIsOver as refusal:
            form.add_error("handover_on", str(refusal))
        else:
            messages.info(request, said)
            return redirect("vehicles_desk:vehicle", vin=form.cleaned_data["vin"])
    return render(request, "vehicles/desk/register.html", facts, status=422 if form.is_bound else 200)


def _chosen(candidates: list[Generation], code: str | None) -> Generation | None:
    if len(candidates) == 1:
        return candidates[0]
    return next((each for each in candidates if each.code == code), None)


def _usual(partner: Partner, generation: Generation) -> dict[str, object]:
    """What the partner will mostly want: its own country and language, and what is standard there."""
    country = catalog.country(partner.country)
    return {
        "country": partner.country,
        "buyer_language": country.languages[0] if country.languages else catalog.language_of_pack(get_language()),
        "equipment": [
            code for code in generation.equipment if partner.country in generation.standard_equipment.get(code, ())
        ],
    }


def _register(account: Account, form: SaleForm, line: str, year: int) -> str:
    """What was done: the buyer is invited now, or before the handover (ID-002, ID-007)."""
    car = actions.CarFacts(
        vin=form.cleaned_data["vin"],
        model_line=line,
        generation=form.generation.code,
        model_name=form.cleaned_data["model"],
        model_year=year,
        drive=form.drive_of_model(),
        equipment=form.cleaned_data["equipment"],
        country=form.cleaned_data["country"],
    )
    email, language = form.cleaned_data["buyer_email"], form.cleaned_data["buyer_language"]
    handover_on = form.cleaned_data["handover_on"]
    if handover_on is None:
        invitation = actions.register_sold_vehicle(by=account, car=car, buyer_email=email, buyer_language=language)
        return gettext("The invitation is on its way to %s.") % invitation.email
    actions.plan_delivery(by=account, car=car, buyer_email=email, buyer_language=language, handover_on=handover_on)
    return gettext("The car is registered. Its buyer is invited before the handover, without your doing anything.")


@login_required
def vehicle(request: HttpRequest, vin: str) -> HttpResponse:
    """One car that the partner sold, and its invitations. Cars of other partners are not found."""
    account, partner = staff_of(request)
    facts = _vehicle_page(account, partner, vin, EmailForm())
    shown = [panel(account=account, vehicles=[facts["vehicle"]], request=request) for panel in panels("desk_vehicle")]
    facts["panels"] = [panel[vin] for panel in shown if vin in panel]
    return render(request, "vehicles/desk/vehicle.html", facts)


def _vehicle_page(
    account: Account, partner: Partner | None, vin: str, email_form: EmailForm, **forms: Form
) -> dict[str, object]:
    at = clock.now()
    sold = queries.sold_vehicle(partner=partner, vin=vin, at=at)
    language = catalog.language_of_pack(get_language())
    known = catalog.pack().equipment
    return {
        "partner": partner,
        "sold": sold,
        "vehicle": sold.vehicle,
        "generation": catalog.generation(sold.vehicle.generation),
        "country": catalog.country(sold.vehicle.country).names[language],
        "equipment": [known[code].name[language] for code in sold.vehicle.equipment if code in known],
        "history": [(each, each.state(at)) for each in sold.vehicle.sale_invitations],
        "customer": _customer(partner, sold.vehicle),
        "email_form": email_form,
        "delivery": queries.delivery_of(partner=partner, vehicle=sold.vehicle) if partner else None,
        "may": queries.permissions_of(account=account, vehicle=sold.vehicle),
        "again_form": AddAgainForm(prefix="again"),
        "invite_form": InviteHolderForm(prefix="invite"),
        **forms,
    }


def _customer(partner: Partner | None, vehicle: Vehicle) -> Account | None:
    """The main user, for Assistance, and for a partner who may have that person's data (DAT-009)."""
    if partner is None:
        return queries.main_user_of(vehicle=vehicle)
    return queries.main_user_shared_with(partner=partner, vehicle=vehicle)


@login_required
@require_POST
def add_again(request: HttpRequest, vin: str) -> HttpResponse:
    """This will put the car back into the garage from which it was removed (GAR-008)."""
    account, partner = staff_of(request)
    queries.sold_vehicle(partner=partner, vin=vin, at=clock.now())
    form = AddAgainForm(request.POST, prefix="again")
    if form.is_valid():
        try:
            actions.add_again(by=account, vin=vin, **form.cleaned_data)
        # it concerns the address
        except NobodyToAdd as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.info(request, gettext("The car is back in the vehicles of %s.") % form.cleaned_data["email"])
            return redirect("vehicles_desk:vehicle", vin=vin)
    facts = _vehicle_page(account, partner, vin, EmailForm(), again_form=form)
    return render(request, "vehicles/desk/vehicle.html", facts, status=422)


@login_required
@require_POST
def invite_holder(request: HttpRequest, vin: str) -> HttpResponse:
    """This will invite whoever has the car now to be its main user (ID-005, ID-023)."""
    account, partner = staff_of(request)
    queries.sold_vehicle(partner=partner, vin=vin, at=clock.now())
    form = InviteHolderForm(request.POST, prefix="invite")
    if form.is_valid():
        invitation = actions.invite_main_user(by=account, vin=vin, **form.cleaned_data)
        messages.info(request, gettext("The invitation is on its way to %s.") % invitation.email)
        return redirect("vehicles_desk:vehicle", vin=vin)
    facts = _vehicle_page(account, partner, vin, EmailForm(), invite_form=form)
    return render(request, "vehicles/desk/vehicle.html", facts, status=422)


@login_required
@require_POST
def call_off_delivery(request: HttpRequest, vin: str, delivery_id: UUID) -> HttpResponse:
    """This will end a planned delivery; nobody is invited."""
    account, _ = seller_of(request)
    actions.call_off_delivery(by=account, delivery_id=delivery_id)
    messages.info(request, gettext("The delivery is called off. Nobody is invited."))
    return redirect("vehicles_desk:vehicle", vin=vin)


@login_required
@require_POST
def resend(request: HttpRequest, vin: str, invitation_id: UUID) -> HttpResponse:
    """This will send the invitation again with a fresh link (ID-011)."""
    account, _ = staff_of(request)
    invitation = actions.resend_invitation(by=account, invitation_id=invitation_id)
    sent = gettext("A new link is on its way to %s. The former one no longer works.")
    messages.info(request, sent % invitation.email)
    return redirect("vehicles_desk:vehicle", vin=vin)


@login_required
@require_POST
def change_email(request: HttpRequest, vin: str, invitation_id: UUID) -> HttpResponse:
    """This will send the invitation to another address; the former link is void (ID-020)."""
    account, partner = staff_of(request)
    form = EmailForm(request.POST)
    if not form.is_valid():
        return render(request, "vehicles/desk/vehicle.html", _vehicle_page(account, partner, vin, form), status=422)
    invitation = actions.change_invitation_email(
        by=account, invitation_id=invitation_id, email=form.cleaned_data["email"]
    )
    sent = gettext("A new link is on its way to %s. The former one no longer works.")
    messages.info(request, sent % invitation.email)
    return redirect("vehicles_desk:vehicle", vin=vin)


@login_required
@require_POST
def void(request: HttpRequest, vin: str, invitation_id: UUID) -> HttpResponse:
    """This will take the invitation back."""
    account, _ = staff_of(request)
    actions.void_invitation(by=account, invitation_id=invitation_id)
    messages.info(request, gettext("The invitation no longer works."))
    return redirect("vehicles_desk:vehicle", vin=vin)
