"""The main user manages who drives: invite, send again, take back, remove (USR-005, USR-010)."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from vettura.foundation.errors import NotFound
from vettura.identity import queries as people
from vettura.identity.errors import PinLocked, StepUpRequired
from vettura.vehicles import actions, queries, rules
from vettura.vehicles.errors import AlreadyUser, DayIsOver, MainUserOnly
from vettura.vehicles.forms import InviteForm
from vettura.vehicles.portal.garage import account_of, back_to, vehicle_page


@login_required
@require_POST
def invite(request: HttpRequest, vin: str) -> HttpResponse:
    """This will invite a person by e-mail; a wrong address is told at the form."""
    account = account_of(request)
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            invitation = actions.invite_driver(
                by=account,
                vin=vin,
                email=form.cleaned_data["email"],
                language=get_language() or account.language,
                last_day=form.cleaned_data["last_day"],
                step_up=people.step_up_of(request.POST),
            )
        # it concerns one field, so the field says it
        except AlreadyUser as refusal:
            form.add_error("email", str(refusal))
        except DayIsOver as refusal:
            form.add_error("last_day", str(refusal))
        except (StepUpRequired, PinLocked) as refusal:
            form.add_error("pin", str(refusal))
        else:
            messages.info(request, gettext("The invitation is on its way to %s.") % invitation.email)
            return back_to(vin)
    return render(request, "vehicles/vehicle.html", vehicle_page(request, account, vin, form), status=422)


@login_required
def remove(request: HttpRequest, vin: str, account_id: UUID) -> HttpResponse:
    """This will ask first, and then end a secondary user's rights."""
    account = account_of(request)
    vehicle = queries.vehicle_for(account=account, vin=vin)
    if request.method == "POST":
        actions.remove_secondary_user(by=account, vin=vin, account_id=account_id)
        messages.info(request, gettext("This person no longer uses the car."))
        return back_to(vin)
    if not rules.may(vehicle.role, "remove_users"):
        raise MainUserOnly
    users = queries.users_of(vehicle=vehicle)
    user = next((u for u in users if u.account.id == account_id and u.role == rules.SECONDARY_USER), None)
    if user is None:
        raise NotFound
    return render(request, "vehicles/remove_driver.html", {"vehicle": vehicle, "driver": user})


@login_required
@require_POST
def resend(request: HttpRequest, vin: str, invitation_id: UUID) -> HttpResponse:
    """This will send a fresh link to the invited person."""
    invitation = actions.resend_invitation(by=account_of(request), invitation_id=invitation_id)
    sent = gettext("A new link is on its way to %s. The former one no longer works.")
    messages.info(request, sent % invitation.email)
    return back_to(vin)


@login_required
@require_POST
def void(request: HttpRequest, vin: str, invitation_id: UUID) -> HttpResponse:
    """This will take an invitation back."""
    actions.void_invitation(by=account_of(request), invitation_id=invitation_id)
    messages.info(request, gettext("The invitation no longer works."))
    return back_to(vin)
