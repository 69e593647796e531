"""Jobs of the store."""

from uuid import UUID

from vettura.foundation.jobs import job
from vettura.store import actions


@job("store.pay_order")
def pay_order(order_id: str) -> None:
    """This will pay an order that waited for its buyer's identification."""
    actions.pay_order(order_id=UUID(order_id))
