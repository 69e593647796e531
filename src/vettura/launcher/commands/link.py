"""`vettura link`"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import signal

import uvloop

from vettura.launcher.children import tell_ready
from vettura.launcher.django_setup import set_up
from vettura.launcher.doctor import refuse_unsafe


def arguments(parser: argparse.ArgumentParser) -> None:
    """There are none."""


def run(options: argparse.Namespace) -> int:
    """Be the link until SIGTERM."""
    refuse_unsafe()
    set_up()
    process = importlib.import_module("vettura.vehicle_link.process")  # models can be imported only now

    async def link() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        await process.run(stop, ready=tell_ready)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(link())
    return 0
