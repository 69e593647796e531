"""The security code of oneself: set, change, and reset with its consequences said first."""

from typing import cast

from allauth.core.internal.httpkit import get_client_ip
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from vettura.foundation.panels import panels
from vettura.identity import actions, errors, queries
from vettura.identity.forms import ChangeSecurityCodeForm, SecurityCodeForm
from vettura.identity.models import Account


@login_required
@never_cache
@sensitive_post_parameters("code", "current", "password")
@require_http_methods(["GET", "POST"])
def security_code(request: HttpRequest) -> HttpResponse:
    """The first code is set by whoever knows the password; another one by whoever knows the current one."""
    person = cast("Account", request.user)
    has_code = queries.has_security_code(account=person)
    kind = ChangeSecurityCodeForm if has_code else SecurityCodeForm
    form = kind(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        change = actions.change_security_code if has_code else actions.set_security_code
        asked = "current" if has_code else "password"
        try:
            if not has_code:
                _confirm(request, person, form)
            change(account=person, **form.cleaned_data)
        except (errors.SecurityCodeMalformed, errors.SecurityCodeTooSimple) as refusal:
            form.add_error("code", str(refusal))
        except (
            errors.ConfirmationWrong,
            errors.TooManyAttempts,
            errors.SecurityCodeWrong,
            errors.SecurityCodeLocked,
        ) as refusal:
            form.add_error(asked, str(refusal))
        else:
            messages.info(request, _("The new security code holds from now on, in every car."))
            return HttpResponseRedirect(reverse("identity:security"))
    return _page(request, "security_code", form, has_code=has_code)


@login_required
@never_cache
@sensitive_post_parameters("code", "password")
@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest) -> HttpResponse:
    """A forgotten code is replaced, once the person has read what that ends."""
    person = cast("Account", request.user)
    if not queries.has_security_code(account=person):
        return HttpResponseRedirect(reverse("identity:security_code"))
    form = SecurityCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _confirm(request, person, form)
            actions.reset_security_code(account=person, **form.cleaned_data)
        except (errors.SecurityCodeMalformed, errors.SecurityCodeTooSimple) as refusal:
            form.add_error("code", str(refusal))
        except (errors.ConfirmationWrong, errors.TooManyAttempts) as refusal:
            form.add_error("password", str(refusal))
        else:
            messages.info(request, _("Your security code is reset. Remote access is granted anew in the car."))
            return HttpResponseRedirect(reverse("identity:security"))
    return _page(request, "security_code_reset", form, consequences=_consequences(person))


def _consequences(person: Account) -> list[SafeString]:
    """What ends by a reset, as the contexts that end it say."""
    return [cast("SafeString", panel(account=person)) for panel in panels("security_code_reset")]


def _page(request: HttpRequest, name: str, form: forms.Form, **facts: object) -> HttpResponse:
    return render(request, f"identity/{name}.html", {"form": form, **facts}, status=422 if form.errors else 200)


def _confirm(request: HttpRequest, person: Account, form: forms.Form) -> None:
    """The password is asked for again; tries are counted like those of signing in again."""
    place = get_client_ip(request) or ""
    actions.confirm_password(account=person, password=form.cleaned_data["password"], place=place)
