"""Stories that a program could tell, made up from the description: what was made is read, changed and deleted; nothing breaks."""

import time

import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

MOST_SECONDS = 45


def test_no_story_ends_in_an_error_of_ours_or_in_an_answer_that_is_not_described(browser, car):
    headers = {
        "Cookie": f"vettura_session={browser.cookies['vettura_session'].value}; vettura_csrf={'a' * 32}",
        "X-CSRFToken": "a" * 32,
    }
    description = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    end = time.monotonic() + MOST_SECONDS
    told: list[tuple[str, int]] = []

    class Story(description.as_state_machine()):
        def before_call(self, case):
            if "vin" in (case.path_parameters or {}):
                case.path_parameters["vin"] = car.vin
            if case.operation.definition.raw.get("operationId") == "create_webhook" and isinstance(case.body, dict):
                # nobody is there, and nobody outside is asked
                case.body |= {"url": "http://127.0.0.1:9/", "cars": [car.vin]}

        def step(self, *arguments, **named):
            # the cap: what is left of the stories is told without a word
            return super().step(*arguments, **named) if time.monotonic() < end else None

        def get_call_kwargs(self, case):
            return {"headers": headers}

        def validate_response(self, response, case, *arguments, **named):
            told.append((case.operation.label, response.status_code))
            case.validate_response(response, checks=[not_a_server_error, response_schema_conformance])

    run_state_machine_as_test(
        seed(20260901)(Story),
        settings=settings(
            max_examples=12,
            stateful_step_count=8,
            deadline=None,
            database=None,
            derandomize=False,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )

    assert len(told) > 20
    assert max(status for _, status in told) < 500
