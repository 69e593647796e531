"""Visitors and owners come in: the store, the cart, the way to an order, and orders."""

from django.urls import path

from vettura.store.portal import orders, shop
from vettura.store.portal.orders import panel_open

__all__ = ["panel_open"]

app_name = "store"
urlpatterns = [
    path("", shop.store, name="catalog"),
    path("services/<slug:service_id>/", shop.service, name="service"),
    path("cart/", shop.cart, name="cart"),
    path("cart/add/", shop.add, name="add"),
    path("cart/remove/", shop.remove, name="remove"),
    path("checkout/", shop.checkout, name="checkout"),
    path("checkout/address/", shop.checkout_address, name="checkout_address"),
    path("checkout/payment/", shop.checkout_payment, name="checkout_payment"),
    path("checkout/overview/", shop.checkout_overview, name="checkout_overview"),
    path("checkout/place/", shop.place, name="place"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<uuid:order_id>/", orders.order, name="order"),
    path("orders/<uuid:order_id>/confirmation/", orders.confirmation, name="confirmation"),
    path("orders/<uuid:order_id>/returned/", shop.returned, name="returned"),
    path("orders/<uuid:order_id>/withdraw/", orders.withdraw, name="withdraw"),
]
