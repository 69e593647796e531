"""One's own account: contact data, mobile number, password, PIN, programs with access."""

from typing import cast

from allauth.core.internal.httpkit import get_client_ip
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from vettura.identity import actions, errors, queries
from vettura.identity.forms import ChangePasswordForm, CodeForm, ContactDataForm, PhoneForm, PinForm
from vettura.identity.models import Account
from vettura.identity.rules import masked_phone, password_requirements


def _person(request: HttpRequest) -> Account:
    return cast("Account", request.user)


def _place(request: HttpRequest) -> str:
    return get_client_ip(request) or ""


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """Contact data (ID-029); the name is read-only and says who changes it (ID-031)."""
    person = _person(request)
    known = {key: getattr(person, key) for key in ("language", "street", "postal_code", "city")}
    form = ContactDataForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        actions.update_contact(account=person, **form.cleaned_data)
        messages.info(request, _("Your contact data are saved."))
        return HttpResponseRedirect(reverse("identity:account"))
    return render(
        request,
        "identity/account.html",
        {
            "form": form,
            "person": person,
        },
        status=422 if form.errors else 200,
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """A new mobile number: a code goes there first."""
    form = PhoneForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.request_phone_change(account=_person(request), phone=form.cleaned_data["phone"])
        except (errors.PhoneInvalid, errors.SmsTooSoon, errors.SmsLimitReached) as refusal:
            form.add_error("phone", str(refusal))
        else:
            return HttpResponseRedirect(reverse("identity:phone_code"))
    return render(request, "identity/phone.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def phone_code(request: HttpRequest) -> HttpResponse:
    """The code that proves the new number."""
    person = _person(request)
    known = queries.code_step(account=person)
    if known is None or known.is_proven:
        return HttpResponseRedirect(reverse("identity:phone"))
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm_phone_change(account=person, code=form.cleaned_data["code"])
        except (errors.SmsCodeWrong, errors.SmsCodeSpent) as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.info(request, _("Your mobile number is changed."))
            return HttpResponseRedirect(reverse("identity:account"))
    facts = {"form": form, "phone": masked_phone(known.phone)}
    return render(request, "identity/phone_code.html", facts, status=422 if form.errors else 200)


@login_required
@never_cache
@sensitive_post_parameters("current", "password1")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Old and new password; this session goes on, all others and the access of every program end (ID-034)."""
    form = ChangePasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        person = _person(request)
        asked = form.cleaned_data
        try:
            actions.confirm_password(account=person, password=asked["current"], place=_place(request))
            changed = actions.change_password(account=person, current=asked["current"], new=asked["password1"])
        except (errors.ConfirmationWrong, errors.TooManyAttempts) as refusal:
            form.add_error("current", str(refusal))
        else:
            update_session_auth_hash(request, changed)
            # the session has a new key
            UserSession.objects.create_from_request(request)
            messages.info(
                request,
                _(
                    "The new password holds from now on. Other devices are signed out, and apps have to ask for access again."
                ),
            )
            return HttpResponseRedirect(reverse("identity:security"))
    facts = {"form": form, "requirements": password_requirements()}
    return render(request, "identity/password_change.html", facts, status=422 if form.errors else 200)


@login_required
@never_cache
@sensitive_post_parameters("pin", "password")
@require_http_methods(["GET", "POST"])
def pin(request: HttpRequest) -> HttpResponse:
    """The PIN is set or changed by whoever knows the password."""
    person = _person(request)
    form = PinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm_password(account=person, password=form.cleaned_data["password"], place=_place(request))
            actions.change_pin(account=person, **form.cleaned_data)
        except (errors.ConfirmationWrong, errors.TooManyAttempts) as refusal:
            form.add_error("password", str(refusal))
        except errors.PinMalformed as refusal:
            form.add_error("pin", str(refusal))
        else:
            messages.info(request, _("The new PIN holds from now on."))
            return HttpResponseRedirect(reverse("identity:security"))
    facts = {"form": form, "has_pin": queries.has_pin(account=person)}
    return render(request, "identity/pin.html", facts, status=422 if form.errors else 200)
