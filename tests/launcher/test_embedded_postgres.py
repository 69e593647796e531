import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from vettura.launcher.errors import LauncherError
from vettura.launcher.postgres import EmbeddedPostgres


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory):
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="vtp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_it_keeps_its_data_from_one_start_to_the_next(home):
    first = EmbeddedPostgres(home / "postgres", home / "s")
    first.start()
    with psycopg.connect(first.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS value")
    first.stop()

    second = EmbeddedPostgres(home / "postgres", home / "s")
    second.start()
    try:
        with psycopg.connect(second.url) as connection:
            assert connection.execute("SELECT value FROM kept").fetchall() == [(42,)]
    finally:
        second.stop()

    assert not (home / "s").exists()
    assert not (second.data_dir / "postmaster.pid").exists()


def test_only_its_own_user_may_enter_its_folders(home):
    server = EmbeddedPostgres(home / "postgres", home / "s", throw_away=True)
    server.start()
    try:
        assert (home / "postgres").stat().st_mode & 0o777 == 0o700
        assert (home / "s").stat().st_mode & 0o777 == 0o700
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    finally:
        server.stop()


def test_it_is_gone_when_its_parent_is_killed(home):
    program = (
        "import sys, time; from pathlib import Path; from vettura.launcher.postgres import EmbeddedPostgres;"
        f"s = EmbeddedPostgres(Path({str(home)!r}) / 'postgres', Path({str(home)!r}) / 's', throw_away=True); s.start();"
        "print(s._process.pid, flush=True); time.sleep(60)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=environment)
    assert parent.stdout is not None
    with parent.stdout:
        server_pid = int(parent.stdout.readline())

    parent.send_signal(signal.SIGKILL)
    parent.wait()

    give_up_at = time.monotonic() + 10
    while Path(f"/proc/{server_pid}").exists() and time.monotonic() < give_up_at:
        if "Z" in Path(f"/proc/{server_pid}/stat").read_text().rpartition(")")[2][:3]:
            break  # ended, and only waits for its new parent to notice
        time.sleep(0.02)
    assert time.monotonic() < give_up_at


def test_a_folder_for_sockets_with_too_long_a_name_is_refused(home):
    server = EmbeddedPostgres(home / "postgres", home / ("s" * 120))

    with pytest.raises(LauncherError, match="choose a shorter one"):
        server.start()
