"""Entries of a calendar that the app brings from a phone into a car: what both ends take."""

from datetime import datetime
from typing import Annotated

import msgspec

MOST_ENTRIES = 50
LONGEST_TITLE = 60
LONGEST_PLACE = 200

Title = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_TITLE)]
Place = Annotated[str, msgspec.Meta(max_length=LONGEST_PLACE)]


class CalendarEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry; times have a zone (world time), and it ends after it begins."""

    starts_at: datetime
    ends_at: datetime
    title: Title
    place: Place = ""


class CalendarBody(msgspec.Struct, frozen=True, kw_only=True):
    """Body of ``app_calendar``: the entries of the person who is signed in, in the order they begin; nobody's when nobody is."""

    account_id: str | None = None
    entries: Annotated[list[CalendarEntry], msgspec.Meta(max_length=MOST_ENTRIES)] = []


def fits(entry: CalendarEntry) -> bool:
    """Whether an entry may be kept: its words are one line each, and its times make sense."""
    words = (entry.title, entry.place)
    is_timed = entry.starts_at.tzinfo is not None and entry.ends_at.tzinfo is not None
    return (
        is_timed
        and entry.starts_at < entry.ends_at
        and all(each.isprintable() and each == each.strip() for each in words)
    )
