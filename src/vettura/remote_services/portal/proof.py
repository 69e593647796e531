"""What opens or disarms a car, on a page: the person proves once more who they are."""

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest

from vettura.foundation import ids
from vettura.identity import queries as people
from vettura.identity.models import Account
from vettura.remote_services import actions, errors
from vettura.remote_services.forms import PinForm
from vettura.vehicles.models import Vehicle

Json = dict[str, Any]  # parameters of a command, and what a template shows


@dataclass(frozen=True)
class Proof:
    """A command that opens or disarms, on its page: done, or the form with what is wrong."""

    is_done: bool
    facts: Json
    status: int = 200


def prove(request: HttpRequest, vehicle: Vehicle, type_: str, params: Json) -> Proof:
    """This will ask once more who it is, and have the car do something once that is proved."""
    account = cast("Account", request.user)  # login_required stands before every view that calls this
    form, is_locked = PinForm(request.POST or None, initial={"key": ids.new_id()}), False
    if request.method == "POST" and form.is_valid():
        try:
            actions.request_command(
                by=account,
                vin=vehicle.vin,
                type=type_,
                params=params,
                step_up=people.step_up_of(request.POST),
                command_id=form.cleaned_data["key"],
            )
            return Proof(True, {})
        # belongs beside the field, the other refusals are pages
        except (errors.StepUpRequired, errors.StepUpLocked) as wrong:
            form.add_error("pin", str(wrong))
            is_locked = isinstance(wrong, errors.StepUpLocked)
    facts = {
        "form": form,
        "vehicle": vehicle,
        "is_locked": is_locked,
        "has_passkey": people.has_passkey(account=account),
    }
    return Proof(False, facts, 423 if is_locked else 422 if form.errors else 200)
