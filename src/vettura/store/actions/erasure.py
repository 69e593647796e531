"""A person's data are erased: of orders that were paid stays what tax law wants, for its time (decision 0018)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from vettura.foundation import audit
from vettura.store import queries
from vettura.store.models import Cart, CartItem, Order, OrderLine


def keep_orders(*, account_id: UUID) -> None:
    """This will leave of paid orders their number, lines, prices and days; the address stands in the invoice alone."""
    for order in queries.orders_to_keep(account_id=account_id):
        order.kept_until = queries.order_kept_until(order=order)
        order.address_lines, order.card_id = [], None
        order.save(update_fields=["kept_until", "address_lines", "card_id"])
        # the order needs its cart; whose it was, and for which car, it need not know
        CartItem.objects.filter(cart_id=order.cart_id).delete()
        Cart.objects.filter(id=order.cart_id).update(account=None, vehicle=None, is_open=False)


def erase_orders(*, account_id: UUID) -> None:
    """This will delete the orders for which no money was taken, with their lines."""
    orders = queries.orders_to_erase(account_id=account_id)
    OrderLine.objects.filter(order__in=orders).delete()
    orders.delete()


@transaction.atomic
def drop_kept_orders(*, at: datetime) -> int:
    """This will delete orders of erased people whose time is over; returns how many."""
    orders = Order.objects.filter(kept_until__lte=at)
    carts = list(orders.values_list("cart_id", flat=True))
    people = set(orders.values_list("account_id", flat=True))
    OrderLine.objects.filter(order__in=orders).delete()
    orders.delete()
    Cart.objects.filter(id__in=carts).delete()
    for account_id in people:  # the audit would still say what stood in the rows that are gone
        audit.erase(person=account_id)
    return len(carts)
