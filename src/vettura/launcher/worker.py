"""
The worker: runs background jobs, and each second everything that is due by now.

A job whose worker was killed stays "doing" for ever in the queue; every worker looks for such jobs and hands them out again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from datetime import timedelta

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from procrastinate import App
from procrastinate.contrib.django import app as procrastinate_app

from vettura.foundation import clock, idempotency, jobs, outbox
from vettura.foundation.demo_clock import run_sweeps

log = logging.getLogger(__name__)

CONCURRENT_JOBS = 4
SWEEP_SECONDS = 1.0
STALLED_LOOK_SECONDS = 30.0
TIDY_SECONDS = 3600.0
SHUTDOWN_SECONDS = 7
GOODBYE_SECONDS = 2


async def run(stop: asyncio.Event) -> None:
    """Work until `stop` is set; jobs in hand are finished first."""
    worker_app = procrastinate_app.with_connector(procrastinate_app.connector.get_worker_connector())  # type: ignore[attr-defined]  # Django's connector has it
    async with worker_app.open_async():
        working = asyncio.create_task(
            worker_app.run_worker_async(
                concurrency=CONCURRENT_JOBS,
                install_signal_handlers=False,
                shutdown_graceful_timeout=SHUTDOWN_SECONDS,
                listen_notify=True,
                fetch_job_polling_interval=1.0,
            )
        )
        sweeping = asyncio.create_task(_each(SWEEP_SECONDS, sync_to_async(_sweep, thread_sensitive=False), stop))
        rescuing = asyncio.create_task(_each(STALLED_LOOK_SECONDS, lambda: _hand_out_stalled_jobs(worker_app), stop))
        tidying = asyncio.create_task(_each(TIDY_SECONDS, lambda: _tidy(worker_app), stop))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        if not working.done():
            working.cancel()
        for task in (working, sweeping, rescuing, tidying):
            with contextlib.suppress(asyncio.CancelledError):
                await task


def main() -> None:
    """Run a worker until SIGTERM or Ctrl-C. Django must be set up."""

    async def work() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()

        def end() -> None:
            stop.set()
            # a database that is gone would hold us back for minutes; what is unfinished is handed out again
            loop.call_later(SHUTDOWN_SECONDS + GOODBYE_SECONDS, os._exit, 1)

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, end)
        await run(stop)

    asyncio.run(work())


def _sweep() -> None:
    close_old_connections()
    try:
        run_sweeps()
    finally:
        close_old_connections()


async def _hand_out_stalled_jobs(app: App) -> None:
    for job in await app.job_manager.get_stalled_jobs():
        log.warning("job %s was left behind by a worker that died; it will run again", job.id)
        await app.job_manager.retry_job(job)


async def _tidy(app: App) -> None:
    """Forget what is done and old. What failed stays: it waits for a person."""
    await app.job_manager.delete_old_jobs(
        nb_hours=round(jobs.DONE_JOBS_ARE_KEPT / timedelta(hours=1)), include_cancelled=True, include_aborted=True
    )
    await sync_to_async(_tidy_tables, thread_sensitive=False)()


def _tidy_tables() -> None:
    close_old_connections()
    try:
        outbox.forget_delivered(before=clock.now() - outbox.DELIVERED_EVENTS_ARE_KEPT)
        idempotency.forget_answers(before=clock.real_now() - idempotency.ANSWERS_ARE_KEPT)
    finally:
        close_old_connections()


async def _each(seconds: float, work: object, stop: asyncio.Event) -> None:
    """Do the work again and again; what goes wrong is logged and tried again at the next time."""
    while not stop.is_set():
        try:
            await work()  # type: ignore[operator]  # both callers give an async function without arguments
        except Exception:
            log.exception("this will be tried again in %s s", seconds)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)
