"""How a call for help goes is told: to whoever called, and on the screen of the car."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vettura.assistance.models import BreakdownCall, Case
from vettura.foundation import clock
from vettura.notifications import actions as notifications
from vettura.remote_services import actions as remote
from vettura.vehicle_link import actions as link
from vettura_wire import events

MESSAGES: dict[str, tuple[str | Promise, str | Promise]] = {
    BreakdownCall.State.RECEIVED: (
        _("Help: your call {number} has arrived"),
        _("Your call has arrived. Somebody takes it now and calls you back at {phone}. In danger, call 112."),
    ),
    BreakdownCall.State.IN_PROGRESS: (
        _("Help: somebody works on your call {number}"),
        _("Somebody of Assistance has taken your call and calls you at {phone}."),
    ),
    BreakdownCall.State.DONE: (
        _("Help: your call {number} is closed"),
        _("Your call is closed. The place of the car, its state and your number were deleted."),
    ),
    BreakdownCall.State.CANCELLED: (
        _("Help: your call {number} was cancelled"),
        _("Your call was cancelled: nobody comes. The place of the car, its state and your number were deleted."),
    ),
}


# what becomes of a question, told to whoever asked
OF_CASES: dict[str, tuple[str | Promise, str | Promise]] = {
    "opened": (
        _("Your case {number}"),
        _("Assistance has your question. Its number is {number}; please name it when you write or call."),
    ),
    "replied": (_("Assistance answers your case {number}"), "{text}"),
    "closed": (_("Your case {number} is closed"), _("If it is not solved, open another one and name this number.")),
}


def tell_of_case(case: Case, what: str, *, text: str = "") -> None:
    """This will tell whoever asked what became of their case, in their inbox. Again: they are told again."""
    if case.account_id is None:
        return
    subject, body = OF_CASES[what]
    with translation.override(case.language):
        words = str(body).format(number=case.number, text=text)
        notifications.post_message(
            recipient_id=case.account_id,
            language=case.language,
            subject=str(subject).format(number=case.number),
            body=f"{words}\n{settings.VETTURA_BASE_URL}{reverse('assistance:case', args=[case.id])}",
            kind="case",
        )


def tell(call: BreakdownCall) -> None:
    """This will tell the caller and the car how a call stands now. Again: the car is told nothing new, the caller once more."""
    case = call.case
    if call.vehicle is not None:
        body = {"state": call.state, "number": case.number, "at": clock.now().isoformat()}
        link.set_document(vin=call.vehicle.vin, name=events.ROADSIDE_HELP, body=body)
    if case.account_id is None:
        return
    subject, text = MESSAGES[call.state]
    with translation.override(case.language):
        notifications.post_message(
            recipient_id=case.account_id,
            language=case.language,
            subject=str(subject).format(number=case.number),
            body=str(text).format(phone=call.phone or "–") + _way(call),
            kind="breakdown",
        )


def _way(call: BreakdownCall) -> str:
    """The page of the call, where it goes on; of one that has ended no car is named any more."""
    if call.vehicle is None or call.ended_as:
        return ""
    return f"\n{settings.VETTURA_BASE_URL}{reverse('assistance:breakdown', args=[call.vehicle.vin])}"


def end_call(case: Case, state: str) -> None:
    """This will end the call of a case, if it is one, and delete what was handed over with it; an ended one stays as it is."""
    call = BreakdownCall.objects.select_for_update(of=("self",)).filter(case=case).select_related("vehicle").first()
    if call is None or call.ended_as:
        return
    call.case, call.ended_as = case, state
    tell(call)
    if call.vehicle is not None:
        remote.forget_calls_for_help(vin=call.vehicle.vin)
    call.vehicle, call.phone, call.condition = None, "", {}
    call.latitude = call.longitude = call.measured_at = None
    call.save()
    case.vehicle = None
    case.save(update_fields=["vehicle"])
