"""What is wrong with a configuration, one sentence per problem, each saying what to do."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import psycopg

from vettura.config import environment as env
from vettura.launcher.errors import LauncherError
from vettura.launcher.places import Places
from vettura_pack import PackError, load_pack

KEYS = ("ca.key", "ca.pem", "platform.key", "platform.pub", "server.key", "server.pem", "oidc.pem", "vapid.pem")
SEEDS = ("nats-issuer.seed", "nats-platform.seed", "nats-system.seed")
SHORTEST_SECRET = 32
PATIENCE_SECONDS = 3


def problems(places: Places) -> list[str]:
    """Every problem of the configuration in the environment, in the order in which they should be solved."""
    checks: list[Callable[[Places], Iterator[str]]] = [_profile, _pack, _keys, _database, _broker, _owner_mqtt]
    return [*(problem for check in checks for problem in check(places)), *_production()]


def refuse_unsafe() -> None:
    """Raise LauncherError when production would run with what only a demo may have: sandboxes, known secrets, plain HTTP."""
    found = list(_production())
    if found:
        listed = "\n".join(f"  - {problem}" for problem in found)
        raise LauncherError(f"This is not safe in production:\n{listed}")


def _profile(places: Places) -> Iterator[str]:
    try:
        env.profile()
    except ValueError as error:
        yield str(error)


def _pack(places: Places) -> Iterator[str]:
    folder = env.pack_dir()
    if not folder.is_dir():
        yield f"There is no brand pack {folder}. VETTURA_PACK must be the name of a folder under packs/, or a path."
        return
    try:
        load_pack(folder)
    except PackError as error:
        yield f"The brand pack cannot be used. {error}"


def _keys(places: Places) -> Iterator[str]:
    wanted = (*KEYS, *SEEDS) if not env.NATS_SEED.value else KEYS
    missing = [name for name in wanted if not (places.keys_dir / name).exists()]
    if missing:
        yield f"Keys are missing in {places.keys_dir}: {', '.join(missing)}. `vettura up` makes them."
    for name in ("ca.key", "platform.key", "server.key", "oidc.pem", "vapid.pem", *SEEDS):
        path = places.keys_dir / name
        if path.exists() and path.stat().st_mode & 0o077:
            yield f"Others may read {path}. Take their rights away: chmod 600 {path}"


def _database(places: Places) -> Iterator[str]:
    url = env.DATABASE_URL.value or places.embedded_database_url
    try:
        with psycopg.connect(url, connect_timeout=PATIENCE_SECONDS) as connection:
            version = connection.info.server_version
    except psycopg.Error as error:
        first = str(error).strip().splitlines()[0]
        hint = (
            "Is VETTURA_DATABASE_URL right?"
            if env.DATABASE_URL.value
            else "Run `vettura up`, or set VETTURA_DATABASE_URL."
        )
        yield f"The database does not answer ({first}). {hint}"
        return
    if version < 150000:
        yield f"The database is PostgreSQL {version // 10000}; Vettura needs 15 or newer."


def _broker(places: Places) -> Iterator[str]:
    url = env.NATS_URL.value or "nats://127.0.0.1:4222"
    address = urlsplit(url)
    greeting = b""
    with (
        contextlib.suppress(OSError, ValueError),
        socket.create_connection((address.hostname or "", address.port or 4222), PATIENCE_SECONDS) as connection,
    ):
        greeting = connection.recv(4096)
    if not greeting.startswith(b"INFO "):
        yield f"No NATS server answers at {url}. Run `vettura up`, or set VETTURA_NATS_URL."
    if env.NATS_URL.value and not os.environ.get("VETTURA_MQTT_URL"):
        yield "With a NATS server of yours, cars must be told where it is: set VETTURA_MQTT_URL."


def _owner_mqtt(places: Places) -> Iterator[str]:
    certificate, key = env.OWNER_MQTT_CERTIFICATE, env.OWNER_MQTT_KEY
    if bool(certificate.value) != bool(key.value):
        yield f"{certificate.name} and {key.name} belong together: set both, or none."
        return
    for variable in (certificate, key):
        if variable.value and not os.access(variable.value, os.R_OK):
            yield f"{variable.name} names {variable.value}, which cannot be read."
    if env.OWNER_MQTT.value not in (None, "on", "off"):
        yield f"{env.OWNER_MQTT.name} is {env.OWNER_MQTT.value!r}; it must be one of on, off."
    address = urlsplit(env.OWNER_MQTT_URL.value or "mqtts://localhost")
    if address.scheme != "mqtts" or not address.hostname:
        yield f"{env.OWNER_MQTT_URL.name} must begin with mqtts:// and name a host: it is what owners type in."


def _production() -> Iterator[str]:
    if env.PROFILE.value not in ("production", "cluster"):
        return
    secret = env.SECRET_KEY.value or ""
    if not secret:
        yield "VETTURA_SECRET_KEY is not set; production needs a long random value."
    elif len(secret) < SHORTEST_SECRET or len(set(secret)) < 10:
        yield f"VETTURA_SECRET_KEY is too easy to guess; use at least {SHORTEST_SECRET} random signs."
    if not (env.BASE_URL.value or "").startswith("https://"):
        yield "VETTURA_BASE_URL must begin with https:// in production."
    for variable in (env.CARDS_KEY, env.CARDS_PUBLIC_KEY, env.CARDS_WEBHOOK_SECRET, env.SMS_ACCOUNT, env.SMS_TOKEN):
        if variable.value == variable.default:
            yield f"{variable.name} still has the value of the demo's sandbox; set the provider's own."
    for variable in (env.CARDS_URL, env.SMS_URL):
        if not variable.value:
            yield f"{variable.name} is not set; production has no sandbox."
