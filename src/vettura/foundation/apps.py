"""Finds what the contexts registered: reactions, handlers of car messages, tasks and sweeps."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps

REGISTERING_FILES = ("events", "reactions", "uplink", "tasks", "diagnosis")


class FoundationConfig(AppConfig):
    """The foundation is loaded first; its `ready` runs when all models exist."""

    name = "vettura.foundation"
    label = "foundation"

    def ready(self) -> None:
        """This will import the files in which contexts register, by name, so that nobody imports upward."""
        for config in apps.get_app_configs():
            if not config.name.startswith("vettura."):
                continue
            for file in REGISTERING_FILES:
                name = f"{config.name}.{file}"
                if find_spec(name) is not None:
                    import_module(name)
