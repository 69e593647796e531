"""Finds what the contexts registered: reactions, handlers of car messages, tasks and sweeps."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

REGISTERING_FILES = ("events", "reactions", "uplink", "tasks", "diagnosis", "privacy")


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
        _let_the_database_audit()


def _let_the_database_audit() -> None:
    """Django's own hooks: a connection opened, and the tables are as the models say."""
    # models exist only now
    from vettura.foundation import audit
    from vettura.foundation.audit.acting import attach

    connection_created.connect(attach, dispatch_uid="audit")
    post_migrate.connect(
        lambda using, **_more: audit.install(using=using),
        sender=apps.get_app_config("foundation"),
        weak=False,
        dispatch_uid="audit",
    )
