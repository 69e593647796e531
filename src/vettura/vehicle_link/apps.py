"""Makes the link known to Django."""

from django.apps import AppConfig


class VehicleLinkConfig(AppConfig):
    """The link between platform and cars."""

    name = "vettura.vehicle_link"
    label = "vehicle_link"
