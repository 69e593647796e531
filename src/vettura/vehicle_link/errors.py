"""How the link says no."""

from django.utils.translation import gettext_lazy as _

from vettura.foundation.errors import Refusal


class CommandIdTaken(Refusal):
    """The command id was already used for another command."""

    code = "vehicle_link.command_id_taken"
    status = 422
    sentence = _("This key was already used for another command. Send a new key.")


class TooManyStreams(Refusal):
    """A program watches as much at once as it may."""

    code = "vehicle_link.too_many_streams"
    status = 429
    sentence = _("There are {limit} live streams of this program open, and no more may be. Close one first.")


class SignalNotKept(Refusal):
    """Of this signal no history is kept."""

    code = "vehicle_link.signal_not_kept"
    status = 422
    sentence = _("No history is kept of {signal}. There is one of {known}.")
