"""Makes remote services known to Django."""

from django.apps import AppConfig


class RemoteServicesConfig(AppConfig):
    """Remote services."""

    name = "vettura.remote_services"
    label = "remote_services"
