"""Staff come in: requests to erase a person's data, what carrying one out means, and carrying it out (DAT-020, DAT-021)."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from vettura.foundation import clock, erasing
from vettura.foundation.panels import Section
from vettura.identity import actions, errors, queries
from vettura.identity.forms import EraseForm, TakeBackErasureForm
from vettura.identity.models import Account, ErasureRequest

PAGE_SIZE = 50


@dataclass(frozen=True)
class Row:
    """What became of the rows of one decision, as the proof has it."""

    what: str
    count: int
    until: datetime | None
    because: str


def sections(*, account: Account) -> list[Section]:
    """Where staff see which requests for erasure are open."""
    if not queries.works_with_people(account=account):
        return []
    return [Section(gettext("Erasure"), reverse("erasure_desk:requests"), "trash", "e")]


@login_required
@never_cache
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """The requests that are open, overdue ones first; or those that are over (`view=over`)."""
    by = cast("Account", request.user)
    is_open = request.GET.get("view") != "over"
    found = queries.erasure_requests(by=by, is_open=is_open)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    asked = list(page)
    facts = {
        "page": page,
        "rows": list(zip(asked, queries.customers(by=by, accounts=[each.account for each in asked]), strict=True)),
        "is_open": is_open,
        "at": clock.now(),
        "is_assistance": queries.looks_after_everybody(account=by),
    }
    return render(request, "identity/desk/erasures.html", facts)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def erasure(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: what would be erased and kept, why and until when; sent, it is carried out. For Assistance alone."""
    by = cast("Account", request.user)
    found = queries.erasure_request(by=by, request_id=request_id)
    form = EraseForm(request.POST if request.method == "POST" else None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.carry_out_erasure(by=by, request_id=request_id)
        except (errors.ErasureHindered, errors.ErasureTakenBack, errors.OwnAccount) as refused:
            refusal = str(refused)
        else:
            messages.info(request, gettext("The data are erased. This page is the proof."))
            return redirect("erasure_desk:request", request_id=request_id)
    facts = {"erasure": found, "person": found.account, "at": clock.now(), "form": form, "refusal": refusal}
    facts |= _to_come(found) if found.is_open else _proof(found)
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "identity/desk/erasure.html", facts, status=status)


def _to_come(found: ErasureRequest) -> dict[str, object]:
    lines = queries.erasure_plan(account=found.account)
    return {
        "obstacles": queries.obstacles_to_erasure(account=found.account),
        "goes": [line for line in lines if line.fate == "erased"],
        "emptied": [line for line in lines if line.fate == "emptied"],
        "stays": [line for line in lines if line.fate == "kept"],
    }


def _proof(found: ErasureRequest) -> dict[str, object]:
    rows: dict[str, list[Row]] = {"erased": [], "emptied": [], "kept": []}
    for line in found.kept:
        until = parse_datetime(line["until"]) if line["until"] else None
        what, because = erasing.described(line["code"])
        rows[line["fate"]].append(Row(what, line["count"], until, because))
    return {"goes": rows["erased"], "emptied": rows["emptied"], "stays": rows["kept"]}


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """A request that is no longer wanted ends, with a reason. For Assistance alone."""
    by = cast("Account", request.user)
    found = queries.erasure_request(by=by, request_id=request_id)
    form = TakeBackErasureForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.take_back_erasure(by=by, request_id=request_id, reason=form.cleaned_data["reason"])
        except errors.ReasonMissing as refused:
            form.add_error("reason", str(refused))
        else:
            messages.info(request, gettext("The request was taken back. Nothing was erased."))
            return redirect("identity_desk:person", account_id=found.account_id)
    facts = {"erasure": found, "person": found.account, "form": form}
    return render(request, "identity/desk/take_back_erasure.html", facts, status=422 if form.errors else 200)


app_name = "erasure_desk"
urlpatterns = [
    path("", requests, name="requests"),
    path("<uuid:request_id>/", erasure, name="request"),
    path("<uuid:request_id>/take-back/", take_back, name="take_back"),
]
