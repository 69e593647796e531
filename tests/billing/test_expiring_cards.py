"""Whoever has saved a card is told before it expires and when it has, by mail, in the inbox and on the page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests import identity_facts, store_facts, vehicle_facts

from vettura.billing import actions, rules, tasks
from vettura.billing.models import SavedCard
from vettura.catalog.queries import terms
from vettura.notifications.models import Mail, Message

EXPIRES = datetime(2026, 12, 1, tzinfo=UTC)


def november(cards):
    """A person whose card is good until the end of November 2026."""
    person = vehicle_facts.person()
    return person, store_facts.saved_card(cards, person, exp_month="11", exp_year="2026")


def tell(clock, moment: datetime) -> None:
    """What the sweep does at a moment."""
    clock.move_to(moment)
    tasks.announce_expiring_cards(moment)


def told(person) -> list[str]:
    subjects = [mail.subject for mail in Mail.objects.filter(recipient_id=person.id).order_by("queued_at")]
    assert subjects == [each.subject for each in Message.objects.filter(recipient_id=person.id).order_by("posted_at")]
    return subjects


@pytest.mark.django_db
@pytest.mark.rule("DAT-022")
def test_the_holder_is_told_once_before_and_once_after(cards, clock):
    person, card = november(cards)
    soon = EXPIRES - terms().card_expiry_notice

    assert tasks.next_card_notice() == soon
    tell(clock, soon - timedelta(microseconds=1))
    assert told(person) == []

    for moment in (soon, soon + timedelta(days=1), EXPIRES - timedelta(microseconds=1)):
        tell(clock, moment)
    assert told(person) == ["Your card Visa •••• 4242 expires soon"]

    for moment in (EXPIRES, EXPIRES + timedelta(days=400)):
        tell(clock, moment)
    assert told(person) == ["Your card Visa •••• 4242 expires soon", "Your card Visa •••• 4242 has expired"]
    assert tasks.next_card_notice() is None
    card.refresh_from_db()
    assert card.next_notice_at is None


@pytest.mark.django_db
def test_a_card_that_was_deleted_is_not_spoken_of(cards, clock):
    person, card = november(cards)
    actions.delete_card(account=person, card_id=card.id)

    assert tasks.next_card_notice() is None
    assert tasks.announce_expiring_cards(EXPIRES) == 0
    assert told(person) == []


@pytest.mark.django_db
def test_a_card_saved_within_the_time_of_the_notice_is_spoken_of_only_when_it_has_expired(cards, clock):
    clock.move_to(EXPIRES - timedelta(days=1))
    november(cards)

    assert tasks.next_card_notice() == EXPIRES


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "badge"),
    [
        (EXPIRES - timedelta(days=30, microseconds=1), None),
        (EXPIRES - timedelta(days=30), "Expires soon"),
        (EXPIRES - timedelta(microseconds=1), "Expires soon"),
        (EXPIRES, "Expired"),
    ],
)
def test_the_page_of_the_cards_says_it_too(cards, clock, moment, badge):
    person, _ = november(cards)
    clock.move_to(moment)

    page = identity_facts.signed_in(person).get(reverse("billing:cards"))

    found = next((word for word in ("Expires soon", "Expired") if f">{word}<" in page.content.decode()), None)
    assert found == badge


@given(month=st.integers(1, 12), year=st.integers(2000, 2098), seconds=st.integers(0, 3_000_000_000))
def test_a_card_is_expired_from_the_moment_that_is_computed_for_it(month, year, seconds):
    at = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)

    assert rules.is_expired(month=month, year=year, at=at) == (at >= rules.expires_at(month=month, year=year))


@given(month=st.integers(1, 12), year=st.integers(2000, 2098), days=st.integers(0, 30_000))
def test_the_next_notice_always_lies_ahead_and_there_are_two_at_most(month, year, days):
    at, notice = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=days), timedelta(days=30)
    card = SavedCard(expires_month=month, expires_year=year)

    moments = []
    while (at := rules.next_notice_at(card, notice=notice, at=at)) is not None:
        moments.append(at)

    assert len(moments) <= 2
    assert moments == sorted(set(moments))
