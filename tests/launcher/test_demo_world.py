"""The demo world of the pack, made with the actions that people use."""

import pytest

from vettura.assistance import queries as cases
from vettura.entitlements import queries as entitlements
from vettura.foundation import clock as time
from vettura.identity import queries as accounts
from vettura.launcher import demo
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle

OWNER = "owner@demo.example"


@pytest.fixture(scope="module")
def loaded(made_for_the_file):
    demo.load()
    return demo.world()


@pytest.fixture
def world(loaded, db):
    return loaded


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


def test_somebody_in_a_country_that_asks_for_it_has_to_identify_themselves(world):
    person = accounts.find_by_email(email="nocar@demo.example")

    assert accounts.open_identity_check(account=person, country=person.country).status == "opened"


def test_whoever_accepted_the_former_privacy_declaration_is_asked_about_the_new_one(world):
    returning, owner = (accounts.find_by_email(email=each) for each in ("returning@demo.example", OWNER))

    assert accounts.documents_to_accept(account=returning) == ["privacy"]
    assert accounts.documents_to_accept(account=owner) == []


def test_an_app_has_access_and_assistance_has_cases_once(world):
    owner = accounts.find_by_email(email=OWNER)
    agent = accounts.find_by_email(email="assistance@demo.example")

    demo.load()

    assert [each.name for each in accounts.programs_with_access(account=owner)] == ["Charge Planner"]
    open_cases = cases.cases(by=agent, view="open", search="", at=time.now())
    assert sorted(case.kind for case in open_cases) == ["consent_withdrawal", "question"]
