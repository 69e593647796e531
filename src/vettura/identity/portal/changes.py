"""What others changed about one's account: the part of the audit that belongs to the person."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from vettura.foundation import audit
from vettura.identity import queries
from vettura.identity.models import Account

PAGE_SIZE = 20


@login_required
@never_cache
@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """
    Changes by others, the newest first. Staff are named by what they do and not by name: whom to ask is the company.
    """
    person = cast("Account", request.user)
    number = request.GET.get("before", "")
    found = audit.entries_about(
        person=person.id,
        by_others_only=True,
        before=int(number) if number.isdecimal() and len(number) <= len(str(2**62)) else None,
        limit=PAGE_SIZE,
    )
    staff = queries.staff_among(account_ids={each.actor_id for each in found.lines if each.actor_id})
    lines = [
        (
            each,
            gettext("by staff")
            if each.channel_code == "desk" or each.actor_id in staff
            else gettext("by another person"),
        )
        for each in found.lines
    ]
    return render(request, "identity/changes.html", {"lines": lines, "next": found.next_before})
