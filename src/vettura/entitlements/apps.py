"""Makes the contracts known to Django."""

from django.apps import AppConfig


class EntitlementsConfig(AppConfig):
    """Contracts of vehicles."""

    name = "vettura.entitlements"
    label = "entitlements"
