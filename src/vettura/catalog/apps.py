"""Loads the brand pack when the platform starts."""

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured

from vettura_pack import PackError


class CatalogConfig(AppConfig):
    """The catalog's place in Django."""

    name = "vettura.catalog"
    label = "catalog"

    def ready(self) -> None:
        """Refuse to start with a pack that cannot be used."""
        # Imported here because settings are complete only now.
        from vettura.catalog import queries

        try:
            queries.pack()
        except PackError as error:
            raise ImproperlyConfigured(f"The brand pack cannot be used. {error}") from error
