"""One service is private, the others are not: what it would send does not leave the car, and everything else does."""

import pytest
from tests.car.conftest import reports

from vettura_car.head_unit import Menu
from vettura_car.uplink import POSITION
from vettura_wire import signals
from vettura_wire.payloads import State

GENERATIONS = ["911-7", "718", "MAC-1", "CAY-2", "PAN-2", "CAY-3", "MAC-2", "911-8", "TAY"]


def reported(car):
    car.uplink.report_all()
    car.touched()
    return {path for _, payload in reports(car) if isinstance(payload, State) for path in payload.values}


def finders(car):
    return [service.id for service in car.build.services() if "locate" in service.commands]


@pytest.mark.rule("PRI-001")
@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_private_service_keeps_the_place_in_the_car_and_nothing_else(ready_car, generation):
    car = ready_car(generation)
    before = reported(car)
    for service in finders(car):
        car.set_service_privacy(service, True)

    during = reported(car)

    assert finders(car)
    assert before - during == POSITION & before
    assert POSITION & before
    assert signals.DOOR_LOCKED["driver_door"] in during


@pytest.mark.rule("PRI-001")
def test_the_place_is_told_again_once_the_service_is_open(ready_car):
    car = ready_car()
    for private in (True, False):
        for service in finders(car):
            car.set_service_privacy(service, private)

    assert reported(car) >= POSITION


@pytest.mark.rule("PRI-001")
def test_driving_with_a_private_service_tells_no_place_on_the_way(ready_car):
    car = ready_car()
    reported(car)
    for service in finders(car):
        car.set_service_privacy(service, True)
    car.set_ignition("drive")
    car.set_parking_brake(False)
    car.set_gear("D")
    car.pass_time(60)

    sent = [payload for _, payload in reports(car) if isinstance(payload, State)]

    assert sent
    assert not [path for state in sent for path in state.values if path in POSITION]


@pytest.mark.rule("PRI-001")
def test_another_private_service_says_nothing_about_the_place(ready_car):
    car = ready_car()
    other = next(
        service.id
        for service in car.build.services()
        if "locate" not in service.commands and car.entitlement.can_be_private(service.id)
    )

    car.set_service_privacy(other, True)

    assert reported(car) >= POSITION


@pytest.mark.rule("PRI-001")
def test_each_service_of_the_menu_has_its_own_switch_but_theft_protection(ready_car, page_of):
    car = ready_car("TAY")
    node = Menu(car).shown_by("privacy_services")
    page = page_of(car)
    switchable = [service.id for service in car.build.services() if car.entitlement.can_be_private(service.id)]

    for service in switchable:
        page.post("/do/service_privacy", {"service": service})
        assert car.entitlement.of(service).reason == "privacy_on"
        assert page.get(f"/at/{node.id}").status_code == 200

    assert set(car.condition.private_services) == set(switchable)
    assert not car.condition.privacy_on
    fixed = [service.id for service in car.build.services() if service.id not in switchable]
    for service in fixed:
        page.post("/do/service_privacy", {"service": service})
    assert not set(fixed) & set(car.condition.private_services)
