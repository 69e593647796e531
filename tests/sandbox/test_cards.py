"""The card provider's own face: pages, form, steering, webhooks, and that it stays out of production."""

import threading

import httpx
import pytest
import stripe
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from tests.store_facts import AMEX, SECRET_KEY, WEBHOOK_SECRET, WORKS, running, running_card_provider

from vettura_sandbox.cards import forms, numbers
from vettura_sandbox.cards.app import create_app


@pytest.fixture(scope="module")
def received():
    return []


@pytest.fixture(scope="module")
def provider(tmp_path_factory, received):
    arrived = threading.Event()

    async def shop(request: Request) -> Response:
        received.append((await request.body(), request.headers["stripe-signature"]))
        arrived.set()
        return Response()

    with (
        running(Starlette(routes=[Route("/hook", shop, methods=["POST"])])) as url,
        running_card_provider(tmp_path_factory.mktemp("cards"), webhook_url=f"{url}/hook") as found,
    ):
        yield found, arrived


@pytest.fixture(scope="module")
def api(provider):
    return stripe.StripeClient(
        SECRET_KEY, base_addresses={"api": provider[0].url}, http_client=stripe.RequestsClient(timeout=10)
    ).v1


@pytest.mark.parametrize("profile", ["production", "cluster"])
def test_it_refuses_to_run_in_production(tmp_path, monkeypatch, profile):
    monkeypatch.setenv("VETTURA_PROFILE", profile)

    with pytest.raises(RuntimeError, match="refuses to run in production"):
        create_app(tmp_path)


def test_its_page_documents_the_magic_numbers(provider):
    page = httpx.get(f"{provider[0].url}/").text

    assert all(card.number in page for card in numbers.CARDS)


@pytest.mark.rule("STO-014", "STO-015")
@pytest.mark.parametrize(
    ("language", "back", "front"),
    [
        ("en", "Three digits on the back", "four digits on the front"),
        ("it", "Tre cifre sul retro", "quattro cifre sul fronte"),
        ("de", "Drei Ziffern auf der Rückseite", "vier Ziffern auf der Vorderseite"),
    ],
)
def test_the_form_says_where_the_security_code_stands(provider, language, back, front):
    page = httpx.get(f"{provider[0].url}/v3/frame", params={"lang": language}).text

    assert back in page
    assert f"CID, {front}" in page


def test_the_script_defines_what_the_live_script_defines(provider):
    script = httpx.get(f"{provider[0].url}/v3/")

    assert script.headers["content-type"].startswith("text/javascript")
    assert "window.Stripe = " in script.text
    assert "confirmCardSetup" in script.text


def test_events_reach_the_shop_signed(provider, received, api):
    found, arrived = provider
    customer = api.customers.create({"email": "ada@example.org"})
    intent = api.setup_intents.create({"customer": customer.id})
    arrived.clear()

    httpx.post(
        f"{found.url}/v1/setup_intents/{intent.id}/confirm",
        data={
            "payment_method_data[card][number]": WORKS,
            "payment_method_data[card][exp_month]": "12",
            "payment_method_data[card][exp_year]": "30",
            "payment_method_data[card][cvc]": "123",
        },
        headers={"authorization": f"Bearer {SECRET_KEY}"},
    )

    assert arrived.wait(10)
    body, signed = received[-1]
    assert stripe.Webhook.construct_event(body, signed, WEBHOOK_SECRET).type == "setup_intent.succeeded"


def test_a_wrong_key_is_refused(provider):
    client = stripe.StripeClient(
        "sk_wrong", base_addresses={"api": provider[0].url}, http_client=stripe.RequestsClient(timeout=10)
    )

    with pytest.raises(stripe.AuthenticationError):
        client.v1.customers.create({"email": "ada@example.org"})


def test_what_does_not_exist_is_an_error_of_the_client(api):
    with pytest.raises(stripe.InvalidRequestError) as error:
        api.payment_intents.retrieve("pi_unknown")

    assert (error.value.http_status, error.value.code) == (404, "resource_missing")


def test_nested_form_bodies_are_read():
    body = "amount=1&metadata[order]=26-A&expand[0]=payment_method&data[card][number]=4242"

    assert forms.parse(body) == {
        "amount": "1",
        "metadata": {"order": "26-A"},
        "expand": {"0": "payment_method"},
        "data": {"card": {"number": "4242"}},
    }


def test_every_magic_number_has_its_brand_and_a_valid_check_digit():
    for card in numbers.CARDS:
        assert (numbers.brand_of(card.number), numbers.passes_check_digit(card.number)) == (card.brand, True)
    assert numbers.code_length(numbers.brand_of(AMEX)) == 4
    assert not numbers.passes_check_digit("4242424242424243")
