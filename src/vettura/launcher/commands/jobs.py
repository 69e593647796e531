"""`vettura jobs [retry]`: what failed for good and waits for a person."""

from __future__ import annotations

import argparse
import importlib
import json

from vettura.launcher.django_setup import set_up
from vettura.launcher.progress import say

NEWEST_MESSAGES = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("word", nargs="?", choices=("show", "retry"), default="show")


def run(options: argparse.Namespace) -> int:
    """Show jobs that failed for good and messages of cars that nobody could read, or run those jobs again."""
    set_up()
    jobs = importlib.import_module("vettura.foundation.jobs")  # models can be imported only now
    if options.word == "retry":
        count = jobs.retry_parked()
        say(f"{count} job{'' if count == 1 else 's'} will run again." if count else "No job failed for good.")
        return 0
    parked = jobs.parked()
    for job in parked:
        at = f"{job.failed_at:%Y-%m-%d %H:%M} UTC" if job.failed_at else ""
        say(f"  job {job.id:<8}{job.name:<34}{job.attempts} attempts, {at}  {json.dumps(job.arguments)}")
    messages = importlib.import_module("vettura.vehicle_link.queries").parked_messages(limit=NEWEST_MESSAGES)
    for message in messages:
        say(f"  message {message.topic}, {message.received_at:%Y-%m-%d %H:%M} UTC: {message.reason}")
    if not parked and not messages:
        say("Nothing waits for you.")
    return 0
