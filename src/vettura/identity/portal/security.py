"""Login and security: how one signs in, where one is signed in, and the way out of everywhere else."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from vettura.foundation.panels import panels
from vettura.identity import actions, queries
from vettura.identity.models import Account


@login_required
@never_cache
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Everything about signing in, on one page; other contexts add what belongs here."""
    person = cast("Account", request.user)
    facts = {
        "factors": queries.factors_of(account=person),
        "devices": queries.devices_of(account=person, current_key=request.session.session_key),
        "has_pin": queries.has_pin(account=person),
        "has_security_code": queries.has_security_code(account=person),
        "panels": [panel(account=person, request=request) for panel in panels("login_and_security")],
    }
    return render(request, "identity/security.html", facts)


@login_required
@require_POST
def end_device(request: HttpRequest, device_id: int) -> HttpResponse:
    """This will sign one other device out."""
    person = cast("Account", request.user)
    key = request.session.session_key
    if actions.end_device(account=person, device_id=device_id, current_key=key):
        messages.info(request, _("The device is signed out."))
        return HttpResponseRedirect(reverse("identity:security"))
    # it was this one
    request.session.flush()
    return HttpResponseRedirect(settings.LOGOUT_REDIRECT_URL)


@login_required
@require_POST
def end_other_devices(request: HttpRequest) -> HttpResponse:
    """This will sign every other device out."""
    person = cast("Account", request.user)
    actions.end_other_devices(account=person, current_key=request.session.session_key)
    messages.info(request, _("All other devices are signed out."))
    return HttpResponseRedirect(reverse("identity:security"))
