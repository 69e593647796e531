"""What an app is told that it can offer for a car."""

import pytest
from tests import link_facts as facts


def controls(client, vin):
    return client.get(f"/api/v1/vehicles/{vin}/controls").json()


def test_a_control_says_its_verb_what_it_takes_and_whether_it_opens(browser, car):
    told = {each["type"]: each for each in controls(browser, car.vin)["items"]}

    assert told["unlock"]["needs_step_up"] is True
    assert told["lock"]["needs_step_up"] is False
    assert told["lock"]["verb"] == "Lock car"
    climate = told["climate_start"]
    assert climate["temperature"]["minimum"] < climate["temperature"]["default"] < climate["temperature"]["maximum"]
    assert climate["seats"] == ["front_left", "front_right", "rear_left", "rear_right"]


def test_the_sentences_come_in_the_language_that_is_asked_for(browser, car):
    answer = browser.get(f"/api/v1/vehicles/{car.vin}/controls", headers={"Accept-Language": "de"})

    assert "Fahrzeug verriegeln" in {each["verb"] for each in answer.json()["items"]}


@pytest.mark.rule("REM-009", "APP-009")
def test_an_app_is_offered_what_works_in_the_app_only(browser, car):
    told = {each["type"] for each in controls(browser, car.vin)["items"]}

    assert {"set_valet_alarm", "set_intelligent_climate"} <= told


def test_what_stands_against_every_command_is_said_before_anyone_tries(browser, person):
    locked_up = facts.vehicle(main_user=person, remote_access=False)

    told = controls(browser, locked_up.vin)

    assert told["refusal"]["code"] in ("remote_services.not_linked", "remote_services.no_remote_access")
    assert told["refusal"]["text"]


def test_somebody_elses_car_is_not_there(browser):
    stranger = facts.vehicle("WP0ZZZY1ZLSA99999", main_user=facts.account("stranger@example.org"))

    assert browser.get(f"/api/v1/vehicles/{stranger.vin}/controls").status_code == 404
