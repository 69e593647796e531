"""Cars and their links for tests: made by the actions that people and cars use, spoken to over the real broker."""

import asyncio
import contextlib
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import aiomqtt
from django.conf import settings

from vettura import compat
from vettura.entitlements import actions as entitlements
from vettura.foundation import clock
from vettura.foundation.ids import new_id
from vettura.identity import actions as identity
from vettura.identity.models import Account
from vettura.launcher import certificates
from vettura.vehicle_link import actions, process, queries
from vettura.vehicle_link.models import RemoteCommand, VehicleLink
from vettura.vehicles import actions as vehicles
from vettura.vehicles import queries as vehicle_queries
from vettura.vehicles.models import Vehicle
from vettura_wire import payloads, signing, topics
from vettura_wire.clock import real_now

VIN = "WP0ZZZY1ZLSA00001"
OTHER_VIN = "WP0ZZZY1ZLSA00002"
PATIENCE_SECONDS = 10
START_PATIENCE_SECONDS = 30


def ensure_keys() -> None:
    """The platform's signing key, without which nothing goes down to a car."""
    certificates.ensure_keys(settings.VETTURA_KEYS_DIR, compat.HOSTS)


def account(email: str = "main@example.org", *, pin: str | None = "1234") -> Account:
    """A person who may sign in, with a PIN."""
    person = identity.create_account(
        email=email, given_name="Ada", family_name="Rossi", password="Vettura!2026", country="IT", phone="+393331234567"
    )
    if pin:
        identity.set_pin(account=person, pin=pin)
    return person


def vehicle(
    vin: str = VIN,
    *,
    main_user: Account | None = None,
    remote_access: bool = True,
    contracts: bool = True,
    equipment: tuple[str, ...] = ("connect_plus", "pvts_plus"),
) -> Vehicle:
    """An electric car of the newest generation, linked, with remote access and its inclusive contracts unless said."""
    ensure_keys()
    person = main_user or account(f"{vin.lower()}@example.org")
    car = vehicles.register_vehicle(
        car=vehicles.CarFacts(
            vin=vin,
            model_line="taycan",
            generation="TAY",
            model_name="Taycan 4S",
            model_year=2020,
            drive="BEV",
            equipment=equipment,
            country="IT",
        ),
        main_user=person,
    )
    if remote_access:
        grant(car, person)
    if contracts:
        entitlements.start_inclusive_contracts(vin=vin, at=clock.now())
    car.refresh_from_db()
    return car


def unused_vehicle(vin: str = VIN) -> Vehicle:
    """A car that is registered and has no users."""
    return vehicles.register_vehicle(
        car=vehicles.CarFacts(
            vin=vin,
            model_line="taycan",
            generation="TAY",
            model_name="Taycan 4S",
            model_year=2020,
            drive="BEV",
            equipment=(),
            country="IT",
        )
    )


def grant(car: Vehicle, person: Account) -> None:
    """The main user signs in to the car and grants remote access there."""
    sign_in = vehicles.begin_car_sign_in(vin=car.vin, event_id=str(uuid4()))
    vehicles.confirm_car_sign_in(by=person, user_code=sign_in.user_code)
    vehicles.grant_remote_access(vin=car.vin, account_id=person.id)


def hello(vin: str = VIN, **changes: object) -> payloads.Hello:
    """What a car says first; it holds no documents and remembers no commands unless said."""
    facts: dict[str, object] = {
        "vin": vin,
        "head_unit": "TAY",
        "software": "1.0",
        "documents": {},
        "highest_counter": 0,
        "has_memory": True,
        "connection": payloads.Connection(bearer="mobile", radio="LTE"),
        "sent_at": clock.real_now(),
    }
    return payloads.Hello(**(facts | changes))


def online(car: Vehicle) -> Vehicle:
    """A car that has said hello."""
    actions.record_hello(vin=car.vin, hello=hello(car.vin))
    return car


def command(
    car: Vehicle,
    *,
    type: str = "lock",
    command_id: UUID | None = None,
    lifetime: timedelta = timedelta(minutes=5),
    **more: object,
) -> RemoteCommand:
    """A command, as remote services would send it: they have just seen how the link stands."""
    link = VehicleLink.objects.filter(vehicle=car).first()
    return actions.send_command(
        vehicle=car,
        account_id=more.pop("account_id", UUID(int=1)),
        type=type,
        params=more.pop("params", {}),
        command_id=command_id or new_id(),
        lifetime=lifetime,
        standing=link and queries.Standing(link.highest_counter, link.is_online),
        **more,
    )


def result(sent: RemoteCommand, status: str = "done", **changes: object) -> payloads.Result:
    """What the car says of a command."""
    facts: dict[str, object] = {
        "command_id": str(sent.id),
        "status": status,
        "at": clock.real_now(),
        "request_hash": sent.request_hash,
    }
    return payloads.Result(**(facts | changes))


@contextlib.contextmanager
def running_link() -> Iterator[None]:
    """The link process, in a thread of this test; cars can come in."""
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    ready = threading.Event()
    failures: list[BaseException] = []

    def work() -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(process.run(stop, ready=ready.set))
        except BaseException as failure:  # noqa: BLE001  # told to the test at the end
            failures.append(failure)
            ready.set()

    thread = threading.Thread(target=work, name="link", daemon=True)
    thread.start()
    try:
        # before, the broker has nobody to ask and refuses every car
        assert ready.wait(START_PATIENCE_SECONDS), "the link did not come up"
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=20)
        loop.close()
        assert not thread.is_alive(), "the link did not stop"
        if failures:
            raise failures[0]


def eventually(question: Callable[[], object], *, patience: float = PATIENCE_SECONDS) -> object:
    """The first answer that is true. Fails when there is none in time."""
    give_up_at = time.monotonic() + patience
    while True:
        found = question()
        if found:
            return found
        assert time.monotonic() < give_up_at, f"not within {patience} seconds: {question}"
        time.sleep(0.02)


class Car:
    """A car's MQTT client, driven step by step from a test. It keeps what it hears, by kind."""

    def __init__(
        self, folder: Path, *, port: int, vin: str = VIN, client_id: str | None = None, certified: bool = True
    ) -> None:
        self.vin = vin
        self.heard: dict[str, list[bytes]] = defaultdict(list)
        self._keys = signing.read_keys((folder / "platform-keys.json").read_bytes())
        self._port = port
        self._client_id = client_id or vin
        self._tls = ssl.create_default_context(cafile=str(folder / "ca.pem"))
        if certified:
            self._tls.load_cert_chain(folder / "car.pem", folder / "car.key")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._client: aiomqtt.Client | None = None
        self._gone: asyncio.Event | None = None
        self._session: Future[None] | None = None

    def __enter__(self) -> "Car":
        self._thread.start()
        connected: Future[None] = Future()
        self._session = asyncio.run_coroutine_threadsafe(self._run(connected), self._loop)
        try:
            connected.result(PATIENCE_SECONDS + 1)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._gone is not None:
            self._loop.call_soon_threadsafe(self._gone.set)
        assert self._session is not None
        with contextlib.suppress(Exception):
            self._session.result(PATIENCE_SECONDS)
        self._stop()

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _run(self, connected: "Future[None]") -> None:
        self._gone = asyncio.Event()
        try:
            async with aiomqtt.Client(
                "localhost",
                self._port,
                identifier=self._client_id,
                protocol=aiomqtt.ProtocolVersion.V311,
                tls_context=self._tls,
                timeout=PATIENCE_SECONDS,
                will=aiomqtt.Will(topics.up(self.vin, topics.OFFLINE), b"", qos=1),
            ) as client:
                self._client = client
                await client.subscribe(topics.down_filter(self.vin), qos=0)
                connected.set_result(None)
                listening = asyncio.create_task(self._listen(client))
                await self._gone.wait()
                listening.cancel()
        except BaseException as error:  # noqa: BLE001  # told to the test that waits
            if not connected.done():
                connected.set_exception(error)

    async def _listen(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            self.heard[str(message.topic).rpartition("/")[2]].append(bytes(message.payload))

    def _do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_SECONDS + 1)

    def publish(self, topic: str, payload: bytes) -> None:
        """Send bytes to any topic, acknowledged."""
        assert self._client is not None
        self._do(self._client.publish(topic, payload, qos=1))

    def subscribe(self, topic: str) -> list[int]:
        """Ask to hear a topic; the broker's answer (128 is no)."""
        assert self._client is not None
        return [int(code.value) for code in self._do(self._client.subscribe(topic, qos=0))]

    def say(self, kind: str, payload) -> None:
        """Send a payload under the car's own topic of this kind."""
        self.publish(topics.up(self.vin, kind), payloads.encode(payload))

    def say_hello(self, **changes: object) -> None:
        """Say hello, with the time it really is."""
        self.say(topics.HELLO, hello(self.vin, sent_at=real_now(), **changes))

    def hear(self, kind: str, *, count: int = 1) -> list:
        """The verified messages of a kind, once there are that many."""
        eventually(lambda: len(self.heard[kind]) >= count)
        return [signing.verify(token, self._keys) for token in self.heard[kind]]

    def answer(self, status: str = "done", *, count: int = 1, **changes: object) -> payloads.Result:
        """Wait for the command of this number and say how far it came."""
        sent = self.hear(topics.COMMAND, count=count)[count - 1]
        said = payloads.Result(
            command_id=sent.id,
            status=status,
            at=real_now(),
            request_hash=signing.request_hash(self.heard[topics.COMMAND][count - 1]),
        )
        self.say(topics.RESULT, said)
        return said


def has_remote_access(car: Vehicle) -> bool:
    """Whether the platform may reach the car now."""
    return vehicle_queries.has_remote_access(vehicle=car)
