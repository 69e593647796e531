"""Remote services for owners: the controls of a car, its state in a sentence and on its picture, and the PIN page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vettura.catalog import queries as catalog
from vettura.foundation import clock, ids
from vettura.foundation.errors import Refusal
from vettura.identity import queries as people
from vettura.identity.models import Account
from vettura.remote_services import actions, errors, queries, rules
from vettura.remote_services.portal import alarms, pages
from vettura.remote_services.portal.proof import prove
from vettura.remote_services.rules import sentences
from vettura.vehicle_link import queries as link
from vettura.vehicle_link.models import RemoteCommand
from vettura.vehicles import queries as vehicle_queries
from vettura.vehicles.models import Vehicle
from vettura_wire import signals

app_name = "remote_services"

PRIMARY_CONTROLS = 3
RECENT_COMMANDS = 5
# enough to find the newest request of every type without asking for each
COMMANDS_LOOKED_THROUGH = 30


@dataclass(frozen=True)
class Row:
    """One of the newest commands, in words."""

    command: RemoteCommand
    verb: str
    cause: str


Facts = Callable[[Vehicle, link.Twin], Mapping[str, object] | None]


def _panels(vehicles: Sequence[Vehicle], request: HttpRequest, template: str, facts: Facts) -> dict[str, SafeString]:
    """A panel for each car, made of what is known of it; none for a car that has nothing to show there."""
    twins = link.twins_of(vehicles=vehicles)
    known = {vehicle.vin: facts(vehicle, twins[vehicle.vin]) for vehicle in vehicles}
    return {
        vin: render_to_string(f"remote_services/{template}.html", dict(found), request=request)
        for vin, found in known.items()
        if found is not None
    }


def panel_controls(*, account: Account, vehicles: Sequence[Vehicle], request: HttpRequest) -> dict[str, SafeString]:
    """The controls of each car, for its page: three first, the others behind, the last commands below."""
    return _panels(vehicles, request, "_panel", lambda vehicle, twin: _panel_facts(account, vehicle, twin))


def panel_garage(*, account: Account, vehicles: Sequence[Vehicle], request: HttpRequest) -> dict[str, SafeString]:
    """For each car of the garage one sentence of state and the three primary controls."""
    return _panels(
        vehicles, request, "_garage", lambda vehicle, twin: _panel_facts(account, vehicle, twin) | {"is_short": True}
    )


def panel_picture(*, account: Account, vehicles: Sequence[Vehicle], request: HttpRequest) -> dict[str, SafeString]:
    """Each car from above, with its state drawn on it."""
    return _panels(vehicles, request, "_picture_panel", _picture_facts)


def panel_usage(*, account: Account, vehicles: Sequence[Vehicle], request: HttpRequest) -> dict[str, SafeString]:
    """How each car is used, as far as it reports it: distance and the moment of the report (GAR-005)."""
    return _panels(vehicles, request, "_usage", _usage_facts)


def panel_position(*, account: Account, vehicles: Sequence[Vehicle], request: HttpRequest) -> dict[str, SafeString]:
    """Where each car is, in words and on a map; nothing for a car that cannot be found."""
    map_facts = {"tiles": settings.MAP_TILES, "attribution": settings.MAP_ATTRIBUTION}
    findable = [each for each in vehicles if queries.LOCATE in queries.understood(vehicle=each)]
    return _panels(
        findable, request, "_position_panel", lambda vehicle, twin: _position_facts(vehicle, twin) | map_facts
    )


@login_required
@require_GET
def position(request: HttpRequest, vin: str) -> HttpResponse:
    """Where the car is now, as far as it has said."""
    vehicle = vehicle_queries.vehicle_for(account=_account(request), vin=vin)
    return render(request, "remote_services/_position.html", _position_facts(vehicle, _twin(vehicle)))


@login_required
@require_GET
def controls(request: HttpRequest, vin: str) -> HttpResponse:
    """The controls as they stand now; asked for whenever the car's stream tells of a step."""
    vehicle = vehicle_queries.vehicle_for(account=_account(request), vin=vin)
    facts = {**_panel_facts(_account(request), vehicle, _twin(vehicle)), "is_short": "short" in request.GET}
    return render(request, "remote_services/_controls.html", facts)


@login_required
@require_GET
def picture(request: HttpRequest, vin: str) -> HttpResponse:
    """The car from above as it stands now."""
    vehicle = vehicle_queries.vehicle_for(account=_account(request), vin=vin)
    return render(request, "remote_services/_picture.html", _picture_facts(vehicle, _twin(vehicle)))


@login_required
@require_POST
def command(request: HttpRequest, vin: str, type: str) -> HttpResponse:
    """This will have the car do something that needs no PIN."""
    asked = queries.control_of_portal(type=type)
    actions.request_command(
        by=_account(request),
        vin=vin,
        type=type,
        params=_parameters(request, asked),
        step_up=None,
        command_id=_key(request),
    )
    return _answer(request, vin)


@login_required
@require_http_methods(["GET", "POST"])
def pin(request: HttpRequest, vin: str, type: str) -> HttpResponse:
    """The PIN once more, as a page; the dialog on the car's page sends the same form."""
    asked = queries.control_of_portal(type=type)
    vehicle = vehicle_queries.vehicle_for(account=_account(request), vin=vin)
    proof = prove(request, vehicle, type, {})
    if proof.is_done:
        return _answer(request, vin)
    facts = proof.facts | {"command": asked}
    if request.htmx:  # type: ignore[attr-defined]  # set by django-htmx
        return render(request, "remote_services/_pin_form.html", facts, status=422)
    return render(request, "remote_services/pin.html", facts, status=proof.status)


def _answer(request: HttpRequest, vin: str) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]  # set by django-htmx
        vehicle = vehicle_queries.vehicle_for(account=_account(request), vin=vin)
        facts = {**_panel_facts(_account(request), vehicle, _twin(vehicle)), "is_short": "short" in request.POST}
        return render(request, "remote_services/_answer.html", facts)
    return HttpResponseRedirect(reverse("vehicles:vehicle", args=[vin]) + "#controls")


def _parameters(request: HttpRequest, asked: rules.CommandType) -> dict[str, object]:
    """What was chosen beside the control; the rules check it."""
    given = request.POST.get(asked.parameter or "", "")
    if not given:
        return {}
    try:
        return {asked.parameter or "": float(given)}
    except ValueError:
        return {asked.parameter or "": given}


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return ids.new_id()


def _account(request: HttpRequest) -> Account:
    return cast("Account", request.user)  # login_required stands before every view here


def _twin(vehicle: Vehicle) -> link.Twin:
    return link.twins_of(vehicles=[vehicle])[vehicle.vin]


def _panel_facts(account: Account, vehicle: Vehicle, twin: link.Twin) -> dict[str, object]:
    commands = link.recent_commands(vehicle=vehicle, limit=COMMANDS_LOOKED_THROUGH)
    offered = queries.controls_of(vehicle=vehicle, twin=twin, commands=commands, surface="portal", at=clock.now())
    refusal: Refusal | None = queries.standing_refusal(vehicle=vehicle)
    entitled = [control for control in offered if control.is_entitled]
    if refusal is None and offered and not entitled:
        refusal = errors.NotEntitled()
    openers = [control for control in entitled if control.command.opens]
    return {
        "vehicle": vehicle,
        "twin": twin,
        "refusal": refusal,
        "refusal_text": str(refusal) if refusal else "",
        "primary": (entitled if refusal is None else offered)[:PRIMARY_CONTROLS],
        "others": entitled[PRIMARY_CONTROLS:] if refusal is None else [],
        "openers": openers,
        "has_passkey": bool(openers) and people.has_passkey(account=account),
        "tabs": pages.tabs(vehicle, ""),
        "temperatures": rules.temperatures(catalog.terms()),
        "temperature": catalog.terms().climate_temperature_default,
        "rows": [_row(each) for each in commands[:RECENT_COMMANDS]],
        **_state_facts(vehicle, twin),
    }


def _row(command: RemoteCommand) -> Row:
    known = rules.TYPES.get(command.type)
    return Row(command, str(known.verb) if known else command.type, cause_text(command.cause))


def cause_text(cause: str) -> str:
    """Why a command stands as it does, in words; nothing for a cause that needs none."""
    known = rules.TYPES.get(cause)
    if known is not None:  # superseded: the cause is the newer command
        return gettext("Replaced by: {command}").format(command=known.verb)
    return sentences.cause_sentence(cause)


def _picture_facts(vehicle: Vehicle, twin: link.Twin) -> dict[str, object]:
    values = {path: measured.value for path, measured in twin.signals.items()}
    return {"vehicle": vehicle, "classes": rules.picture_classes(values), "open_parts": rules.open_parts(values)}


def _usage_facts(vehicle: Vehicle, twin: link.Twin) -> dict[str, object] | None:
    kilometers = twin.value(signals.MILEAGE)
    if not isinstance(kilometers, int | float):
        return None
    return {"kilometers": round(float(kilometers)), "at": twin.newest_at, "vin": vehicle.vin}


def _position_facts(vehicle: Vehicle, twin: link.Twin) -> dict[str, object]:
    return {"vehicle": vehicle, "place": queries.place_of(vehicle=vehicle, twin=twin, at=clock.now())}


def _state_facts(vehicle: Vehicle, twin: link.Twin) -> dict[str, object]:
    return {
        "vehicle": vehicle,
        "twin": twin,
        "sentence": state_sentence(twin),
        "measured_at": twin.newest_at,
        "is_private": twin.cause == link.PRIVACY,
    }


def state_sentence(twin: link.Twin) -> str:
    """How the car stands, in one sentence: "Locked, 78 %, 312 km"; empty while nothing was ever reported."""
    parts = []
    locked = twin.value(rules.LOCKED)
    if isinstance(locked, bool):
        parts.append(gettext("Locked") if locked else gettext("Unlocked"))
    if twin.value(signals.CHARGING) is True:
        parts.append(gettext("charging"))
    elif twin.value(signals.CLIMATE_ACTIVE) is True:
        parts.append(gettext("climate on"))
    charge, fuel = twin.value(signals.STATE_OF_CHARGE), twin.value(signals.FUEL_LEVEL)
    level = charge if charge is not None else fuel
    if level is not None:
        parts.append(f"{number_format(round(level))} %")
    meters = twin.value(signals.RANGE) or twin.value(signals.ELECTRIC_RANGE) or twin.value(signals.FUEL_RANGE)
    if meters is not None:
        parts.append(f"{number_format(round(meters / 1000), force_grouping=True)} km")
    sentence = ", ".join(parts)
    return sentence[:1].upper() + sentence[1:]


urlpatterns = [
    *pages.urlpatterns,
    *alarms.urlpatterns,
    path("vehicles/<str:vin>/commands/controls/", controls, name="controls"),
    path("vehicles/<str:vin>/commands/picture/", picture, name="picture"),
    path("vehicles/<str:vin>/commands/position/", position, name="position"),
    path("vehicles/<str:vin>/commands/<slug:type>/", command, name="command"),
    path("vehicles/<str:vin>/commands/<slug:type>/pin/", pin, name="pin"),
]
