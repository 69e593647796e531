"""Staff of a partner come in: the cars they sold and the invitations of their buyers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.foundation.panels import Happening, Section
from vettura.identity.models import Account
from vettura.partners import queries as partners
from vettura.partners.models import Partner
from vettura.vehicles import actions, queries
from vettura.vehicles.errors import SoldByAnotherPartner, VehicleHasMainUser
from vettura.vehicles.forms import EmailForm, SaleForm, SaleModelForm
from vettura.vehicles.models import Invitation
from vettura_pack.model import Generation

PAGE_SIZE = 50


def staff_of(request: HttpRequest) -> tuple[Account, Partner]:
    """Who is signed in and for which partner. People who work for no partner find nothing here."""
    account = request.user
    partner = partners.partner_of_staff(account=account) if isinstance(account, Account) else None
    if not isinstance(account, Account) or partner is None:
        raise NotFound
    return account, partner


def sections(*, account: Account) -> list[Section]:
    """Where staff of a partner find the cars they sold, and register another."""
    if partners.partner_of_staff(account=account) is None:
        return []
    return [
        Section(gettext("Sold cars"), reverse("vehicles_desk:list"), "car", "v"),
        Section(gettext("Register a sold car"), reverse("vehicles_desk:register"), "plus", "n"),
    ]


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
    account, partner = staff_of(request)
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
            invitation = _register(account, form, line, year)
        # both concern the VIN, so its field says it and the rest stays as typed
        except (VehicleHasMainUser, SoldByAnotherPartner) as refusal:
            form.add_error("vin", str(refusal))
        else:
            messages.info(request, gettext("The invitation is on its way to %s.") % invitation.email)
            return redirect("vehicles_desk:vehicle", vin=invitation.vehicle.vin)
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


def _register(account: Account, form: SaleForm, line: str, year: int) -> Invitation:
    return actions.register_sold_vehicle(
        by=account,
        vin=form.cleaned_data["vin"],
        model_line=line,
        generation=form.generation.code,
        model_name=form.cleaned_data["model"],
        model_year=year,
        drive=form.drive_of_model(),
        equipment=form.cleaned_data["equipment"],
        country=form.cleaned_data["country"],
        buyer_email=form.cleaned_data["buyer_email"],
        buyer_language=form.cleaned_data["buyer_language"],
    )


@login_required
def vehicle(request: HttpRequest, vin: str) -> HttpResponse:
    """One car that the partner sold, and its invitations. Cars of other partners are not found."""
    _, partner = staff_of(request)
    return render(request, "vehicles/desk/vehicle.html", _vehicle_page(partner, vin, EmailForm()))


def _vehicle_page(partner: Partner, vin: str, email_form: EmailForm) -> dict[str, object]:
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
        "shared_main_user": queries.main_user_shared_with(partner=partner, vehicle=sold.vehicle),
        "email_form": email_form,
    }


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
        return render(request, "vehicles/desk/vehicle.html", _vehicle_page(partner, vin, form), status=422)
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


def customers_of(*, by: Account, sharing: bool) -> QuerySet[Any] | None:  # Any: rows of one id
    """
    The ids of a partner's customers: who bought from it, and who uses a car that it sold. None for other people.

    With `sharing` only those who let the partner have their data.
    """
    partner = partners.partner_of_staff(account=by)
    return queries.customers_of(partner=partner, sharing=sharing) if partner else None


def people_of_cars(*, search: str) -> QuerySet[Any]:  # Any: rows of one id
    """The ids of people who use a car whose VIN or plate has this part."""
    return queries.people_of_cars(search=search)


def panel_person(*, account: Account, by: Account, request: HttpRequest) -> SafeString:
    """The cars of a person: all for Assistance, for a partner those that it sold."""
    partner = partners.partner_of_staff(account=by)
    cars = [
        vehicle
        for vehicle in queries.garage_of(account=account)
        if partner is None or vehicle.saved_partner_id == partner.id
    ]
    facts = {"cars": cars, "opens": partner is not None, "panel_person": account}
    return mark_safe(render_to_string("vehicles/desk/_person_cars.html", facts, request))  # noqa: S308 our template


def timeline(*, account: Account, by: Account) -> list[Happening]:
    """When a person began and ceased to use which car; a partner sees the cars that it sold."""
    partner = partners.partner_of_staff(account=by)
    lines = []
    for each in queries.assignments_ever(account=account, sold_by=partner):
        car = f"{each.vehicle.model_name} {each.vehicle.vin}"
        lines.append(Happening(each.since, gettext("Uses a car as %s") % each.get_role_display(), car))
        if each.until is not None:
            lines.append(Happening(each.until, gettext("Uses a car no longer"), car))
    return lines


app_name = "vehicles_desk"
urlpatterns = [
    path("", sold_vehicles, name="list"),
    path("new/", register, name="register"),
    path("<str:vin>/", vehicle, name="vehicle"),
    path("<str:vin>/invitations/<uuid:invitation_id>/resend/", resend, name="resend"),
    path("<str:vin>/invitations/<uuid:invitation_id>/email/", change_email, name="change_email"),
    path("<str:vin>/invitations/<uuid:invitation_id>/void/", void, name="void"),
]
