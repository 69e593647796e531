"""
Every address of the platform, tried by everybody. The list comes from the URL map and the API's description, so a new
address without a row fails, and so does a row that says something else than the address.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLResolver, get_resolver, reverse
from tests import identity_facts
from tests.permissions.rows import OPERATIONS, PAGES
from tests.permissions.world import ACTORS, World, make_world, parameters_of
from tests.store_facts import providers_with

from vettura.api.shell import api

pytestmark = pytest.mark.django_db(transaction=False)


@dataclass(frozen=True)
class Operation:
    """One operation of the API."""

    id: str
    method: str
    path: str


def pages(resolver=None, template="", namespace="") -> Iterator[tuple[str, str]]:
    """Name and address of every page."""
    for each in (resolver or get_resolver()).url_patterns:
        whole = template + str(each.pattern)
        if isinstance(each, URLResolver):
            if each.namespace != "api-v1":
                yield from pages(each, whole, namespace + (f"{each.namespace}:" if each.namespace else ""))
        else:
            yield namespace + (each.name or whole), whole


def operations() -> list[Operation]:
    """Every operation of the API."""
    described = api.get_openapi_schema(path_prefix="")["paths"]
    return [
        Operation(operation["operationId"], method, path)
        for path, methods in described.items()
        for method, operation in methods.items()
    ]


def answer_to(response) -> str:
    """What an answer means for whoever asked."""
    if response.status_code in (301, 302, 303) and response["Location"].startswith("/signin/"):
        return "sign_in"
    if response.status_code < 400 or response.status_code in (400, 409, 410, 412, 422, 423, 428):
        return "in"
    return {401: "sign_in", 403: "refused", 404: "hidden", 405: "no such method"}.get(
        response.status_code, str(response.status_code)
    )


def told(send) -> str:
    """The answer to a request whose traces are wiped away."""
    mark = transaction.savepoint()
    try:
        return answer_to(send())
    finally:
        transaction.savepoint_rollback(mark)


@pytest.fixture(scope="module")
def made_world(made_for_the_file, card_sandbox) -> World:
    with override_settings(VETTURA_PROVIDERS=providers_with(card_sandbox)):
        return make_world(card_sandbox)


@pytest.fixture
def world(made_world, db, cards) -> World:
    return made_world


class Browsers:
    """Everybody's browser. Each request begins with the cookies of the sign-in: signing out is an address too."""

    def __init__(self, world: World) -> None:
        self._clients = {
            actor: identity_facts.signed_in(person) if person else Client() for actor, person in world.people.items()
        }
        self._cookies = {actor: client.cookies.output(header="") for actor, client in self._clients.items()}

    def of(self, actor: str) -> Client:
        client = self._clients[actor]
        client.cookies.clear()
        client.cookies.load(self._cookies[actor])
        return client


def got_at_page(world: World, browsers: Browsers, name: str, template: str) -> dict[str, str]:
    """What everybody gets at a page, read and sent to; where the two differ, both."""
    path = reverse(name, kwargs=world.path(name, parameters_of(template)))

    def send(actor: str, method: str):
        body = world.bodies.get(name, {}) if method == "post" else {}
        return getattr(browsers.of(actor), method)(path, body)

    found = {}
    for actor in ACTORS:
        answers = [told(lambda actor=actor, method=method: send(actor, method)) for method in ("get", "post")]
        found[actor] = "/".join(dict.fromkeys(answer for answer in answers if answer != "no such method"))
    return found


def got_at_operation(world: World, browsers: Browsers, operation: Operation) -> dict[str, str]:
    """What everybody gets from an operation."""
    path = "/api/v1" + operation.path.removeprefix("/api/v1").format(
        **world.path(operation.id, parameters_of(operation.path))
    )
    body = {}
    if operation.method != "get":
        body = {"data": json.dumps(world.bodies.get(operation.id, {})), "content_type": "application/json"}
        body["HTTP_IDEMPOTENCY_KEY"] = operation.id

    def send(actor: str):
        return getattr(browsers.of(actor), operation.method)(path, **body)

    return {actor: told(lambda actor=actor: send(actor)) for actor in ACTORS}


def differences(found: dict[str, dict[str, str]], rows: dict[str, dict[str, str]]) -> list[str]:
    """What an address answers that its row does not say."""
    return [
        f"{name}: {actor} gets {answer}, the matrix says {rows[name][actor] if name in rows else 'nothing'}"
        for name, answers in found.items()
        for actor, answer in answers.items()
        if rows.get(name, {}).get(actor) != answer
    ]


def check(found: dict[str, dict[str, str]], rows: dict[str, dict[str, str]]) -> None:
    """Fails with every difference, one a line: a comparison of strings would be cut short."""
    if wrong := differences(found, rows):
        pytest.fail("\n".join(wrong), pytrace=False)


def test_every_address_has_a_row():
    names = {name for name, _ in pages()}

    assert {"missing": names - PAGES.keys(), "gone": PAGES.keys() - names} == {"missing": set(), "gone": set()}


def test_every_operation_has_a_row():
    ids = {operation.id for operation in operations()}

    assert {"missing": ids - OPERATIONS.keys(), "gone": OPERATIONS.keys() - ids} == {"missing": set(), "gone": set()}


# in parts, so that processes share the many requests
PARTS = 5


@pytest.mark.parametrize("part", range(PARTS))
def test_everybody_gets_what_the_matrix_says_at_every_page(world, part):
    browsers = Browsers(world)
    found = {name: got_at_page(world, browsers, name, template) for name, template in [*pages()][part::PARTS]}

    check(found, PAGES)


@pytest.mark.parametrize("part", range(PARTS))
def test_everybody_gets_what_the_matrix_says_at_every_operation(world, part):
    browsers = Browsers(world)
    found = {each.id: got_at_operation(world, browsers, each) for each in operations()[part::PARTS]}

    check(found, OPERATIONS)
