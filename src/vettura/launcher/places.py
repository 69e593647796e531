"""Where a running installation keeps its things on this machine, and which ports it uses."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import socket
import tempfile
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from vettura.config import environment
from vettura.launcher.errors import LauncherError


@dataclass(frozen=True)
class Ports:
    """The ports of one installation, and the option that changes each."""

    web: int = 8000
    tls: int = 8443
    mqtt: int = 8883
    owner_mqtt: int = 8884
    nats: int = 4222
    smtp: int = 2525
    imap: int = 2143
    car: int = 8100

    OPTIONS: ClassVar[dict[str, str]] = {
        "web": "--port",
        "tls": "--tls-port",
        "mqtt": "--mqtt-port",
        "owner_mqtt": "--owner-mqtt-port",
        "nats": "--nats-port",
        "smtp": "--smtp-port",
        "imap": "--imap-port",
        "car": "--car-port",
    }

    @classmethod
    def free(cls) -> Ports:
        """Ports that nobody has right now: for a second installation beside a running one."""
        return cls(**{each.name: free_port() for each in fields(cls)})

    def options(self) -> list[str]:
        """The words that make `vettura up` take these ports."""
        return [word for name, option in self.OPTIONS.items() for word in (option, str(getattr(self, name)))]

    def refuse_taken(self, names: list[str]) -> None:
        """Raise LauncherError when another program has one of these ports."""
        for name in names:
            port: int = getattr(self, name)
            for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
                with socket.socket(family, socket.SOCK_STREAM) as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    try:
                        probe.bind((host, port))
                    except PermissionError:
                        raise LauncherError(
                            f"Port {port} needs more rights. Choose another: {self.OPTIONS[name]}."
                        ) from None
                    except OSError as error:
                        if family == socket.AF_INET6 and error.errno not in _TAKEN:
                            continue  # a machine without IPv6
                        raise LauncherError(
                            f"Port {port} is taken by another program. Stop it, or choose another port with "
                            f"{self.OPTIONS[name]}."
                        ) from None


_TAKEN = {98, 48}  # EADDRINUSE on Linux and on macOS
# below the range from which the system gives ports to connections that go out: none of those takes it before we do
_FREE_PORTS = range(11_000, 29_000)


def free_port() -> int:
    """A port of loopback that nobody has right now. Raises LauncherError when none of many is free."""
    for port in random.sample(_FREE_PORTS, 100):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise LauncherError("There is no free port.")


@dataclass(frozen=True)
class Places:
    """The folders of one installation."""

    data_dir: Path
    ports: Ports = field(default_factory=Ports)

    @classmethod
    def from_environment(cls) -> Places:
        """The places that VETTURA_DATA_DIR names."""
        return cls(environment.data_dir())

    @property
    def keys_dir(self) -> Path:
        """Private keys, certificates and seeds."""
        return self.data_dir / "keys"

    @property
    def logs_dir(self) -> Path:
        """One log per process."""
        return self.data_dir / "logs"

    @property
    def lock_file(self) -> Path:
        """Held by the `vettura up` that runs here; it holds what `down` and `status` need to know."""
        return self.data_dir / "up.json"

    @property
    def socket_dir(self) -> Path:
        """A short folder for Unix sockets (their paths hold about a hundred signs), of our own user only."""
        name = hashlib.sha256(str(self.data_dir).encode()).hexdigest()[:10]
        runtime = os.environ.get("XDG_RUNTIME_DIR")
        base = (
            Path(runtime) if runtime and os.geteuid() != 0 and Path(runtime).is_dir() else Path(tempfile.gettempdir())
        )
        return base / f"vettura-{os.geteuid()}-{name}"

    def socket_dir_is_used(self) -> bool:
        """Whether a database listens in the folder for sockets."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            try:
                probe.connect(str(self.socket_dir / ".s.PGSQL.5432"))
            except OSError:
                return False
        return True

    @property
    def embedded_database_url(self) -> str:
        """The address of the database that `vettura up` starts here."""
        return f"postgresql://vettura@/vettura?host={quote(str(self.socket_dir), safe='/')}"
