"""An invited person opens the link, registers or signs in, decides, and accepts."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.languages import go_on_in, has_chosen
from vettura.identity import actions as identity_actions
from vettura.identity import queries as identity
from vettura.identity.models import Account
from vettura.vehicles import actions, queries
from vettura.vehicles.forms import SharingForm
from vettura.vehicles.models import Invitation
from vettura.vehicles.portal.garage import account_of


@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the invitation is about and the next step for whoever opened it; opening uses nothing up (C-75)."""
    found = actions.open_invitation(token=token)
    if request.user.is_authenticated or has_chosen(request):
        return _page(request, found, token, form=_sharing_form(found))
    # the letter spoke this language, and so do the steps that follow; whoever chose one keeps it
    with translation.override(found.language):
        answer = _page(request, found, token, form=_sharing_form(found))
    answer["Content-Language"] = found.language
    go_on_in(found.language, request, answer)
    return answer


def _sharing_form(found: Invitation) -> SharingForm | None:
    return SharingForm(partner_name=found.partner.name) if found.partner else None


def _page(request: HttpRequest, found: Invitation, token: str, *, form: SharingForm | None) -> HttpResponse:
    state = found.state(clock.now())
    facts: dict[str, object] = {
        "invitation": found,
        "vehicle": found.vehicle,
        "partner": found.partner,
        "state": state,
        "token": token,
        "sharing_form": form,
        # where a permission is withdrawn (DAT-011, DAT-014)
        "withdrawal_address": catalog.withdrawal_address(found.vehicle.country),
    }
    if state not in ("sent", "opened"):
        if state == "used" and request.user.is_authenticated and found.used_by_id == request.user.pk:
            return redirect("vehicles:vehicle", vin=found.vehicle.vin)
        return render(request, "vehicles/invitation_closed.html", facts, status=410)
    here = reverse("vehicles:invitation", kwargs={"token": token})
    if isinstance(request.user, Account):
        is_meant = request.user.email.lower() == found.email
        template = "vehicles/invitation_accept.html" if is_meant else "vehicles/invitation_other.html"
        status = 422 if form is not None and form.is_bound else 200
        return render(request, template, {**facts, "here": here}, status=status if is_meant else 403)
    has_account = identity.find_by_email(email=found.email) is not None
    sign_in = f"{settings.LOGIN_URL}?{urlencode({'next': here})}"
    return render(request, "vehicles/invitation.html", {**facts, "has_account": has_account, "sign_in": sign_in})


@require_POST
def register(request: HttpRequest, token: str) -> HttpResponse:
    """This will lead to the registration for the invited address, and from its end back to the invitation."""
    found = queries.invitation_by_token(token=token)
    here = reverse("vehicles:invitation", kwargs={"token": token})
    is_open = found.state(clock.now()) in ("sent", "opened")
    if not is_open or identity.find_by_email(email=found.email) is not None:
        return redirect(here)
    registration = identity_actions.begin_registration(
        email=found.email, language=found.language, country=found.vehicle.country, next_url=here, channel="invitation"
    )
    return redirect(registration.url)


@login_required
@require_POST
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """This will accept the invitation with the decision on sharing (DAT-009, DAT-019) and show the car."""
    found = queries.invitation_by_token(token=token)
    share: bool | None = None
    if found.partner is not None and found.state(clock.now()) in ("sent", "opened"):
        form = SharingForm(request.POST, partner_name=found.partner.name)
        if not form.is_valid():
            return _page(request, found, token, form=form)
        share = form.cleaned_data["share"] == "yes"
    vehicle = actions.accept_invitation(token=token, by=account_of(request), share_with_partner=share)
    return redirect("vehicles:vehicle", vin=vehicle.vin)
