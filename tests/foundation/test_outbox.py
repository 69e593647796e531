"""Announcements: written with the change, delivered at least once, in order per stream."""

from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.db import transaction

from vettura.foundation import outbox, reactions
from vettura.foundation.events import Event
from vettura.foundation.models import DeliveredReaction, OutboxEvent


@dataclass(frozen=True, kw_only=True)
class LampLit(Event):
    stream_field: ClassVar[str] = "room"
    room: str
    watts: int = 5


@pytest.fixture
def seen():
    calls: list[LampLit] = []

    def note_the_lamp(event: LampLit) -> None:
        calls.append(event)
        if event.watts == 666:
            raise ValueError("blown")

    note_the_lamp.__module__ = "vettura.foundation.reactions"
    reactions.reacts_to(LampLit)(note_the_lamp)
    yield calls
    reactions._reactions.pop(LampLit.type_name())


@pytest.mark.django_db
def test_an_event_comes_back_as_it_was_published(seen):
    outbox.publish(LampLit(room="kitchen", watts=40))

    outbox.deliver(event_id=OutboxEvent.objects.get().id)

    assert seen == [LampLit(room="kitchen", watts=40)]


@pytest.mark.django_db
def test_delivering_twice_calls_a_reaction_once(seen):
    outbox.publish(LampLit(room="kitchen"))
    event_id = OutboxEvent.objects.get().id

    outbox.deliver(event_id=event_id)
    outbox.deliver(event_id=event_id)

    assert len(seen) == 1


@pytest.mark.django_db
def test_a_failing_reaction_leaves_nothing_half_done_and_is_called_again(seen):
    outbox.publish(LampLit(room="kitchen", watts=666))
    event = OutboxEvent.objects.get()

    for _attempt in range(2):
        with pytest.raises(ValueError, match="blown"):
            outbox.deliver(event_id=event.id)

    event.refresh_from_db()
    assert len(seen) == 2
    assert event.delivered_at is None
    assert not DeliveredReaction.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_announces_nothing(seen):
    def change_and_fail() -> None:
        with transaction.atomic():
            outbox.publish(LampLit(room="kitchen"))
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        change_and_fail()

    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="inside the transaction"):
        outbox.publish(LampLit(room="kitchen"))


@pytest.mark.django_db
def test_delivered_events_are_forgotten_in_time_and_others_are_not(seen, clock):
    outbox.publish(LampLit(room="kitchen"))
    outbox.deliver(event_id=OutboxEvent.objects.get().id)
    outbox.publish(LampLit(room="cellar"))
    clock.advance(days=31)

    assert outbox.forget_delivered(before=clock.now() - outbox.DELIVERED_EVENTS_ARE_KEPT) == 1

    assert [event.stream for event in OutboxEvent.objects.all()] == ["cellar"]


@pytest.mark.django_db
def test_an_event_that_interests_nobody_counts_as_delivered():
    outbox.publish(LampLit(room="kitchen"))

    assert OutboxEvent.objects.get().delivered_at is not None
