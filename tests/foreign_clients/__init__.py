"""Clients of other makers as they are published. Each lies in a folder of its own: they cannot share one environment."""

import fcntl
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def folder_of(client: str) -> Path:
    """Where a client (`name-version`, one of the lists beside this file) lies as it was published; fetched if it is not there."""
    folder = ROOT / "build" / "foreign-clients" / client
    if not (folder / "ready").exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with (folder.parent / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            wanted = f"{folder.relative_to(ROOT)}/ready"
            subprocess.run(["make", wanted], cwd=ROOT, check=True, env=dict(os.environ), capture_output=True)
    return folder
