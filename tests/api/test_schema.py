"""The description of the API: committed, current, and true."""

import json
from pathlib import Path

import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
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
