"""Keeps the processes of one installation running: starts them, notices when one ends, starts it again."""

from __future__ import annotations

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
        self._launch(child)

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
        """Stop all children, the last started first."""
        for child in reversed(self.children):
            child.start_again_at = None
            if child.process is not None:
                children.stop(child.process)
                child.process = None

    def process_ids(self) -> dict[str, int | None]:
        """The process of each child, None for one that waits to be started again."""
        return {child.name: child.process.pid if child.process else None for child in self.children}

    def log_of(self, name: str) -> Path:
        """Where a child's words go."""
        return self.logs_dir / f"{name}.log"

    def _launch(self, child: Child) -> None:
        log_path = self.log_of(child.name)
        if log_path.exists() and log_path.stat().st_size > LARGEST_LOG_BYTES:
            log_path.replace(log_path.with_suffix(".log.1"))
        with log_path.open("ab") as log:
            child.process = children.start(
                [sys.executable, "-m", "vettura.launcher.main", *child.arguments],
                output=log,
                environment=self.environment,
            )
        child.started_at = time.monotonic()
        child.start_again_at = None


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
