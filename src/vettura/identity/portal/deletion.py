"""Deleting one's own account (ID-036): first what it would mean for this person, then the question, then it is done."""

from typing import cast

from allauth.core.internal.httpkit import get_client_ip
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from vettura.catalog import queries as catalog
from vettura.identity import actions, errors, queries
from vettura.identity.forms import DeleteAccountForm
from vettura.identity.models import Account


@login_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def delete_account(request: HttpRequest) -> HttpResponse:
    """What ends and what stays, from the person's real state, and the question for the password (ID-036 to ID-039)."""
    person = cast("Account", request.user)
    form = DeleteAccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        password, place = form.cleaned_data["password"], get_client_ip(request) or ""
        try:
            actions.confirm_password(account=person, password=password, place=place)
            actions.delete_account(account=person, by=person, password=password)
        except (errors.ConfirmationWrong, errors.TooManyAttempts) as refusal:
            form.add_error("password", str(refusal))
        else:
            logout(request)
            return HttpResponseRedirect(reverse("identity:account_deleted"))
    found = queries.consequences_of_deletion(account=person)
    facts = {
        "form": form,
        "before": [each for each in found if each.kind == "before"],
        "ends": [each for each in found if each.kind == "ends"],
        "stays": [each for each in found if each.kind == "stays"],
        "country": catalog.country(person.country),
    }
    return render(request, "identity/delete_account.html", facts, status=422 if form.errors else 200)


@never_cache
@require_GET
def deleted(request: HttpRequest) -> HttpResponse:
    """It is done; whom to ask for what is still kept (DAT-021)."""
    return render(request, "identity/account_deleted.html")
