"""The fixture that journeys stand on: processes of their own, one database."""

import time

import httpx
import pytest
from tests import vehicle_facts

from vettura.vehicle_link.models import VehicleLink


@pytest.mark.journey
def test_a_car_that_is_started_is_seen_online(transactional_db, live_platform):
    vehicle = vehicle_facts.vehicle()
    page = live_platform.start_car(vehicle.vin)
    assert httpx.get(page).status_code == 200

    give_up_at = time.monotonic() + 30
    while not VehicleLink.objects.filter(vehicle=vehicle, is_online=True).exists():
        assert time.monotonic() < give_up_at, live_platform.log("link") + live_platform.log(f"car-{vehicle.vin}")
        time.sleep(0.1)

    live_platform.stop_car(vehicle.vin)


@pytest.mark.journey
def test_a_fleet_comes_online_and_says_good_bye(transactional_db, live_platform):
    live_platform.supervisor.start("fleet", ["fleet", "3", "--states-per-second", "2"])

    def online():
        return VehicleLink.objects.filter(vehicle__vin__startswith="VTT", is_online=True).count()

    until(lambda: online() == 3, live_platform.log("link"))
    live_platform.supervisor.end("fleet")
    until(lambda: online() == 0, live_platform.log("fleet"))


def until(condition, said):
    give_up_at = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < give_up_at, said
        time.sleep(0.1)
