"""Owners come in: how charge, range and mileage of a car went."""

from dataclasses import dataclass
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from vettura.foundation import clock
from vettura.identity.models import Account
from vettura.vehicle_link import queries, rules
from vettura.vehicles import queries as vehicle_queries

app_name = "vehicle_link"


@dataclass(frozen=True)
class Kind:
    """One chart: its title, its unit, what a stored value is divided by, and where its axis begins and ends."""

    key: str
    title: str
    unit: str
    divisor: float = 1
    lowest: float | None = 0
    highest: float | None = None


@dataclass(frozen=True)
class Shown:
    """A chart on the page, its summary for those who do not see it, and its rows as a table."""

    kind: Kind
    chart: rules.Chart
    summary: str
    rows: list[rules.Point]


@login_required
@require_GET
def history(request: HttpRequest, vin: str) -> HttpResponse:
    """Charge, range and mileage over a day, a week or a month (`?period=`)."""
    account = cast("Account", request.user)  # login_required stands before
    vehicle = vehicle_queries.vehicle_for(account=account, vin=vin)
    period = request.GET.get("period", "week")
    period = period if period in rules.PERIODS else "week"
    found = queries.history_of(vehicle=vehicle, account_id=account.id, period=period, at=clock.now())
    facts = {
        "vehicle": vehicle,
        "period": period,
        "periods": [("day", gettext("Day")), ("week", gettext("Week")), ("month", gettext("Month"))],
        "charts": [_shown(kind, found) for kind in _kinds() if found.values[kind.key]],
        "gaps": found.gaps,
        "begin": found.begin,
        "end": found.end,
    }
    return render(request, "vehicle_link/history.html", facts)


def _kinds() -> list[Kind]:
    return [
        Kind("charge", gettext("Charge"), "%", highest=100),
        Kind("electric_range", gettext("Electric range"), "km", divisor=1000),
        Kind("fuel_range", gettext("Range on fuel"), "km", divisor=1000),
        Kind("mileage", gettext("Distance driven"), "km", lowest=None),
    ]


def _shown(kind: Kind, found: queries.History) -> Shown:
    rows = [(at, value / kind.divisor) for at, value in found.values[kind.key]]
    drawn = rules.chart(
        rows, begin=found.begin, end=found.end, gaps=found.gaps, lowest=kind.lowest, highest=kind.highest
    )
    values = [value for _, value in rows]
    summary = gettext("{title}: last {last}, between {least} and {most}.").format(
        title=kind.title, last=_said(kind, values[-1]), least=_said(kind, min(values)), most=_said(kind, max(values))
    )
    return Shown(kind, drawn, summary, list(reversed(rows)))


def _said(kind: Kind, value: float) -> str:
    return f"{number_format(round(value), force_grouping=True)} {kind.unit}"


urlpatterns = [path("vehicles/<str:vin>/history/", history, name="history")]
