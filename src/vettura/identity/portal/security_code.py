"""The security code of oneself: set, change, and reset with its consequences said first."""

from typing import cast

from allauth.core.internal import ratelimit
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
        if not has_code and _is_too_fast(request, person):
            form.add_error(asked, _("Too many attempts. Wait a few minutes, then try again."))
            return _page(request, "security_code", form, has_code=has_code)
        try:
            change(account=person, **form.cleaned_data)
        except (errors.SecurityCodeMalformed, errors.SecurityCodeTooSimple) as refusal:
            form.add_error("code", str(refusal))
        except (errors.ConfirmationWrong, errors.SecurityCodeWrong, errors.SecurityCodeLocked) as refusal:
            form.add_error(asked, str(refusal))
        else:
            messages.info(request, _("The new security code holds from now on, in every car."))
            return HttpResponseRedirect(reverse("identity:account"))
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
        if _is_too_fast(request, person):
            form.add_error("password", _("Too many attempts. Wait a few minutes, then try again."))
            return _page(request, "security_code_reset", form, consequences=_consequences(person))
        try:
            actions.reset_security_code(account=person, **form.cleaned_data)
        except (errors.SecurityCodeMalformed, errors.SecurityCodeTooSimple) as refusal:
            form.add_error("code", str(refusal))
        except errors.ConfirmationWrong as refusal:
            form.add_error("password", str(refusal))
        else:
            messages.info(request, _("Your security code is reset. Remote access is granted anew in the car."))
            return HttpResponseRedirect(reverse("identity:account"))
    return _page(request, "security_code_reset", form, consequences=_consequences(person))


def _consequences(person: Account) -> list[SafeString]:
    """What ends by a reset, as the contexts that end it say."""
    return [cast("SafeString", panel(account=person)) for panel in panels("security_code_reset")]


def _page(request: HttpRequest, name: str, form: forms.Form, **facts: object) -> HttpResponse:
    return render(request, f"identity/{name}.html", {"form": form, **facts}, status=422 if form.errors else 200)


def _is_too_fast(request: HttpRequest, person: Account) -> bool:
    """Whether the password is tried too often; the same count as for signing in again."""
    return not ratelimit.consume(request, app="allauth.account", action="reauthenticate", user=person)
