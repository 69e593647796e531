"""Makes developers known to Django."""

from django.apps import AppConfig


class DevelopersConfig(AppConfig):
    """Webhooks and budgets."""

    name = "vettura.developers"
    label = "developers"
