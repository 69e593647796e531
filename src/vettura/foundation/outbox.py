"""
Announcements to other parts. The row and its delivery job are written in the transaction that makes the event true.

Delivery is at least once and in order per stream: the job carries the stream as its lock, so a failing reaction holds
back later events of the same stream and nobody else's.
"""

from datetime import datetime, timedelta

from django.db import transaction

from vettura.foundation import clock, jobs, reactions
from vettura.foundation.events import Event, event_class
from vettura.foundation.models import DeliveredReaction, OutboxEvent

DELIVERED_EVENTS_ARE_KEPT = timedelta(days=30)
FORGOTTEN_AT_ONCE = 10_000


def publish(event: Event) -> None:
    """This will announce an event once the surrounding transaction commits. Raises if there is no transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{event.type_name()} must be published inside the transaction that makes it true")
    at = clock.now()
    interests_somebody = bool(reactions.reactions_to(event.type_name()))
    row = OutboxEvent.objects.create(
        type=event.type_name(),
        stream=event.stream_key,
        body=event.to_json(),
        occurred_at=at,
        delivered_at=None if interests_somebody else at,
    )
    if interests_somebody:
        jobs.defer("foundation.deliver_event", lock=f"stream:{event.stream_key}", event_id=row.id)


def deliver(*, event_id: int) -> None:
    """This will call every reaction that has not yet seen the event; repeating it calls nobody twice."""
    row = OutboxEvent.objects.get(id=event_id)
    event = event_class(row.type).from_json(row.body)
    for name, reaction in reactions.reactions_to(row.type).items():
        with transaction.atomic():
            _, is_new = DeliveredReaction.objects.get_or_create(event=row, reaction=name)
            if is_new:
                reaction(event)
    OutboxEvent.objects.filter(id=event_id).update(delivered_at=clock.now())


def forget_delivered(*, before: datetime) -> int:
    """This will delete events delivered before then, a part of them if there are many, and return how many it were."""
    old = OutboxEvent.objects.filter(delivered_at__lt=before).order_by("id").values_list("id", flat=True)
    deleted, per_model = OutboxEvent.objects.filter(id__in=list(old[:FORGOTTEN_AT_ONCE])).delete()
    return per_model.get(OutboxEvent._meta.label, 0) if deleted else 0
