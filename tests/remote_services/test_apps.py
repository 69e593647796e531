"""Two generations of the app: which is valid for a car, what it offers there, and on which phones it runs."""

import pytest
from tests import link_facts as facts
from tests import vehicle_facts

from vettura.catalog import queries as catalog
from vettura.remote_services import queries

OLDER = ("718", "911-7", "CAY-2", "MAC-1")
APP_ONLY = {"set_valet_alarm", "set_intelligent_climate"}


@pytest.mark.rule("APP-007", "C-33")
def test_there_are_two_apps_with_distinct_functions_and_every_car_has_one():
    connect, car_connect = (next(app for app in catalog.apps() if app.id == id) for id in ("connect", "car_connect"))

    assert set(connect.commands) != set(car_connect.commands)
    assert set(connect.functions) != set(car_connect.functions)
    for generation in catalog.generations():
        assert catalog.app_of(generation.code) is (car_connect if generation.code in OLDER else connect)


@pytest.mark.rule("REM-009", "APP-009", "C-37")
def test_valet_alarm_and_intelligent_climatization_are_in_one_app_only():
    offering = {app.id for app in catalog.apps() if APP_ONLY & set(app.commands)}

    assert offering == {"connect"}


@pytest.mark.rule("REM-013")
@pytest.mark.parametrize(("generation", "offered"), [("TAY", APP_ONLY), ("718", set())])
def test_an_app_offers_what_it_and_the_car_know(db, generation, offered):
    car = vehicle_facts.vehicle(generation=generation)

    types = {each.type for each in queries.app_commands(vehicle=car)}

    assert types <= set(queries.understood(vehicle=car))
    assert types & APP_ONLY == offered


@pytest.mark.rule("APP-004")
@pytest.mark.parametrize(("system", "version", "runs"), [
    ("android", "4.4", False), ("android", "5.0", True), ("android", "5", True), ("android", "14", True),
    ("ios", "9.2", False), ("ios", "9.3", True), ("ios", "9.3.1", True), ("ios", "10", True),
    ("windows", "11", False), ("ios", "new", False), ("ios", "", False),
])  # fmt: skip
def test_the_app_runs_on_these_systems_and_newer_ones(system, version, runs):
    assert catalog.runs_on(system=system, version=version) is runs


@pytest.mark.rule("APP-005", "REM-012")
def test_what_is_said_of_the_app_names_its_functions_and_oldest_systems(client, db):
    person = facts.account()
    car = vehicle_facts.vehicle(main_user=person, generation="718")
    client.force_login(person)

    said = client.get(f"/api/v1/vehicles/{car.vin}/app").json()

    assert (said["name"], said["functions"]) == ("Porsche Car Connect", ["vehicle_information"])
    assert (said["minimum_android"], said["minimum_ios"]) == ("5.0", "9.3")
    assert "unlock" in said["commands"]
