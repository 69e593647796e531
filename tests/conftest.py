"""
What every test stands on: a throw-away PostgreSQL, a clock that stands still, and no way out of this machine.

The environment is set before Django reads its settings, so this file comes first and names the settings module itself.
"""

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django
import psycopg
import pytest
import pytest_socket
from django.conf import settings
from django.db import OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase
from django.utils import translation
from whitenoise.middleware import WhiteNoiseMiddleware

from vettura.launcher import assets
from vettura.launcher.postgres import EmbeddedPostgres

_environment_before = dict(os.environ)
SOURCE_ROOT = Path(__file__).resolve().parents[1]
pytest_plugins = ["tests.servers", "tests.browser", "tests.sharing_out"]

# A short name: Unix sockets live below it. Others may enter (PostgreSQL runs as `nobody` for root), the data may not be read.
_home = Path(tempfile.mkdtemp(prefix="vt"))
_home.chmod(0o711)
_postgres = (
    None
    if os.environ.get("VETTURA_DATABASE_URL")
    else EmbeddedPostgres(_home / "postgres", _home / "s", throw_away=True)
)


def _prepare_environment() -> None:
    if _postgres is not None:
        os.environ["VETTURA_DATABASE_URL"] = _postgres.url
    for name in list(os.environ):
        if name.startswith("VETTURA_") and name not in ("VETTURA_DATABASE_URL", "VETTURA_PACK"):
            del os.environ[name]
    os.environ["VETTURA_PROFILE"] = "test"
    os.environ["VETTURA_DATA_DIR"] = str(_home / "data")
    os.environ["VETTURA_SECRET_KEY"] = "only-for-tests-" + "x" * 48
    os.environ["DJANGO_SETTINGS_MODULE"] = "vettura.config.settings"


def _clean_up() -> None:
    if _postgres is not None:
        _postgres.stop()
    shutil.rmtree(_home, ignore_errors=True)


_prepare_environment()
atexit.register(_clean_up)
(_home / "data" / "keys").mkdir(parents=True, mode=0o700)
django.setup()  # models may be imported at the top of a test file


def pytest_configure(config: pytest.Config) -> None:
    """`--no-migrations` makes our tables from the models; those of the job queue exist in its migrations only."""
    if config.option.nomigrations:
        config.option.nomigrations = False
        settings.MIGRATION_MODULES = dict.fromkeys(settings.CONTEXTS)
    if config.getoption("numprocesses", None):
        # the processes among which the tests are shared out start servers of their own, so they begin where this one began
        os.environ.clear()
        os.environ.update(_environment_before)


# By far the longest of those without a database: first among these, so that no process is still at one when the others are idle.
LONGEST = (
    "journeys",
    "launcher/test_up.py",
    "launcher/test_soak.py",
    "car/test_no_contradictions.py",
    "car/test_in_the_browser.py",
    "car/test_destinations_in_the_browser.py",
    "car/test_phones_in_the_browser.py",
)


def _place(item: pytest.Item) -> int:
    """Tests with a database come before all others: the browser leaves its event loop in the thread, and Django knows connections by it."""
    uses_database = item.get_closest_marker("django_db") or {"db", "transactional_db"} & {*item.fixturenames}
    if uses_database:
        return 0
    return 1 if str(item.path.relative_to(Path(__file__).parent)).startswith(LONGEST) else 2


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The order of pytest-django stays: those that empty the database come after the others that use it."""
    items.sort(key=_place)


def pytest_collection_finish() -> None:
    """The modules and thousands of tests stay until the end: the garbage collector need not walk over them again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


def pytest_unconfigure() -> None:
    _clean_up()


@pytest.fixture(scope="session")
def postgres() -> str:
    """The address of a running PostgreSQL that has the extensions we use in every new database."""
    if _postgres is not None:
        _postgres.start()
    url = os.environ["VETTURA_DATABASE_URL"]
    with psycopg.connect(url, dbname="template1", autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    return url


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres: str) -> None:
    """pytest-django asks for this before it makes the test database: the server must run by then."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> None:
    """Tests with transactions of their own empty all tables behind them; the audit would refuse to be emptied."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE foundation_auditentry DISABLE TRIGGER audit_stays_whole")


@pytest.fixture(scope="module")
def made_for_the_file(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """
    A transaction around all tests of a file. What fixtures of the file make in it is made once, each test begins with it
    as it was, and it is gone at the end. Not for tests with transactions of their own: they see nothing of it.
    """
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around._from_testcase = True  # as around each test: what insists on being outermost may stand in it
        with around:
            yield
            transaction.set_rollback(True)


@pytest.fixture
def audit_stays_whole(db: None) -> None:
    """As it is outside of tests."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE foundation_auditentry ENABLE TRIGGER audit_stays_whole")


@pytest.fixture(autouse=True)
def _no_jobs_of_former_tests(request: pytest.FixtureRequest) -> None:
    """The queue's tables are not Django's, so nobody empties them: a worker of this test would find jobs of others."""
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (marker is not None and marker.kwargs.get("transaction")):
        request.getfixturevalue("transactional_db")
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture(autouse=True)
def _language_of_no_former_test() -> None:
    """The language of a former test's last request would still be active in this thread."""
    translation.deactivate()


class MovableClock:
    """Time that stands still until a test moves it. Real time passes with it; only `shift_by` moves world time alone."""

    START = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)

    def __init__(self) -> None:
        self._real = self.START
        self._shift = timedelta()

    def real_now(self) -> datetime:
        return self._real

    def shift(self) -> timedelta:
        return self._shift

    def now(self) -> datetime:
        """World time, as `foundation.clock.now()` gives it."""
        return self._real + self._shift

    def move_to(self, moment: datetime) -> None:
        """Make it `moment` (world time); real time passes by as much. Also backwards, to stand before a boundary."""
        self._real = moment - self._shift

    def advance(self, by: timedelta | None = None, /, **parts: float) -> datetime:
        """Let time pass: `advance(days=3)` or `advance(timedelta(...))`; returns the new world time."""
        self._real += timedelta(**parts) if by is None else by
        return self.now()

    def shift_by(self, by: timedelta) -> None:
        """Move world time ahead of real time, as the demo's clock does."""
        self._shift += by


@pytest.fixture
def clock() -> Iterator[MovableClock]:
    """The clock of the whole platform, standing at a Tuesday morning in September 2026."""
    from vettura.foundation import clock as platform_clock

    movable = MovableClock()
    former = platform_clock.install(movable)
    yield movable
    platform_clock.install(former)


# Django makes these itself from what is installed; nothing a test does changes them.
KEPT_TABLES = frozenset({"django_content_type", "auth_permission"})
EMPTYING_ATTEMPTS = 3


def _empty(database: BaseDatabaseWrapper) -> None:
    """Delete every row. All tables are locked first, so that a request that is not quite over leaves nothing behind."""
    tables = sorted({*database.introspection.django_table_names(only_existing=True, include_views=False)} - KEPT_TABLES)
    quoted = [database.ops.quote_name(table) for table in tables]
    with transaction.atomic(using=database.alias), database.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(quoted)} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(f"SELECT {', '.join(f'EXISTS (SELECT 1 FROM {table})' for table in quoted)}")
        filled = [table for table, has_rows in zip(quoted, cursor.fetchone(), strict=True) if has_rows]
        # as a replica applies changes: no foreign key is asked about a row whose table comes next, and nothing is audited
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in filled:
            cursor.execute(f"DELETE FROM {table}")


@pytest.fixture(scope="session", autouse=True)
def emptied_quickly() -> Iterator[None]:
    """
    After a test with transactions of its own, only the tables that it filled are emptied: Django's way empties all of them
    and then sets up content types, permissions and the audit anew, which takes longer than most of these tests.

    It is tried again after a deadlock: a thread of a server that the test has just ended may still be at its last request,
    which wants the tables in another order.
    """

    def empty_all(self: TransactionTestCase) -> None:
        for alias in self._databases_names(include_mirrors=False):
            for attempt in range(EMPTYING_ATTEMPTS):
                try:
                    _empty(connections[alias])
                    break
                except OperationalError:
                    if attempt == EMPTYING_ATTEMPTS - 1:
                        raise

    former = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = empty_all
    yield
    TransactionTestCase._fixture_teardown = former


@pytest.fixture(scope="session", autouse=True)
def static_files_found_once() -> Iterator[None]:
    """
    Every browserless client has middleware of its own, and one of it begins with a walk over all static files, which takes
    longer than most requests. They are the same files until the assets are built anew.
    """
    find = WhiteNoiseMiddleware.add_files_from_finders
    found: dict[str, dict] = {}

    def add_files(self: WhiteNoiseMiddleware) -> None:
        built = assets.STAMP.read_text() if assets.STAMP.is_file() else ""
        if built not in found:
            find(self)
            found[built] = dict(self.files)
        self.files.update(found[built])

    WhiteNoiseMiddleware.add_files_from_finders = add_files
    yield
    WhiteNoiseMiddleware.add_files_from_finders = find
