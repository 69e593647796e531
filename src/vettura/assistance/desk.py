"""Assistance comes in: the queue with its saved views, a case with its timeline, and the contacts of every country."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vettura.assistance import actions, errors, queries, rules
from vettura.assistance.forms import OpenCaseForm
from vettura.assistance.models import Case, CaseEntry
from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.errors import NotFound, Refusal
from vettura.foundation.panels import Section
from vettura.identity import queries as people
from vettura.identity.models import Account
from vettura.vehicles import queries as cars

PAGE_SIZE = 50
# as many as the page of a person shows
CASES_OF_A_PERSON = 20
WARNINGS = {
    "low_charge": _("The battery is almost empty"),
    "low_fuel": _("The tank is almost empty"),
    "low_voltage": _("The 12 V battery is too low"),
}
# what help reads of a car: our short word, what it is called, its unit
CONDITION = (
    ("state_of_charge", _("Battery"), "%"),
    ("fuel_level", _("Fuel"), "%"),
    ("range", _("Range"), "km"),
    ("low_voltage", _("12 V battery"), "V"),
    ("mileage", _("Distance driven"), "km"),
    ("plugged_in", _("Charging cable plugged in"), ""),
    ("hazard_lights", _("Hazard lights on"), ""),
    ("hood_open", _("Hood open"), ""),
    ("outside_temperature", _("Outside"), "°C"),
    ("front_left_tire_pressure", _("Tire front left"), "kPa"),
    ("front_right_tire_pressure", _("Tire front right"), "kPa"),
    ("rear_left_tire_pressure", _("Tire rear left"), "kPa"),
    ("rear_right_tire_pressure", _("Tire rear right"), "kPa"),
)


def sections(*, account: Account) -> list[Section]:
    """Where Assistance finds its cases and the contacts."""
    if not queries.works_here(account=account):
        return []
    return [
        Section(gettext("Cases"), reverse("assistance_desk:cases"), "mail", "a"),
        Section(gettext("Contacts"), reverse("assistance_desk:contacts"), "phone", "t"),
    ]


def panel_person(*, account: Account, by: Account, request: HttpRequest) -> SafeString:
    """The cases of a person, and the way to open one; for Assistance only."""
    if not queries.works_here(account=by):
        return SafeString()
    facts = {
        "cases": queries.latest_cases_of(by=by, account=account, limit=CASES_OF_A_PERSON),
        "panel_person": account,
        "at": clock.now(),
    }
    return mark_safe(render_to_string("assistance/desk/_person_cases.html", facts, request))  # noqa: S308 our template


def _agent(request: HttpRequest) -> Account:
    if not isinstance(request.user, Account) or not queries.works_here(account=request.user):
        raise NotFound
    return request.user


@login_required
@never_cache
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """The queue: open, mine, due, closed; `q` searches number, sender and subject."""
    agent, at = _agent(request), clock.now()
    view = request.GET.get("view", "open")
    view = view if view in queries.VIEWS else "open"
    search = request.GET.get("q", "").strip()[:100]
    found = queries.cases(by=agent, view=view, search=search, at=at)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    names = {"open": gettext("Open"), "mine": gettext("Mine"), "due": gettext("Due"), "closed": gettext("Closed")}
    counts = queries.counts(by=agent, at=at)
    return render(
        request,
        "assistance/desk/cases.html",
        {
            "page": page,
            "view": view,
            "views": [(each, names[each], counts.get(each)) for each in queries.VIEWS],
            "search": search,
            "at": at,
        },
    )


@login_required
@never_cache
@require_GET
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case: what was asked, how sure the sender is, what to do, and what happened."""
    return _page(request, case_id)


def _page(request: HttpRequest, case_id: UUID, refusal: Refusal | None = None) -> HttpResponse:
    agent = _agent(request)
    found = queries.case(by=agent, case_id=case_id)
    facts = {
        "case": found,
        "timeline": [(entry, _said(entry)) for entry in queries.timeline(case=found)],
        "country": _name_of(found.country),
        "is_mine": found.assignee_id == agent.id,
        "at": clock.now(),
        "refusal": str(refusal) if refusal else "",
        "typed": request.POST,
        **_breakdown(found),
    }
    return render(request, "assistance/desk/case.html", facts, status=refusal.status if refusal else 200)


def _breakdown(case: Case) -> dict[str, object]:
    """What was handed over with a call for help."""
    call = queries.breakdown_of(case=case)
    if call is None:
        return {}
    found = rules.warnings_of(call.condition, low_voltage=float(catalog.terms().low_voltage_minimum))
    names = {short: str(label) for short, label, _ in CONDITION}
    warnings = [
        WARNINGS[each] if each in WARNINGS else gettext("Too little pressure: %s") % names[each] for each in found
    ]
    condition = [
        (label, gettext("yes") if value is True else gettext("no") if value is False else f"{value:n} {unit}")
        for short, label, unit in CONDITION
        if (value := _shown(short, call.condition.get(short))) is not None
    ]
    return {"call": call, "warnings": warnings, "condition": condition}


def _shown(short: str, value: object) -> float | bool | None:
    if isinstance(value, bool):
        return value
    if not isinstance(value, int | float):
        return None
    # ranges come in meters
    return round(value / 1000) if short == "range" else round(value, 1)


def _name_of(country: str) -> str:
    known = {each.iso2: each for each in catalog.countries()}
    return known[country].names[catalog.language_of_pack(get_language())] if country in known else country


def _said(entry: CaseEntry) -> str:
    return {
        "opened": gettext("Opened"),
        "answered": gettext("Answered with the case number"),
        "not_answered": gettext("Not answered: written by a program, or too many mails of one sender"),
        "taken": gettext("Taken"),
        "car_told": gettext("The car has said where it is"),
        "cancelled": gettext("Called off"),
        "note": gettext("Note"),
        "added": gettext("Said by the person"),
        "replied": gettext("Answer to the person"),
        "account_named": gettext("Account named"),
        "executed": gettext("Consents and sharing withdrawn"),
        "closed": gettext("Closed"),
        "reopened": gettext("Opened again"),
    }.get(entry.what, entry.what)


def _take(request: HttpRequest, agent: Account, case_id: UUID) -> str:
    actions.take_case(by=agent, case_id=case_id)
    return gettext("The case is yours.")


def _add_note(request: HttpRequest, agent: Account, case_id: UUID) -> str:
    actions.add_note(by=agent, case_id=case_id, text=request.POST.get("text", ""))
    return gettext("The note is kept.")


def _reply(request: HttpRequest, agent: Account, case_id: UUID) -> str:
    actions.answer_case(by=agent, case_id=case_id, text=request.POST.get("text", ""))
    return gettext("The answer is in the person's inbox.")


def _name_account(request: HttpRequest, agent: Account, case_id: UUID) -> str:
    email, reason = request.POST.get("email", ""), request.POST.get("reason", "")
    actions.name_account(by=agent, case_id=case_id, email=email, reason=reason)
    return gettext("The case is about this account now.")


def _execute(request: HttpRequest, agent: Account, case_id: UUID) -> str:
    is_checked = request.POST.get("is_checked") == "on"
    actions.execute_withdrawal(by=agent, case_id=case_id, is_checked=is_checked)
    return gettext("Everything is withdrawn and the receipt is on its way.")


def _close(request: HttpRequest, agent: Account, case_id: UUID) -> str:
    actions.close_case(by=agent, case_id=case_id, text=request.POST.get("text", ""))
    return gettext("The case is closed.")


def _reopen(request: HttpRequest, agent: Account, case_id: UUID) -> str:
    actions.reopen_case(by=agent, case_id=case_id, text=request.POST.get("text", ""))
    return gettext("The case is open again.")


STEPS: dict[str, Callable[[HttpRequest, Account, UUID], str]] = {
    "take": _take,
    "note": _add_note,
    "reply": _reply,
    "account": _name_account,
    "withdraw": _execute,
    "close": _close,
    "reopen": _reopen,
}


@login_required
@never_cache
@require_POST
def step(request: HttpRequest, case_id: UUID, step: str) -> HttpResponse:
    """This will do one thing with a case; a refusal is said on the page of the case, with what was typed."""
    agent = _agent(request)
    if step not in STEPS:
        raise NotFound
    try:
        said = STEPS[step](request, agent, case_id)
    except (errors.TextMissing, errors.AccountUnknown, errors.SenderUnchecked, errors.CaseClosed) as refusal:
        return _page(request, case_id, refusal)
    messages.info(request, said)
    return redirect("assistance_desk:case", case_id=case_id)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def open_case(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """A case is opened by hand, for a person who called."""
    agent = _agent(request)
    person = people.person_at_desk(by=agent, account_id=account_id)
    if not person.is_active:
        raise NotFound
    form = OpenCaseForm(request.POST if request.method == "POST" else None, cars=cars.garage_of(account=person))
    if request.method == "POST" and form.is_valid():
        opened = actions.open_case_for(by=agent, account_id=person.id, **form.cleaned_data)
        messages.info(request, gettext("The case is open."))
        return redirect("assistance_desk:case", case_id=opened.id)
    facts = {"form": form, "person": person}
    return render(request, "assistance/desk/open_case.html", facts, status=422 if form.errors else 200)


@login_required
@require_GET
def contacts(request: HttpRequest) -> HttpResponse:
    """The register: Assistance and the address for withdrawals, country by country; `q` searches (DAT-012)."""
    _agent(request)
    language = catalog.language_of_pack(get_language())
    search = request.GET.get("q", "").strip().lower()
    rows = sorted(
        (
            each
            for each in catalog.countries()
            if search in " ".join((each.iso2, each.names[language], *each.aliases, each.email)).lower()
        ),
        key=lambda each: each.names[language],
    )
    facts = {"rows": [(each, each.names[language]) for each in rows], "search": search}
    return render(request, "assistance/desk/contacts.html", facts)


app_name = "assistance_desk"
urlpatterns = [
    path("cases/", cases, name="cases"),
    path("cases/new/<uuid:account_id>/", open_case, name="open_case"),
    path("cases/<uuid:case_id>/", case, name="case"),
    path("cases/<uuid:case_id>/<slug:step>/", step, name="step"),
    path("contacts/", contacts, name="contacts"),
]
