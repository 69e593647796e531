"""What a program may ask in a time: said in every answer, and refused beyond it. And what of the API will go."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.urls import resolve
from tests import link_facts as facts
from tests.program_facts import Api, token

from vettura.api import lifecycle
from vettura.developers import actions, rules
from vettura.developers.models import Spent

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(clock):
    return facts.account()


@pytest.fixture
def car(person):
    return facts.vehicle(main_user=person)


@pytest.fixture
def budgets(monkeypatch):
    few = {name: rules.Budget(name, limit, 60) for name, limit in (("program", 5), ("car", 3), ("commands", 1))}
    monkeypatch.setattr(rules, "BUDGETS", few)


def test_every_answer_to_a_program_says_how_its_budgets_stand(person, car, clock):
    api = Api(token(person, "status"))
    clock.move_to(datetime(2026, 9, 1, 9, 0, 20, tzinfo=UTC))

    answers = [api.get(f"/api/v1/vehicles/{car.vin}/{each}") for each in ("state", "history", "state")]

    assert [each.status_code for each in answers] == [200, 403, 200]
    assert [each["RateLimit"] for each in answers] == [
        f'"program";r={600 - n};t=40, "car";r={240 - n};t=40' for n in (1, 2, 3)
    ]
    assert answers[0]["RateLimit-Policy"] == '"program";q=600;w=60, "car";q=240;w=60'


def test_whoever_has_the_answer_already_is_told_too(person, car):
    api = Api(token(person, "status"))
    tag = api.get(f"/api/v1/vehicles/{car.vin}")["ETag"]

    assert "RateLimit" in api.get(f"/api/v1/vehicles/{car.vin}", headers={"If-None-Match": tag})


def test_beyond_the_budget_of_a_car_the_program_waits_and_may_still_ask_about_others(person, car, clock, budgets):
    other = facts.vehicle(facts.OTHER_VIN, main_user=person)
    api = Api(token(person, "status"))
    for _ in range(3):
        assert api.get(f"/api/v1/vehicles/{car.vin}").status_code == 200

    refused = api.get(f"/api/v1/vehicles/{car.vin}")

    assert (refused.status_code, refused.json()["code"], refused.json()["budget"]) == (
        429,
        "developers.budget_spent",
        "car",
    )
    assert refused["Content-Type"] == "application/problem+json"
    assert refused["Retry-After"].isdigit()
    assert '"car";r=0' in refused["RateLimit"]
    assert api.get(f"/api/v1/vehicles/{other.vin}").status_code == 200
    clock.advance(seconds=int(refused["Retry-After"]))
    assert api.get(f"/api/v1/vehicles/{car.vin}").status_code == 200


def test_commands_have_a_budget_of_their_own(person, car, budgets):
    api = Api(token(person, "access"))
    address = f"/api/v1/vehicles/{car.vin}/commands"

    sent = [api.send(address, {"type": "lock"}).status_code for _ in range(2)]

    assert sent == [202, 429]
    assert api.get(address).status_code == 200


def test_one_program_does_not_spend_what_another_has(person, car, budgets):
    first, second = (Api(token(person, "status", client_id=each)) for each in ("first", "second"))
    for _ in range(4):
        first.get(f"/api/v1/vehicles/{car.vin}")

    assert second.get(f"/api/v1/vehicles/{car.vin}").status_code == 200


def test_our_own_app_has_a_budget_of_its_own(person, car, budgets):
    api = Api(token(person, "vehicles", client_id="our-app", is_ours=True))

    answers = [api.get(f"/api/v1/vehicles/{car.vin}") for _ in range(8)]

    assert {each.status_code for each in answers} == {200}
    assert answers[0]["RateLimit-Policy"] == '"program";q=3000;w=60, "car";q=1200;w=60'


def test_counts_wait_for_no_disk():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE oid = 'developers_spent'::regclass")
        assert cursor.fetchone() == ("u",)


def test_a_person_in_the_portal_has_no_budget(client, person, car, budgets):
    client.force_login(person)

    answers = [client.get(f"/api/v1/vehicles/{car.vin}") for _ in range(8)]

    assert {each.status_code for each in answers} == {200}
    assert "RateLimit" not in answers[0]


def test_counts_of_windows_that_are_over_are_forgotten(person, car, clock):
    Api(token(person, "status")).get(f"/api/v1/vehicles/{car.vin}")
    assert Spent.objects.count() == 2
    clock.advance(minutes=2)

    actions.forget_old(at=clock.real_now())

    assert not Spent.objects.exists()


def test_an_operation_that_will_go_says_since_when_and_until_when():
    request = RequestFactory().get("/api/v1/vehicles")
    request.resolver_match = resolve(request.path)
    parting = lifecycle.Parting(
        deprecated_at=datetime(2026, 9, 1, tzinfo=UTC),
        sunset_at=datetime(2027, 9, 1, tzinfo=UTC),
        link="https://example.org/moving",
    )

    assert lifecycle.headers_for(request, {"list_vehicles": parting}) == {
        "Deprecation": "@1788220800",
        "Sunset": "Wed, 01 Sep 2027 00:00:00 GMT",
        "Link": '<https://example.org/moving>; rel="deprecation"; type="text/html"',
    }
    assert lifecycle.headers_for(request, {"get_vehicle": parting}) == {}
    assert lifecycle.headers_for(request) == {}


def test_nothing_goes_before_it_was_announced():
    at = datetime(2026, 9, 1, tzinfo=UTC)

    with pytest.raises(ValueError, match="before it is deprecated"):
        lifecycle.Parting(deprecated_at=at, sunset_at=at - timedelta(days=1), link="x")


def test_what_is_to_go_is_a_row_of_an_operation_that_exists():
    from tests.permissions.test_matrix import operations

    assert set(lifecycle.PARTINGS) <= {operation.id for operation in operations()}
