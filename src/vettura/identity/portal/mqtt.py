"""Home Assistant and other programs that speak MQTT: where they connect, and passwords of their own for them."""

from typing import cast
from urllib.parse import urlsplit

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from vettura.identity import actions, errors, queries
from vettura.identity.forms import MqttPasswordForm
from vettura.identity.models import Account
from vettura.identity.rules import SCOPE_WORDS

DEFAULT_PORT = 8883


def _person(request: HttpRequest) -> Account:
    """Who asks. Raises Http404 where the operator offers no MQTT: an address without use is absent."""
    if not queries.offers_mqtt():
        raise Http404
    return cast("Account", request.user)


def _connection(person: Account) -> dict[str, object]:
    """What is typed into a program."""
    address = urlsplit(settings.OWNER_MQTT_URL)
    return {
        "host": address.hostname or "",
        "port": address.port or DEFAULT_PORT,
        "user": person.email,
        "has_own_authority": settings.OWNER_MQTT_HAS_OWN_AUTHORITY,
    }


@login_required
@never_cache
@require_safe
def mqtt(request: HttpRequest) -> HttpResponse:
    """Where programs connect, and their passwords with what each may."""
    person = _person(request)
    passwords = [
        {"row": row, "words": [SCOPE_WORDS[scope] for scope in row.scopes or () if scope in SCOPE_WORDS]}
        for row in queries.mqtt_passwords(account=person)
    ]
    return render(request, "identity/mqtt.html", {"passwords": passwords, "connection": _connection(person)})


@login_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def new_mqtt_password(request: HttpRequest) -> HttpResponse:
    """A password for one program and what it may, for whoever knows the account's; it is shown once, on the page that answers."""
    person = _person(request)
    form = MqttPasswordForm(request.POST if request.method == "POST" else None)
    made = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm_password(
                account=person, password=form.cleaned_data["password"], place=get_client_ip(request) or ""
            )
            made = actions.make_app_password(
                account=person, name=form.cleaned_data["name"], scopes=form.cleaned_data["scopes"]
            )
        except (errors.ConfirmationWrong, errors.TooManyAttempts) as refusal:
            form.add_error("password", str(refusal))
        except errors.AppPasswordsFull as refusal:
            form.add_error("name", str(refusal))
    facts = {"form": form, "made": made, "connection": _connection(person)}
    return render(request, "identity/mqtt_password.html", facts, status=422 if form.errors else 200)


@login_required
@require_safe
def authority(request: HttpRequest) -> HttpResponse:
    """The certificate of our own authority, by which a program knows that it speaks to us; absent where another one is used."""
    _person(request)
    if not settings.OWNER_MQTT_HAS_OWN_AUTHORITY:
        raise Http404
    try:
        data = (settings.VETTURA_KEYS_DIR / "ca.pem").read_bytes()
    except FileNotFoundError:
        raise Http404 from None
    return HttpResponse(
        data,
        content_type="application/x-pem-file",
        headers={"Content-Disposition": 'attachment; filename="vettura-authority.pem"'},
    )
