"""Makes navigation known to Django."""

from django.apps import AppConfig


class NavigationConfig(AppConfig):
    """Destinations."""

    name = "vettura.navigation"
    label = "navigation"
