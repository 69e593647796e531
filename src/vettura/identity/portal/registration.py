"""The steps from a link to an active account. Each has its address; the first one that is open is the one to go to."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.core.internal.httpkit import get_client_ip
from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vettura.catalog import queries as catalog
from vettura.foundation.errors import Refusal
from vettura.foundation.languages import go_on_in
from vettura.identity import actions, errors, queries
from vettura.identity.actions.attempts import limits_of_mail
from vettura.identity.forms import CodeForm, DecisionsForm, NameForm, PasswordForm, SignUpForm
from vettura.identity.models import Registration
from vettura.identity.portal.consents import shown_consent, shown_versions, versions_in_force
from vettura.identity.rules import is_easily_guessed, masked_phone, password_requirements

STEPS = ("password", "name", "code", "documents")

View = Callable[[HttpRequest, Registration], HttpResponse]


@never_cache
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Self-registration: an address and a country; where the country needs an invitation, whom to ask (ID-003)."""
    if request.method == "GET":
        form = SignUpForm(
            initial={
                "next": request.GET.get("next", ""),
                "country": request.GET.get("country") or catalog.home_of(get_language() or "en"),
            }
        )
        return render(request, "identity/signup.html", {"form": form})
    form = SignUpForm(request.POST)
    if not form.is_valid():
        return render(request, "identity/signup.html", {"form": form}, status=422)
    asked = form.cleaned_data
    try:
        actions.count_attempt(limits=limits_of_mail(email=asked["email"], place=get_client_ip(request) or ""))
        actions.request_registration(
            email=asked["email"],
            country=asked["country"],
            language=get_language() or "en",
            next_url=asked["next"] or "/",
        )
    except errors.TooManyAttempts as refusal:
        form.add_error("email", str(refusal))
        return render(request, "identity/signup.html", {"form": form}, status=refusal.status)
    except errors.InvitationNeeded as refusal:
        country = catalog.country(asked["country"])
        facts = {"form": form, "needs_invitation": str(refusal), "country": country}
        return render(request, "identity/signup.html", facts, status=refusal.status)
    return render(request, "identity/signup_sent.html", {"email": asked["email"], "asked": asked})


@never_cache
@require_GET
def begin(request: HttpRequest, registration_id: UUID) -> HttpResponse:
    """Where the link leads: notes that it was opened, and goes on to the step that is next (ID-008, ID-025)."""
    registration = actions.open_registration(registration_id=registration_id)
    answer = _go_to(registration, _next_step(registration))
    # the mail spoke this language; the browser's own setting would change it on the way
    go_on_in(registration.language, request, answer)
    return answer


def _step(name: str) -> Callable[[View], Callable[[HttpRequest, UUID], HttpResponse]]:
    """A page of the walk, shown only once the steps before it are done."""

    def decorate(view: View) -> Callable[[HttpRequest, UUID], HttpResponse]:
        @never_cache
        @sensitive_post_parameters("password1", "code", "phone")
        @require_http_methods(["GET", "POST"])
        @wraps(view)
        def page(request: HttpRequest, registration_id: UUID) -> HttpResponse:
            registration = actions.open_registration(registration_id=registration_id)
            reached = _next_step(registration)
            if STEPS.index(name) > STEPS.index(reached):
                return _go_to(registration, reached)
            return view(request, registration)

        return page

    return decorate


@_step("password")
def password(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Step 1: a password that meets the policy."""
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["password1"]
        actions.choose_password(registration_id=registration.id, password=chosen)
        if is_easily_guessed(chosen, [registration.email]):
            messages.warning(
                request, _("This password meets the rules but is easily guessed. You can choose another one.")
            )
        return _go_to(registration, "name")
    return _page(request, registration, "password", form, requirements=password_requirements())


@_step("name")
def name(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Step 2: name and mobile number; a code goes out."""
    if request.method == "GET":
        known = queries.code_step(account=registration.account)
        form = NameForm(
            initial={
                "given_name": registration.given_name,
                "family_name": registration.family_name,
                "phone": known.phone if known else "",
            }
        )
        return _page(request, registration, "name", form)
    form = NameForm(request.POST)
    if form.is_valid():
        try:
            actions.give_name_and_phone(registration_id=registration.id, **form.cleaned_data)
        except (errors.PhoneInvalid, errors.SmsTooSoon, errors.SmsLimitReached) as refusal:
            form.add_error("phone", str(refusal))
        else:
            return _go_to(registration, "code")
    return _page(request, registration, "name", form)


@_step("code")
def code(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Step 3: the code of the SMS; after the second one that did not arrive, whom to ask (ID-019)."""
    known = queries.code_step(account=registration.account)
    if known is not None and known.is_proven:
        return _go_to(registration, "documents")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.check_sms_code(registration_id=registration.id, code=form.cleaned_data["code"])
        except (errors.SmsCodeWrong, errors.SmsCodeSpent) as refusal:
            form.add_error("code", str(refusal))
        else:
            return _go_to(registration, "documents")
    return _code_page(request, registration, form)


@never_cache
@require_POST
def code_again(request: HttpRequest, registration_id: UUID) -> HttpResponse:
    """Another SMS; the code before stops working (ID-018)."""
    registration = actions.open_registration(registration_id=registration_id)
    form = CodeForm()
    try:
        actions.send_code_again(registration_id=registration_id)
    except (errors.SmsTooSoon, errors.SmsLimitReached) as refusal:
        return _code_page(request, registration, form, refusal=refusal)
    return _code_page(request, registration, form, sent_again=True)


@_step("documents")
def documents(request: HttpRequest, registration: Registration) -> HttpResponse:
    """
    Step 4: two documents and each use of data, each decided by itself (DAT-006, DAT-019); then the account is active
    and the person signed in (ID-008, ID-009).
    """
    language = get_language() or registration.language
    shown = [shown_consent(account=None, consent_id=each.id, language=language) for each in queries.purposes()]
    form = DecisionsForm(request.POST if request.method == "POST" else None, consents=[each.words for each in shown])
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            account = actions.complete_registration(
                registration_id=registration.id,
                accepts_terms=form.cleaned_data["accepts_terms"],
                accepts_privacy=form.cleaned_data["accepts_privacy"],
                consents=form.given(),
                shown=shown_versions(request, registration.country),
                language=language,
            )
        except errors.DocumentOutdated as outdated:
            refusal = str(outdated)
        else:
            # through allauth, so that the session is known like one of a later sign-in
            login = Login(user=account, redirect_url=registration.next_url, email=account.email)
            signed_in: HttpResponse = perform_password_login(request, {"email": account.email}, login)
            return signed_in
    found = {kind: catalog.legal_document(kind, registration.country, language) for kind in ("terms_of_use", "privacy")}
    versions = versions_in_force(registration.country)
    answer = _page(request, registration, "documents", form, documents=found, versions=versions, refusal=refusal)
    if refusal:
        answer.status_code = errors.DocumentOutdated.status
    return answer


def _next_step(registration: Registration) -> str:
    if not registration.password:
        return "password"
    known = queries.code_step(account=registration.account)
    if not registration.given_name or known is None:
        return "name"
    return "documents" if known.is_proven else "code"


def _go_to(registration: Registration, step: str) -> HttpResponse:
    return HttpResponseRedirect(reverse(f"identity:registration_{step}", kwargs={"registration_id": registration.id}))


def _code_page(
    request: HttpRequest,
    registration: Registration,
    form: django_forms.Form,
    *,
    refusal: Refusal | None = None,
    sent_again: bool = False,
) -> HttpResponse:
    known = queries.code_step(account=registration.account)
    return _page(
        request,
        registration,
        "code",
        form,
        known=known,
        phone=masked_phone(known.phone) if known else "",
        refusal=str(refusal) if refusal else "",
        sent_again=sent_again,
        country=catalog.country(registration.country),
    )


def _page(
    request: HttpRequest,
    registration: Registration,
    step: str,
    form: django_forms.Form,
    **facts: Any,  # Any: what the page of the step shows
) -> HttpResponse:
    position = STEPS.index(step)
    return render(
        request,
        f"identity/registration_{step}.html",
        {"registration": registration, "form": form, "position": position, **facts},
        status=422 if form.errors else 200,
    )
