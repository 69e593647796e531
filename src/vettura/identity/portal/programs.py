"""Apps with access: what may act for a person, and the end of it."""

from collections.abc import Mapping
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vettura.identity import actions, queries, rules
from vettura.identity.models import Account
from vettura.identity.rules import SCOPE_WORDS, Allowed
from vettura.identity.rules.foreign import FOREIGN, FOREIGN_WORDS


@login_required
@never_cache
@require_safe
def programs(request: HttpRequest) -> HttpResponse:
    """The programs that may act for the person, what each may, since when, and when it last did."""
    account = cast("Account", request.user)
    found = queries.programs_with_access(account=account)
    owned = queries.cars_of(account=account)
    shown = [
        {
            "client_id": program.client_id,
            "name": program.name,
            "words": [FOREIGN_WORDS if scope == FOREIGN else SCOPE_WORDS[scope] for scope in program.scopes],
            "since": program.since,
            "last_used": program.last_used,
            "cars": (cars := _cars(program, owned)),
            "no_cars": not cars and bool(owned) and rules.asks_about_cars(program.scopes),
        }
        for program in found
    ]
    facts = {"programs": shown, "offers_foreign": queries.offers_foreign_apps(), "offers_mqtt": queries.offers_mqtt()}
    return render(request, "identity/programs.html", facts)


def _cars(program: queries.ProgramAccess, owned: Mapping[str, str]) -> list[dict[str, Any]]:  # Any: for a template
    if not rules.asks_about_cars(program.scopes):
        return []
    allowed = Allowed(scopes=frozenset(program.scopes), cars=program.cars, places=program.places)
    return [
        {"vin": vin, "name": name, "sees_place": allowed.sees_place(vin)}
        for vin, name in owned.items()
        if allowed.reaches(vin)
    ]


@login_required
@never_cache
@require_POST
def end_program_car(request: HttpRequest) -> HttpResponse:
    """Its access to one car is over, or only to where that car is."""
    account = cast("Account", request.user)
    client_id, vin = request.POST.get("client_id", ""), request.POST.get("vin", "")
    only_place = request.POST.get("what") == "place"
    names = {program.client_id: program.name for program in queries.programs_with_access(account=account)}
    cars = queries.cars_of(account=account)
    if client_id in names and vin in cars:
        actions.revoke_program_car(account=account, client_id=client_id, vin=vin, only_place=only_place)
        sentence = (
            _("{program} does not see any more where {car} is.")
            if only_place
            else _("{program} has no access to {car} any more.")
        )
        messages.info(request, sentence.format(program=names[client_id], car=cars[vin]))
    return HttpResponseRedirect(reverse("identity:programs"))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def end_program(request: HttpRequest) -> HttpResponse:
    """The consequence first; then its access is over, everywhere and at once."""
    account = cast("Account", request.user)
    client_id = (request.POST if request.method == "POST" else request.GET).get("client_id", "")
    found = {program.client_id: program for program in queries.programs_with_access(account=account)}
    if client_id not in found:
        return HttpResponseRedirect(reverse("identity:programs"))
    if request.method == "POST":
        actions.revoke_program(account=account, client_id=client_id)
        messages.info(request, _("{program} has no access any more.").format(program=found[client_id].name))
        return HttpResponseRedirect(reverse("identity:programs"))
    return render(request, "identity/program_end.html", {"program": found[client_id]})
