"""What can happen in the store."""

from vettura.store.actions.carts import add_to_cart, add_to_visitor_cart, adopt_cart, remove_from_cart
from vettura.store.actions.erasure import drop_kept_orders, erase_orders, keep_orders
from vettura.store.actions.orders import (
    cart_for_key,
    continue_identified_orders,
    end_orders_of_former_main_user,
    end_unidentified_orders,
    pay_order,
    place_order,
    settle_order,
)
from vettura.store.actions.withdrawal import withdraw

__all__ = [
    "add_to_cart",
    "add_to_visitor_cart",
    "adopt_cart",
    "cart_for_key",
    "continue_identified_orders",
    "drop_kept_orders",
    "end_orders_of_former_main_user",
    "end_unidentified_orders",
    "erase_orders",
    "keep_orders",
    "pay_order",
    "place_order",
    "remove_from_cart",
    "settle_order",
    "withdraw",
]
