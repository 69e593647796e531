"""The platform as people run it, on a database of its own with the demo world: journeys see it only from outside."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from tests.servers import Broker, Platform, _broker

from vettura.identity.adapters.keys import ensure_oidc_key
from vettura.launcher.places import free_port
from vettura.launcher.supervisor import Supervisor

STORY = "journeys"
# help is asked as it answers a moment after a start; otherwise each story's worker would learn first
LEARN = """
from vettura.launcher.django_setup import set_up
set_up()
from vettura.help_center import actions
actions.learn()
"""


class Running(Platform):
    """A running platform that knows how its processes are started."""

    environment: dict[str, str]

    def start_car(self, vin: str, *, speed: float = 20.0) -> str:
        """Provision a registered car and start it, with the commands of the README; returns the address of its page."""
        port = free_port()
        self.run("provision", vin)
        self.supervisor.start(f"car-{vin}", ["car", vin, "--port", str(port), "--speed", str(speed)])
        self._wait_for(f"http://localhost:{port}/", f"car-{vin}")
        return f"http://localhost:{port}"

    def run(self, *arguments: str) -> str:
        """Run a `vettura` command to its end and return what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "vettura.launcher.main", *arguments],
            env=self.environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


class Worlds:
    """Databases with the demo world of a pack: making one takes many seconds, copying it less than one."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._made: set[str] = set()

    def address(self, database: str) -> str:
        """The address of a database of this server."""
        return urlsplit(self._server)._replace(path=f"/{database}").geturl()

    def copy(self, pack: str, environment: dict[str, str]) -> None:
        """Begin the story's database as a copy of the pack's world."""
        world = f"world_{pack}"
        if pack not in self._made:
            self._execute(f"DROP DATABASE IF EXISTS {world} WITH (FORCE)", f"CREATE DATABASE {world}")
            for command in (["-m", "vettura.launcher.prepare"], ["-c", LEARN]):
                done = subprocess.run(
                    [sys.executable, *command],
                    env={**environment, "VETTURA_DATABASE_URL": self.address(world)},
                    capture_output=True, text=True, check=False, timeout=300,
                )  # fmt: skip
                assert done.returncode == 0, done.stdout + done.stderr
            # no story reads a manual from the shelf, and setting them all takes each story's worker the better part of a minute
            with psycopg.connect(self.address(world), autocommit=True) as connection:
                connection.execute(
                    "DELETE FROM procrastinate_jobs WHERE task_name IN ('help_center.make_manual', 'help_center.learn')"
                )
            self._made.add(pack)
        self._execute(f"DROP DATABASE IF EXISTS {STORY} WITH (FORCE)", f"CREATE DATABASE {STORY} TEMPLATE {world}")

    def drop(self) -> None:
        """Leave nothing behind."""
        with suppress(psycopg.Error):
            names = [STORY, *(f"world_{pack}" for pack in self._made)]
            self._execute(*(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in names))

    def _execute(self, *statements: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


@pytest.fixture(scope="module")
def pack() -> str:
    """The brand pack of the story."""
    return "porsche"


@pytest.fixture(scope="session")
def worlds(postgres: str) -> Iterator[Worlds]:
    """The demo world of each pack, made once and copied for each story."""
    made = Worlds(postgres)
    yield made
    made.drop()


@pytest.fixture(scope="module")
def live_platform(worlds: Worlds, pack: str) -> Iterator[Running]:
    """Web, worker and link as processes on a fresh database and broker, with the demo world of the pack loaded."""
    port, smtp_port = free_port(), free_port()
    logs = Path(tempfile.mkdtemp(prefix="vtl"))
    with _broker() as broker:
        ensure_oidc_key(broker.keys_dir / "oidc.pem")
        platform = Running(f"http://localhost:{port}", broker, None)  # type: ignore[arg-type]  # set below
        platform.environment = {
            **os.environ,
            "VETTURA_PROFILE": "demo",
            "VETTURA_PACK": pack,
            "VETTURA_DATABASE_URL": worlds.address(STORY),
            "VETTURA_NATS_URL": broker.url,
            "VETTURA_MQTT_URL": broker.mqtt_url,
            "VETTURA_BASE_URL": platform.base_url,
            "VETTURA_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "PYTHONUNBUFFERED": "1",
        }
        platform.supervisor = Supervisor(logs, platform.environment, lambda line: None)
        worlds.copy(pack, platform.environment)
        try:
            platform.supervisor.start("web", ["web", "--port", str(port)])
            platform.supervisor.start("worker", ["worker"])
            platform.supervisor.start("link", ["link"])
            platform._wait_for(f"{platform.base_url}/readyz", "web")
            yield platform
        finally:
            platform.supervisor.stop()
            shutil.rmtree(logs, ignore_errors=True)


__all__ = ["Broker", "Running"]
