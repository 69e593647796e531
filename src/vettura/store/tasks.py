"""Jobs of the store, and what time brings."""

from datetime import datetime
from uuid import UUID

from vettura.foundation.jobs import job
from vettura.foundation.sweeps import sweep
from vettura.store import actions
from vettura.store.models import Order


@job("store.pay_order")
def pay_order(order_id: str) -> None:
    """This will pay an order that waited for its buyer's identification."""
    actions.pay_order(order_id=UUID(order_id))


def next_end_of_keeping() -> datetime | None:
    """When tax law lets go of the next order of an erased person."""
    found = Order.objects.filter(kept_until__isnull=False).order_by("kept_until")
    return found.values_list("kept_until", flat=True).first()


@sweep(next_due=next_end_of_keeping)
def drop_kept_orders(at: datetime) -> int:
    """This will delete orders that were kept of erased people for tax law, once its years are over."""
    return actions.drop_kept_orders(at=at)
