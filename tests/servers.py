"""Servers for tests: a real broker, and the whole platform."""

import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from vettura import compat
from vettura.identity.adapters.keys import ensure_oidc_key
from vettura.launcher.build import build_of
from vettura.launcher.certificates import ensure_keys, provision
from vettura.launcher.nats import EmbeddedNats
from vettura.launcher.places import free_port
from vettura.launcher.supervisor import Supervisor

START_PATIENCE_SECONDS = 90


@dataclass(frozen=True)
class Broker:
    """A running broker with its authority and keys."""

    url: str
    mqtt_url: str
    mqtt_port: int
    data_dir: Path
    keys_dir: Path
    server: EmbeddedNats

    def restart(self) -> None:
        """Every connection drops; what streams hold stays."""
        self.server.stop()
        self.server.start()

    @property
    def platform_seed(self) -> str:
        """What our own processes sign in with."""
        return (self.keys_dir / "nats-platform.seed").read_text().strip()

    def provision(self, vin: str, **build: object) -> Path:
        """Write a car's certificate and keys; returns its folder."""
        return provision(self.data_dir, vin, build or None)


@pytest.fixture(scope="session")
def nats_server() -> Iterator[Broker]:
    """A running broker with MQTT over TLS on free ports; the settings of this run point there."""
    from django.conf import settings

    from vettura.vehicle_link import ports

    with _broker() as broker:
        settings.VETTURA_NATS_URL = broker.url
        settings.VETTURA_MQTT_URL = broker.mqtt_url
        ports.install(None)  # what was opened before this broker was there speaks to nobody
        yield broker


@contextlib.contextmanager
def _broker() -> Iterator[Broker]:
    data_dir = Path(os.environ["VETTURA_DATA_DIR"])
    keys_dir = data_dir / "keys"
    ensure_keys(keys_dir, compat.HOSTS)
    streams = Path(tempfile.mkdtemp(prefix="vtn"))
    server = EmbeddedNats(streams, keys_dir, client_port=free_port(), mqtt_port=free_port())
    try:
        server.start()
        yield Broker(server.url, server.mqtt_url, server.mqtt_port, data_dir, keys_dir, server)
    finally:
        server.stop()
        shutil.rmtree(streams, ignore_errors=True)


@dataclass
class Platform:
    """The running platform: web, worker and link as processes of their own, on the test database and a broker of its own."""

    base_url: str
    broker: Broker
    supervisor: Supervisor
    tls_port: int = 0

    @property
    def outbox_url(self) -> str:
        """Where mails and text messages can be read."""
        return f"{self.base_url}/sandbox/outbox/"

    def start_car(self, vin: str, *, speed: float = 20.0) -> str:
        """Provision a registered car, start it, and return the address of its page once it answers."""
        port = free_port()
        self.broker.provision(vin, **build_of(vin))
        self.supervisor.start(f"car-{vin}", ["car", vin, "--port", str(port), "--speed", str(speed)])
        self._wait_for(f"http://localhost:{port}/", f"car-{vin}")
        return f"http://localhost:{port}"

    def stop_car(self, vin: str) -> None:
        """End a car's process, as if it drove into a tunnel."""
        self.supervisor.end(f"car-{vin}")

    def log(self, name: str) -> str:
        """What a process said, for the message of a failed assertion."""
        path = self.supervisor.log_of(name)
        return path.read_text(errors="replace") if path.exists() else ""

    def _wait_for(self, url: str, name: str) -> None:
        give_up_at = time.monotonic() + START_PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            child = next(child for child in self.supervisor.children if child.name == name)
            if child.process is not None and child.process.poll() is not None:
                break
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(url, timeout=5).status_code < 400:
                    return
            time.sleep(0.05)
        pytest.fail(f"{name} did not start:\n{self.log(name)[-3000:]}")


@pytest.fixture(scope="module")
def live_platform(django_db_setup: None) -> Iterator[Platform]:
    """
    The platform as `vettura up` runs it, on the test database.

    What a test writes must be committed for it to be seen: use `transactional_db`. Its clock is the real one.
    """
    from django.conf import settings

    from vettura.vehicle_link import ports

    port, tls_port, smtp_port = free_port(), free_port(), free_port()
    base_url = f"http://localhost:{port}"
    logs = Path(tempfile.mkdtemp(prefix="vtl"))
    with _broker() as broker:
        ensure_oidc_key(broker.keys_dir / "oidc.pem")
        database = settings.DATABASES["default"]
        environment = {
            **os.environ,
            "VETTURA_DATABASE_URL": (
                f"postgresql://{database['USER']}:{database['PASSWORD']}@/{database['NAME']}"
                f"?host={database['HOST']}&port={database['PORT'] or 5432}"
            ),
            "VETTURA_NATS_URL": broker.url,
            "VETTURA_MQTT_URL": broker.mqtt_url,
            "VETTURA_BASE_URL": base_url,
            "VETTURA_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "PYTHONUNBUFFERED": "1",
        }
        names = ("VETTURA_NATS_URL", "VETTURA_MQTT_URL", "VETTURA_BASE_URL")
        former = {name: getattr(settings, name) for name in names}
        for name, value in zip(names, (broker.url, broker.mqtt_url, base_url), strict=True):
            setattr(settings, name, value)
        ports.install(None)  # this process speaks to this broker too, as long as it is there
        platform = Platform(base_url, broker, Supervisor(logs, environment, lambda line: None), tls_port)
        try:
            platform.supervisor.start("web", ["web", "--port", str(port), "--tls-port", str(tls_port)])
            platform.supervisor.start("worker", ["worker"])
            platform.supervisor.start("link", ["link"])
            assert platform.supervisor.is_ready("link", patience_seconds=START_PATIENCE_SECONDS), platform.log("link")
            platform._wait_for(f"{base_url}/readyz", "web")
            yield platform
        finally:
            ports.install(None)  # opened anew for whatever broker the settings name then
            for name, value in former.items():
                setattr(settings, name, value)
            platform.supervisor.stop()
            shutil.rmtree(logs, ignore_errors=True)
