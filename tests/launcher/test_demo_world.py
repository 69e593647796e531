"""The demo world of the pack, made with the actions that people use."""

import pytest

from vettura.entitlements import queries as entitlements
from vettura.foundation import clock as time
from vettura.identity import queries as accounts
from vettura.launcher import demo
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle

OWNER = "owner@demo.example"


@pytest.fixture
def world(db):
    demo.load()
    return demo.world()


def test_every_account_and_car_of_the_pack_is_there(world):
    assert all(accounts.find_by_email(email=facts["email"]) for facts in world["accounts"])
    assert set(Vehicle.objects.values_list("vin", flat=True)) == {facts["vin"] for facts in world["vehicles"]}


def test_loading_it_again_changes_nothing(world):
    before = sorted(Vehicle.objects.values_list("vin", "registered_at"))

    demo.load()

    assert sorted(Vehicle.objects.values_list("vin", "registered_at")) == before


def test_the_owner_has_three_cars_in_three_states(world):
    owner = accounts.find_by_email(email=OWNER)

    garage = {each.vin: each for each in vehicles.garage_of(account=owner)}

    assert len(garage) == 3
    states = {
        vin: (vehicles.is_linked(vehicle=each), vehicles.has_remote_access(vehicle=each))
        for vin, each in garage.items()
    }
    assert states == {
        "WP0ZZZY1ZLSA00001": (True, True),
        "WP1ZZZ9YZKDA00002": (True, True),
        "WP0ZZZ99ZHS100003": (False, False),
    }


def test_one_package_ends_in_ten_days(world):
    vehicle = vehicles.vehicle_by_vin(vin="WP1ZZZ9YZKDA00002")

    contracts = entitlements.contracts_of(vehicles=[vehicle])[vehicle.vin]

    left = [(each.ends_at - time.now()).days for each in contracts if each.service_id == "online_navigation"]
    assert left == [9]


def test_a_partner_has_planned_a_delivery_that_invites_its_buyer_by_itself(world):
    vehicle = vehicles.vehicle_by_vin(vin="WP1ZZZ95ZHLB00006")

    planned = vehicles.delivery_of(partner=vehicle.saved_partner, vehicle=vehicle)

    assert planned.buyer_email == "buyer@demo.example"
    assert planned.invite_at > time.now()


def test_nobody_gets_a_demo_world_in_production(db, settings):
    settings.IS_DEMO = False

    with pytest.raises(demo.NoDemoHere):
        demo.load()

    assert not Vehicle.objects.exists()
