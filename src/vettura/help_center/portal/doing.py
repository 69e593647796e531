"""“Do it for me”: what an article explains, done to the person's car by the same command that the car's page sends."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from vettura.catalog import queries as catalog
from vettura.foundation import clock, ids
from vettura.help_center import queries
from vettura.help_center.errors import ArticleNotFound
from vettura.help_center.portal.reader import Car, language_of_page
from vettura.identity import queries as people
from vettura.identity.models import Account
from vettura.remote_services import actions as remote
from vettura.remote_services import errors as remote_errors
from vettura.remote_services import queries as controls
from vettura.remote_services.forms import PinForm
from vettura.vehicle_link import queries as link
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle


def deeds(*, article_id: str, car: Car | None, own: Sequence[Car]) -> list[tuple[str, str]]:
    """What can be done for a person's car on this article's behalf: the words and the address of each command that the car understands."""
    if car is None or car not in own:
        return []
    understood = catalog.generation(car.generation).commands_of(car.drive)
    return [
        (str(controls.control_of_portal(type=each).verb), reverse("help_center:do", args=[article_id, each, car.value]))
        for each in queries.written(article_id).head.commands
        if each in understood
    ]


def _car_of(request: HttpRequest, article_id: str, type: str, vin: str) -> Vehicle:
    """The person's car. Raises NotFound for one that is not theirs, and where the article does not name the command."""
    if type not in queries.written(article_id).head.commands:
        raise ArticleNotFound
    return vehicles.vehicle_for(account=_account(request), vin=vin)


def _facts(vehicle: Vehicle, article_id: str, type: str) -> dict[str, object]:
    return {
        "vehicle": vehicle,
        "command": controls.control_of_portal(type=type),
        "question": queries.title_of(article_id=article_id, language=language_of_page()),
        "back": f"{reverse('help_center:article', args=[article_id])}?car={vehicle.vin}",
    }


def _account(request: HttpRequest) -> Account:
    return cast("Account", request.user)  # login_required stands before every view here


@login_required
@require_http_methods(["GET", "POST"])
def do(request: HttpRequest, article_id: str, type: str, vin: str) -> HttpResponse:
    """The question whether it is to be done, with the PIN where the car opens; then the command is on its way."""
    vehicle, account = _car_of(request, article_id, type, vin), _account(request)
    form, is_locked = PinForm(request.POST or None, initial={"key": ids.new_id()}), False
    if request.method == "POST" and form.is_valid():
        try:
            sent = remote.request_command(
                by=account,
                vin=vin,
                type=type,
                params={},
                step_up=people.step_up_of(request.POST),
                command_id=form.cleaned_data["key"],
            )
            return redirect("help_center:done", article_id=article_id, type=type, vin=vin, command_id=sent.id)
        # belongs beside the field, the other refusals are pages
        except (remote_errors.StepUpRequired, remote_errors.StepUpLocked) as wrong:
            form.add_error("pin", str(wrong))
            is_locked = isinstance(wrong, remote_errors.StepUpLocked)
    # what would be refused anyway is said before anybody tries
    refusal = controls.refusal_of(vehicle=vehicle, type=type, at=clock.now()) if request.method == "GET" else None
    facts = _facts(vehicle, article_id, type) | {
        "form": form,
        "is_locked": is_locked,
        "has_passkey": people.has_passkey(account=account),
        "refusal": str(refusal) if refusal else "",
    }
    return render(request, "help_center/do.html", facts, status=423 if is_locked else 422 if form.errors else 200)


@login_required
@require_GET
def done(request: HttpRequest, article_id: str, type: str, vin: str, command_id: UUID) -> HttpResponse:
    """How far the command has come; the car's stream asks for the part of it that changes."""
    vehicle = _car_of(request, article_id, type, vin)
    sent = link.command_of(vehicle=vehicle, command_id=command_id)
    if sent.type != type:
        raise ArticleNotFound
    facts = _facts(vehicle, article_id, type) | {
        "sent": sent,
        "sentence": controls.sentence(status=sent.status, cause=sent.cause),
    }
    is_part = getattr(request, "htmx", False)
    return render(request, "help_center/_progress.html" if is_part else "help_center/done.html", facts)


urlpatterns = [
    path("<slug:article_id>/do/<slug:type>/<str:vin>/", do, name="do"),
    path("<slug:article_id>/do/<slug:type>/<str:vin>/<uuid:command_id>/", done, name="done"),
]
