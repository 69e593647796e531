"""Errors of the API: problem details with a stable code, whatever went wrong."""

import pytest
from django.test import Client
from tests import link_facts as facts

MEDIA_TYPE = "application/problem+json"


def problem_of(response) -> tuple[int, str]:
    assert response["Content-Type"] == MEDIA_TYPE
    body = response.json()
    assert set(body) >= {"type", "title", "status", "detail", "code"}
    assert body["status"] == response.status_code
    assert body["type"].endswith(body["code"])
    return response.status_code, body["code"]


def test_nobody_is_asked_to_sign_in(db):
    response = Client().get("/api/v1/vehicles")

    assert problem_of(response) == (401, "not_signed_in")
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_nobody_who_posts_is_asked_to_sign_in_too(db):
    response = Client().post(
        f"/api/v1/vehicles/{facts.VIN}/commands", {"type": "lock"}, content_type="application/json"
    )

    assert problem_of(response) == (401, "not_signed_in")


def test_a_token_that_is_no_good_is_told_so(db):
    response = Client().get("/api/v1/vehicles", headers={"Authorization": "Bearer made-up"})

    assert problem_of(response) == (401, "not_signed_in")


def test_a_session_without_the_csrf_token_cannot_change_anything(person, car):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)

    response = client.post(f"/api/v1/vehicles/{car.vin}/commands", {"type": "lock"}, content_type="application/json")

    assert problem_of(response) == (403, "csrf_token_missing")


def test_somebody_elses_car_is_not_found(browser, car):
    facts.vehicle(facts.OTHER_VIN)

    response = browser.get(f"/api/v1/vehicles/{facts.OTHER_VIN}/state")

    assert problem_of(response) == (404, "not_found")


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/vehicles/%00/state", "/api/v1/vehicles/x%00y/commands"])
def test_an_address_that_does_not_exist_is_a_problem_and_no_page(browser, path):
    assert problem_of(browser.get(path)) == (404, "not_found")


def test_a_request_that_does_not_fit_says_where(browser, car):
    response = browser.post(f"/api/v1/vehicles/{car.vin}/commands", {"params": {}}, content_type="application/json")

    assert problem_of(response) == (422, "invalid_request")
    assert response.json()["errors"][0]["in"][-1] == "type"


def test_a_body_that_is_no_json_is_refused(browser, car):
    response = browser.post(f"/api/v1/vehicles/{car.vin}/commands", "{", content_type="application/json")

    assert problem_of(response) == (400, "malformed_request")


def test_what_nobody_foresaw_is_a_problem_without_details(browser, car, monkeypatch):
    from vettura.remote_services import api

    monkeypatch.setattr(api.link, "twins_of", lambda **_: 1 / 0)

    response = browser.get(f"/api/v1/vehicles/{car.vin}/state")

    assert problem_of(response) == (500, "server_error")
    assert "division" not in response.content.decode()
