"""Makes the store known to Django."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Carts and orders."""

    name = "vettura.store"
    label = "store"
