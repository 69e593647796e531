"""
Brings database, static files and the demo world up to date: `python -m vettura.launcher.prepare`, started by `vettura up`.

Its own process, so that the supervisor holds no database connection and stays small. Every step may run again.
"""

from __future__ import annotations

import hashlib
import importlib
import logging
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connections

from vettura.launcher.build import build_of
from vettura.launcher.certificates import provision
from vettura.launcher.errors import LauncherError
from vettura.launcher.places import Places
from vettura.launcher.progress import say, step
from vettura.launcher.welcome import demo_car


def prepare() -> None:
    """Do every step in order. Raises LauncherError with a sentence when one is impossible."""
    logging.getLogger("procrastinate").setLevel(logging.WARNING)  # each step is one line
    with step("Brand pack and settings"):
        try:
            django.setup()
        except (ImproperlyConfigured, ValueError) as error:
            raise LauncherError(str(error)) from error
    logging.getLogger().setLevel(logging.WARNING)
    try:
        with step("Database"):
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
        with step("Help articles"):
            help_center = importlib.import_module("vettura.help_center.actions")
            help_center.fill_index()
            help_center.order_learning()
            importlib.import_module("vettura.help_center.tasks").order_manuals()
        with step("Static files"):
            collect_static()
        with step("Phone app"):
            importlib.import_module("vettura.phone_app.program").register()
        if settings.VETTURA_PROFILE == "demo":
            demo = importlib.import_module("vettura.launcher.demo")
            with step("Demo world"):
                demo.load()
                _provision_demo_car()
    except DatabaseError as error:
        raise LauncherError(f"The database refused: {error}") from error
    finally:
        connections.close_all()


def _provision_demo_car() -> None:
    vin = demo_car()
    if vin is not None:
        provision(Places.from_environment().data_dir, vin, build_of(vin))


def collect_static() -> bool:
    """Copy static files with hashed names into the place they are served from, if any of them changed."""
    root = Path(settings.STATIC_ROOT)
    stamp = root.with_name(f"{root.name}.stamp")
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list(["CVS", ".*", "*~"]), key=lambda found: found[0]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    wanted = digest.hexdigest()
    if stamp.exists() and stamp.read_text() == wanted and (root / "staticfiles.json").exists():
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=root.exists())
    stamp.write_text(wanted)
    return True


def main() -> int:
    """Prepare, and say in a sentence what stands in the way."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vettura.config.settings")
    try:
        prepare()
    except LauncherError as error:
        say()
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
