"""The small value types that packs are written in."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated


class Localized:
    """Marks a text that every language of the pack must have."""


# A text in every language of the pack: {"en": "…", "it": "…", "de": "…"}. In YAML one plain string serves all
# languages.
LocalizedText = Annotated[Mapping[str, str], Localized]


class Days(int):
    """
    A number of whole calendar days, counted in somebody's time zone (the day of the start is day 0).

    It is an int on purpose: adding it to a moment is refused by Python, because a calendar day is not 24 hours. Use
    `foundation.periods.end_of_period`. `duration` is for the few places where 24-hour days are meant.
    """

    @property
    def days(self) -> int:
        """The number as a plain int."""
        return int(self)

    @property
    def duration(self) -> timedelta:
        """The same length in 24-hour days."""
        return timedelta(days=int(self))
