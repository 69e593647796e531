"""Makes billing known to Django."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Payments and invoices."""

    name = "vettura.billing"
    label = "billing"
