"""An archive of all one's data: asked for, watched while it is made, and downloaded."""

from typing import cast
from uuid import UUID

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.identity import actions, errors, queries
from vettura.identity.forms import DataExportForm
from vettura.identity.models import Account, DataExport


@login_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def data(request: HttpRequest) -> HttpResponse:
    """The archives, the one that is being made, and the button for another; with the password unless it was just given."""
    person = cast("Account", request.user)
    is_recent = _has_just_signed_in(request)
    form = DataExportForm(request.POST if request.method == "POST" else None, asks_password=not is_recent)
    if request.method == "POST" and form.is_valid():
        if not is_recent and not ratelimit.consume(
            request, app="allauth.account", action="reauthenticate", user=person
        ):
            form.add_error("password", _("Too many attempts. Wait a few minutes, then try again."))
        else:
            try:
                actions.request_export(account=person, password=None if is_recent else form.cleaned_data["password"])
            except errors.ConfirmationWrong as refusal:
                form.add_error("password", str(refusal))
            except errors.ExportTooSoon as refusal:
                form.add_error(None, str(refusal))
            else:
                return HttpResponseRedirect(reverse("identity:data"))
    found, again_at = queries.exports_of(account=person), queries.next_export_at(account=person)
    running = next((each for each in found if each.status == DataExport.Status.REQUESTED), None)
    if running is None and "HX-Request" in request.headers:  # the page that watched is done watching
        answer = HttpResponse()
        answer.headers["HX-Refresh"] = "true"
        return answer
    facts = {
        "form": form,
        "running": running,
        "ready": [each for each in found if each.status == DataExport.Status.READY],
        "again_at": again_at if again_at is not None and clock.now() < again_at else None,
        "terms": catalog.terms(),
    }
    return render(request, "identity/data.html", facts, status=422 if form.errors else 200)


@login_required
@never_cache
@require_safe
def archive(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """The archive as a file, for the person whose data it holds."""
    content = actions.open_export(account=cast("Account", request.user), export_id=export_id)
    response = HttpResponse(content, content_type="application/zip")
    name = f"{_('my-data')}-{clock.now():%Y-%m-%d}.zip"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _has_just_signed_in(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return bool(records) and clock.real_now().timestamp() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
