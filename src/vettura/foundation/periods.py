"""Periods in whole calendar days of the customer's zone."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

# "22 November 2026" in every country that reads English here
LOCALES = {"en": "en_GB"}


def locale_of(language: str) -> str:
    """The locale in which a page or a letter of this language writes dates."""
    return LOCALES.get(language, language)


def end_of_period(*, start: datetime, days: int, zone: str) -> datetime:
    """
    The exclusive end of a period of whole days: the start of the local day after the last full day.

    The day of the start is day 0 (C-73): 14 days from any moment on 1 May end when 16 May begins.
    """
    local = start.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date() + timedelta(days=days + 1), time(), ZoneInfo(zone)).astimezone(start.tzinfo)
