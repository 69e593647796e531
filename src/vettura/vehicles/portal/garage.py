"""My vehicles, and the page of one car."""

from collections.abc import Sequence
from contextlib import suppress

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.foundation.panels import panels
from vettura.identity import queries as people
from vettura.identity.models import Account
from vettura.partners import queries as partners
from vettura.vehicles import queries, rules
from vettura.vehicles.forms import EmailForm, InviteForm
from vettura.vehicles.models import Vehicle

# more than this is a list, and nobody starts with a list
NEEDS_SHOWN = 3
# as many tabs as a row holds; more cars have a list of their own
STRIP_SHOWN = 6


class VinConverter:
    """A VIN in an address."""

    regex = "[A-HJ-NPR-Z0-9]{17}"

    def to_python(self, value: str) -> str:
        """The VIN."""
        return value

    def to_url(self, value: str) -> str:
        """The VIN."""
        return value


def account_of(request: HttpRequest) -> Account:
    """Who is signed in. Raises NotFound for nobody; views that ask are for signed-in people."""
    if not isinstance(request.user, Account):
        raise NotFound
    return request.user


def rendered_panels(
    place: str, *, account: Account, vehicles: Sequence[Vehicle], request: HttpRequest
) -> list[dict[str, SafeString]]:
    """What the contexts show at this place, by VIN, in the order of the settings."""
    return [panel(account=account, vehicles=vehicles, request=request) for panel in panels(place)]


def home(request: HttpRequest) -> HttpResponse:
    """The cars of whoever is signed in; for everybody else what this is and how to come in."""
    if request.user.is_authenticated:
        return _garage(request)
    return render(request, "vehicles/landing.html", {"generation": catalog.generations()[-1]})


@login_required
def garage(request: HttpRequest) -> HttpResponse:
    """My vehicles: one car fills the page, a strip switches between several (GAR-001, GAR-010)."""
    return _garage(request)


def _garage(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    vehicles, has_more = queries.garage_strip(account=account, limit=STRIP_SHOWN)
    leases = queries.leases_of(lessor=account)
    if not vehicles:
        works_for = partners.partner_of_staff(account=account)
        return render(request, "vehicles/garage_empty.html", {"works_for": works_for, "leases": leases})
    chosen = _chosen(account, vehicles, request.GET.get("vin"))
    parts = rendered_panels("garage", account=account, vehicles=[chosen], request=request)
    needs = rendered_panels("garage_needs", account=account, vehicles=[chosen], request=request)
    return render(
        request,
        "vehicles/garage.html",
        {
            "vehicles": vehicles,
            "has_more": has_more,
            "leases": leases,
            "has_connect": queries.has_connect(vehicle=chosen),
            "vehicle": chosen,
            "panels": [part[chosen.vin] for part in parts if chosen.vin in part],
            "needs": [part[chosen.vin] for part in needs if chosen.vin in part][:NEEDS_SHOWN],
        },
    )


def _chosen(account: Account, vehicles: Sequence[Vehicle], vin: str | None) -> Vehicle:
    """The car that is asked for, one of the strip or any other of the person's; the first one otherwise."""
    known = next((each for each in vehicles if each.vin == vin), None)
    if known is None and vin:
        with suppress(NotFound):
            known = queries.vehicle_for(account=account, vin=vin)
    return known or vehicles[0]


def panel_pairing(*, account: Account, vehicles: Sequence[Vehicle], request: HttpRequest) -> dict[str, SafeString]:
    """The code that waits to be typed in the car, for main users whose car does not know them yet (C-71)."""
    waiting = [
        each
        for each in vehicles
        if each.role == rules.MAIN_USER
        and each.linked_at is None
        and catalog.generation(each.generation).needs_pairing_code
    ]
    head_unit = catalog.labels(get_language() or "en")["head_unit"]
    return {
        each.vin: _need(
            request,
            icon="key",
            sentence=gettext(
                "The {head_unit} does not know you yet. Type your code there; then the services work."
            ).format(head_unit=head_unit),
            action=gettext("Show the code"),
            href=reverse("vehicles:vehicle", args=[each.vin]) + "#pairing",
        )
        for each in waiting
    }


def panel_remote_access(
    *, account: Account, vehicles: Sequence[Vehicle], request: HttpRequest
) -> dict[str, SafeString]:
    """The grant that is still to be given in the car, for main users whose car asks for one (REM-001)."""
    granted = queries.granted_in_car(vehicles=vehicles)
    waiting = [
        each
        for each in vehicles
        if each.role == rules.MAIN_USER
        and each.linked_at is not None
        and catalog.generation(each.generation).grants_remote_access_in_car
        and each.vin not in granted
    ]
    return {
        each.vin: _need(
            request,
            icon="signal",
            sentence=gettext("Remote access is not granted yet. It is given in the car, once."),
            action=gettext("Show how"),
            href=f"/help/?q={gettext('remote access')}",
        )
        for each in waiting
    }


def _need(request: HttpRequest, **facts: str) -> SafeString:
    return render_to_string("portal/_need.html", facts, request=request)


@login_required
def vehicle(request: HttpRequest, vin: str) -> HttpResponse:
    """One car: its state, services, facts, pairing code and drivers (GAR-002, GAR-024, PAI-009)."""
    account = account_of(request)
    return render(request, "vehicles/vehicle.html", vehicle_page(request, account, vin, InviteForm()))


def vehicle_page(request: HttpRequest, account: Account, vin: str, invite_form: EmailForm) -> dict[str, object]:
    """What the page of a car shows. Raises NotFound for strangers."""
    found = queries.vehicle_for(account=account, vin=vin)
    language = catalog.language_of_pack(get_language())
    may_manage = rules.may(found.role, "see_users")
    country = catalog.country(found.country)
    overview = rendered_panels("vehicle_overview", account=account, vehicles=[found], request=request)
    picture = rendered_panels("vehicle_picture", account=account, vehicles=[found], request=request)
    services = rendered_panels("vehicle_services", account=account, vehicles=[found], request=request)
    # GAR-005: some countries want no report on how a car is used
    usage = rendered_panels("vehicle_usage", account=account, vehicles=[found], request=request)
    options = rendered_panels("vehicle_options", account=account, vehicles=[found], request=request)
    at = clock.now()
    return {
        "vehicle": found,
        "options": [part[vin] for part in options if vin in part],
        "usage": [part[vin] for part in usage if vin in part] if country.usage_info else [],
        "has_connect": queries.has_connect(vehicle=found),
        "may": queries.permissions_of(account=account, vehicle=found),
        "sale": queries.open_sale_of(vehicle=found) if may_manage else None,
        "lease": queries.lease_of(vehicle=found) if may_manage else None,
        "overview": [part[vin] for part in overview if vin in part],
        "picture": [part[vin] for part in picture if vin in part],
        "services": [part[vin] for part in services if vin in part],
        "country": country.names[language],
        "generation": catalog.generation(found.generation),
        "equipment": [
            catalog.pack().equipment[code].name[language]
            for code in found.equipment
            if code in catalog.pack().equipment
        ],
        "pairing_code": queries.pairing_code_for(account=account, vehicle=found),
        "pairing_path": queries.pairing_path(vehicle=found, language=language),
        "is_linked": queries.is_linked(vehicle=found),
        "may_manage": may_manage,
        # other people's names and addresses are for the main user only (USR-008)
        "drivers": queries.users_of(vehicle=found) if may_manage else [],
        "invitations": [(invitation, invitation.state(at)) for invitation in queries.open_invitations_of(vehicle=found)]
        if may_manage
        else [],
        "invite_form": invite_form,
        "has_passkey": may_manage and people.has_passkey(account=account),
    }


def back_to(vin: str) -> HttpResponse:
    """To the drivers of the car's page."""
    response = redirect("vehicles:vehicle", vin=vin)
    response["Location"] += "#drivers"
    return response


def cars_for_programs(*, account: Account) -> dict[str, str]:
    """What a person may open to a program: their cars by VIN, as they are called."""
    return {
        vehicle.vin: f"{vehicle.model_name}, {vehicle.plate or vehicle.vin_end}"
        for vehicle in queries.garage_of(account=account)
    }
