"""Background jobs in a running worker: what goes wrong heals, or waits where a person sees it."""

import asyncio
import threading
import time
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.models import ProcrastinateJob

from vettura.foundation import jobs
from vettura.launcher import attention, worker
from vettura.launcher.commands import jobs as jobs_command
from vettura.launcher.commands.jobs import arguments

NAME = "foundation.light_a_lamp"


@pytest.fixture
def lamps():
    """A job that lights lamps: what it was called with, and the names of lamps that are broken."""
    lit: list[str] = []
    broken: set[str] = set()

    def light_a_lamp(room: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
        if room in broken:
            raise ValueError("blown")
        lit.append(room)

    jobs.job(NAME)(light_a_lamp)
    light_a_lamp.lit, light_a_lamp.broken = lit, broken
    yield light_a_lamp
    queue.tasks.pop(NAME)


@contextmanager
def working():
    """A worker at work in this process."""
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(worker.run(stop)))
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


def until(condition):
    give_up_at = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < give_up_at, list(ProcrastinateJob.objects.values_list("task_name", "status"))
        time.sleep(0.02)


def light(room):
    with transaction.atomic():
        jobs.defer(NAME, room=room)
    return ProcrastinateJob.objects.latest("id").id


def set_status(job_id, status):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [status, job_id])


def taken_next():
    """The arguments of the job that a worker would take now; it takes it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_fetch_job_v2(NULL, NULL)")
        return ProcrastinateJob.objects.get(id=cursor.fetchone()[0]).args


@pytest.mark.django_db
def test_a_job_for_which_nobody_waits_lets_everything_else_go_first(lamps):
    jobs.defer(NAME, room="cellar", priority=jobs.WHEN_IDLE)
    jobs.defer(NAME, room="hall")

    assert [taken_next() for _ in range(2)] == [{"room": "hall"}, {"room": "cellar"}]


@pytest.mark.django_db(transaction=True)
def test_a_job_works_again_after_the_database_has_cut_every_connection(lamps):
    with working():
        light("hall")
        until(lambda: lamps.lit == ["hall"])
        with connection.cursor() as cursor:
            # what a restart of the database does to everybody who sits and waits; the queue's own are watched elsewhere
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND query LIKE '%%pg_backend_pid()%%'"
            )
        light("kitchen")
        until(lambda: lamps.lit == ["hall", "kitchen"])


@pytest.mark.django_db(transaction=True)
def test_a_job_that_a_killed_worker_left_behind_runs_in_the_next(lamps):
    job_id = light("cellar")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        [dead] = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '5 minutes'")
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [dead, job_id])

    with working():
        until(lambda: lamps.lit == ["cellar"])


@pytest.mark.django_db(transaction=True)
def test_a_job_that_failed_for_good_is_seen_and_can_be_run_again(lamps, capsys):
    lamps.broken.add("attic")
    job_id = light("attic")
    set_status(job_id, "failed")

    [parked] = jobs.parked()
    assert (parked.name, parked.arguments) == (NAME, {"room": "attic"})
    [sentence] = attention.waiting()
    assert sentence.startswith(f"1 job failed for good: {NAME} 1 ×.")
    assert run_command() == 0
    assert '{"room": "attic"}' in capsys.readouterr().out

    lamps.broken.clear()
    assert run_command("retry") == 0
    assert capsys.readouterr().out == "1 job will run again.\n"
    with working():
        until(lambda: lamps.lit == ["attic"])
    assert attention.waiting() == []


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_is_tried_again_after_a_pause(lamps):
    lamps.broken.add("porch")
    job_id = light("porch")

    with working():
        until(lambda: ProcrastinateJob.objects.filter(id=job_id, attempts__gte=1).exists())
        lamps.broken.clear()
        until(lambda: lamps.lit == ["porch"])

    assert jobs.parked() == []


@pytest.mark.django_db(transaction=True)
def test_done_jobs_are_forgotten_after_a_week_and_failed_ones_are_not(lamps):
    old, failed, young = light("hall"), light("attic"), light("kitchen")
    set_status(old, "succeeded")
    set_status(failed, "failed")
    set_status(young, "succeeded")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - interval '8 days' WHERE job_id IN (%s, %s)", [old, failed]
        )

    with working():
        until(lambda: not ProcrastinateJob.objects.filter(id=old).exists())

    assert set(ProcrastinateJob.objects.values_list("id", flat=True)) == {failed, young}


def run_command(*words):
    import argparse

    parser = argparse.ArgumentParser()
    arguments(parser)
    return jobs_command.run(parser.parse_args(words))
