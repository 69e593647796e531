"""What owners set in a car from afar, a page for each: climatization, charging, alarms; and how the car stands in full."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
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
    PreferredTimeForm,
    ProfileForm,
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
    vehicle, twin = car_of(request, vin)
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
            "service_on": _service_day(twin),
            "low_voltage": twin.value(signals.LOW_VOLTAGE),
            "trips": _trips(twin),
            "tabs": tabs(vehicle, "condition"),
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def climate(request: HttpRequest, vin: str) -> HttpResponse:
    """Temperature and seats, as they were last; sending them starts climatization."""
    vehicle, twin = car_of(request, vin, "climate_start")
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
        return send(request, vehicle, "climate", "climate_start", params)
    latest = queries.wanted_list(vehicle=vehicle, twin=twin, type="climate_start")[1]
    facts = {"form": form, "is_on": twin.value(signals.CLIMATE_ACTIVE) is True, "latest": _said(latest)}
    return page_of(request, "climate", vehicle, twin, facts, needs="climate_start")


@login_required
@require_http_methods(["GET", "POST"])
def charging(request: HttpRequest, vin: str) -> HttpResponse:
    """Target, profiles and departure timers of a car that is charged."""
    vehicle, twin = car_of(request, vin, "set_charge_target")
    lists = {
        type_: editable(vehicle, twin, type_, form(request.POST if adds(request, type_) else None, prefix=type_))
        for type_, form in (("set_charging_profiles", ProfileForm), ("set_departure_timers", TimerForm))
        if type_ in queries.understood(vehicle=vehicle)
    }
    limit = twin.value(signals.CHARGE_LIMIT)
    target = TargetForm(request.POST if adds(request, "target") else None, initial={"target_percent": limit})
    place = queries.place_of(vehicle=vehicle, twin=twin, at=clock.now())
    here = {"latitude": place.latitude, "longitude": place.longitude} if place.is_known else None
    chosen_profile = request.POST.get("profile", "")
    # each row has its own
    times = [
        PreferredTimeForm(request.POST if str(each["id"]) == chosen_profile else None, auto_id=f"time-{each['id']}-%s")
        for each in (lists["set_charging_profiles"].entries if "set_charging_profiles" in lists else ())
    ]
    time = next((each for each in times if each.is_bound), PreferredTimeForm(None))
    if request.method == "POST":
        chosen = request.POST.get("change", "")
        if chosen == "target" and target.is_valid():
            return send(request, vehicle, "charging", "set_charge_target", target.cleaned_data)
        if chosen in ("direct_charge_start", "direct_charge_stop"):
            return send(request, vehicle, "charging", chosen, {})
        if chosen in lists:
            params = _changed(request, lists[chosen], time, here)
            if params is not None:
                return send(request, vehicle, "charging", chosen, params)
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
        "times": times,
        "profile_rows": list(zip(lists["set_charging_profiles"].entries, times, strict=True)) if times else [],
        "latest": _said(latest),
    }
    return page_of(request, "charging", vehicle, twin, facts, needs="set_charge_target")


def _changed(request: HttpRequest, editable: Editable, time: PreferredTimeForm, here: Json | None) -> Json | None:
    """The whole list as it is to be; None where the form has something to mend."""
    profile, gone = request.POST.get("profile", ""), request.POST.get("remove_time", "")
    if profile and gone:
        return _with_times(editable, profile, lambda times: [each for n, each in enumerate(times, 1) if str(n) != gone])
    if profile:
        return _with_times(editable, profile, lambda times: [*times, time.entry()]) if time.is_valid() else None
    if request.POST.get("remove"):
        return without_entry(editable, request.POST["remove"])
    form = cast("ProfileForm | TimerForm", editable.form)
    if not form.is_valid():
        return None
    return with_entry(editable, form.entry(here) if isinstance(form, ProfileForm) else form.entry())


# -- what the pages share ---------------------------------------------------------------------------------------------


def car_of(request: HttpRequest, vin: str, *types: str) -> tuple[Vehicle, link.Twin]:
    """The car of the person, if it understands such commands. Raises NotFound."""
    account = cast("Account", request.user)  # login_required stands before every view here
    vehicle = vehicle_queries.vehicle_for(account=account, vin=vin)
    if not set(types) <= set(queries.understood(vehicle=vehicle)):
        raise NotFound
    return vehicle, link.twins_of(vehicles=[vehicle])[vehicle.vin]


def page_of(
    request: HttpRequest, page: str, vehicle: Vehicle, twin: link.Twin, facts: Json, *, needs: str, tab: str = ""
) -> HttpResponse:
    """A page of settings, with what stands against every change."""
    refusal: Refusal | None = queries.standing_refusal(vehicle=vehicle)
    if refusal is None and needs not in entitlements.entitled_commands(vehicle=vehicle, at=clock.now()):
        refusal = errors.NotEntitled()
    has_errors = any(isinstance(each, forms.BaseForm) and each.errors for each in _forms(facts))
    known = {
        "vehicle": vehicle,
        "twin": twin,
        "refusal": str(refusal) if refusal else "",
        "tabs": tabs(vehicle, tab or page),
    }
    return render(request, f"remote_services/{page}.html", known | facts, status=422 if has_errors else 200)


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


def editable(vehicle: Vehicle, twin: link.Twin, type_: str, form: forms.Form | None = None) -> Editable:
    """A list as the next change starts from, and how its last change goes."""
    wanted, latest = queries.wanted_list(vehicle=vehicle, twin=twin, type=type_)
    return Editable(type_, FIELDS[type_], wanted.get(FIELDS[type_], []), latest, _said(latest), form)


def _said(latest: RemoteCommand | None) -> str:
    """How the last change goes, while it goes, or why it came to nothing."""
    if latest is None or latest.status == statuses.Status.DONE:
        return ""
    return rules.sentence(latest.status, latest.cause)


def adds(request: HttpRequest, name: str) -> bool:
    """Whether the form for one entry more of this list was sent."""
    is_another = any(request.POST.get(each) for each in ("remove", "on", "profile"))
    return request.method == "POST" and request.POST.get("change") == name and not is_another


def with_entry(editable: Editable, entry: Json) -> Json:
    """The list with one entry more."""
    number = max((each["id"] for each in editable.entries), default=0) + 1
    return {editable.field: [*editable.entries, {"id": number, **entry}]}


def without_entry(editable: Editable, gone: str) -> Json:
    """The list without an entry."""
    return {editable.field: [each for each in editable.entries if str(each["id"]) != gone]}


def _with_times(editable: Editable, number: str, change: Callable[[list[Json]], list[Json]]) -> Json:
    """All profiles, one of them with other preferred times."""
    return {
        editable.field: [
            each | {"preferred_times": change(each.get("preferred_times", []))} if str(each["id"]) == number else each
            for each in editable.entries
        ]
    }


def send(request: HttpRequest, vehicle: Vehicle, page: str, type_: str, params: Json) -> HttpResponse:
    """This will have the car change its list, and show the page again."""
    actions.request_command(
        by=cast("Account", request.user),
        vin=vehicle.vin,
        type=type_,
        params=params,
        step_up=None,
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


def _service_day(twin: link.Twin) -> date | None:
    """The day by which the car is due for service, whatever it is driven."""
    seconds, at = twin.value(signals.SERVICE_TIME), twin.measured_at(signals.SERVICE_TIME)
    return None if seconds is None or at is None else (at + timedelta(seconds=seconds)).date()


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
]
