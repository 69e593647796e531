"""
Places to drive to: one entry as both ends keep it, and how two versions of an entry become one.

Car and platform edit the same entries without asking each other. Of each entry the last change counts, by the moment it was
made; a deletion is a change like any other and is remembered. The join is commutative, associative and idempotent, so both
ends come to the same entries in whichever order versions arrive, however often.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

SERVICE = "destination_sync"
"""The service (by its id in the pack) under which destinations of the portal reach the car."""

DESTINATION = "destination"
POI = "poi"
KINDS = (DESTINATION, POI)
CATEGORIES = ("home", "work", "food", "shop", "sight", "charging", "parking", "other")

LONGEST_NAME = 60
LONGEST_ADDRESS = 200
LONGEST_NOTE = 300
POSITION_DIGITS = 6
"""A position is kept to a tenth of a meter."""
DELETIONS_REMEMBERED = 500
"""So many deletions, the latest ones, stand in a document."""


class Destination(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    One version of one entry. ``changed_at`` is real time. Of what was deleted nothing but that is told.

    ``latitude`` and ``longitude`` come both or not at all: an entry without them has an address.
    """

    id: str
    changed_at: datetime
    deleted: bool = False
    kind: str = DESTINATION
    name: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    note: str = ""
    category: str = "other"


class DestinationsBody(msgspec.Struct, frozen=True, kw_only=True):
    """Body of ``destinations`` and ``app_poi``: the entries of the person who is signed in; nobody's when nobody is."""

    account_id: str | None = None
    entries: list[Destination] = []


Entries = Mapping[str, Destination]


def rank(entry: Destination) -> tuple[object, ...]:
    """
    What a version is compared by: the moment, then that a deletion wins, then (for the same moment at both ends) the words,
    so that every end chooses the same.
    """
    if entry.deleted:
        return (entry.changed_at, True)
    position = (-1000.0, -1000.0) if entry.latitude is None else (entry.latitude, entry.longitude or 0.0)
    words = (entry.kind, entry.name, entry.address, *position, entry.note, entry.category)
    return (entry.changed_at, False, *words)


def later(one: Destination, other: Destination) -> Destination:
    """The version of an entry that counts of two."""
    return max(one, other, key=rank)


def joined(*versions: Iterable[Destination]) -> dict[str, Destination]:
    """The version that counts of each entry, by id, of everything that was heard of."""
    found: dict[str, Destination] = {}
    for entry in (each for some in versions for each in some):
        known = found.get(entry.id)
        found[entry.id] = entry if known is None else later(known, entry)
    return found


def alive(entries: Entries) -> list[Destination]:
    """The entries that are not deleted, by name."""
    return sorted(
        (each for each in entries.values() if not each.deleted), key=lambda each: (each.name.casefold(), each.id)
    )


def moment_after(known: Destination | None, now: datetime) -> datetime:
    """
    The moment of a change that is made now to a version that one sees: always after it, whatever the clock at the other end.
    """
    return now if known is None else max(now, known.changed_at + timedelta(microseconds=1))


def gone(id: str, changed_at: datetime) -> Destination:
    """The version that says that an entry was deleted, and nothing else of it."""
    return Destination(id=id, changed_at=changed_at, deleted=True)


def fits(entry: Destination) -> bool:
    """Whether an entry may be kept: its words have their length, and it says where it is by position, address or both."""
    if entry.changed_at.tzinfo is None or not 0 < len(entry.id) <= LONGEST_NAME:
        return False
    if entry.deleted:
        return True
    return (
        entry.kind in KINDS
        and entry.category in CATEGORIES
        and fits_words(entry.name, LONGEST_NAME)
        and bool(entry.name)
        and fits_words(entry.address, LONGEST_ADDRESS)
        and fits_words(entry.note, LONGEST_NOTE)
        and _is_somewhere(entry)
    )


def fits_words(text: str, longest: int) -> bool:
    """Whether a text is one line that can be printed, of this length at most, with nothing around it."""
    return len(text) <= longest and text == text.strip() and text.isprintable()


def _is_somewhere(entry: Destination) -> bool:
    if entry.latitude is None or entry.longitude is None:
        return entry.latitude is None and entry.longitude is None and bool(entry.address)
    # a number that is none compares with nothing
    return -90 <= entry.latitude <= 90 and -180 <= entry.longitude <= 180


def to_json(entry: Destination) -> dict[str, Any]:
    """A version as it stands in events and documents: the same version always gives the same object."""
    found: dict[str, Any] = msgspec.to_builtins(gone(entry.id, entry.changed_at) if entry.deleted else entry)
    return found


def from_json(data: object) -> Destination | None:
    """A version as it came; None for what is none or may not be kept."""
    try:
        entry = msgspec.convert(data, Destination)
    except msgspec.ValidationError:
        return None
    return entry if fits(entry) else None
