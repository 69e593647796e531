"""How contracts are refused."""

from django.utils.translation import gettext_lazy as _

from vettura.foundation.errors import Refusal


class AlreadyUnlimited(Refusal):
    """The vehicle has the service without end: there is nothing to add."""

    code = "entitlements.already_unlimited"
    sentence = _("The vehicle already has this service without an end date.")
