"""The listener for owners over the real broker, and a program at its other end."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator

import paho.mqtt.client as paho
import pytest
from tests import link_facts as facts

from vettura.identity import actions as identity
from vettura.launcher.places import free_port
from vettura.owner_mqtt import guests, server
from vettura.vehicle_link.adapters.nats import connect_patiently

SECONDS = 10.0


class Home:
    """A home automation: connects, listens, and keeps what it is told, by topic the newest."""

    def __init__(self, port: int, authority: str, user: str, password: str, *, client_id: str = "", **more) -> None:
        self.heard: dict[str, str] = {}
        self.retained: set[str] = set()
        self.all: list[tuple[str, str]] = []
        self.answer: int | None = None
        self.is_gone = threading.Event()
        self.granted: list[int] = []
        self._answered = threading.Event()
        self._subscribed = threading.Event()
        self._client = paho.Client(
            paho.CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=more.pop("protocol", paho.MQTTv311),
            reconnect_on_failure=False,
        )
        if user or password:
            self._client.username_pw_set(user, password)
        self._client.tls_set_context(ssl.create_default_context(cafile=authority))
        self._client.on_connect = self._on_connect
        self._client.on_message = self._on_message
        self._client.on_subscribe = self._on_subscribe
        self._client.on_disconnect = lambda *_: self.is_gone.set()
        for name, value in more.items():
            getattr(self._client, name)(*value)
        self._client.connect("localhost", port, keepalive=30)
        self._client.loop_start()
        assert self._answered.wait(SECONDS)

    @property
    def is_in(self) -> bool:
        return self.answer == 0

    def listen(self, *filters: str) -> list[int]:
        """Subscribe, and what each filter was granted."""
        self._subscribed.clear()
        self._client.subscribe([(each, 1) for each in filters])
        assert self._subscribed.wait(SECONDS)
        return self.granted

    def say(self, topic: str, payload: str = "", *, qos: int = 1, retain: bool = False) -> None:
        """Publish, and wait until it was taken."""
        self._client.publish(topic, payload, qos=qos, retain=retain).wait_for_publish(SECONDS)

    def hears(self, topic: str, payload: str | Callable[[str], bool] | None = None) -> str:
        """What is said on a topic, once it is this."""

        def told() -> bool:
            if topic not in self.heard:
                return False
            said = self.heard[topic]
            return payload is None or (payload(said) if callable(payload) else said == payload)

        try:
            facts.eventually(told)
        except AssertionError:
            raise AssertionError(f"{topic}: {self.heard.get(topic)!r} of {sorted(self.heard)}") from None
        return self.heard[topic]

    def leave(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(self, _client, _data, _flags, reason, _properties) -> None:
        self.answer = 0 if not reason.is_failure else reason.value
        self._answered.set()

    def _on_message(self, _client, _data, message) -> None:
        self.heard[message.topic] = message.payload.decode()
        self.all.append((message.topic, message.payload.decode()))
        if message.retain:
            self.retained.add(message.topic)

    def _on_subscribe(self, _client, _data, _id, reasons, _properties) -> None:
        self.granted = [each.value for each in reasons]
        self._subscribed.set()


@pytest.fixture
def listener(transactional_db, nats_server, monkeypatch) -> Iterator[int]:
    """The listener, in a thread of this test, with short pauses; its port."""
    monkeypatch.setattr(guests, "SETTLE_SECONDS", 0.02)
    monkeypatch.setattr(guests, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(server, "REFUSED_AFTER_SECONDS", 0.0)
    where = server.Listener(
        "127.0.0.1", free_port(), nats_server.keys_dir / "server.pem", nats_server.keys_dir / "server.key"
    )
    loop, stop, ready = asyncio.new_event_loop(), asyncio.Event(), threading.Event()
    failures: list[BaseException] = []

    def work() -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(server.run(where, stop, connect=connect_patiently, ready=ready.set))
        except BaseException as failure:  # noqa: BLE001  # told to the test at the end
            failures.append(failure)
            ready.set()

    thread = threading.Thread(target=work, name="mqtt", daemon=True)
    thread.start()
    try:
        assert ready.wait(SECONDS)
        yield where.port
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=20)
        loop.close()
        assert not thread.is_alive(), "the listener did not stop"
        if failures:
            raise failures[0]


@pytest.fixture
def home(listener, nats_server) -> Iterator[Callable[..., Home]]:
    """Opens connections: `home(user, password)`."""
    opened: list[Home] = []

    def connect(user: str, password: str, **more) -> Home:
        opened.append(Home(listener, str(nats_server.keys_dir / "ca.pem"), user, password, **more))
        return opened[-1]

    yield connect
    for each in opened:
        each.leave()


EVERYTHING = ("status", "climate", "charging", "access", "alarms", "location")


@pytest.fixture
def password() -> Callable[..., str]:
    """Makes app passwords: `password(person, "status", …)`, with everything unless said."""

    def make(person, *scopes: str) -> str:
        return identity.make_app_password(account=person, name="Home", scopes=scopes or EVERYTHING).password

    return make
