"""A person adds a car by VIN: which car, the proof, and who looks at it (GAR-004, GAR-011, GAR-014, C-76)."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from vettura.catalog import queries as catalog
from vettura.foundation.errors import Refusal
from vettura.identity.models import Account
from vettura.partners import queries as partners
from vettura.vehicles import actions, queries
from vettura.vehicles.errors import (
    AlreadyInGarage,
    CannotBeAdded,
    DocumentUnreadable,
    GenerationDoesNotFit,
    InvitationNeeded,
    TooManyClaims,
    TooManyTries,
    WasRemoved,
)
from vettura.vehicles.forms import AddVinForm, ProofForm
from vettura.vehicles.portal.garage import account_of


def where_is_the_vin(request: HttpRequest) -> HttpResponse:
    """Where the VIN of a car is found, with a picture (GAR-022, GAR-023, GAR-024)."""
    return render(request, "vehicles/where_is_the_vin.html")


@login_required
def add(request: HttpRequest) -> HttpResponse:
    """
    The ways to add a car, and the first step of the one by VIN; with a car named, its proof.

    A car that cannot be added this way is told with the people who help (GAR-015).
    """
    account = account_of(request)
    if "vin" not in request.GET:
        facts = {"form": AddVinForm(), "claims": queries.claims_of(account=account)}
        return render(request, "vehicles/add.html", {**facts, **_people_who_help(account)})
    form = AddVinForm(request.GET)
    if not form.is_valid():
        facts = {"form": form, "claims": queries.claims_of(account=account), **_people_who_help(account)}
        return render(request, "vehicles/add.html", facts, status=422)
    return _proof(request, account, form)


def _proof(request: HttpRequest, account: Account, first: AddVinForm) -> HttpResponse:
    vin, year = first.cleaned_data["vin"], first.cleaned_data["model_year"]
    generations = catalog.generations_for(model_line=first.cleaned_data["model_line"], model_year=year)
    form = ProofForm(
        request.POST or None,
        request.FILES or None,
        generations=generations,
        partners=partners.partners_in(country=account.country),
    )
    try:
        # before anybody photographs a document
        actions.check_addable(by=account, vin=vin, has_connect=False)
        if request.method == "POST" and form.is_valid():
            generation, model = form.chosen_model()
            actions.claim_vehicle(
                by=account,
                vin=vin,
                model_line=first.cleaned_data["model_line"],
                generation=generation,
                model_name=model,
                model_year=year,
                has_connect=form.cleaned_data["has_connect"] == "yes",
                document=form.cleaned_data["document"].read(),
                partner_id=UUID(form.cleaned_data["checked_by"]) if form.cleaned_data["checked_by"] else None,
            )
            messages.info(request, gettext("Your proof is on its way. You get an e-mail when it was looked at."))
            return redirect("vehicles:add")
    except (DocumentUnreadable, GenerationDoesNotFit, TooManyClaims) as refusal:
        form.add_error("document" if isinstance(refusal, DocumentUnreadable) else None, str(refusal))
    except (CannotBeAdded, WasRemoved, InvitationNeeded, AlreadyInGarage, TooManyTries) as refusal:
        return _refused(request, account, vin, refusal)
    facts = {"form": form, "vin": vin, "line": first.line_name(), "year": year, "first": first}
    return render(request, "vehicles/add_proof.html", facts, status=422 if form.is_bound else 200)


def _refused(request: HttpRequest, account: Account, vin: str, refusal: Refusal) -> HttpResponse:
    """Why not, and who helps: the partner and Assistance (GAR-008, GAR-015, ID-023)."""
    facts = {"refusal": refusal, "vin": vin, "is_mine": isinstance(refusal, AlreadyInGarage)}
    return render(request, "vehicles/add_refused.html", {**facts, **_people_who_help(account)}, status=refusal.status)


def _people_who_help(account: Account) -> dict[str, object]:
    country = catalog.country(account.country)
    return {
        "partners": partners.partners_in(country=account.country),
        "support_phone": country.support_phone,
        "needs_invitation": not country.self_registration,
    }


@login_required
@require_POST
def withdraw(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """This will take a claim back and delete its document."""
    actions.withdraw_claim(by=account_of(request), claim_id=claim_id)
    messages.info(request, gettext("The car is no longer being checked; your document is deleted."))
    return redirect("vehicles:add")
