"""Django's entry for this context."""

from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    """Cases and the mailbox."""

    name = "vettura.assistance"
    label = "assistance"
    verbose_name = "Assistance"
