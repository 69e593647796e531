"""Django's entry for this context."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Accounts and sign-in."""

    name = "vettura.identity"
    label = "identity"
    verbose_name = "Identity"
