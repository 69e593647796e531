"""Whole calendar days, and money to the cent."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from vettura.foundation.ids import new_id
from vettura.foundation.money import from_minor_units, rounded, to_minor_units
from vettura.foundation.periods import end_of_period, end_of_years, months_later

ZONES = st.sampled_from(["Europe/Rome", "America/New_York", "Asia/Tokyo", "UTC"])
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # the zone comes beside


@pytest.mark.rule("C-73")
def test_the_day_of_purchase_is_day_zero():
    bought_at = datetime(2026, 5, 1, 14, 30, tzinfo=UTC)

    ends_at = end_of_period(start=bought_at, days=14, zone="Europe/Rome")

    assert ends_at == datetime(2026, 5, 15, 22, 0, tzinfo=UTC)  # 16 May begins in Rome


@given(start=MOMENTS, days=st.integers(0, 400), zone=ZONES)
def test_a_period_ends_when_a_local_day_begins_and_holds_its_full_days(start, days, zone):
    ends_at = end_of_period(start=start, days=days, zone=zone)

    local_end = ends_at.astimezone(ZoneInfo(zone))
    assert (local_end.date() - start.astimezone(ZoneInfo(zone)).date()).days == days + 1
    assert ends_at - start > timedelta(days=days) - timedelta(hours=2)


@pytest.mark.parametrize(
    ("start", "later"),
    [
        (datetime(2026, 9, 1, 9, tzinfo=UTC), datetime(2026, 10, 1, 9, tzinfo=UTC)),
        # no 31 February, and one o'clock in Rome is one o'clock in Rome before and after the clocks change
        (datetime(2027, 1, 31, 9, tzinfo=UTC), datetime(2027, 2, 28, 9, tzinfo=UTC)),
        (datetime(2026, 10, 1, 11, tzinfo=UTC), datetime(2026, 11, 1, 12, tzinfo=UTC)),
        (datetime(2026, 12, 15, 9, tzinfo=UTC), datetime(2027, 1, 15, 9, tzinfo=UTC)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_one(start, later):
    assert months_later(start=start, months=1, zone="Europe/Rome") == later


def test_years_are_counted_from_the_end_of_the_year_in_the_zone():
    new_year_in_rome = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)

    assert end_of_years(start=new_year_in_rome, years=10, zone="Europe/Rome") == datetime(2037, 12, 31, 23, tzinfo=UTC)
    assert end_of_years(start=new_year_in_rome, years=10, zone="UTC") == datetime(2037, 1, 1, tzinfo=UTC)


@given(
    cents=st.integers(0, 10**9),
    currency=st.sampled_from(["EUR", "CHF", "JPY", "USD", "GBP"]),
)
def test_minor_units_there_and_back_lose_nothing(cents, currency):
    assert to_minor_units(from_minor_units(cents, currency)) == cents


def test_half_a_cent_is_rounded_up():
    assert rounded(Money(Decimal("0.125"), "EUR")) == Money(Decimal("0.13"), "EUR")
    assert rounded(Money(Decimal("100.5"), "JPY")) == Money(Decimal(101), "JPY")


def test_ids_sort_by_the_time_they_were_made(clock):
    first = new_id()
    clock.advance(timedelta(milliseconds=2))
    second = new_id()

    assert first < second
    assert first.version == 7
