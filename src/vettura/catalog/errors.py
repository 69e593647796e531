"""How the catalog can refuse."""

from django.utils.translation import gettext_lazy as _

from vettura.foundation.errors import NotFound


class UnknownEntry(NotFound):
    """The pack has no such country, generation, service, offer, model line or text."""

    code = "catalog.unknown_entry"
    sentence = _("The catalog has no entry “{name}”.")
