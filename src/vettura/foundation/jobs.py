"""
Background jobs: as soon as possible, in the transaction that asks for them, retried with growing pauses, then parked.

A parked job is one that failed for good. It waits for a person: `vettura jobs` shows it and can hand it out again.

`@job("context.name")` stands in `<context>/tasks.py`. What must happen on a date is not a job: see `sweeps`.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connections
from django.db.models import Max
from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app as procrastinate_app
from procrastinate.contrib.django.models import ProcrastinateJob

from vettura.foundation import audit, clock

RETRY = RetryStrategy(max_attempts=10, exponential_wait=2)
FAILED = "failed"
DONE_JOBS_ARE_KEPT = timedelta(days=7)
# the priority of a job for which nobody waits: everything else goes first, however late it comes
WHEN_IDLE = -10

Job = Callable[..., None]


def app() -> App:
    """The queue."""
    return procrastinate_app


def job(name: str) -> Callable[[Job], Job]:
    """This will let `defer(name, ...)` run the function in a worker. It may run more than once: make it repeatable."""

    def register(function: Job) -> Job:
        procrastinate_app.task(name=name, retry=RETRY)(_with_a_living_connection(name, function))
        return function

    return register


def _with_a_living_connection(name: str, function: Job) -> Job:
    """A worker's thread lives for days and its database may be restarted meanwhile: no job takes over a dead connection."""

    @functools.wraps(function)
    def run(**arguments: Any) -> None:  # JSON values
        _let_go_of_connections()
        try:
            with audit.acting(channel="job", origin=name):
                function(**arguments)
        finally:
            _let_go_of_connections()

    return run


def _let_go_of_connections() -> None:
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:  # called inside a transaction (a test's), the job is part of it
            connection.close_if_unusable_or_obsolete()


def defer(name: str, *, lock: str | None = None, priority: int = 0, **arguments: Any) -> None:  # arguments: JSON values
    """
    This will run the job once the transaction commits; a rollback leaves no job. Jobs of one lock run in order, the higher `priority`
    (`WHEN_IDLE`, or as it is) first.
    """
    procrastinate_app.configure_task(name, lock=lock, priority=priority, allow_unknown=False).defer(**arguments)


@dataclass(frozen=True)
class ParkedJob:
    """A job that failed for good."""

    id: int
    name: str
    arguments: dict[str, Any]  # JSON values
    attempts: int
    failed_at: datetime | None


def parked() -> list[ParkedJob]:
    """Every job that failed for good, the oldest first."""
    rows = ProcrastinateJob.objects.filter(status=FAILED).annotate(at=Max("procrastinateevent__at")).order_by("id")
    return [ParkedJob(row.id, row.task_name, row.args, row.attempts, row.at) for row in rows]


def retry_parked() -> int:
    """This will hand out every parked job again, the oldest first, and return how many there were."""
    jobs = parked()
    for each in jobs:
        procrastinate_app.job_manager.retry_job_by_id(job_id=each.id, retry_at=clock.real_now())
    return len(jobs)
