"""
The published `porschecli`, byte for byte, through a proxy to the platform's HTTPS, with a car that really runs (conformance case 2).

One story: a start of the client takes a second, so each word is said once.
"""

import json
import os
import subprocess
import sys
import time

import httpx
import pytest
from tests import identity_facts as facts
from tests.compat.cars import registered_car
from tests.foreign_clients import folder_of

from vettura.identity import actions, queries
from vettura.launcher.places import free_port
from vettura.vehicle_link.models import RemoteCommand, VehicleLink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.parametrize("version", ["0.2.9"])]

PATIENCE_SECONDS = 60


def eventually(question, what: str):
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not (found := question()):
        assert time.monotonic() < give_up_at, what
        time.sleep(0.1)
    return found


class Cli:
    """The executable with its own home; what it prints, as JSON."""

    def __init__(self, home, platform, email: str, version: str, proxy: int) -> None:
        self.folder, self.home, self.email = folder_of(f"pyporscheconnectapi-{version}"), home, email
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "PYTHONPATH": str(self.folder),
            "HTTPS_PROXY": f"http://127.0.0.1:{proxy}",
            "NO_PROXY": "",
            "SSL_CERT_FILE": str(platform.broker.keys_dir / "ca.pem"),
            "COLUMNS": "200",
        }

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [
            sys.executable,
            str(self.folder / "bin" / "porschecli"),
            "-j",
            "-e",
            self.email,
            "-p",
            facts.PASSWORD,
        ]
        return subprocess.run(
            [*command, *words],
            check=False,
            cwd=self.home,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )

    def says(self, *words: str):
        done = self.run(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def tunnel(live_platform):
    port = free_port()
    live_platform.supervisor.start("tunnel", ["tunnel", "--port", str(port), "--tls-port", str(live_platform.tls_port)])
    yield port
    live_platform.supervisor.end("tunnel")


@pytest.mark.conformance(2)
def test_a_new_user_lists_locks_opens_and_heats_a_car_with_the_published_client(
    live_platform, tunnel, tmp_path, version
):
    person = facts.account(pin="1234")
    actions.allow_foreign_apps(account=person, is_on=True)
    car = registered_car(person)
    page = live_platform.start_car(car.vin)
    eventually(lambda: VehicleLink.objects.filter(vehicle=car, is_online=True).exists(), "the car is there")
    cli = Cli(tmp_path, live_platform, person.email, version, tunnel)

    def asked(word: str, *more: str):
        return cli.says(word, "-v", car.vin, *more)

    assert cli.says("list")["vin"] == car.vin
    assert (tmp_path / ".session").exists()
    assert eventually(lambda: asked("battery"), "the car has reported") > 0
    assert asked("lock_vehicle") == "PERFORMED"
    assert asked("storedoverview")["LOCK_STATE_VEHICLE"]["isLocked"] is True
    assert asked("unlock_vehicle", "-n", "1234") == "PERFORMED"
    assert httpx.get(f"{page}/state.json").json()["locked"] is False
    assert cli.run("unlock_vehicle", "-v", car.vin, "-n", "9999").returncode != 0
    assert queries.pin_attempts_left(account=person, car=car.vin) == 2
    assert asked("climatise_on") == "PERFORMED"
    assert asked("chargingsettings", "--targetsoc", "75") == "PERFORMED"
    current = asked("currentoverview")
    assert current["HVAC_SUMMARY"]["status"] == "ON"
    assert current["CHARGING_SETTINGS"]["targetSoc"] == 75
    assert asked("pictures")["sideView"].endswith(".png")
    assert asked("trip_statistics")["vin"] == car.vin
    # what woke the car for the current overview was one command of ours
    assert RemoteCommand.objects.filter(vehicle=car, type="locate", status="done").count() == 1


def test_the_tunnel_leads_nowhere_else(tunnel, version):
    eventually(lambda: _answers(tunnel), "the tunnel listens")

    with pytest.raises(httpx.ProxyError, match="403"):
        httpx.get("https://example.org/", proxy=f"http://127.0.0.1:{tunnel}")


def _answers(port: int) -> bool:
    try:
        httpx.get(f"http://127.0.0.1:{port}/", timeout=2)
    except httpx.ConnectError:
        return False
    except httpx.HTTPError:
        return True
    return True
