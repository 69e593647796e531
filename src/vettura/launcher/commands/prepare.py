"""`vettura prepare`"""

from __future__ import annotations

import argparse
from pathlib import Path

from vettura.config import environment as env
from vettura.identity.adapters.keys import ensure_oidc_key
from vettura.launcher.certificates import ensure_keys
from vettura.launcher.django_setup import find_servers
from vettura.launcher.nats import configuration
from vettura.launcher.places import Places
from vettura.launcher.progress import step
from vettura.notifications.adapters.push_keys import ensure_push_key


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--nats-config", type=Path, metavar="FILE", help="also write the broker's configuration there")


def run(options: argparse.Namespace) -> int:
    """Make keys that are missing and bring database and static files up to date, before the processes start."""
    places = Places.from_environment()
    hosts = [host.strip() for host in (env.EXTRA_HOSTS.value or "").split(",") if host.strip()]
    with step("Keys and certificates"):
        ensure_keys(places.keys_dir, hosts)
        ensure_oidc_key(places.keys_dir / "oidc.pem")
        ensure_push_key(places.keys_dir / "vapid.pem")
    if options.nats_config is not None:
        options.nats_config.write_text(
            configuration(
                keys_dir=places.keys_dir,
                store_dir=places.data_dir / "nats",
                listen="0.0.0.0:4222",
                mqtt_listen="0.0.0.0:8883",
            )
        )
    find_servers()
    # settings are read when this is imported: the servers had to be found before
    from vettura.launcher import prepare

    return prepare.main()
