"""
Work that time brings: "do everything that is due by now", found by an index, so it grows with what is due.

`@sweep(next_due=...)` stands in `<context>/tasks.py`. The worker runs all sweeps each second; the demo clock runs them at
every due moment on its way.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from vettura.foundation import audit

log = logging.getLogger(__name__)

Due = Callable[[], datetime | None]
Work = Callable[[datetime], int]


@dataclass(frozen=True)
class Sweep:
    """A named sweep: what it does and when it is next due (world time)."""

    name: str
    work: Work
    next_due: Due


_sweeps: dict[str, Sweep] = {}


def sweep(*, next_due: Due) -> Callable[[Work], Work]:
    """This will run the function whenever something is due; it returns how many things it did."""

    def register(work: Work) -> Work:
        name = f"{work.__module__.split('.')[1]}.{work.__name__}"
        _sweeps[name] = Sweep(name=name, work=work, next_due=next_due)
        return work

    return register


def all_sweeps() -> list[Sweep]:
    """Every sweep, by name."""
    return [_sweeps[name] for name in sorted(_sweeps)]


def run_due(at: datetime) -> int:
    """
    This will run every sweep for the moment given and return how many things were done.

    A sweep that fails leaves nothing half done and holds no other sweep back: it is logged and due again next time.
    """
    done = 0
    for each in all_sweeps():
        try:
            with audit.acting(channel="sweep", origin=each.name), transaction.atomic():
                done += each.work(at)
        except Exception:
            log.exception("the sweep %s failed; it will be tried again", each.name)
    return done


def earliest_due() -> datetime | None:
    """The next moment at which any sweep has something to do."""
    moments = [moment for each in all_sweeps() if (moment := each.next_due()) is not None]
    return min(moments, default=None)
