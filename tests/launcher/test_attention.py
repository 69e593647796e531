"""What `vettura doctor` says of things that wait for a person."""

import pytest
from tests import link_facts as facts

from vettura.launcher import attention
from vettura.vehicle_link import actions

pytestmark = pytest.mark.django_db


def test_cars_that_are_locked_out_are_counted_with_their_ends_of_vin_and_what_helps(clock):
    for n in range(1, 8):
        car = facts.unused_vehicle(f"WP0ZZZY1ZLSA1000{n}")
        actions.revoke_certificate(vin=car.vin, fingerprint=f"{n}" * 64)
        clock.advance(minutes=1)

    [sentence] = attention.waiting()

    assert sentence == (
        "7 cars are locked out, because their certificates were revoked (…A10007, …A10006, …A10005, …A10004, …A10003 "
        "and 2 more). `vettura provision VIN` writes a new certificate, which the car needs to come back."
    )


def test_a_car_that_came_back_with_a_new_certificate_is_not_counted(clock):
    car = facts.unused_vehicle()
    facts.ensure_keys()
    actions.revoke_certificate(vin=car.vin, fingerprint="1" * 64)
    clock.advance(minutes=1)
    facts.online(car)

    assert attention.waiting() == []
