"""What each step of a command means, as a sentence for people: one table for pages, programs and the app."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vettura_wire.statuses import Status

STATUSES: dict[str, str | Promise] = {
    Status.ACCEPTED: _("The command was accepted."),
    Status.QUEUED: _("The car is out of reach. The command waits for it."),
    Status.WAKING: _("The car is asleep and is being woken."),
    Status.SENT: _("The command is on its way to the car."),
    Status.DELIVERED: _("The car has the command."),
    Status.RUNNING: _("The car is carrying it out."),
    Status.DONE: _("The car has done it."),
    Status.FAILED: _("The car could not do it."),
    Status.REFUSED: _("The car has refused it."),
    Status.EXPIRED: _("The time of the command is over. It will not be carried out."),
    Status.SUPERSEDED: _("A later command has taken its place."),
    Status.UNKNOWN: _("The car took the command and has not answered. It may have been carried out."),
}
CAUSES: dict[str, str | Promise] = {
    "car_unreachable": _("The car is out of reach."),
    "rights_ended": _("The person who asked for it no longer uses the car."),
    "no_answer": _("The car has not answered."),
    "privacy_mode": _("Privacy mode is on in the car."),
    "replayed": _("The car has seen a newer command."),
    "expired": _("It reached the car too late."),
    "bad_signature": _("The car could not verify the command."),
    "wrong_vehicle": _("The command was for another car."),
    "not_entitled": _("The car knows of no contract for this service yet."),
    "remote_access_missing": _("Remote access is not granted in the car."),
    "battery_below_25": _("The battery is too low."),
    "low_voltage": _("The 12 V battery of the car is low. Drive it, or charge that battery."),
    "not_supported": _("The car cannot do that."),
    "ill_parameters": _("The car does not understand what was asked for."),
    "vehicle_in_use": _("The car is in use."),
    "not_plugged_in": _("The car is not plugged in."),
    "door_open": _("A door or the luggage compartment is open."),
    "restarted": _("The car was restarted in the middle of it."),
    "temperature_out_of_range": _("The car does not offer this temperature."),
    "charge_target_out_of_range": _("The car does not offer this target charge."),
    "charge_target_reached": _("The target charge is reached."),
    "no_such_seat": _("The car does not have this seat."),
}


def sentence(status: str, cause: str, *, replaced_by: str | Promise = "") -> str:
    """
    What a step means, with its cause if that says more; a cause that nobody knows is not shown.

    `replaced_by` is what the newer command does, for a superseded one.
    """
    if status == Status.SUPERSEDED and replaced_by:
        return str(_("Replaced by: {command}")).format(command=replaced_by)
    meaning = str(STATUSES.get(status, ""))
    why = str(CAUSES.get(cause, ""))
    # a car out of reach is what “queued” and “expired after queued” are about
    return meaning if not why or (status, cause) == (Status.QUEUED, "car_unreachable") else f"{meaning} {why}"


def cause_sentence(cause: str) -> str:
    """A cause alone, in words; the code itself where nobody has words for it."""
    return str(CAUSES.get(cause, cause))
