"""People come in: their destinations for a car."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vettura.entitlements import queries as entitlements
from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.identity.models import Account
from vettura.navigation import actions, queries, rules
from vettura.navigation.errors import PROBLEMS
from vettura.navigation.forms import CATEGORY_NAMES, DestinationForm, ImportForm
from vettura.navigation.models import Destination
from vettura.navigation.rules import exchange
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle
from vettura_wire import destinations as wire

FORMATS = {
    "csv": ("text/csv; charset=utf-8", exchange.write_csv),
    "gpx": ("application/gpx+xml", exchange.write_gpx),
}


def _account(request: HttpRequest) -> Account:
    if not isinstance(request.user, Account):
        raise NotFound
    return request.user


def panel_option(*, account: Account, vehicles: Sequence[Vehicle], request: HttpRequest) -> dict[str, SafeString]:
    """The way to the list, among the options of a car."""
    return {
        each.vin: render_to_string("navigation/_option.html", {"vehicle": each}, request=request) for each in vehicles
    }


@login_required
@never_cache
@require_GET
def destinations(request: HttpRequest, vin: str) -> HttpResponse:
    """The list, what of it the car has, and what was deleted lately."""
    account = _account(request)
    vehicle = queries.vehicle_for(account=account, vin=vin)
    entries = queries.entries_of(account=account, vehicle=vehicle)
    facts = {
        "vehicle": vehicle,
        "rows": [_row(each) for each in entries if each.deleted_at is None],
        # what is there to be put back still has its words
        "deleted": [each for each in entries if each.deleted_at is not None and each.name],
        "just_deleted": request.GET.get("deleted", ""),
        "standing": queries.standing(account=account, vehicle=vehicle, entries=entries),
        "is_linked": vehicles.is_linked(vehicle=vehicle),
        "is_running": entitlements.is_entitled(vehicle=vehicle, service_id=wire.SERVICE, at=clock.now()),
    }
    return render(request, "navigation/destinations.html", facts)


def _row(entry: Destination) -> dict[str, object]:
    return {
        "entry": entry,
        "category": CATEGORY_NAMES.get(entry.category, entry.category),
        "change": rules.change_for_car(entry),
    }


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, vin: str) -> HttpResponse:
    """A new entry."""
    account = _account(request)
    vehicle = queries.vehicle_for(account=account, vin=vin)
    form = DestinationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.add_destination(by=account, vin=vin, draft=form.draft)
        messages.success(request, gettext("Saved. The car gets it when you update the lists in the vehicle."))
        return redirect("navigation:destinations", vin=vin)
    facts = {"vehicle": vehicle, "form": form}
    return render(request, "navigation/destination.html", facts, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, vin: str, destination_id: UUID) -> HttpResponse:
    """An entry of one's own."""
    account = _account(request)
    vehicle = queries.vehicle_for(account=account, vin=vin)
    row = queries.destination(account=account, vehicle=vehicle, destination_id=destination_id)
    form = DestinationForm(request.POST if request.method == "POST" else None, row=row)
    if request.method == "POST" and form.is_valid():
        changes = {name: getattr(form.draft, name) for name in rules.FIELDS}
        actions.change_destination(by=account, vin=vin, destination_id=destination_id, changes=changes)
        messages.success(request, gettext("Saved. The car gets it when you update the lists in the vehicle."))
        return redirect("navigation:destinations", vin=vin)
    facts = {"vehicle": vehicle, "form": form, "row": row}
    return render(request, "navigation/destination.html", facts, status=422 if form.errors else 200)


@login_required
@require_POST
def delete(request: HttpRequest, vin: str, destination_id: UUID) -> HttpResponse:
    """Deleted at once, with a way back on the next page."""
    actions.delete_destination(by=_account(request), vin=vin, destination_id=destination_id)
    response = redirect("navigation:destinations", vin=vin)
    response["Location"] += f"?deleted={destination_id}"
    return response


@login_required
@require_POST
def put_back(request: HttpRequest, vin: str, destination_id: UUID) -> HttpResponse:
    """The way back."""
    row = actions.put_back(by=_account(request), vin=vin, destination_id=destination_id)
    messages.success(request, gettext("{name} is back in the list.").format(name=row.name))
    return redirect("navigation:destinations", vin=vin)


@login_required
@require_POST
def release(request: HttpRequest, vin: str) -> HttpResponse:
    """NAV-009: the option that makes the list available for the car."""
    standing = actions.release(by=_account(request), vin=vin)
    if standing.is_held:
        messages.success(request, gettext("The list is on its way to the car."))
    else:
        messages.success(request, gettext("The list is ready. The car takes it as soon as you are signed in there."))
    return redirect("navigation:destinations", vin=vin)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def bring_in(request: HttpRequest, vin: str) -> HttpResponse:
    """A file; lines that cannot be taken come back to be mended, and none is lost."""
    account = _account(request)
    vehicle = queries.vehicle_for(account=account, vin=vin)
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    facts: dict[str, object] = {"vehicle": vehicle, "form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, "navigation/import.html", facts, status=422 if form.errors else 200)
    reading = exchange.read(form.data_given)
    if reading.problem:
        where = gettext("Line {line}: ").format(line=reading.line) if reading.line else ""
        form.add_error(
            "lines" if form.cleaned_data.get("file") is None else "file", f"{where}{PROBLEMS[reading.problem]}"
        )
        return render(request, "navigation/import.html", facts, status=422)
    done = actions.import_destinations(by=account, vin=vin, lines=reading.lines)
    if done.added or not done.left:
        messages.success(request, _said(done))
    if not done.left and not reading.passed_over:
        return redirect("navigation:destinations", vin=vin)
    text = exchange.write_csv([]) + "".join(f"{line.text}\r\n" for line in done.left)
    facts |= {
        "form": ImportForm(initial={"lines": text} if done.left else None),
        "left": [(line.number, PROBLEMS[line.problem], line.text) for line in done.left],
        "passed_over": reading.passed_over,
    }
    return render(request, "navigation/import.html", facts, status=422 if done.left else 200)


def _said(done: actions.Imported) -> str:
    added = ngettext("{count} entry was added.", "{count} entries were added.", done.added).format(count=done.added)
    if not done.known:
        return added
    known = ngettext("{count} was there already.", "{count} were there already.", done.known).format(count=done.known)
    return f"{added} {known}"


@login_required
@never_cache
@require_GET
def export(request: HttpRequest, vin: str, format: str) -> HttpResponse:  # noqa: A002 - the word of the address
    """The list as a file."""
    account = _account(request)
    vehicle = queries.vehicle_for(account=account, vin=vin)
    entries = queries.entries_of(account=account, vehicle=vehicle)
    content_type, write = FORMATS[format]
    text = write(rules.changed_draft(each, {}) for each in entries if each.deleted_at is None)
    response = HttpResponse(text, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="destinations.{format}"'
    return response


app_name = "navigation"
urlpatterns = [
    path("vehicles/<vin:vin>/destinations/", destinations, name="destinations"),
    path("vehicles/<vin:vin>/destinations/add/", add, name="add"),
    path("vehicles/<vin:vin>/destinations/import/", bring_in, name="import"),
    path("vehicles/<vin:vin>/destinations/release/", release, name="release"),
    path("vehicles/<vin:vin>/destinations/export.csv", export, {"format": "csv"}, name="export_csv"),
    path("vehicles/<vin:vin>/destinations/export.gpx", export, {"format": "gpx"}, name="export_gpx"),
    path("vehicles/<vin:vin>/destinations/<uuid:destination_id>/", edit, name="edit"),
    path("vehicles/<vin:vin>/destinations/<uuid:destination_id>/delete/", delete, name="delete"),
    path("vehicles/<vin:vin>/destinations/<uuid:destination_id>/put-back/", put_back, name="put_back"),
]
