"""Sets Django up for a command, with the servers that run in this data folder unless the environment names others."""

from __future__ import annotations

import logging
import os

import django
from django.core.exceptions import ImproperlyConfigured

from vettura.config import environment as env
from vettura.launcher.errors import LauncherError
from vettura.launcher.places import Places
from vettura.launcher.up import running


def find_servers() -> None:
    """Name database and broker of the running `vettura up` in the environment, where nothing else is named."""
    places = Places.from_environment()
    state = running(places)
    if not env.DATABASE_URL.value:
        os.environ["VETTURA_DATABASE_URL"] = places.embedded_database_url
    if state is None or not state["ports"]:
        return
    os.environ.setdefault("VETTURA_PROFILE", state["profile"])
    os.environ.setdefault("VETTURA_BASE_URL", state["base_url"])
    os.environ.setdefault("VETTURA_NATS_URL", f"nats://127.0.0.1:{state['ports']['nats']}")
    os.environ.setdefault("VETTURA_MQTT_URL", f"mqtts://localhost:{state['ports']['mqtt']}")


def set_up(*, speaks_of_jobs: bool = False) -> None:
    """Set Django up. Raises LauncherError when settings or pack cannot be used. Only a server's log tells of jobs."""
    find_servers()
    if not speaks_of_jobs:
        logging.getLogger("procrastinate").setLevel(logging.WARNING)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vettura.config.settings")
    try:
        django.setup()
    except (ImproperlyConfigured, ValueError) as error:
        raise LauncherError(str(error)) from error
