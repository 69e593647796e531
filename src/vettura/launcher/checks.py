"""Steps of `make check` and `make test` that need our own code: `python -m vettura.launcher.checks migrations assets …`."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Sequence

import django

from vettura.launcher import assets, translations
from vettura.launcher.errors import LauncherError
from vettura.launcher.progress import say

SECRET_OF_CHECKS = "only for checks; it signs nothing that anybody keeps"  # noqa: S105 no secret


def _set_up_without_servers() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vettura.config.settings")
    os.environ.setdefault("VETTURA_SECRET_KEY", SECRET_OF_CHECKS)
    os.environ.setdefault("VETTURA_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    os.environ.setdefault("PGCONNECT_TIMEOUT", "1")
    django.setup()


def migrations() -> None:
    """
    Refuse models that no migration describes, and migrations that branch, which happens when two changes meet. No database is asked:
    models and migration files are compared.
    """
    _set_up_without_servers()
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    loader = MigrationLoader(None, ignore_no_migrations=True)
    if branches := loader.detect_conflicts():
        ends = ", ".join(f"{label} ({', '.join(sorted(names))})" for label, names in sorted(branches.items()))
        raise LauncherError(f"Migrations branch in: {ends}. Let one of the two follow the other.")
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    # Django says nothing of an application whose first migration is missing
    unwritten = {
        config.label
        for config in apps.get_app_configs()
        if config.label in loader.unmigrated_apps and list(config.get_models())
    }
    ours = sorted(label for label in {*changes, *unwritten} if apps.get_app_config(label).name.startswith("vettura."))
    if ours:
        raise LauncherError(
            f"Models without a migration in: {', '.join(ours)}. Run `.venv/bin/django-admin makemigrations`."
        )
    say("Every model has its migrations.")


def build_assets() -> None:
    """Bring style sheet and typefaces up to date."""
    assets.build()


def compile_translations() -> None:
    """Compile what changed."""
    translations.compile_all()


def collect_static() -> None:
    """Put static files with hashed names where they are served from; for images, which are built without servers."""
    _set_up_without_servers()
    importlib.import_module("vettura.launcher.prepare").collect_static()


STEPS: dict[str, Callable[[], None]] = {
    "migrations": migrations,
    "assets": build_assets,
    "translations": compile_translations,
    "static": collect_static,
}


def main(names: Sequence[str]) -> int:
    """Run the named steps; the first that refuses ends it with a sentence."""
    for name in names:
        try:
            STEPS[name]()
        except (LauncherError, assets.AssetsFailed) as error:
            sys.stderr.write(f"{error}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
