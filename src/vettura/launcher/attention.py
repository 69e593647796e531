"""What waits for a person: jobs that failed for good, messages nobody could read, cars locked out. Django must be set up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db import OperationalError, ProgrammingError

from vettura.foundation import jobs
from vettura.vehicle_link import queries as vehicle_link


def waiting() -> list[str]:
    """One sentence for each kind of thing that waits, each saying what to do."""
    try:
        return [*_jobs(), *_messages(), *_revoked()]
    except ProgrammingError:
        return ["The database has no tables yet, or older ones. `vettura prepare` brings them up to date."]
    except OperationalError as error:
        return [f"The database does not answer ({str(error).strip().splitlines()[0]})."]


def _jobs() -> Iterator[str]:
    names = Counter(each.name for each in jobs.parked())
    if names:
        each = ", ".join(f"{name} {count} ×" for name, count in sorted(names.items()))
        total = names.total()
        yield (
            f"{total} job{'s' if total > 1 else ''} failed for good: {each}. "
            "`vettura jobs` shows them, `vettura jobs retry` runs them again."
        )


def _messages() -> Iterator[str]:
    messages = vehicle_link.parked_messages(limit=1000)
    if messages:
        reasons = ", ".join(
            f"{reason} {count} ×" for reason, count in Counter(m.reason for m in messages).most_common(3)
        )
        total = len(messages)
        yield (
            f"{total}{' or more' if total == 1000 else ''} message{'s' if total > 1 else ''} of cars could not be worked "
            f"on ({reasons}). `vettura jobs` shows the newest."
        )


SHOWN_VINS = 5


def _revoked() -> Iterator[str]:
    vins = vehicle_link.revoked_vins(limit=1000)
    if vins:
        total = len(vins)
        # shortened: a list of problems is copied into chats and tickets
        named = ", ".join(f"…{vin[-6:]}" for vin in vins[:SHOWN_VINS])
        more = f" and {total - SHOWN_VINS} more" if total > SHOWN_VINS else ""
        yield (
            f"{total} car{'s are' if total > 1 else ' is'} locked out, because {'their certificates were' if total > 1 else 'its certificate was'} "
            f"revoked ({named}{more}). `vettura provision VIN` writes a new certificate, which the car needs to come back."
        )
