"""Sharing data with partners: which, given for a car, ended with a warning, and the receipts."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from vettura.catalog import queries as catalog
from vettura.foundation.errors import NotFound
from vettura.identity.errors import DocumentOutdated
from vettura.identity.models import Account
from vettura.partners import queries as partners
from vettura.vehicles import actions, queries, rules
from vettura.vehicles.errors import MainUserOnly
from vettura.vehicles.forms import ChoosePartnerForm
from vettura.vehicles.portal.garage import account_of

PURPOSE = "partner_sharing"
DECISIONS_SHOWN = 20


def panel_sharing(*, account: Account, request: HttpRequest) -> SafeString:
    """With whom the person shares, where to choose another partner, and the receipts: a part of Data and consents."""
    facts = {
        "words": catalog.consent_words(PURPOSE, get_language() or "en"),
        "sharing": queries.sharing_of(account=account),
        "cars": [each for each in queries.garage_of(account=account) if each.role == rules.MAIN_USER],
        "decisions": queries.sharing_decisions(account=account, limit=DECISIONS_SHOWN),
    }
    return render_to_string("vehicles/_sharing.html", facts, request=request)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def share(request: HttpRequest, vin: str) -> HttpResponse:
    """The main user chooses a partner of the car's country; the purpose stands above the choice (DAT-010)."""
    account = account_of(request)
    vehicle = queries.vehicle_for(account=account, vin=vin)
    if vehicle.role != rules.MAIN_USER:
        raise MainUserOnly
    chosen = {row.partner_id for row in queries.sharing_of(account=account) if row.vehicle_id == vehicle.id}
    offered = [each for each in partners.partners_in(country=vehicle.country) if each.id not in chosen]
    words = catalog.consent_words(PURPOSE, get_language() or "en")
    form = ChoosePartnerForm(request.POST if request.method == "POST" else None, partners=offered)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.share_with_partner(
                by=account,
                vin=vin,
                partner_id=UUID(form.cleaned_data["partner"]),
                language=get_language() or account.language,
                version=request.POST.get("version", ""),
            )
        except DocumentOutdated as outdated:
            refusal = str(outdated)
        else:
            messages.info(request, gettext("%s may see your data on this car from now on.") % row.partner.name)
            return redirect("identity:consents")
    facts = {"vehicle": vehicle, "form": form, "words": words, "has_partners": bool(offered), "refusal": refusal}
    return render(request, "vehicles/share.html", facts, status=422 if form.errors or refusal else 200)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, vin: str, partner_id: UUID) -> HttpResponse:
    """What ends with the sharing stands on the page before it is ended (DAT-015)."""
    account = account_of(request)
    latest = queries.latest_sharing(account=account, partner_id=partner_id, vin=vin)
    if latest is None:
        raise NotFound
    if request.method == "POST":
        language = get_language() or account.language
        actions.stop_sharing(by=account, vin=vin, partner_id=partner_id, language=language)
        messages.info(request, gettext("%s no longer sees your data.") % latest.partner.name)
        return redirect("identity:consents")
    if not latest.decision:
        return redirect("identity:consents")
    warning = catalog.text("consent.withdrawal_warning", get_language() or "en")
    return render(request, "vehicles/stop_sharing.html", {"sharing": latest, "warning": warning})


@login_required
@never_cache
@require_GET
def receipt(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """The receipt of one's own decision on sharing as PDF; others find nothing."""
    content = actions.sharing_receipt_pdf(account=account_of(request), receipt_id=receipt_id)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"{gettext('receipt')}-{str(receipt_id)[-12:]}.pdf"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response
