"""How partners can refuse."""

from django.utils.translation import gettext_lazy as _

from vettura.foundation.errors import Refusal


class WorksElsewhere(Refusal):
    """A person works for one partner only."""

    code = "partners.works_elsewhere"
    sentence = _("This person already works for another partner.")
