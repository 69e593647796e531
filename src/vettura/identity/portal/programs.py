"""Apps with access: what may act for a person, and the end of it."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from vettura.identity import actions, queries
from vettura.identity.models import Account
from vettura.identity.rules import SCOPE_WORDS
from vettura.identity.rules.foreign import FOREIGN, FOREIGN_WORDS


@login_required
@never_cache
@require_safe
def programs(request: HttpRequest) -> HttpResponse:
    """The programs that may act for the person, what each may, since when, and when it last did."""
    found = queries.programs_with_access(account=cast("Account", request.user))
    shown = [
        {
            "client_id": program.client_id,
            "name": program.name,
            "words": [FOREIGN_WORDS if scope == FOREIGN else SCOPE_WORDS[scope] for scope in program.scopes],
            "since": program.since,
            "last_used": program.last_used,
        }
        for program in found
    ]
    facts = {"programs": shown, "offers_foreign": queries.offers_foreign_apps()}
    return render(request, "identity/programs.html", facts)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def end_program(request: HttpRequest) -> HttpResponse:
    """The consequence first; then its access is over, everywhere and at once."""
    account = cast("Account", request.user)
    client_id = (request.POST if request.method == "POST" else request.GET).get("client_id", "")
    found = {program.client_id: program for program in queries.programs_with_access(account=account)}
    if client_id not in found:
        return HttpResponseRedirect(reverse("identity:programs"))
    if request.method == "POST":
        actions.revoke_program(account=account, client_id=client_id)
        messages.info(request, _("{program} has no access any more.").format(program=found[client_id].name))
        return HttpResponseRedirect(reverse("identity:programs"))
    return render(request, "identity/program_end.html", {"program": found[client_id]})
