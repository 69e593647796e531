"""Apps of other makers: whether they may sign in to the account, and passwords of their own for them."""

from typing import cast
from uuid import UUID

from allauth.core.internal.httpkit import get_client_ip
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from vettura.identity import actions, errors, queries
from vettura.identity.forms import AppPasswordForm, ConfirmPasswordForm
from vettura.identity.models import Account


def _person(request: HttpRequest) -> Account:
    """Who asks. Raises Http404 where the operator offers no such sign-in: an address without use is absent."""
    if not queries.offers_foreign_apps():
        raise Http404
    return cast("Account", request.user)


@login_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def foreign_apps(request: HttpRequest) -> HttpResponse:
    """Whether such apps may sign in, and the app passwords. Letting them in takes the password."""
    person = _person(request)
    form = ConfirmPasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm_password(
                account=person, password=form.cleaned_data["password"], place=get_client_ip(request) or ""
            )
        except (errors.ConfirmationWrong, errors.TooManyAttempts) as refusal:
            form.add_error("password", str(refusal))
        else:
            actions.allow_foreign_apps(account=person, is_on=True)
            messages.info(request, _("Apps of other makers can sign in to your account now."))
            return HttpResponseRedirect(reverse("identity:foreign_apps"))
    facts = {
        "form": form,
        "is_on": queries.lets_foreign_apps_in(account=person),
        "is_protected": queries.factors_of(account=person).is_protected,
        "passwords": queries.app_passwords(account=person),
    }
    return render(request, "identity/foreign_apps.html", facts, status=422 if form.errors else 200)


@login_required
@require_POST
def refuse_foreign_apps(request: HttpRequest) -> HttpResponse:
    """Their access is over at once, and none of them gets in any more."""
    actions.allow_foreign_apps(account=_person(request), is_on=False)
    messages.info(request, _("Apps of other makers have no access any more."))
    return HttpResponseRedirect(reverse("identity:foreign_apps"))


@login_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def new_app_password(request: HttpRequest) -> HttpResponse:
    """A password for one app, for whoever knows the account's; it is shown once, on the page that answers."""
    person = _person(request)
    form = AppPasswordForm(request.POST if request.method == "POST" else None)
    made = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm_password(
                account=person, password=form.cleaned_data["password"], place=get_client_ip(request) or ""
            )
            made = actions.make_app_password(account=person, name=form.cleaned_data["name"])
        except (errors.ConfirmationWrong, errors.TooManyAttempts) as refusal:
            form.add_error("password", str(refusal))
        except errors.AppPasswordsFull as refusal:
            form.add_error("name", str(refusal))
    facts = {"form": form, "made": made, "email": person.email}
    return render(request, "identity/app_password.html", facts, status=422 if form.errors else 200)


@login_required
@require_POST
def end_app_password(request: HttpRequest, password_id: UUID) -> HttpResponse:
    """The password is worthless from now on, and so is what its app got with it."""
    row = actions.end_app_password(account=cast("Account", request.user), password_id=password_id)
    messages.info(request, _("The app password does not work any more."))
    return HttpResponseRedirect(reverse("identity:foreign_apps" if row.scopes is None else "identity:mqtt"))
