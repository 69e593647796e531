"""`vettura up` as a person runs it, on free ports and in a folder of its own."""

import json
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from tests.servers import free_port

from vettura.launcher.places import Places

START_PATIENCE_SECONDS = 200


@pytest.fixture
def home():
    import shutil

    folder = Path(tempfile.mkdtemp(prefix="vtu"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def vettura(*words, home):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VETTURA_")}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    return subprocess.run(
        [sys.executable, "-m", "vettura.launcher.main", words[0], "--data-dir", str(home / "data"), *words[1:]],
        env=environment,
        capture_output=True,
        text=True,
        timeout=START_PATIENCE_SECONDS,
        check=False,
    )


def free_ports():
    names = ("--port", "--tls-port", "--mqtt-port", "--nats-port", "--smtp-port", "--car-port")
    return {name: free_port() for name in names}


def words_of(ports):
    return [word for name, port in ports.items() for word in (name, str(port))]


def processes_with(text):
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            environment = (folder / "environ").read_bytes().decode(errors="replace")
        except (OSError, ProcessLookupError):
            continue
        if text in command or f"VETTURA_DATA_DIR={text}" in environment:
            found.append(command)
    return found


@pytest.mark.timeout(START_PATIENCE_SECONDS * 2)
def test_up_says_when_it_is_ready_and_down_leaves_nothing_behind(home):
    ports = free_ports()

    started = vettura("up", "--detach", *words_of(ports), home=home)
    assert started.returncode == 0, started.stdout + started.stderr
    assert started.stdout.splitlines()[-1] == f"Vettura is ready: http://localhost:{ports['--port']}"
    assert vettura("status", home=home).returncode == 0
    state = json.loads((home / "data" / "up.json").read_text())
    assert set(state["processes"]) == {"web", "worker", "link", "car"}

    again = vettura("up", *words_of(free_ports()), home=home)
    assert again.returncode == 1
    assert "Vettura runs already" in again.stderr

    stopped = vettura("down", home=home)
    assert stopped.returncode == 0, stopped.stderr
    assert not (home / "data" / "up.json").exists()
    assert not Places(home / "data").socket_dir.exists()
    assert processes_with(str(home / "data")) == []
    for port in ports.values():
        with socket.create_server(("127.0.0.1", port)):
            pass


def test_a_port_that_is_taken_is_named_before_anything_starts(home):
    ports = free_ports()
    with socket.create_server(("127.0.0.1", ports["--car-port"])):
        refused = vettura("up", *words_of(ports), home=home)

    assert refused.returncode == 1
    assert f"Port {ports['--car-port']} is taken by another program" in refused.stderr
    assert "--car-port" in refused.stderr
    assert not (home / "data" / "postgres").exists()
    assert not (home / "data" / "up.json").exists()


def test_the_demo_does_not_listen_to_the_world_unasked(home):
    refused = vettura("up", "--host", "0.0.0.0", *words_of(free_ports()), home=home)

    assert refused.returncode == 1
    assert "--expose-demo" in refused.stderr


def test_an_unknown_command_is_answered_with_the_list(home):
    answered = vettura("fly", home=home)

    assert answered.returncode == 2
    assert "There is no command 'fly'." in answered.stdout
    assert "doctor" in answered.stdout
