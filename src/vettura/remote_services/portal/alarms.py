"""Alarms of a car for owners: which watch, what they have told, and how one is taken back."""

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.remote_services import queries
from vettura.remote_services.forms import LocationAlarmForm, SpeedAlarmForm
from vettura.remote_services.portal import pages
from vettura.remote_services.portal.proof import prove

Json = dict[str, Any]  # a list of the wire
# the page of alarms shows the newest; its history all, so many at a time
INCIDENTS_FIRST, INCIDENTS_OF_A_PAGE = 5, 50


@login_required
@require_http_methods(["GET", "POST"])
def alarms(request: HttpRequest, vin: str) -> HttpResponse:
    """What alarms have told, and which watch; to take one back asks once more who it is. Valet alarm is the app's (REM-009)."""
    vehicle, twin = pages.car_of(request, vin, "set_speed_alarms")
    place = queries.place_of(vehicle=vehicle, twin=twin, at=clock.now())
    places = _places(place)
    speed = SpeedAlarmForm(request.POST if pages.adds(request, "set_speed_alarms") else None, prefix="set_speed_alarms")
    area = LocationAlarmForm(
        request.POST if pages.adds(request, "set_location_alarms") else None,
        prefix="set_location_alarms",
        places=places,
    )
    lists = {
        "set_speed_alarms": pages.editable(vehicle, twin, "set_speed_alarms", speed),
        "set_location_alarms": pages.editable(vehicle, twin, "set_location_alarms", area),
    }
    chosen = request.POST.get("change", "")
    if chosen in lists:
        if request.POST.get("on"):
            # to watch more takes nothing back
            number = request.POST["on"]
            return pages.send(request, vehicle, "alarms", chosen, _switched(lists[chosen], number, is_on=True))
        form = cast("SpeedAlarmForm | LocationAlarmForm", lists[chosen].form)
        if form.is_valid():
            return pages.send(request, vehicle, "alarms", chosen, pages.with_entry(lists[chosen], form.entry()))
    facts = {
        "incidents": queries.incidents_of(vehicle=vehicle, limit=INCIDENTS_FIRST),
        "lists": list(lists.values()),
        "middle": next(iter(places.values()), None),
        "tiles": settings.MAP_TILES,
        "attribution": settings.MAP_ATTRIBUTION,
    }
    return pages.page_of(request, "alarms", vehicle, twin, facts, needs="set_speed_alarms")


@login_required
@require_http_methods(["GET", "POST"])
def take_alarm_back(request: HttpRequest, vin: str, type: str, alarm: int, change: str) -> HttpResponse:
    """This will switch an alarm off or remove it, once the person has proved who they are."""
    vehicle, twin = pages.car_of(request, vin, "set_speed_alarms")
    if type not in ("set_speed_alarms", "set_location_alarms"):
        raise NotFound
    watching = pages.editable(vehicle, twin, type)
    entry = next((each for each in watching.entries if each["id"] == alarm), None)
    if entry is None or change not in ("off", "remove"):
        raise NotFound
    params = (
        _switched(watching, str(alarm), is_on=False) if change == "off" else pages.without_entry(watching, str(alarm))
    )
    proof = prove(request, vehicle, type, params)
    if proof.is_done:
        return HttpResponseRedirect(reverse("remote_services:alarms", args=[vin]))
    facts = proof.facts | {"entry": entry, "change": change, "asked": {"type": type, "params": params}}
    return render(request, "remote_services/alarm_change.html", facts, status=proof.status)


@login_required
@require_GET
def alarm_history(request: HttpRequest, vin: str) -> HttpResponse:
    """All that is kept of what alarms have told, page by page."""
    vehicle, twin = pages.car_of(request, vin, "set_speed_alarms")
    before = request.GET.get("before", "")
    try:
        cursor = UUID(before) if before else None
    except ValueError:
        raise NotFound from None
    found = queries.incidents_of(vehicle=vehicle, limit=INCIDENTS_OF_A_PAGE + 1, before=cursor)
    shown = found[:INCIDENTS_OF_A_PAGE]
    facts = {
        "incidents": shown,
        "next": shown[-1].id if len(found) > len(shown) else None,
        "is_later": cursor is not None,
    }
    return pages.page_of(request, "alarm_history", vehicle, twin, facts, needs="set_speed_alarms", tab="alarms")


def _places(here: queries.Place) -> dict[str, tuple[str, float, float]]:
    """What an area may lie around: where the car is now, and the places that the pack knows."""
    found = {"car": (gettext("where the car is now"), here.latitude, here.longitude)} if here.is_known else {}
    return found | {
        f"{each.country}:{each.name}": (f"{each.name} ({each.country})", float(each.latitude), float(each.longitude))
        for each in catalog.pack().places
    }


def _switched(editable: pages.Editable, number: str, *, is_on: bool) -> Json:
    changed = [each | {"enabled": is_on} if str(each["id"]) == number else each for each in editable.entries]
    return {editable.field: changed}


urlpatterns = [
    path("vehicles/<str:vin>/alarms/", alarms, name="alarms"),
    path("vehicles/<str:vin>/alarms/history/", alarm_history, name="alarm_history"),
    path("vehicles/<str:vin>/alarms/<slug:type>/<int:alarm>/<slug:change>/", take_alarm_back, name="take_alarm_back"),
]
