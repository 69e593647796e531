"""Pages made of parts: a shell names a place, settings name the panels, their contexts render them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString

# account, vehicles and request as keywords; the answer is HTML by VIN
Panel = Callable[..., dict[str, SafeString]]


@dataclass(frozen=True)
class Happening:
    """One line of a timeline at the desk: when, what, and who did it or why where that is known."""

    at: datetime
    what: str
    detail: str = ""
    by: str = ""


@dataclass(frozen=True)
class Section:
    """A place at the desk: its name, its address, its icon, and the letter that goes there after `g`."""

    label: str
    url: str
    icon: str
    letter: str


def sections(account: Any) -> list[Section]:  # Any: identity's Account, which foundation does not know
    """The places of the desk that this member of staff works in: each context says which of its own there are."""
    return [section for name in settings.PANELS["desk"] for section in import_string(name)(account=account)]


def panels(place: str) -> list[Panel]:
    """The panels of a place, in their order."""
    return [import_string(name) for name in settings.PANELS.get(place, [])]
