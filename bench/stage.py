"""The stage: servers of our own on free ports, a world with cars, and the platform's processes."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

if TYPE_CHECKING:
    from vettura.identity.models import Account
    from vettura.launcher.nats import EmbeddedNats
    from vettura.launcher.postgres import EmbeddedPostgres

ROOT = Path(__file__).resolve().parents[1]
EMAIL = "bench@example.org"
# the ninth to last places of a VIN are free; the last four are digits
VIN_START = "WP0ZZZY1ZLB"


@dataclass(frozen=True)
class Stage:
    """Everything that runs, by address."""

    data_dir: Path
    port: int
    database_url: str
    nats_url: str
    mqtt_url: str
    vins: list[str]
    # a car that gets no commands
    spare_vin: str
    # the owner of all cars, signed in as in a browser: a program's requests are counted against its budgets
    headers: dict[str, str]
    broker: "EmbeddedNats"
    database: "EmbeddedPostgres"

    @property
    def keys_dir(self) -> Path:
        """The platform's keys."""
        return self.data_dir / "keys"

    def broker_pid(self) -> int:
        """The process of the broker."""
        running = self.broker._process
        assert running is not None
        return running.pid

    def restart_broker(self) -> None:
        """This will drop every connection at once, as an outage does."""
        self.broker.stop()
        self.broker.start()

    def restart_database(self) -> None:
        """This will stop the database and start it again, as an update does."""
        self.database.stop()
        self.database.start()


@contextlib.contextmanager
def process(*command: str, name: str, data_dir: Path) -> Iterator[subprocess.Popen[bytes]]:
    """One of our processes, ended with us. What it says is kept in the data folder."""
    with (data_dir / f"{name}.log").open("ab") as log:
        running = subprocess.Popen([sys.executable, *command], stdout=log, stderr=log, cwd=ROOT)
        try:
            yield running
        except BaseException:
            log.flush()
            said = (data_dir / f"{name}.log").read_text(errors="replace").splitlines()
            print(f"-- {name} says:", *said[-15:], sep="\n", file=sys.stderr)
            raise
        finally:
            running.send_signal(signal.SIGTERM)
            try:
                running.wait(timeout=15)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


def link(stage: Stage) -> contextlib.AbstractContextManager[subprocess.Popen[bytes]]:
    """`vettura link`."""
    return process("-m", "vettura.launcher.main", "link", name="link", data_dir=stage.data_dir)


def web(stage: Stage) -> contextlib.AbstractContextManager[subprocess.Popen[bytes]]:
    """`vettura web`."""
    return process("-m", "vettura.launcher.main", "web", "--port", str(stage.port), name="web", data_dir=stage.data_dir)


def fleet(stage: Stage) -> contextlib.AbstractContextManager[subprocess.Popen[bytes]]:
    """The cars."""
    return process(
        "-m", "bench.cars", str(stage.data_dir), stage.mqtt_url, *stage.vins, name="cars", data_dir=stage.data_dir
    )


@contextlib.contextmanager
def set_up(*, cars: int, pack: Path | None = None, history: int = 20_000) -> Iterator[Stage]:
    """
    This will start database and broker, make a world of cars with one main user, and clear everything away at the end.

    `pack` is another brand pack than the usual one, `history` how many commands of former days there are.
    Django is set up in this process; web, link and cars are started by whoever measures.
    """
    data_dir = Path(tempfile.mkdtemp(prefix="vtb"))
    data_dir.chmod(0o711)
    os.environ.update(
        {
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "DJANGO_SETTINGS_MODULE": "vettura.config.settings",
            "VETTURA_PROFILE": "demo",
            "VETTURA_DATA_DIR": str(data_dir),
            "VETTURA_SECRET_KEY": "bench-" + "x" * 50,
        }
        | ({"VETTURA_PACK": str(pack)} if pack else {})
    )
    from vettura.launcher.certificates import ensure_keys
    from vettura.launcher.nats import EmbeddedNats
    from vettura.launcher.places import free_port
    from vettura.launcher.postgres import EmbeddedPostgres

    ensure_keys(data_dir / "keys")
    postgres = EmbeddedPostgres(data_dir / "postgres", data_dir / "s")
    nats = EmbeddedNats(data_dir / "nats", data_dir / "keys", client_port=free_port(), mqtt_port=free_port())
    port = free_port()
    os.environ.update(
        {
            "VETTURA_DATABASE_URL": postgres.url,
            "VETTURA_NATS_URL": nats.url,
            "VETTURA_MQTT_URL": nats.mqtt_url,
            "VETTURA_BASE_URL": f"http://localhost:{port}",
            # the sandbox's mailbox, which a running demo has open as well
            "VETTURA_SMTP_URL": f"smtp://127.0.0.1:{free_port()}",
        }
    )
    try:
        postgres.start()
        nats.start()
        *vins, spare_vin = [f"{VIN_START}{number:06d}" for number in range(cars + 1)]
        headers = _make_world(data_dir, [*vins, spare_vin], history)
        yield Stage(data_dir, port, postgres.url, nats.url, nats.mqtt_url, vins, spare_vin, headers, nats, postgres)
    finally:
        nats.stop()
        postgres.remove()
        shutil.rmtree(data_dir, ignore_errors=True)


def _make_world(data_dir: Path, vins: list[str], history: int) -> dict[str, str]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from vettura.entitlements import actions as entitlements
    from vettura.foundation import clock
    from vettura.identity import actions as identity
    from vettura.launcher.certificates import provision
    from vettura.vehicle_link import actions as link_actions
    from vettura.vehicles import actions as vehicles

    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    call_command("migrate", verbosity=0)
    with contextlib.suppress(Exception):  # only where the cache lies in the database
        call_command("createcachetable", verbosity=0)
    person = identity.create_account(
        email=EMAIL, given_name="Ada", family_name="Rossi", password="Vettura!2026", country="IT", phone="+393331234567"
    )
    for vin in vins:
        car = vehicles.CarFacts(
            vin=vin,
            model_line="taycan",
            generation="TAY",
            model_name="Taycan 4S",
            model_year=2020,
            drive="BEV",
            equipment=("connect_plus", "pvts_plus"),
            country="IT",
        )
        vehicles.register_vehicle(car=car, main_user=person)
        sign_in = vehicles.begin_car_sign_in(vin=vin, event_id="bench")
        vehicles.confirm_car_sign_in(by=person, user_code=sign_in.user_code)
        vehicles.grant_remote_access(vin=vin, account_id=person.id)
        entitlements.start_inclusive_contracts(vin=vin, at=clock.now())
        link_actions.register_link(vin=vin)
        provision(data_dir, vin)
    _make_history(person, commands=history)
    headers = _sign_in(person)
    connection.close()
    return headers


def _make_history(person: "Account", *, commands: int) -> None:
    """
    Done commands of former days, spread over the cars: a platform in use has them, and its database plans for tables that
    are not empty.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH made AS (
                INSERT INTO vehicle_link_remotecommand
                    (id, vehicle_id, account_id, type, params, counter, requested_at, issued_at, expires_at, status,
                     cause, envelope, request_hash, last_sent_at, step_count)
                SELECT gen_random_uuid(), vehicle.id, %(person)s, 'flash', '{}', -number, at, at,
                       at + interval '5 minutes', 'done', '', repeat('x', 600), repeat('x', 64), at, 4
                FROM (SELECT id, row_number() OVER (ORDER BY vin) - 1 AS place, count(*) OVER () AS cars
                      FROM vehicles_vehicle) vehicle
                JOIN generate_series(1, %(commands)s) number ON number %% cars = place,
                LATERAL (SELECT now() - number * interval '1 minute' AS at) moment
                RETURNING id, requested_at
            )
            INSERT INTO vehicle_link_commandstep (command_id, position, status, at, cause)
            SELECT id, position, status, requested_at, ''
            FROM made, unnest('{accepted,sent,delivered,done}'::text[]) WITH ORDINALITY AS step (status, position)
            """,
            {"person": person.id, "commands": commands},
        )
        # as it is where a database has been at work for a while: nothing to clean up, nothing waiting to be written
        cursor.execute("VACUUM (FREEZE, ANALYZE)")
        cursor.execute("CHECKPOINT")


def _sign_in(person: "Account") -> dict[str, str]:
    """What a browser sends with every request once the person has signed in."""
    from django.conf import settings
    from django.test import Client

    browser = Client()
    browser.force_login(person)
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    against_forgery = secrets.token_hex(16)
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={against_forgery}"
    return {"Cookie": cookies, "X-CSRFToken": against_forgery}


def wait_until(question: Callable[[], object], *, what: str, seconds: float = 60) -> None:
    """This will wait until the answer is true. Raises TimeoutError."""
    give_up_at = time.monotonic() + seconds
    while not question():
        if time.monotonic() > give_up_at:
            raise TimeoutError(what)
        time.sleep(0.05)


def answers(port: int) -> bool:
    """Whether the front is there."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def cars_online() -> int:
    """How many cars the platform knows to be there."""
    from vettura.vehicle_link.models import VehicleLink

    return VehicleLink.objects.filter(is_online=True).count()
