"""`vettura up`: everything on one machine, in order, until Ctrl-C; `down` and `status` speak to it from outside."""

from __future__ import annotations

import contextlib
import fcntl
import ipaddress
import json
import os
import shutil
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from vettura import compat
from vettura.config import environment as env
from vettura.identity.adapters.keys import ensure_oidc_key
from vettura.launcher import assets, children, translations
from vettura.launcher.certificates import ensure_keys
from vettura.launcher.doctor import refuse_unsafe
from vettura.launcher.errors import LauncherError
from vettura.launcher.nats import EmbeddedNats
from vettura.launcher.places import Places
from vettura.launcher.postgres import EmbeddedPostgres
from vettura.launcher.progress import say, step
from vettura.launcher.supervisor import Supervisor
from vettura.launcher.welcome import demo_car, welcome
from vettura.notifications.adapters.push_keys import ensure_push_key

PATIENCE_SECONDS = 60
LOOK_SECONDS = 0.2
STOP_PATIENCE_SECONDS = 60
LAST_BREATH_SECONDS = 2


@dataclass(frozen=True)
class Plan:
    """What `vettura up` was asked for."""

    places: Places
    profile: str
    host: str
    expose_demo: bool

    @property
    def has_owner_mqtt(self) -> bool:
        """Whether programs of owners are let in over MQTT."""
        return (env.OWNER_MQTT.value or ("on" if self.profile == "demo" else "off")) == "on"

    def refuse_impossible(self) -> None:
        """Raise LauncherError for what can be seen before anything starts."""
        if self.profile == "demo" and not _is_loopback(self.host) and not self.expose_demo:
            raise LauncherError(
                f"The demo has known passwords and made-up money, so it only listens on this machine. "
                f"To listen on {self.host} all the same, add --expose-demo."
            )
        refuse_unsafe()
        wanted = ["web"]
        if self.profile == "demo":
            wanted += ["tls", "smtp", "imap", "car"]
        if not env.NATS_URL.value:
            wanted += ["nats", "mqtt"]
        if self.has_owner_mqtt:
            wanted.append("owner_mqtt")
        self.places.ports.refuse_taken(wanted)


class Stopped(BaseException):
    """Somebody asked us to stop."""


def up(plan: Plan) -> None:
    """Run everything until Ctrl-C or SIGTERM, then stop it in reverse. Raises LauncherError with a sentence."""
    data_dir = plan.places.data_dir
    data_dir.mkdir(parents=True, exist_ok=True)
    plan.places.logs_dir.mkdir(exist_ok=True)
    with contextlib.suppress(Stopped, KeyboardInterrupt), _signals_raise(), _lock(plan.places) as note:
        plan.refuse_impossible()
        began = time.monotonic()
        say("Starting Vettura")
        with ExitStack() as stack:
            stack.callback(lambda: say("Vettura has stopped."))
            environment = _servers(plan, stack)
            _prepare(environment)
            supervisor = Supervisor(plan.places.logs_dir, environment, lambda line: say(f"  ! {line}"))
            stack.callback(supervisor.stop)
            stack.callback(_ignore_signals)
            _processes(plan, supervisor, environment)
            note({"pid": os.getpid(), "base_url": environment["VETTURA_BASE_URL"], **_state(plan, supervisor)})
            welcome(environment, plan, seconds=time.monotonic() - began)
            while True:
                time.sleep(LOOK_SECONDS)
                before = supervisor.process_ids()
                supervisor.look()
                if supervisor.process_ids() != before:
                    note({"pid": os.getpid(), "base_url": environment["VETTURA_BASE_URL"], **_state(plan, supervisor)})


def _servers(plan: Plan, stack: ExitStack) -> dict[str, str]:
    """Start what is not given from outside; returns the environment of all our processes."""
    places, ports = plan.places, plan.places.ports
    environment = {
        **os.environ,
        "VETTURA_PROFILE": plan.profile,
        "VETTURA_DATA_DIR": str(places.data_dir),
        "VETTURA_BASE_URL": os.environ.get("VETTURA_BASE_URL") or f"http://localhost:{ports.web}",
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "vettura.config.settings",
    }
    if plan.has_owner_mqtt and not env.OWNER_MQTT_URL.value:
        host = urlsplit(environment["VETTURA_BASE_URL"]).hostname or "localhost"
        environment["VETTURA_OWNER_MQTT_URL"] = f"mqtts://{host}:{ports.owner_mqtt}"
    if plan.profile == "demo" and "VETTURA_SMTP_URL" not in os.environ:
        environment["VETTURA_SMTP_URL"] = f"smtp://127.0.0.1:{ports.smtp}"
    if plan.profile == "demo" and "VETTURA_IMAP_URL" not in os.environ:
        environment["VETTURA_IMAP_URL"] = f"imap://mailbox:sandbox@127.0.0.1:{ports.imap}/INBOX"
        environment["VETTURA_MAIL_AUTHSERV"] = "mx.sandbox"
    with step("Keys and certificates"):
        hosts = [host.strip() for host in (env.EXTRA_HOSTS.value or "").split(",") if host.strip()]
        # unmodified clients of another platform insist on its names; in the demo they are pointed here
        ensure_keys(places.keys_dir, [*hosts, *(compat.HOSTS if plan.profile == "demo" else [])])
        ensure_oidc_key(places.keys_dir / "oidc.pem")
        ensure_push_key(places.keys_dir / "vapid.pem")
    if not env.DATABASE_URL.value:
        with step("PostgreSQL"):
            database = EmbeddedPostgres(places.data_dir / "postgres", places.socket_dir)
            stack.callback(database.stop)
            database.start()
            environment["VETTURA_DATABASE_URL"] = database.url
    if not env.NATS_URL.value:
        with step("NATS"):
            broker = EmbeddedNats(
                places.data_dir / "nats",
                places.keys_dir,
                client_port=ports.nats,
                mqtt_port=ports.mqtt,
                mqtt_host="127.0.0.1" if _is_loopback(plan.host) else plan.host,
                log_path=places.logs_dir / "nats.log",
            )
            stack.callback(broker.stop)
            broker.start()
            environment["VETTURA_NATS_URL"] = broker.url
            environment["VETTURA_MQTT_URL"] = os.environ.get("VETTURA_MQTT_URL") or broker.mqtt_url
    return environment


def _prepare(environment: Mapping[str, str]) -> None:
    with step("Translations"):
        translations.compile_all()
    with step("Typefaces and styles"):
        try:
            assets.build()
        except assets.AssetsFailed as error:
            raise LauncherError(f"The pages' assets could not be built:\n{error}") from error
    preparing = children.start(
        [sys.executable, "-m", "vettura.launcher.prepare"], output=sys.stdout.fileno(), environment=environment
    )
    try:
        if preparing.wait() != 0:
            raise LauncherError("Vettura could not be prepared; the reason is above.")
    finally:
        children.stop(preparing)


def _processes(plan: Plan, supervisor: Supervisor, environment: Mapping[str, str]) -> None:
    ports = plan.places.ports
    vin = demo_car() if plan.profile == "demo" else None
    web = ["web", "--host", plan.host, "--port", str(ports.web)]
    if plan.profile == "demo":
        web += ["--tls-port", str(ports.tls)]
    if plan.expose_demo:
        web.append("--expose-demo")
    with step("Web, worker and link"):
        supervisor.start("web", web)
        if plan.has_owner_mqtt:
            exposed = ["--expose-demo"] if plan.expose_demo else []
            supervisor.start("mqtt", ["mqtt", "--host", plan.host, "--port", str(ports.owner_mqtt), *exposed])
        supervisor.start("worker", ["worker"])
        supervisor.start("link", ["link"])
        if not supervisor.is_ready("link", patience_seconds=PATIENCE_SECONDS):
            _refuse_crashed("link", supervisor)
            raise LauncherError(f"The process `link` did not get ready. See {supervisor.log_of('link')}.")
        if vin is not None:
            # not before the link: the broker would ask nobody whether the car may come in, and keep it waiting
            supervisor.start("car", ["car", vin, "--port", str(ports.car)])
        _wait_for_web(f"http://127.0.0.1:{ports.web}", supervisor)
    if vin is not None:
        with step(f"Car {vin}"):
            _wait_for_port(ports.car, "car", supervisor)


def _wait_for_web(base_url: str, supervisor: Supervisor) -> None:
    """Come back when dependencies answer and the first page does not fail."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    last = "no answer"
    while time.monotonic() < give_up_at:
        _refuse_crashed("web", supervisor)
        try:
            with urllib.request.urlopen(f"{base_url}/readyz", timeout=5) as answer:  # noqa: S310 our own http address
                if answer.status == 200:
                    break
        except urllib.error.HTTPError as error:
            last = error.read().decode(errors="replace")
        except OSError as error:
            last = str(error)
        time.sleep(0.05)
    else:
        raise LauncherError(f"The web process did not get ready ({last}). See {supervisor.log_of('web')}.")
    try:
        # the first page loads every address and template: nobody should wait for that, or find it broken
        urllib.request.urlopen(f"{base_url}/", timeout=PATIENCE_SECONDS).close()  # noqa: S310 our own http address
    except OSError as error:
        raise LauncherError(f"The first page fails ({error}). See {supervisor.log_of('web')}.") from error


def _wait_for_port(port: int, name: str, supervisor: Supervisor) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        _refuse_crashed(name, supervisor)
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise LauncherError(f"The process `{name}` does not answer on port {port}. See {supervisor.log_of(name)}.")


def _refuse_crashed(name: str, supervisor: Supervisor) -> None:
    for child in supervisor.children:
        if child.name == name and child.process is not None and child.process.poll() is not None:
            log = supervisor.log_of(name)
            said = "\n".join(log.read_text(errors="replace").splitlines()[-12:])
            raise LauncherError(f"The process `{name}` ended at once. The end of {log}:\n{said}")


def _state(plan: Plan, supervisor: Supervisor) -> dict[str, Any]:  # JSON
    return {"profile": plan.profile, "ports": asdict(plan.places.ports), "processes": supervisor.process_ids()}


def down(places: Places) -> bool:
    """Stop the `vettura up` of this data folder and wait until it is gone; says whether there was one."""
    state = running(places)
    if state is None:
        places.lock_file.unlink(missing_ok=True)
        if not places.socket_dir_is_used():
            shutil.rmtree(places.socket_dir, ignore_errors=True)  # left behind by a `vettura up` that was killed
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(state["pid"], signal.SIGTERM)
    give_up_at = time.monotonic() + STOP_PATIENCE_SECONDS
    while running(places) is not None:
        if time.monotonic() > give_up_at:
            raise LauncherError(f"Process {state['pid']} does not stop. See {places.logs_dir}.")
        time.sleep(0.05)
    give_up_at = time.monotonic() + LAST_BREATH_SECONDS
    with contextlib.suppress(ProcessLookupError):
        while time.monotonic() < give_up_at:  # all its servers are gone; a machine may list the dead one for longer
            os.kill(state["pid"], 0)
            time.sleep(0.02)
    return True


def running(places: Places) -> dict[str, Any] | None:  # JSON
    """What the `vettura up` of this data folder noted, or None when none runs."""
    try:
        file = places.lock_file.open("r+")
    except FileNotFoundError:
        return None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with contextlib.suppress(ValueError):
                state: dict[str, Any] = json.loads(file.read())
                return state
            return {"pid": 0, "base_url": "", "profile": "", "ports": {}, "processes": {}}
        return None


def refuse_second(places: Places) -> None:
    """Raise LauncherError when a `vettura up` runs in this data folder."""
    state = running(places)
    if state is not None:
        raise LauncherError(
            f"Vettura runs already in {places.data_dir} (process {state['pid']}, {state['base_url']}). "
            f"`vettura down` stops it."
        )


@contextlib.contextmanager
def _lock(places: Places) -> Iterator[Any]:  # a function that notes the state
    refuse_second(places)
    with places.lock_file.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

        def note(content: Mapping[str, Any]) -> None:
            file.seek(0)
            file.truncate()
            file.write(json.dumps(content))
            file.flush()

        note({"pid": os.getpid(), "base_url": "starting", "profile": "", "ports": {}, "processes": {}})
        try:
            yield note
        finally:
            places.lock_file.unlink(missing_ok=True)


@contextlib.contextmanager
def _signals_raise() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped

    former = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _ignore_signals() -> None:
    """Stopping has begun: a second Ctrl-C must not leave half of it running."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


def _is_loopback(host: str) -> bool:
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def log_path(places: Places) -> Path:
    """What a detached `vettura up` says."""
    return places.logs_dir / "up.log"
