import asyncio
import itertools
import socket
import threading
import time
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from vettura_car.build import load_build
from vettura_car.car import Car
from vettura_car.commands import Commands
from vettura_car.pages import make_app
from vettura_pack import load_pack
from vettura_wire import signing
from vettura_wire.clock import real_now, real_now_ms
from vettura_wire.payloads import Command, Document, Reply, Result

PACK_DIR = Path(__file__).parents[2] / "packs" / "porsche"
VIN = "WP0ZZZY1ZLSA00001"
MAIN, SECOND = "main-account", "second-account"
HOST = "localhost:8100"


class Browser:
    """A browser without script that has the car's page open."""

    def __init__(self, car, *, host=HOST, **headers) -> None:
        self.options = {
            "transport": httpx.ASGITransport(app=make_app(car, hosts=frozenset({HOST}))),
            "base_url": f"http://{host}",
            "headers": headers,
        }

    def get(self, address):
        return asyncio.run(self._request("GET", address))

    def post(self, address, data=None, *, follow_redirects=True):
        return asyncio.run(self._request("POST", address, data=data, follow_redirects=follow_redirects))

    async def _request(self, method, address, **options):
        async with httpx.AsyncClient(**self.options) as client:
            return await client.request(method, address, **options)


class Platform:
    """What the platform would say to one car: signed documents, commands with rising counters."""

    def __init__(self) -> None:
        key = Ed25519PrivateKey.generate()
        self.private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        self.keys = signing.read_keys(signing.write_keys([public]))
        self.counters = itertools.count(1)
        self.versions = itertools.count(1)

    def command(
        self, type_="lock", *, vin=VIN, counter=None, lifetime_ms=60_000, issued=None, id_=None, **params
    ) -> bytes:
        number = next(self.counters) if counter is None else counter
        now = real_now_ms() if issued is None else issued
        payload = Command(
            id=id_ or f"command-{number}",
            vin=vin,
            type=type_,
            counter=number,
            issued=now,
            expires=now + lifetime_ms,
            params=params,
        )
        return signing.sign(payload, self.private)

    def document(self, name, body, *, vin=VIN, version=None) -> Document:
        return Document(vin=vin, name=name, version=version or next(self.versions), body=body)

    def users(self, *, main_linked=True, signed_in=MAIN, remote_access=True) -> Document:
        users = [
            {"account_id": MAIN, "name": "Giulia Ferraro", "role": "main_user"},
            {"account_id": SECOND, "name": "Marco Ferraro", "role": "secondary_user"},
        ]
        body = {"users": users, "main_linked": main_linked, "signed_in": signed_in, "remote_access": remote_access}
        return self.document("users", body)

    def hello_reply(self, car, **versions: int) -> Reply:
        """The answer to a hello: the versions of the documents that the platform has."""
        return Reply(vin=car.vin, to="hello", body={"protocol": 1, "documents": versions})

    def contracts(self, car, *service_ids, days=30) -> Document:
        now = real_now()
        services = [service for service in car.build.services() if not service_ids or service.id in service_ids]
        entries = [
            {
                "id": service.id,
                "name": dict(service.name),
                "starts_at": (now - timedelta(days=1)).isoformat(),
                "ends_at": (now + timedelta(days=days)).isoformat(),
                "phase": "paid",
                "commands": list(service.commands),
            }
            for service in services
        ]
        return self.document("contracts", {"services": entries})


@pytest.fixture(scope="session")
def pack():
    return load_pack(PACK_DIR)


@pytest.fixture
def platform():
    return Platform()


@pytest.fixture
def make_car(pack, tmp_path):
    def make(generation="TAY", *, folder=tmp_path, drive=None, country="IT", language="it", **changes) -> Car:
        build = load_build(
            vin=VIN, folder=folder, pack=pack, pack_dir=PACK_DIR, generation=generation,
            drive=drive or pack.generations[generation].drives[0], country=country, language=language,
        )  # fmt: skip
        car = Car(build, folder, speed=1000)
        for name, value in changes.items():
            setattr(car.condition, name, value)
        return car

    return make


@pytest.fixture
def ready_car(make_car, platform):
    """A car with its users, all contracts in force and remote access."""

    def make(generation="TAY", **options) -> Car:
        car = make_car(generation, **options)
        car.take_document(platform.users())
        car.take_document(platform.contracts(car))
        connect(car)
        return car

    return make


@pytest.fixture
def served():
    """Serve a car's page; gives its address."""
    servers = []

    def serve(car) -> str:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        app = make_app(car, hosts=frozenset({f"localhost:{port}"}))
        server = uvicorn.Server(
            uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=1)
        )
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        servers.append((server, thread))
        deadline = time.monotonic() + 10
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        return f"http://localhost:{port}"

    yield serve
    for server, thread in servers:
        server.should_exit = True
        thread.join(timeout=10)


@pytest.fixture
def page_of():
    def page(car, **headers) -> Browser:
        return Browser(car, **{"origin": f"http://{HOST}", **headers})

    return page


def connect(car):
    """Say hello, as after every connection."""
    hello = car.uplink.hello()
    car.note_link(True)
    return hello


def reports(car) -> list[tuple[str, object]]:
    """Everything the car sends now, taken by the broker."""
    sent = []
    for item in car.uplink.outgoing():
        sent.append((item.kind, item.payload))
        item.taken()
    return sent


def results(car, commands: Commands | None = None) -> list[tuple[str, str, str | None]]:
    """The results the car sends now: command, status, cause."""
    unremembered = commands.unremembered if commands else []
    found = [payload for _, payload in reports(car) if isinstance(payload, Result)] + unremembered
    return [(result.command_id, str(result.status), result.cause) for result in found]
