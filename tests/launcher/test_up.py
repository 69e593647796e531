"""`vettura up` as a person runs it, on free ports and in a folder of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from vettura.launcher.places import Places, free_port

START_PATIENCE_SECONDS = 200


@pytest.fixture
def home():
    import shutil

    folder = Path(tempfile.mkdtemp(prefix="vtu"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def plain_environment():
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VETTURA_")}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    return environment


def until_nothing_runs(home, *, patience_seconds=30):
    give_up_at = time.monotonic() + patience_seconds
    while left := processes_with(str(home / "data")):
        assert time.monotonic() < give_up_at, left
        time.sleep(0.1)


def vettura(*words, home, typed="", **environment):
    return subprocess.run(
        [sys.executable, "-m", "vettura.launcher.main", words[0], "--data-dir", str(home / "data"), *words[1:]],
        env=plain_environment() | environment,
        input=typed,
        capture_output=True,
        text=True,
        timeout=START_PATIENCE_SECONDS,
        check=False,
    )


def free_ports():
    kinds = ("", "tls-", "mqtt-", "owner-mqtt-", "nats-", "smtp-", "imap-", "car-")
    return {f"--{kind}port": free_port() for kind in kinds}


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
    assert set(state["processes"]) == {"web", "worker", "link", "mqtt", "car"}

    again = vettura("up", *words_of(free_ports()), home=home)
    assert again.returncode == 1
    assert "Vettura runs already" in again.stderr

    stopped = vettura("down", home=home)
    assert stopped.returncode == 0, stopped.stderr
    assert not (home / "data" / "up.json").exists()
    assert not Places(home / "data").socket_dir.exists()
    until_nothing_runs(home, patience_seconds=1)
    for port in ports.values():
        with socket.create_server(("127.0.0.1", port)):
            pass

    # the second start goes on from there; killed, it takes everything with it
    assert vettura("up", "--detach", *words_of(ports), home=home).returncode == 0
    os.kill(json.loads((home / "data" / "up.json").read_text())["pid"], signal.SIGKILL)
    until_nothing_runs(home)
    assert vettura("status", home=home).returncode == 3
    down = vettura("down", home=home)
    assert "Vettura does not run" in down.stdout
    assert not (home / "data" / "up.json").exists()
    assert not Places(home / "data").socket_dir.exists()


@pytest.mark.timeout(START_PATIENCE_SECONDS * 2)
@pytest.mark.parametrize("said", ["Keys and certificates", "NATS", "Brand pack and settings"])
def test_ctrl_c_stops_a_start_at_any_step_and_leaves_nothing_behind(home, said):
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "vettura.launcher.main",
            "up",
            "--data-dir",
            str(home / "data"),
            *words_of(free_ports()),
        ],
        env=plain_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process.stdout as words:
        heard = ""
        while said not in heard:
            line = words.readline()
            assert line, heard
            heard += line
        process.send_signal(signal.SIGINT)
        heard += words.read()

    assert process.wait(60) == 0
    assert heard.endswith("Vettura has stopped.\n")
    assert "Traceback" not in heard
    until_nothing_runs(home, patience_seconds=1)
    assert not (home / "data" / "up.json").exists()
    assert not Places(home / "data").socket_dir.exists()


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


@pytest.mark.parametrize("command", ["up", "web", "worker", "link", "mqtt"])
def test_production_does_not_run_with_what_only_a_demo_may_have(home, command):
    refused = vettura(command, home=home, VETTURA_PROFILE="production", VETTURA_BASE_URL="http://cars.example")

    assert refused.returncode == 1
    assert "VETTURA_SECRET_KEY is not set" in refused.stderr
    assert "VETTURA_BASE_URL must begin with https:// in production." in refused.stderr
    assert "VETTURA_CARDS_URL is not set; production has no sandbox." in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_reset_asks_and_throws_away_everything_but_the_keys(home):
    data = home / "data"
    for name in ("keys", "nats", "sandbox", "cars", "postgres"):
        (data / name).mkdir(parents=True)
        (data / name / "something").touch()

    asked = vettura("clock", "reset", home=home, typed="no\n")
    assert (asked.returncode, asked.stdout.splitlines()[-1][-20:]) == (1, "Nothing was changed.")
    assert (data / "cars" / "something").exists()

    assert vettura("clock", "reset", home=home, typed="yes\n").returncode == 0
    assert {path.name for path in data.iterdir()} == {"keys"}
    assert (data / "keys" / "something").exists()


def test_an_unknown_command_is_answered_with_the_list(home):
    answered = vettura("fly", home=home)

    assert answered.returncode == 2
    assert "There is no command 'fly'." in answered.stdout
    assert "doctor" in answered.stdout
