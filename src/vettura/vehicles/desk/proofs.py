"""Proofs of ownership that people sent: looked at, and decided with a reason (GAR-004, C-76)."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from vettura.catalog import queries as catalog
from vettura.foundation.errors import Refusal
from vettura.vehicles import actions, queries
from vettura.vehicles.desk.cars import staff_of
from vettura.vehicles.errors import ClaimDecided, VehicleHasMainUser
from vettura.vehicles.forms import ReasonForm

PAGE_SIZE = 50


@login_required
def proofs(request: HttpRequest) -> HttpResponse:
    """The proofs that wait, the oldest first: all for Assistance, those that were sent to it for a partner."""
    account, _ = staff_of(request)
    page = int(number) if (number := request.GET.get("page", "")).isdecimal() and int(number) > 0 else 1
    rows = queries.claims_to_check(by=account, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE + 1)
    facts = {
        "rows": rows[:PAGE_SIZE],
        "previous_page": page - 1,
        "next_page": page + 1 if len(rows) > PAGE_SIZE else None,
    }
    return render(request, "vehicles/desk/proofs.html", facts)


@login_required
def proof(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """One proof: who says what, the document, and the decision with its reason."""
    account, _ = staff_of(request)
    claim = queries.claim_to_check(by=account, claim_id=claim_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        is_approved = request.POST.get("decision") == "approve"
        decide = actions.approve_claim if is_approved else actions.refuse_claim
        try:
            decide(by=account, claim_id=claim_id, reason=form.cleaned_data["reason"])
        # whoever decides is to see at once that the case is another one now
        except (VehicleHasMainUser, ClaimDecided) as refusal:
            return _page(request, claim_id, form, refusal=refusal)
        said = (
            gettext("%s is added. The customer is told.")
            if is_approved
            else gettext("%s is refused. The customer is told.")
        )
        messages.info(request, said % claim.vin)
        return redirect("vehicles_desk:proofs")
    return _page(request, claim_id, form)


def _page(request: HttpRequest, claim_id: UUID, form: ReasonForm, refusal: Refusal | None = None) -> HttpResponse:
    account, _ = staff_of(request)
    claim = queries.claim_to_check(by=account, claim_id=claim_id)
    facts = {
        "claim": claim,
        "form": form,
        "refusal": refusal,
        "generation": catalog.generation(claim.generation),
        "is_image": claim.document_type.startswith("image/"),
    }
    status = refusal.status if refusal else 422 if form.is_bound else 200
    return render(request, "vehicles/desk/proof.html", facts, status=status)


@login_required
def document(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """The document of a proof that waits; nobody keeps it and nothing in it runs."""
    account, _ = staff_of(request)
    data, content_type = queries.document_of(by=account, claim_id=claim_id)
    return HttpResponse(
        data,
        content_type=content_type,
        headers={"Cache-Control": "no-store", "Content-Disposition": "inline", "Content-Security-Policy": "sandbox"},
    )
