"""Staff look for what keeps a customer's car from working, and see it as the customer would."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from vettura.foundation.diagnosis import UNKNOWN
from vettura.foundation.errors import NotFound, Refusal
from vettura.help_center import diagnosis
from vettura.identity.models import Account
from vettura.vehicles.models import Vehicle


def panel_why(*, account: Account, vehicles: Sequence[Vehicle], request: HttpRequest) -> dict[str, SafeString]:
    """The way to the questions, for a car's page at the desk; nothing for those who may not see the customer's data (DAT-009)."""
    return {
        each.vin: render_to_string("help_center/desk/_why.html", {"vehicle": each}, request=request)
        for each in vehicles
        if _may_look(account, each)
    }


def _may_look(account: Account, vehicle: Vehicle) -> bool:
    try:
        diagnosis.car_for_staff(by=account, vin=vehicle.vin)
    except Refusal:
        return False
    return True


def _staff(request: HttpRequest) -> Account:
    if not isinstance(request.user, Account):
        raise NotFound
    return request.user


@login_required
@never_cache
@require_GET
def whys(request: HttpRequest, vin: str) -> HttpResponse:
    """Everything that can be asked about a customer's car."""
    car, _customer = diagnosis.car_for_staff(by=_staff(request), vin=vin)
    groups = [
        (group.name, [(each, _address(vin, each.topic, service=each.service)) for each in group.items])
        for group in diagnosis.whys()
    ]
    return render(request, "help_center/desk/whys.html", {"vehicle": car, "groups": groups})


@login_required
@never_cache
@require_GET
def why(request: HttpRequest, vin: str, topic: str) -> HttpResponse:
    """The cause or the next question, as the customer would see it; that somebody looked is written down."""
    told = diagnosis.told_of([*request.GET.getlist("answered"), *request.GET.getlist("told")])
    service = request.GET.get("service", "")
    account = _staff(request)
    made = diagnosis.diagnosis_for_staff(by=account, vin=vin, topic=topic, service=service, told=told)
    car, _customer = diagnosis.car_for_staff(by=account, vin=vin)
    facts = {
        "found": diagnosis.finding(made),
        "vehicle": car,
        "service": service,
        "topic": topic,
        "stages": list(diagnosis.STAGES.items()),
        "unknown": UNKNOWN,
        "again": request.get_full_path(),
        "anew": _address(vin, topic, service=service) if told else "",
        "ask_at": reverse("why_desk:topic", args=[vin, topic]),
        "is_desk": True,
    }
    is_part = getattr(request, "htmx", False)
    return render(request, "help_center/_diagnosis.html" if is_part else "help_center/desk/why.html", facts)


def _address(vin: str, topic: str, *, service: str) -> str:
    page = reverse("why_desk:topic", args=[vin, topic])
    return f"{page}?{urlencode({'service': service})}" if service else page


app_name = "why_desk"
urlpatterns = [
    path("<str:vin>/", whys, name="list"),
    path("<str:vin>/<slug:topic>/", why, name="topic"),
]
