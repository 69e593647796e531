"""
Background jobs: as soon as possible, in the transaction that asks for them, retried with growing pauses, then parked.

`@job("context.name")` stands in `<context>/tasks.py`. What must happen on a date is not a job: see `sweeps`.
"""

from collections.abc import Callable
from typing import Any

from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app as procrastinate_app

RETRY = RetryStrategy(max_attempts=10, exponential_wait=2)

Job = Callable[..., None]


def app() -> App:
    """The queue."""
    return procrastinate_app


def job(name: str) -> Callable[[Job], Job]:
    """This will let `defer(name, ...)` run the function in a worker. It may run more than once: make it repeatable."""

    def register(function: Job) -> Job:
        procrastinate_app.task(name=name, retry=RETRY)(function)
        return function

    return register


def defer(name: str, *, lock: str | None = None, **arguments: Any) -> None:  # arguments: JSON values
    """This will run the job once the transaction commits; a rollback leaves no job. Jobs of one lock run in order."""
    procrastinate_app.configure_task(name, lock=lock, allow_unknown=False).defer(**arguments)
