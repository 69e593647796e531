"""People come in: what they build with. Programs of their own, webhooks, dead letters, and how much may be asked."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vettura.developers import actions, queries, rules
from vettura.developers.forms import CarForm, ProgramForm, WebhookForm
from vettura.developers.models import Webhook
from vettura.foundation.errors import NotFound, Refusal
from vettura.identity import actions as identity
from vettura.identity import queries as people
from vettura.identity.models import Account
from vettura.vehicles import actions as cars
from vettura.vehicles import queries as vehicles


def _account(request: HttpRequest) -> Account:
    if not isinstance(request.user, Account):
        raise NotFound
    return request.user


def panel_security(*, account: Account, request: HttpRequest) -> SafeString:
    """The way here, among what has access."""
    return render_to_string("developers/_panel.html", {}, request=request)


@login_required
@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Everything at a glance."""
    return _page(request)


def _page(request: HttpRequest, *, status: int = 200, **changes: object) -> HttpResponse:
    account = _account(request)
    named = people.cars_of(account=account)
    webhooks = queries.webhooks_of(account=account)
    facts = {
        "programs": people.own_programs(account=account),
        "program_form": ProgramForm(),
        "webhooks": [_shown(each, named) for each in webhooks],
        "webhook_form": WebhookForm(cars=named) if named else None,
        "dead": queries.dead_letters_of(account=account),
        "simulated": vehicles.simulated_cars_of(account=account),
        "car_form": CarForm(),
        "budgets": queries.budgets(),
        **changes,
    }
    return render(request, "developers/overview.html", facts, status=status)


def _shown(row: Webhook, named: dict[str, str]) -> dict[str, object]:
    return {
        "row": row,
        "events": [rules.EVENTS[name] for name in row.events if name in rules.EVENTS],
        "cars": [named.get(vin, vin) for vin in row.cars],
        "signals": row.signals,
        "dead": getattr(row, "dead", 0),
    }


def _made(
    request: HttpRequest, name: str, form: Form, field: str, make: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    """Something new from a form: the page with what was made, or with what stands against it beside the field."""
    if form.is_valid():
        try:
            messages.success(request, make(form.cleaned_data))
        except Refusal as refusal:
            form.add_error(field, str(refusal))
        else:
            return redirect("developers:overview")
    return _page(request, status=422, **{name: form})


@login_required
@never_cache
@require_POST
def add_program(request: HttpRequest) -> HttpResponse:
    """A program of one's own, with the id that it signs in with."""

    def make(asked: dict[str, Any]) -> str:
        made = identity.create_own_program(by=_account(request), name=asked["name"])
        return gettext("Created. It signs in as {client_id}.").format(client_id=made.id)

    return _made(request, "program_form", ProgramForm(request.POST), "name", make)


@login_required
@never_cache
@require_POST
def remove_program(request: HttpRequest, client_id: str) -> HttpResponse:
    """It and all that it holds is gone."""
    identity.remove_own_program(by=_account(request), client_id=client_id)
    messages.info(request, gettext("Removed. Its tokens are worth nothing from now on."))
    return redirect("developers:overview")


@login_required
@never_cache
@require_POST
def add_car(request: HttpRequest) -> HttpResponse:
    """A simulated car, in the garage at once."""

    def make(asked: dict[str, Any]) -> str:
        generation, _, model = asked["car"].partition(":")
        made = cars.create_simulated_car(by=_account(request), generation=generation, model=model)
        return gettext("Created. Its VIN is {vin}.").format(vin=made.vin)

    return _made(request, "car_form", CarForm(request.POST), "car", make)


@login_required
@never_cache
@require_POST
def delete_car(request: HttpRequest, vin: str) -> HttpResponse:
    """It leaves the garage for good."""
    cars.delete_simulated_car(by=_account(request), vin=vin)
    messages.info(request, gettext("Deleted. {vin} is in your garage no more.").format(vin=vin))
    return redirect("developers:overview")


@login_required
@never_cache
@require_POST
def add_webhook(request: HttpRequest) -> HttpResponse:
    """A webhook; its secret is shown on the answer to this and never again."""
    account = _account(request)
    form = WebhookForm(request.POST, cars=people.cars_of(account=account))
    if not form.is_valid():
        return _page(request, status=422, webhook_form=form)
    try:
        made = actions.create_webhook(by=account, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error("url", str(refusal))
        return _page(request, status=422, webhook_form=form)
    return _page(request, made=made)


@login_required
@never_cache
@require_POST
def verify_webhook(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """The address is asked now."""
    try:
        actions.prove_webhook(by=_account(request), webhook_id=webhook_id)
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, gettext("The address has proven that it knows the secret. It is told of events from now on.")
        )
    return redirect("developers:overview")


@login_required
@never_cache
@require_POST
def rotate_secret(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """The new secret is shown on the answer to this and never again."""
    return _page(request, made=actions.rotate_secret(by=_account(request), webhook_id=webhook_id))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def delete_webhook(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """What would go first; then it is gone."""
    account = _account(request)
    row = queries.webhook(account=account, webhook_id=webhook_id)
    if request.method == "POST":
        actions.delete_webhook(by=account, webhook_id=webhook_id)
        messages.info(request, gettext("Deleted. Nothing is sent to {url} any more.").format(url=row.url))
        return redirect("developers:overview")
    return render(request, "developers/webhook_delete.html", {"webhook": row})


@login_required
@never_cache
@require_POST
def replay(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """A dead letter is sent again."""
    actions.replay(by=_account(request), delivery_id=delivery_id)
    messages.info(request, gettext("It is sent again."))
    return redirect("developers:overview")


app_name = "developers"
urlpatterns = [
    path("account/developers/", overview, name="overview"),
    path("account/developers/programs/", add_program, name="add_program"),
    path("account/developers/programs/<str:client_id>/remove/", remove_program, name="remove_program"),
    path("account/developers/cars/", add_car, name="add_car"),
    path("account/developers/cars/<vin:vin>/delete/", delete_car, name="delete_car"),
    path("account/developers/webhooks/", add_webhook, name="add_webhook"),
    path("account/developers/webhooks/<uuid:webhook_id>/verify/", verify_webhook, name="verify_webhook"),
    path("account/developers/webhooks/<uuid:webhook_id>/secret/", rotate_secret, name="rotate_secret"),
    path("account/developers/webhooks/<uuid:webhook_id>/delete/", delete_webhook, name="delete_webhook"),
    path("account/developers/deliveries/<uuid:delivery_id>/replay/", replay, name="replay"),
]
