"""Periods in whole calendar days, months and years of the customer's zone."""

from calendar import monthrange
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel import Locale

# "22 November 2026" in every country that reads English here
LOCALES = {"en": "en_GB"}


def locale_of(language: str) -> str:
    """The locale in which a page or a letter of this language writes dates."""
    return LOCALES.get(language, language)


def country_name(code: str, language: str) -> str:
    """The name of a country (ISO 3166 code) in this language; what is no such code stays as it is."""
    return str(Locale.parse(locale_of(language)).territories.get(code, code))


def end_of_period(*, start: datetime, days: int, zone: str) -> datetime:
    """
    The exclusive end of a period of whole days: the start of the local day after the last full day.

    The day of the start is day 0 (C-73): 14 days from any moment on 1 May end when 16 May begins.
    """
    local = start.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date() + timedelta(days=days + 1), time(), ZoneInfo(zone)).astimezone(start.tzinfo)


def months_later(*, start: datetime, months: int, zone: str) -> datetime:
    """The same time of day so many calendar months later; where that month has no such day, on its last one."""
    local = start.astimezone(ZoneInfo(zone))
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day).astimezone(start.tzinfo)


def end_of_years(*, start: datetime, years: int, zone: str) -> datetime:
    """The exclusive end of so many whole calendar years that begin when the year of the start is over."""
    local = start.astimezone(ZoneInfo(zone))
    return datetime(local.year + years + 1, 1, 1, tzinfo=ZoneInfo(zone)).astimezone(start.tzinfo)
