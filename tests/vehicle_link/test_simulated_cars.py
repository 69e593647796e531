"""Simulated cars of developers, run by `vettura fleet --simulated` over the real broker."""

import argparse
import asyncio
import contextlib
import gc
import threading
from concurrent.futures import Future

import pytest
from tests import link_facts as facts

from vettura.launcher.commands import fleet
from vettura.vehicle_link.models import RemoteCommand, VehicleLink
from vettura.vehicles import actions as vehicles


@contextlib.contextmanager
def running(data_dir):
    """The command in a thread, until the test is over."""
    options = argparse.Namespace(states_per_second=1.0, seed="tests")
    begun: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task]] = Future()

    async def whole():
        task = asyncio.create_task(fleet.run_simulated(data_dir, options))
        begun.set_result((asyncio.get_running_loop(), task))
        await asyncio.wait([task])
        # what a connection leaves that was canceled while it opened is let go while its loop lives
        await asyncio.sleep(0.2)
        gc.collect()

    thread = threading.Thread(target=lambda: asyncio.run(whole()), daemon=True)
    thread.start()
    loop, task = begun.result(10)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(20)
        assert not thread.is_alive()


def is_online(car) -> bool:
    return VehicleLink.objects.filter(vehicle__vin=car.vin, is_online=True).exists()


def made(person):
    return vehicles.create_simulated_car(by=person, generation="TAY", model="Taycan 4S")


@pytest.fixture
def looks_often(monkeypatch):
    monkeypatch.setattr(fleet, "LOOKS_EVERY_SECONDS", 0.2)


def test_they_come_in_answer_commands_and_are_joined_by_those_made_meanwhile(link, nats_server, looks_often):
    person = facts.account()
    first = made(person)
    with running(nats_server.data_dir):
        facts.eventually(lambda: is_online(first), patience=20)
        second = made(person)
        facts.eventually(lambda: is_online(second), patience=20)
        facts.eventually(lambda: is_online(first), patience=20)
        command = facts.command(second, type="flash")
        facts.eventually(lambda: RemoteCommand.objects.get(id=command.id).status == "done", patience=20)

        vehicles.delete_simulated_car(by=person, vin=first.vin)
        facts.eventually(lambda: not is_online(first), patience=20)

    assert fleet.simulated_vins() == [second.vin]
