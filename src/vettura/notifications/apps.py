"""Django's entry for this context."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """How to reach people."""

    name = "vettura.notifications"
    label = "notifications"
    verbose_name = "Notifications"
