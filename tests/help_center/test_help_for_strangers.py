"""The API of help is for everybody, as the website is; whose car it is about is a matter of signing in. And one address asks only so often."""

import pytest
from django.test import Client
from tests import program_facts

from vettura.catalog import queries as catalog
from vettura.developers import rules

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index")]

HELP = "/api/v1/help"
PAIRING = {"question": "Where do I type the pairing code?"}


@pytest.fixture
def few(monkeypatch) -> int:
    monkeypatch.setattr(rules, "BUDGET_OF_STRANGERS", rules.Budget("address", 3, 60))
    return 3


def test_a_stranger_reads_searches_and_asks(client):
    listed = client.get(f"{HELP}/articles", {"lang": "de"}).json()["items"]
    article = client.get(f"{HELP}/articles/password-rules").json()
    found = client.get(f"{HELP}/search", {"q": "invoice copy"}).json()["items"]
    asked = client.get(f"{HELP}/ask", PAIRING).json()
    manuals = client.get(f"{HELP}/manuals").json()["items"]

    assert {
        "article": "password-rules",
        "title": "Warum wird mein neues Passwort abgelehnt?",
        "topic": "Ihr Konto",
    } in listed
    assert article["is_for_reader"]
    assert article["text"].startswith(article["answer"])
    assert str(catalog.terms().password_min_length) in article["facts"].values()
    assert "confirmation-and-invoice" in [each["article"] for each in found]
    assert (asked["article"], asked["path"]) == ("pairing-code", [])
    assert manuals


@pytest.mark.rule("KB-002")
def test_a_stranger_says_which_country_and_which_generation(client):
    refused = next(each for each in catalog.countries() if not each.self_registration)

    car = client.get(f"{HELP}/articles/pairing-code", {"generation": "CAY-3", "lang": "it"}).json()
    elsewhere = client.get(f"{HELP}/articles/register-alone", {"country": refused.iso2}).json()
    asked = client.get(f"{HELP}/ask", {**PAIRING, "generation": "911-7"}).json()
    manuals = client.get(f"{HELP}/manuals", {"generation": "CAY-3"}).json()["items"]

    assert car["path"][0] == "Impostazioni Porsche Connect"
    assert elsewhere["verdict"] == "refuse"
    assert asked["path"][:2] == ["APPS", "OPT"]
    assert {each["generation"] for each in manuals} == {"CAY-3"}
    assert client.get(f"{HELP}/articles/pairing-code", {"generation": "NOPE"}).status_code == 404
    assert client.get(f"{HELP}/articles/pairing-code", {"country": "XX"}).status_code == 404
    assert client.get(f"{HELP}/articles/no-such-article").json()["code"] == "help_center.article_not_found"


def test_whoever_names_a_car_signs_in_first_and_has_the_scope(client, owner, car):
    no_scope = program_facts.Api(program_facts.token(owner, "webhooks"))
    elsewhere = program_facts.Api(program_facts.token(owner, "status", cars=[], client_id="elsewhere"))
    allowed = program_facts.Api(program_facts.token(owner, "status", client_id="allowed"))

    for address, query in (
        ("articles", {}),
        ("articles/pairing-code", {}),
        ("search", {"q": "code"}),
        ("ask", PAIRING),
        ("manuals", {}),
    ):
        about = {**query, "vin": car.vin}
        refused = client.get(f"{HELP}/{address}", about)
        assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in"), address
        assert no_scope.get(f"{HELP}/{address}", about).status_code == 403, address
        assert elsewhere.get(f"{HELP}/{address}", about).status_code == 404, address
        assert allowed.get(f"{HELP}/{address}", about).status_code == 200, address
    assert allowed.get(f"{HELP}/ask", {**PAIRING, "vin": car.vin}).json()["path"]


def test_a_token_that_is_no_good_is_no_stranger(client):
    refused = client.get(f"{HELP}/ask", PAIRING, headers={"Authorization": "Bearer made-up"})

    assert refused.status_code == 401


def test_nothing_else_is_open_to_strangers(client, car):
    for address in ("me", "vehicles", "store/offers", "messages", f"vehicles/{car.vin}/diagnosis"):
        assert client.get(f"/api/v1/{address}").status_code == 401, address


def test_one_address_asks_only_so_often_and_others_and_signed_in_people_go_on(client, owner, few, clock):
    answers = [client.get(f"{HELP}/ask", PAIRING) for _ in range(few + 1)]
    signed_in = Client()
    signed_in.force_login(owner)

    assert [each.status_code for each in answers] == [200] * few + [429]
    assert answers[0]["RateLimit-Policy"] == '"address";q=3;w=60'
    assert (answers[-1].json()["code"], answers[-1].json()["budget"]) == ("developers.budget_spent", "address")
    assert client.get(f"{HELP}/articles", REMOTE_ADDR="198.51.100.7").status_code == 200
    assert signed_in.get(f"{HELP}/articles").status_code == 200
    clock.advance(seconds=int(answers[-1]["Retry-After"]))
    assert client.get(f"{HELP}/articles").status_code == 200


def test_addresses_of_one_network_of_the_newer_kind_are_one(client, few):
    answers = [client.get(f"{HELP}/articles", REMOTE_ADDR=f"2001:db8::{each}") for each in range(few + 1)]

    assert [each.status_code for each in answers] == [200] * few + [429]


def test_the_description_says_that_nobody_need_sign_in(client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]

    assert {} in paths["/api/v1/help/ask"]["get"]["security"]
    assert {} not in paths["/api/v1/vehicles"]["get"]["security"]
