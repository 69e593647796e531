"""Why a service cannot be used: is it there for this car, and does a contract run."""

from datetime import timedelta

import pytest
from django.utils import translation
from tests import link_facts, vehicle_facts

from vettura.catalog import queries as catalog
from vettura.entitlements import actions, queries
from vettura.foundation import clock, diagnosis
from vettura.foundation.diagnosis import Diagnosis, Inquiry, Stage
from vettura.vehicles.models import Vehicle

pytestmark = pytest.mark.django_db


def why(
    service: str, car: Vehicle | None = None, *, role: str = "main_user", later: timedelta = timedelta(), **more: str
) -> Diagnosis:
    """What a user of the car is told about a service, at some time."""
    facts = {"vin": car.vin, "country": car.country} if car else {}
    return diagnosis.diagnose(
        Inquiry(topic="service", service=service, role=role, at=clock.now() + later, **{**facts, **more})
    )


def online(**facts: object) -> Vehicle:
    link_facts.ensure_keys()
    return link_facts.online(vehicle_facts.vehicle(signed_in=True, **facts))


@pytest.mark.rule("STO-041", "STO-042")
@pytest.mark.parametrize(
    ("service", "facts", "code", "says"),
    [
        ("charging_planner", {"country": "RU"}, "not_in_country", "Russia"),
        ("charging_planner", {"generation": "CAY-3"}, "not_for_generation", "Cayenne"),
        ("charging_control", {"generation": "MAC-2"}, "not_for_drive", "Electric"),
        ("music_streaming", {"equipment": ()}, "equipment_missing", "Connect Plus"),
    ],
)
def test_what_the_car_cannot_have_is_said_first(service, facts, code, says):
    found = why(service, vehicle_facts.vehicle(**facts))
    assert found.cause.code == code
    assert says in found.cause.text
    assert len(found.steps) == 1


def test_what_is_missing_in_a_country_comes_with_what_there_is_instead():
    car = vehicle_facts.vehicle(country="RU")
    alternatives = {
        each.name["en"]
        for each in catalog.services_for(generation="TAY", drive="BEV", equipment=car.equipment, country="RU")
        if each.group == "charging"
    }
    text = why("charging_planner", car).cause.text
    assert alternatives
    assert all(each in text for each in alternatives)


def test_somebody_without_a_car_learns_whether_the_service_exists():
    assert why("charging_planner", country="RU", role="").cause.code == "not_in_country"
    assert why("charging_planner", country="DE", generation="CAY-3", role="").cause.code == "not_for_generation"
    found = why("charging_planner", country="DE", generation="TAY", role="")
    assert (found.cause, found.question) == (None, None)


@pytest.mark.rule("TRB-013")
def test_a_missing_contract_leads_to_where_it_is_accepted():
    car = online()
    found = why("music_streaming", car)
    assert found.cause.code == "contract_missing"
    assert (found.cause.remedy.page, dict(found.cause.remedy.query)) == ("store:service", {"vin": car.vin})


def test_a_secondary_user_learns_that_the_main_user_orders():
    assert "Only the main user" in why("music_streaming", online(), role="secondary_user").cause.text


@pytest.mark.rule("TRB-015", "TRB-014")
def test_the_end_of_the_contract_is_compared_with_today():
    car = online()
    actions.start_inclusive_contracts(vin=car.vin, at=clock.now())
    contract = next(
        each for each in queries.contracts_of(vehicles=[car])[car.vin] if each.service_id == "real_time_traffic"
    )
    over = contract.ends_at - clock.now()
    found = why(contract.service_id, car, later=over)
    contract_step = next(step for step in found.steps if step.check == "entitlements.a_contract_runs")
    assert (contract_step.outcome.code, contract_step.outcome.evidence[0].at) == ("contract_ended", contract.ends_at)
    assert why(contract.service_id, car, later=over - timedelta(seconds=1)).cause != found.cause


@pytest.mark.rule("STO-033")
def test_a_contract_that_the_car_does_not_hold_yet_needs_a_restart():
    car = online()
    actions.start_inclusive_contracts(vin=car.vin, at=clock.now())
    assert why("real_time_traffic", car).cause.code == "restart_needed"


def test_the_end_comes_before_the_contract_in_every_order():
    assert Stage.OFFERED < Stage.CONNECTION < Stage.CONTRACT


@pytest.mark.parametrize("language", ["it", "de"])
def test_the_cause_is_told_in_the_language_of_the_reader(language):
    car = vehicle_facts.vehicle(country="RU")
    english = why("charging_planner", car).cause.text
    with translation.override(language):
        assert (
            why("charging_planner", car).cause.text.split()[-1] != english.split()[-1]
            or why("charging_planner", car).cause.text != english
        )
