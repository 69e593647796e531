"""Starting other programs so that they never outlive us, and stopping them."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1  # linux/prctl.h

# Loaded before any fork: the child must not load libraries between fork and exec.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def dies_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """
    Return what a child runs before its program, so that the kernel sends it `death_signal` when we die.

    The kernel means the *thread* that started the child: start children from a thread that lives as long as they
    should. Does nothing where the kernel has no such thing (macOS).
    """
    parent = os.getpid()

    def prepare() -> None:
        if _libc is None:
            return
        _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the kernel was told
            os._exit(1)

    return prepare


def start(
    command: Sequence[str | Path],
    *,
    output: IO[bytes] | int,
    environment: Mapping[str, str] | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
    user: tuple[int, int] | None = None,
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """
    Start a program that ends when we end, in its own process group, so that Ctrl-C reaches only us.

    `user` is (uid, gid) to run as; only root may give it. Raises OSError when the program cannot be started.
    """
    identity: dict[str, object] = {}
    if user is not None:
        identity = {"user": user[0], "group": user[1], "extra_groups": []}
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return]  # keywords are built above
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=dict(environment) if environment is not None else None,
        cwd=folder,
        process_group=0,
        preexec_fn=dies_with_parent(death_signal),
        **identity,
    )


def stop(
    process: subprocess.Popen[bytes], *, first: signal.Signals = signal.SIGTERM, patience_seconds: float = 10
) -> None:
    """End a program: ask with `first`, and kill it when it has not ended after `patience_seconds`. Repeatable."""
    if process.poll() is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(first)
    try:
        process.wait(timeout=patience_seconds)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
