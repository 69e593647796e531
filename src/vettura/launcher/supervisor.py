"""Keeps the processes of one installation running: starts them, notices when one ends, starts it again."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vettura.launcher import children

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
# a process that ran this long was healthy: its next crash is a new story
HEALTHY_AFTER_SECONDS = 60.0
LARGEST_LOG_BYTES = 10_000_000


@dataclass
class Child:
    """One process: its name, and what follows `vettura` on its command line."""

    name: str
    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float | None = None
    pause: float = FIRST_PAUSE_SECONDS
    ready: int | None = None  # an open file that the child writes to when it is ready


@dataclass
class Supervisor:
    """Starts children in order and stops them in reverse. All calls come from one thread: children die with it."""

    logs_dir: Path
    environment: Mapping[str, str]
    report: Callable[[str], None]
    children: list[Child] = field(default_factory=list)

    def start(self, name: str, arguments: list[str]) -> None:
        """Start `vettura ARGUMENTS` and keep it running."""
        child = Child(name, arguments)
        self.children.append(child)
        child.ready, says_ready = os.pipe()
        try:
            self._launch(child, says_ready)
        finally:
            os.close(says_ready)

    def is_ready(self, name: str, *, patience_seconds: float) -> bool:
        """Wait until a child that was started says that it is ready; False when it ends or says nothing for so long."""
        [child] = [child for child in self.children if child.name == name]
        if child.ready is None:
            return False
        readable, _, _ = select.select([child.ready], [], [], patience_seconds)
        said = os.read(child.ready, 100) if readable else b""  # nothing to read: it ended
        _forget_ready(child)
        return bool(said)

    def look(self) -> None:
        """Notice children that ended: report them, and start them again after a growing pause."""
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                code = child.process.returncode
                if now - child.started_at > HEALTHY_AFTER_SECONDS:
                    child.pause = FIRST_PAUSE_SECONDS
                child.process = None
                child.start_again_at = now + child.pause
                self.report(
                    f"{child.name} ended ({_how(code)}); it starts again in {child.pause:.0f} s. "
                    f"What it said: {self.log_of(child.name)}"
                )
                child.pause = min(child.pause * 2, LONGEST_PAUSE_SECONDS)
            elif child.process is None and child.start_again_at is not None and now >= child.start_again_at:
                self._launch(child)
                self.report(f"{child.name} runs again.")

    def stop(self) -> None:
        """Stop all children: all are asked at once, the last started first, and waited for."""
        for child in reversed(self.children):
            child.start_again_at = None
            _forget_ready(child)
            if child.process is not None:
                children.ask_to_stop(child.process)
        for child in reversed(self.children):
            if child.process is not None:
                children.stop(child.process)
                child.process = None

    def end(self, name: str) -> None:
        """Stop one child for good."""
        [child] = [child for child in self.children if child.name == name]
        self.children.remove(child)
        _forget_ready(child)
        if child.process is not None:
            children.stop(child.process)

    def process_ids(self) -> dict[str, int | None]:
        """The process of each child, None for one that waits to be started again."""
        return {child.name: child.process.pid if child.process else None for child in self.children}

    def log_of(self, name: str) -> Path:
        """Where a child's words go."""
        return self.logs_dir / f"{name}.log"

    def _launch(self, child: Child, says_ready: int | None = None) -> None:
        log_path = self.log_of(child.name)
        if log_path.exists() and log_path.stat().st_size > LARGEST_LOG_BYTES:
            log_path.replace(log_path.with_suffix(".log.1"))
        with log_path.open("ab") as log:
            child.process = children.start(
                [sys.executable, "-m", "vettura.launcher.main", *child.arguments],
                output=log,
                environment={**self.environment, children.READY_VARIABLE: str(says_ready)}
                if says_ready is not None
                else self.environment,
                keep_open=[says_ready] if says_ready is not None else [],
            )
        child.started_at = time.monotonic()
        child.start_again_at = None


def _forget_ready(child: Child) -> None:
    if child.ready is not None:
        os.close(child.ready)
        child.ready = None


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
