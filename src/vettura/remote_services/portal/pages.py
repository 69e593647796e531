"""What owners set in a car from afar, a page for each: climatization, charging, alarms; and how the car stands in full."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from vettura.catalog import queries as catalog
from vettura.entitlements import queries as entitlements
from vettura.foundation import clock, ids
from vettura.foundation.errors import NotFound, Refusal
from vettura.identity.models import Account
from vettura.remote_services import actions, errors, queries, rules
from vettura.remote_services.forms import (
    ClimateForm,
    LocationAlarmForm,
    ProfileForm,
    SpeedAlarmForm,
    TargetForm,
    TimerForm,
)
from vettura.vehicle_link import queries as link
from vettura.vehicle_link.models import RemoteCommand
from vettura.vehicles import queries as vehicle_queries
from vettura.vehicles.models import Vehicle
from vettura_wire import remote, signals, statuses

Json = dict[str, Any]  # a list of the wire


@dataclass(frozen=True)
class Editable:
    """A list that a page changes: its entries, how its last change went, and the form for one entry more."""

    type: str
    field: str
    entries: list[Json]
    latest: RemoteCommand | None
    sentence: str
    form: forms.Form | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether the car has yet to answer."""
        return self.latest is not None and self.latest.status in statuses.FORWARD


FIELDS = {
    "set_departure_timers": "timers",
    "set_charging_profiles": "profiles",
    "set_speed_alarms": "alarms",
    "set_location_alarms": "alarms",
}


@login_required
@require_GET
def condition(request: HttpRequest, vin: str) -> HttpResponse:
    """How the car stands: doors, windows, lids, tires, battery and tank, service, and how it was driven."""
    vehicle, twin = _car(request, vin)
    return render(
        request,
        "remote_services/condition.html",
        {
            "vehicle": vehicle,
            "twin": twin,
            "is_private": twin.cause == link.PRIVACY,
            "parts": _parts(twin),
            "tires": [
                (TIRE_NAMES[tire](), twin.value(path_))
                for tire, path_ in signals.TIRE_PRESSURE.items()
                if twin.value(path_) is not None
            ],
            "charge": twin.value(signals.STATE_OF_CHARGE),
            "fuel": twin.value(signals.FUEL_LEVEL),
            "mileage": twin.value(signals.MILEAGE),
            "service": twin.value(signals.SERVICE_DISTANCE),
            "low_voltage": twin.value(signals.LOW_VOLTAGE),
            "trips": _trips(twin),
            "tabs": tabs(vehicle, "condition"),
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def climate(request: HttpRequest, vin: str) -> HttpResponse:
    """Temperature and seats, as they were last; sending them starts climatization."""
    vehicle, twin = _car(request, vin, "climate_start")
    last = twin.held.get("climate")
    known = last.value if last else {}
    temperature = known.get("temperature") or twin.value(signals.TARGET_TEMPERATURE)
    terms = catalog.terms()
    form = ClimateForm(
        request.POST or None,
        temperatures=rules.temperatures(terms),
        zones=catalog.generation(vehicle.generation).seat_zones,
        initial={
            "temperature": round(temperature or terms.climate_temperature_default),
            "seats": known.get("seats", []),
        },
    )
    if request.method == "POST" and form.is_valid():
        params: Json = {"temperature": form.cleaned_data["temperature"]}
        if "seats" in form.fields:
            params["seats"] = form.cleaned_data["seats"]
        return _send(request, vehicle, "climate", "climate_start", params)
    latest = queries.wanted_list(vehicle=vehicle, twin=twin, type="climate_start")[1]
    facts = {"form": form, "is_on": twin.value(signals.CLIMATE_ACTIVE) is True, "latest": _said(latest)}
    return _page(request, "climate", vehicle, twin, facts, needs="climate_start")


@login_required
@require_http_methods(["GET", "POST"])
def charging(request: HttpRequest, vin: str) -> HttpResponse:
    """Target, profiles and departure timers of a car that is charged."""
    vehicle, twin = _car(request, vin, "set_charge_target")
    lists = {
        type_: _editable(vehicle, twin, type_, form(request.POST if _adds(request, type_) else None, prefix=type_))
        for type_, form in (("set_charging_profiles", ProfileForm), ("set_departure_timers", TimerForm))
        if type_ in queries.understood(vehicle=vehicle)
    }
    limit = twin.value(signals.CHARGE_LIMIT)
    target = TargetForm(request.POST if _adds(request, "target") else None, initial={"target_percent": limit})
    place = queries.place_of(vehicle=vehicle, twin=twin, at=clock.now())
    here = {"latitude": place.latitude, "longitude": place.longitude} if place.is_known else None
    if request.method == "POST":
        chosen = request.POST.get("change", "")
        if chosen == "target" and target.is_valid():
            return _send(request, vehicle, "charging", "set_charge_target", target.cleaned_data)
        if chosen in ("direct_charge_start", "direct_charge_stop"):
            return _send(request, vehicle, "charging", chosen, {})
        if chosen in lists:
            form = cast("ProfileForm | TimerForm", lists[chosen].form)
            if request.POST.get("remove"):
                return _send(request, vehicle, "charging", chosen, _without(lists[chosen], request))
            if form.is_valid():
                entry = form.entry(here) if isinstance(form, ProfileForm) else form.entry()
                return _send(request, vehicle, "charging", chosen, _with(lists[chosen], entry))
    latest = queries.wanted_list(vehicle=vehicle, twin=twin, type="set_charging_profiles")[1]
    facts = {
        "target": target,
        "charge": twin.value(signals.STATE_OF_CHARGE),
        "limit": limit,
        "is_charging": twin.value(signals.CHARGING) is True,
        "is_plugged_in": twin.value(signals.PLUGGED_IN) is True,
        "is_direct": twin.value(signals.CHARGING_MODE) == signals.CHARGING_AT_ONCE,
        "has_direct": "direct_charge_start" in queries.understood(vehicle=vehicle),
        "profiles": lists.get("set_charging_profiles"),
        "timers": lists.get("set_departure_timers"),
        "latest": _said(latest),
    }
    return _page(request, "charging", vehicle, twin, facts, needs="set_charge_target")


@login_required
@require_http_methods(["GET", "POST"])
def alarms(request: HttpRequest, vin: str) -> HttpResponse:
    """What alarms have told, and which watch; to take one back asks for the PIN. Valet alarm is the app's (REM-009)."""
    vehicle, twin = _car(request, vin, "set_speed_alarms")
    place = queries.place_of(vehicle=vehicle, twin=twin, at=clock.now())
    here = {"latitude": place.latitude, "longitude": place.longitude} if place.is_known else {}
    speed = SpeedAlarmForm(request.POST if _adds(request, "set_speed_alarms") else None, prefix="set_speed_alarms")
    area = LocationAlarmForm(
        request.POST if _adds(request, "set_location_alarms") else None, prefix="set_location_alarms", initial=here
    )
    lists = {
        "set_speed_alarms": _editable(vehicle, twin, "set_speed_alarms", speed),
        "set_location_alarms": _editable(vehicle, twin, "set_location_alarms", area),
    }
    problem = ""
    chosen = request.POST.get("change", "")
    if chosen in lists:
        try:
            if request.POST.get("remove"):
                step_up = {"pin": request.POST.get("pin", "")}
                return _send(request, vehicle, "alarms", chosen, _without(lists[chosen], request), step_up=step_up)
            form = cast("SpeedAlarmForm | LocationAlarmForm", lists[chosen].form)
            if form.is_valid():
                return _send(request, vehicle, "alarms", chosen, _with(lists[chosen], form.entry()))
        except errors.StepUpRequired as wrong:
            problem = str(wrong)
    facts = {
        "incidents": queries.incidents_of(vehicle=vehicle),
        "lists": list(lists.values()),
        "problem": problem,
    }
    return _page(request, "alarms", vehicle, twin, facts, needs="set_speed_alarms", status=403 if problem else 200)


# -- what the pages share ---------------------------------------------------------------------------------------------


def _car(request: HttpRequest, vin: str, *types: str) -> tuple[Vehicle, link.Twin]:
    """The car of the person, if it understands such commands. Raises NotFound."""
    account = cast("Account", request.user)  # login_required stands before every view here
    vehicle = vehicle_queries.vehicle_for(account=account, vin=vin)
    if not set(types) <= set(queries.understood(vehicle=vehicle)):
        raise NotFound
    return vehicle, link.twins_of(vehicles=[vehicle])[vehicle.vin]


def _page(
    request: HttpRequest, page: str, vehicle: Vehicle, twin: link.Twin, facts: Json, *, needs: str, status: int = 200
) -> HttpResponse:
    refusal: Refusal | None = queries.standing_refusal(vehicle=vehicle)
    if refusal is None and needs not in entitlements.entitled_commands(vehicle=vehicle, at=clock.now()):
        refusal = errors.NotEntitled()
    has_errors = any(isinstance(each, forms.BaseForm) and each.errors for each in _forms(facts))
    known = {"vehicle": vehicle, "twin": twin, "refusal": str(refusal) if refusal else "", "tabs": tabs(vehicle, page)}
    return render(request, f"remote_services/{page}.html", known | facts, status=422 if has_errors else status)


def _forms(facts: Json) -> list[object]:
    """The forms of a page, alone or with their lists."""
    found = [every for each in facts.values() for every in (each if isinstance(each, list) else [each])]
    return [each.form if isinstance(each, Editable) else each for each in found]


def tabs(vehicle: Vehicle, page: str) -> list[tuple[str, str, bool]]:
    """The pages that this car has: title, address, and whether it is the one that is open."""
    understood = queries.understood(vehicle=vehicle)
    pages = [
        ("condition", gettext("Condition"), True),
        ("climate", gettext("Climatization"), "climate_start" in understood),
        ("charging", gettext("Charging and departures"), "set_charge_target" in understood),
        ("alarms", gettext("Alarms"), "set_speed_alarms" in understood),
    ]
    return [
        (title, reverse(f"remote_services:{name}", args=[vehicle.vin]), name == page)
        for name, title, is_there in pages
        if is_there
    ]


def _editable(vehicle: Vehicle, twin: link.Twin, type_: str, form: forms.Form) -> Editable:
    wanted, latest = queries.wanted_list(vehicle=vehicle, twin=twin, type=type_)
    return Editable(type_, FIELDS[type_], wanted.get(FIELDS[type_], []), latest, _said(latest), form)


def _said(latest: RemoteCommand | None) -> str:
    """How the last change goes, while it goes, or why it came to nothing."""
    if latest is None or latest.status == statuses.Status.DONE:
        return ""
    return rules.sentence(latest.status, latest.cause)


def _adds(request: HttpRequest, name: str) -> bool:
    return request.method == "POST" and request.POST.get("change") == name and not request.POST.get("remove")


def _with(editable: Editable, entry: Json) -> Json:
    number = max((each["id"] for each in editable.entries), default=0) + 1
    return {editable.field: [*editable.entries, {"id": number, **entry}]}


def _without(editable: Editable, request: HttpRequest) -> Json:
    gone = request.POST.get("remove", "")
    return {editable.field: [each for each in editable.entries if str(each["id"]) != gone]}


def _send(
    request: HttpRequest, vehicle: Vehicle, page: str, type_: str, params: Json, *, step_up: Json | None = None
) -> HttpResponse:
    actions.request_command(
        by=cast("Account", request.user),
        vin=vehicle.vin,
        type=type_,
        params=params,
        step_up=step_up,
        command_id=ids.new_id(),
    )
    return HttpResponseRedirect(reverse(f"remote_services:{page}", args=[vehicle.vin]))


DOOR_NAMES: dict[str, Callable[[], str]] = {
    "driver_door": lambda: gettext("Driver's door"),
    "passenger_door": lambda: gettext("Passenger's door"),
    "rear_driver_door": lambda: gettext("Rear door, driver's side"),
    "rear_passenger_door": lambda: gettext("Rear door, passenger's side"),
}
TIRE_NAMES: dict[str, Callable[[], str]] = {
    "front_left_tire": lambda: gettext("Front left"),
    "front_right_tire": lambda: gettext("Front right"),
    "rear_left_tire": lambda: gettext("Rear left"),
    "rear_right_tire": lambda: gettext("Rear right"),
}


@dataclass(frozen=True)
class Part:
    """Something that opens: a door with its window, or a lid. None is what the car does not report."""

    name: str
    is_open: bool
    is_locked: bool | None = None
    window_open: bool | None = None


def _parts(twin: link.Twin) -> list[Part]:
    doors = [
        Part(
            DOOR_NAMES[door](),
            twin.value(path_),
            twin.value(signals.DOOR_LOCKED[door]),
            twin.value(signals.WINDOW_OPEN[door]),
        )
        for door, path_ in signals.DOOR_OPEN.items()
        if twin.value(path_) is not None
    ]
    lids = (
        (gettext("Luggage compartment"), signals.REAR_TRUNK_OPEN, twin.value(signals.REAR_TRUNK_LOCKED)),
        (gettext("Front luggage compartment"), signals.FRONT_TRUNK_OPEN, None),
        (gettext("Hood"), signals.HOOD_OPEN, None),
    )
    return doors + [
        Part(name, twin.value(path_), locked) for name, path_, locked in lids if twin.value(path_) is not None
    ]


def _trips(twin: link.Twin) -> list[tuple[str, Json]]:
    found = queries.trips_of(twin=twin)
    if found is None:
        return []
    named = (
        (gettext("Last trip"), found.short),
        (gettext("Since charging or refueling"), found.cyclic),
        (gettext("In total"), found.long),
    )
    return [(name, _trip(trip)) for name, trip in named]


def _trip(trip: remote.Trip) -> Json:
    return {
        "km": trip.km,
        "minutes": round(trip.seconds / 60),
        "kmh": trip.km / trip.seconds * 3600 if trip.seconds else 0,
        "kwh": trip.kwh / trip.km * 100 if trip.km and trip.kwh else None,
        "liters": trip.liters / trip.km * 100 if trip.km and trip.liters else None,
    }


urlpatterns = [
    path("vehicles/<str:vin>/condition/", condition, name="condition"),
    path("vehicles/<str:vin>/climate/", climate, name="climate"),
    path("vehicles/<str:vin>/charging/", charging, name="charging"),
    path("vehicles/<str:vin>/alarms/", alarms, name="alarms"),
]
