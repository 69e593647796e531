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

DATABASE = "journeys"


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


@pytest.fixture(scope="module")
def pack() -> str:
    """The brand pack of the story."""
    return "porsche"


@pytest.fixture(scope="module")
def live_platform(postgres: str, pack: str) -> Iterator[Running]:
    """Web, worker and link as processes on a fresh database and broker, with the demo world of the pack loaded."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {DATABASE}")
    port, smtp_port = free_port(), free_port()
    logs = Path(tempfile.mkdtemp(prefix="vtl"))
    with _broker() as broker:
        ensure_oidc_key(broker.keys_dir / "oidc.pem")
        platform = Running(f"http://localhost:{port}", broker, None)  # type: ignore[arg-type]  # set below
        platform.environment = {
            **os.environ,
            "VETTURA_PROFILE": "demo",
            "VETTURA_PACK": pack,
            "VETTURA_DATABASE_URL": urlsplit(postgres)._replace(path=f"/{DATABASE}").geturl(),
            "VETTURA_NATS_URL": broker.url,
            "VETTURA_MQTT_URL": broker.mqtt_url,
            "VETTURA_BASE_URL": platform.base_url,
            "VETTURA_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "PYTHONUNBUFFERED": "1",
        }
        platform.supervisor = Supervisor(logs, platform.environment, lambda line: None)
        prepared = subprocess.run(
            [sys.executable, "-m", "vettura.launcher.prepare"],
            env=platform.environment, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert prepared.returncode == 0, prepared.stdout + prepared.stderr
        try:
            platform.supervisor.start("web", ["web", "--port", str(port)])
            platform.supervisor.start("worker", ["worker"])
            platform.supervisor.start("link", ["link"])
            platform._wait_for(f"{platform.base_url}/readyz", "web")
            yield platform
        finally:
            platform.supervisor.stop()
            shutil.rmtree(logs, ignore_errors=True)
            with suppress(psycopg.Error), psycopg.connect(postgres, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


__all__ = ["Broker", "Running"]
