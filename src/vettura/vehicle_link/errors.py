"""How the link says no."""

from django.utils.translation import gettext_lazy as _

from vettura.foundation.errors import Refusal


class CommandIdTaken(Refusal):
    """The command id was already used for another command."""

    code = "vehicle_link.command_id_taken"
    status = 422
    sentence = _("This key was already used for another command. Send a new key.")
