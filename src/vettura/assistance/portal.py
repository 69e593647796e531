"""People come in: help after a breakdown, called and followed on one page, and what they asked Assistance."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vettura.assistance import actions, errors, queries, rules
from vettura.assistance.forms import HelpForm
from vettura.assistance.models import BreakdownCall
from vettura.foundation import clock
from vettura.foundation.errors import Refusal
from vettura.identity.models import Account
from vettura.remote_services import queries as remote
from vettura.remote_services.errors import NotEntitled
from vettura.vehicle_link import queries as link
from vettura.vehicles import queries as cars
from vettura.vehicles.models import Vehicle

app_name = "assistance"
CASES_A_PAGE = 20


def panel_option(*, account: Account, vehicles: Sequence[Vehicle], request: HttpRequest) -> dict[str, SafeString]:
    """The way to help, among the options of a car that can have it called."""
    return {
        each.vin: render_to_string("assistance/_option.html", {"vehicle": each}, request=request)
        for each in vehicles
        if remote.BREAKDOWN_CALL in remote.understood(vehicle=each)
    }


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def breakdown(request: HttpRequest, vin: str) -> HttpResponse:
    """Calls help, or shows how the call goes; what stands against a call is said before anybody tries."""
    account, at = _account(request), clock.now()
    vehicle = cars.vehicle_for(account=account, vin=vin)
    place = remote.place_of(vehicle=vehicle, twin=link.twins_of(vehicles=[vehicle])[vin], at=at)
    form = HelpForm(request.POST or None, knows_place=place.is_known, initial={"phone": account.phone})
    refusal: Refusal | None = None
    try:
        remote.refuse_call_for_help(vehicle=vehicle, at=at)
        if request.method == "POST" and form.is_valid():
            actions.call_for_help(by=account, vin=vin, **form.call())
            return redirect("assistance:breakdown", vin=vin)
    except errors.PhoneUnfit as unfit:
        form.add_error("phone", str(unfit))
    except Refusal as found:
        refusal = found
    calls = queries.calls_of(account=account, vin=vin, at=at)
    facts = {
        "vehicle": vehicle,
        "call": calls[0] if calls else None,
        "is_open": bool(calls) and not calls[0].ended_as,
        "states": [BreakdownCall.State.RECEIVED, BreakdownCall.State.IN_PROGRESS, BreakdownCall.State.DONE],
        "place": place,
        "form": form,
        "refusal": str(refusal) if refusal else "",
        "needs_contract": isinstance(refusal, NotEntitled),
    }
    status = refusal.status if refusal and request.method == "POST" else 422 if form.errors else 200
    return render(request, "assistance/breakdown.html", facts, status=status)


@login_required
@require_POST
def cancel_call(request: HttpRequest, vin: str) -> HttpResponse:
    """This will call off the help that the person called for this car."""
    account = _account(request)
    for call in queries.calls_of(account=account, vin=vin, at=clock.now()):
        if not call.ended_as:
            actions.cancel_call(by=account, vin=vin, case_id=call.case_id)
    return redirect("assistance:breakdown", vin=vin)


@login_required
@never_cache
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """What the person asked Assistance, the newest first."""
    page = Paginator(queries.own_cases(account=_account(request)), CASES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "assistance/cases.html", {"page": page})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case: how it goes, what was said, and a field to say more."""
    account = _account(request)
    found = queries.own_case(account=account, case_id=case_id)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            actions.add_words(by=account, case_id=case_id, text=request.POST.get("text", ""))
            return redirect("assistance:case", case_id=case_id)
        except (errors.TextMissing, errors.CaseEnded) as no:
            refusal = no
    facts = {
        "case": found,
        "conversation": queries.conversation(case=found),
        "is_taken": found.assignee_id is not None,
        "refusal": str(refusal) if refusal else "",
        "typed": request.POST.get("text", ""),
        "longest": rules.LONGEST_TEXT,
    }
    return render(request, "assistance/case.html", facts, status=refusal.status if refusal else 200)


def _account(request: HttpRequest) -> Account:
    return cast("Account", request.user)  # login_required stands before every view here


urlpatterns = [
    path("cases/", cases, name="cases"),
    path("cases/<uuid:case_id>/", case, name="case"),
    path("vehicles/<str:vin>/breakdown/", breakdown, name="breakdown"),
    path("vehicles/<str:vin>/breakdown/cancel/", cancel_call, name="cancel_call"),
]
