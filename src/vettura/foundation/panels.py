"""Pages made of parts: a shell names a place, settings name the panels, their contexts render them."""

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString

# account, vehicles and request as keywords; the answer is HTML by VIN
Panel = Callable[..., dict[str, SafeString]]


def panels(place: str) -> list[Panel]:
    """The panels of a place, in their order."""
    return [import_string(name) for name in settings.PANELS.get(place, [])]
