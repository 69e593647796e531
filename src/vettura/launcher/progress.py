"""What a person sees while they wait: one line per step, with its time."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from time import perf_counter


def say(line: str = "") -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Print `✓ title` and the seconds it took when the block is done, `✗ title` when it failed."""
    began = perf_counter()
    try:
        yield
    except BaseException:
        say(f"  ✗ {title}")
        raise
    say(f"  ✓ {title:<44}{perf_counter() - began:6.1f} s")
