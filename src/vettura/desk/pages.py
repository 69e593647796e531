"""The desk's front door."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from vettura.foundation.errors import NotFound
from vettura.identity.models import Account
from vettura.partners import queries as partners


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """To the pages that a member of staff works with, the search included; others find nothing."""
    account = request.user
    if not isinstance(account, Account) or partners.partner_of_staff(account=account) is None:
        raise NotFound
    query = request.GET.urlencode()
    return redirect(reverse("vehicles_desk:list") + (f"?{query}" if query else ""))
