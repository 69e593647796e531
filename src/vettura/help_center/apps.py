"""Django's name for the help center."""

from django.apps import AppConfig


class HelpCenterConfig(AppConfig):
    """No models of its own: articles live in the pack."""

    name = "vettura.help_center"
    label = "help_center"
