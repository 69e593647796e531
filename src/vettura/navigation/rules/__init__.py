"""What an entry may be, which version of it counts, and what is new for the car."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from vettura.navigation.models import Destination
from vettura_wire import destinations as wire

FORWARD_TOLERANCE = timedelta(days=1)
"""A car whose clock is further ahead than this is not believed."""
Change = Literal["new", "changed", "deleted"]
FIELDS = ("kind", "name", "address", "latitude", "longitude", "note", "category")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What somebody wants an entry to be."""

    name: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    note: str = ""
    category: str = "other"
    kind: str = wire.DESTINATION

    def tidy(self) -> "Draft":
        """The same without blanks around its words, and with a position as fine as it is kept."""
        return dataclasses.replace(
            self,
            name=_one_line(self.name),
            address=_one_line(self.address),
            note=_one_line(self.note),
            latitude=_rounded(self.latitude),
            longitude=_rounded(self.longitude),
        )


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong with one field; `code` is a key of `errors.PROBLEMS`."""

    field: str
    code: str


def problems_with(draft: Draft) -> list[Problem]:
    """Everything that keeps an entry from being kept, field by field; empty when it is fine."""
    found = []
    if not draft.name:
        found.append(Problem(field="name", code="name_missing"))
    for field, longest in (
        ("name", wire.LONGEST_NAME), ("address", wire.LONGEST_ADDRESS), ("note", wire.LONGEST_NOTE),
    ):  # fmt: skip
        if not wire.fits_words(getattr(draft, field), longest):
            found.append(Problem(field=field, code=f"{field}_unfit"))
    if draft.kind not in wire.KINDS:
        found.append(Problem(field="kind", code="kind_unknown"))
    if draft.category not in wire.CATEGORIES:
        found.append(Problem(field="category", code="category_unknown"))
    return found + _problems_of_position(draft)


def _problems_of_position(draft: Draft) -> list[Problem]:
    if draft.latitude is None and draft.longitude is None:
        return [] if draft.address else [Problem(field="address", code="nowhere")]
    if draft.latitude is None or draft.longitude is None:
        return [Problem(field="latitude" if draft.latitude is None else "longitude", code="position_incomplete")]
    found = []
    if not -90 <= draft.latitude <= 90:
        found.append(Problem(field="latitude", code="latitude_unfit"))
    if not -180 <= draft.longitude <= 180:
        found.append(Problem(field="longitude", code="longitude_unfit"))
    return found


def version_of(row: Destination) -> wire.Destination:
    """The newest version of an entry, as the wire knows it."""
    if row.deleted_at is not None:
        return wire.gone(str(row.id), row.changed_at)
    return wire.Destination(
        id=str(row.id),
        changed_at=row.changed_at,
        kind=row.kind,
        name=row.name,
        address=row.address,
        latitude=row.latitude,
        longitude=row.longitude,
        note=row.note,
        category=row.category,
    )


def released_version_of(row: Destination) -> wire.Destination | None:
    """The version that the car was given; None if it knows nothing of the entry."""
    return None if row.released is None else wire.from_json(row.released)


def put(row: Destination, version: wire.Destination, *, at: datetime) -> None:
    """
    This will make a version the newest of a row, unsaved; `at` is the moment (world time) for one that deletes.

    The words of what is deleted stay in the row, so that it can be put back.
    """
    row.changed_at = version.changed_at
    if version.deleted:
        row.deleted_at = row.deleted_at or at
        return
    row.deleted_at = None
    for field in FIELDS:
        setattr(row, field, getattr(version, field))


def is_believed(version: wire.Destination, now: datetime) -> bool:
    """Whether a change of a car is dated so that it can be true (real time)."""
    return version.changed_at <= now + FORWARD_TOLERANCE


def change_for_car(row: Destination) -> Change | None:
    """What of an entry is new for the car since it was last released; None when nothing is."""
    given, newest = released_version_of(row), version_of(row)
    has_it = given is not None and not given.deleted
    if newest.deleted:
        return "deleted" if has_it else None
    if not has_it:
        return "new"
    return "changed" if given != newest else None


def body(account_id: object, versions: Iterable[wire.Destination]) -> dict[str, Any]:
    """What a document says: entries by id, and the latest of the deletions."""
    known = list(versions)
    deleted = sorted((each for each in known if each.deleted), key=lambda each: (each.changed_at, each.id))
    told = [each for each in known if not each.deleted] + deleted[-wire.DELETIONS_REMEMBERED :]
    return {
        "account_id": None if account_id is None else str(account_id),
        "entries": [wire.to_json(each) for each in sorted(told, key=lambda each: each.id)],
    }


def is_same_place(draft: Draft, row: Destination) -> bool:
    """Whether an entry is there already, word by word: importing a file twice adds nothing the second time."""
    return all(getattr(draft, field) == getattr(row, field) for field in FIELDS)


def changed_draft(row: Destination, changes: Mapping[str, object]) -> Draft:
    """What an entry would be with some of its fields changed."""
    present = {field: getattr(row, field) for field in FIELDS}
    return Draft(**(present | {name: value for name, value in changes.items() if name in FIELDS}))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), wire.POSITION_DIGITS)
