"""The description of the API: committed, current, and true."""

import json
from pathlib import Path

import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema_rs import Draft202012Validator
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from vettura.api.shell import api

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "api" / "openapi.json"


def current() -> dict:
    return json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))


def test_the_committed_description_is_current():
    """Write it anew with `python -m vettura.api.describe`; the change shows in review."""
    assert json.loads(COMMITTED.read_text()) == current()


def test_every_operation_has_a_summary_and_an_id_of_its_own():
    operations = [
        (path, method, operation)
        for path, methods in current()["paths"].items()
        for method, operation in methods.items()
        if isinstance(operation, dict)
    ]

    ids = [operation["operationId"] for _, _, operation in operations]

    assert [(path, method) for path, method, operation in operations if not operation.get("summary")] == []
    assert len(ids) == len(set(ids))


def test_every_operation_says_who_may_what_goes_wrong_and_what_it_looks_like():
    description = current()
    schemas = {"components": description["components"]}
    missing, wrong = [], []
    for methods in description["paths"].values():
        for operation in methods.values():
            name, responses = operation["operationId"], operation["responses"]
            if not {"401", "403", "429", "default"} <= responses.keys() or len(operation["security"]) < 2:
                missing.append(name)
            bodies = [operation.get("requestBody", {}), *(each for code, each in responses.items() if code[0] == "2")]
            for content in (body["content"]["application/json"] for body in bodies if is_json(body)):
                if "example" not in content:
                    missing.append(name)
                elif not Draft202012Validator({**content["schema"], **schemas}).is_valid(content["example"]):
                    wrong.append((name, content["example"]))

    assert description["openapi"].startswith("3.1")
    assert (missing, wrong) == ([], [])


def is_json(body: dict) -> bool:
    return "application/json" in body.get("content", {})


def test_every_list_that_can_grow_comes_in_pages():
    # as many as a person may have, or as there are in the catalog; calls for help of today
    bounded = {"list_webhooks", "list_offers", "list_controls", "list_consents"}
    bounded |= {"list_push_subscriptions", "list_calls_for_help", "list_diagnoses", "list_manuals", "list_articles"}
    lists = {
        operation["operationId"]: {each["name"] for each in operation["parameters"]}
        for methods in current()["paths"].values()
        for operation in methods.values()
        if operation["operationId"].startswith("list_")
    }

    assert [name for name, asked in lists.items() if name not in bounded and not asked & {"after", "before"}] == []


def test_whatever_fits_the_description_is_answered_as_described(browser, car):
    headers = {
        "Cookie": f"vettura_session={browser.cookies['vettura_session'].value}; vettura_csrf={'a' * 32}",
        "X-CSRFToken": "a" * 32,
    }
    description = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())

    for found in description.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=8,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def is_answered(case):
            case.path_parameters = {
                **(case.path_parameters or {}),
                **({"vin": car.vin} if "{vin}" in case.path else {}),
            }
            response = case.call(headers=headers)
            case.validate_response(response, checks=[not_a_server_error, response_schema_conformance])

        is_answered()
