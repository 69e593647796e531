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
# the number of an open file on which a program of ours writes a line once it is ready
READY_VARIABLE = "VETTURA_READY_FD"

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
    keep_open: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """
    Start a program that ends when we end, in its own process group, so that Ctrl-C reaches only us.

    It inherits the files of `keep_open` and no others. `user` is (uid, gid) to run as; only root may give it. Raises
    OSError when the program cannot be started.
    """
    identity: dict[str, object] = {}
    if user is not None:
        identity = {"user": user[0], "group": user[1], "extra_groups": []}
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return]  # keywords are built above
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=_that_keeps_bytecode(os.environ if environment is None else environment),
        cwd=folder,
        pass_fds=keep_open,
        process_group=0,
        preexec_fn=dies_with_parent(death_signal),
        **identity,
    )


def tell_ready() -> None:
    """Tell the program that started us that we are ready, if it wants to know."""
    number = os.environ.pop(READY_VARIABLE, None)
    if number is not None:
        with contextlib.suppress(OSError, ValueError):
            os.write(int(number), b"ready\n")
            os.close(int(number))


def _that_keeps_bytecode(environment: Mapping[str, str]) -> dict[str, str]:
    """
    The environment for a program of ours.

    Many container images set PYTHONDONTWRITEBYTECODE for their build. With it, each of our processes would compile two
    thousand modules again at each start, which takes longer than everything else that it does.
    """
    return {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}


def ask_to_stop(process: subprocess.Popen[bytes], request: signal.Signals = signal.SIGTERM) -> None:
    """Ask a program to end, without waiting for it."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(request)


def stop(
    process: subprocess.Popen[bytes], *, first: signal.Signals = signal.SIGTERM, patience_seconds: float = 10
) -> None:
    """End a program: ask with `first`, and kill it when it has not ended after `patience_seconds`. Repeatable."""
    ask_to_stop(process, first)
    try:
        process.wait(timeout=patience_seconds)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
