"""Which of several cars something is about, asked first (GAR-021), and the list of all cars with its search."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from vettura.foundation.errors import NotFound
from vettura.vehicles import queries
from vettura.vehicles.models import Vehicle
from vettura.vehicles.portal.garage import account_of

PAGE_SIZE = 24
# what can be asked for without naming a car, and the place on the page of the car where it is
PURPOSES = {"services": "services", "drivers": "drivers", "pairing": "pairing", "data": "facts", "options": "options"}


@login_required
def all_vehicles(request: HttpRequest) -> HttpResponse:
    """Every car of the person, by name, in pages; `q` searches model, plate and VIN."""
    account = account_of(request)
    search, page, rows = _page_of_cars(request)
    facts = {"rows": rows[:PAGE_SIZE], "search": search, "leases": queries.leases_of(lessor=account)}
    return render(request, "vehicles/all.html", {**facts, **_pages(page, rows)})


@login_required
def choose(request: HttpRequest, purpose: str) -> HttpResponse:
    """
    The car for which something is wanted; whoever has one is there at once, whoever has none is asked to add one (ID-041).

    Raises NotFound for a purpose that there is not.
    """
    if purpose not in PURPOSES:
        raise NotFound
    account = account_of(request)
    first, has_more = queries.garage_strip(account=account, limit=1)
    if len(first) == 1 and not has_more:
        return redirect(reverse("vehicles:vehicle", args=[first[0].vin]) + f"#{PURPOSES[purpose]}")
    if not first:
        return redirect("vehicles:garage")
    search, page, rows = _page_of_cars(request)
    facts = {"rows": rows[:PAGE_SIZE], "search": search, "place": PURPOSES[purpose], "purpose": purpose}
    return render(request, "vehicles/choose.html", {**facts, **_pages(page, rows)})


def _page_of_cars(request: HttpRequest) -> tuple[str, int, list[Vehicle]]:
    search = request.GET.get("q", "").strip()
    page = int(number) if (number := request.GET.get("page", "")).isdecimal() and int(number) > 0 else 1
    rows = queries.search_garage(
        account=account_of(request), search=search, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE + 1
    )
    return search, page, rows


def _pages(page: int, rows: list[Vehicle]) -> dict[str, object]:
    return {"previous_page": page - 1, "next_page": page + 1 if len(rows) > PAGE_SIZE else None}
