"""The card form in a browser: our page's script against the script that the sandbox serves in place of the live one."""

from pathlib import Path

import pytest
import stripe
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse
from starlette.routing import Mount, Route
from tests.store_facts import (
    AMEX,
    CHALLENGES_WHEN_SAVED,
    DECLINES_WHEN_SAVED,
    DINERS,
    PUBLIC_KEY,
    SECRET_KEY,
    WEBHOOK_SECRET,
    WORKS,
    running,
)

from vettura_sandbox.cards.app import create_app

SCRIPT = Path(__file__).resolve().parents[2] / "src/vettura/billing/static/billing/card.js"
PAGE = f"""<!doctype html><html lang="it"><head><meta charset="utf-8"><script src="/sandbox/cards/v3/" defer></script>
<script src="/card.js" defer></script></head><body><form method="post" action="/hosted" data-card-form data-key="{PUBLIC_KEY}"
data-begin="/begin" data-accepted="visa mastercard amex" data-unsupported="unsupported" data-expired="expired"
data-declined="declined" data-away="away"><input type="hidden" name="next" value="/"><div data-card-place></div>
<div data-card-problem hidden><p data-card-sentence></p><p data-card-support hidden>Support</p></div>
<button type="submit">Save</button></form></body></html>"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A page with our form, on the same origin as the sandbox, as in the demo."""
    cards = create_app(
        tmp_path_factory.mktemp("cards"),
        webhook_url="",
        webhook_secret=WEBHOOK_SECRET,
        secret_key=SECRET_KEY,
        publishable_key=PUBLIC_KEY,
    )

    def begin(request: Request) -> JSONResponse:
        base = f"{request.url.scheme}://{request.url.netloc}/sandbox/cards"
        api = stripe.StripeClient(
            SECRET_KEY, base_addresses={"api": base}, http_client=stripe.RequestsClient(timeout=10)
        ).v1
        intent = api.setup_intents.create({"customer": api.customers.create({"email": "ada@example.org"}).id})
        return JSONResponse({"client_secret": intent.client_secret, "done_url": f"/done?{intent.id}"})

    routes = [
        Route("/", lambda _request: HTMLResponse(PAGE)),
        Route("/done", lambda _request: HTMLResponse("saved")),
        Route("/card.js", lambda _request: FileResponse(SCRIPT)),
        Route("/begin", begin, methods=["POST"]),
        Mount("/sandbox/cards", cards),
    ]
    with running(Starlette(routes=routes)) as url:
        yield url


def fill(page, shop, number, *, expiry="1230", code="123"):
    page.goto(shop)
    form = page.frame_locator("[data-card-place] iframe")
    form.locator("#number").press_sequentially(number)
    form.locator("#expiry").press_sequentially(expiry)
    form.locator("#cvc").press_sequentially(code)
    return form


def test_a_card_is_saved(page, shop):
    fill(page, shop, WORKS)
    page.get_by_role("button").click()

    page.wait_for_url("**/done?*")


@pytest.mark.rule("STO-015")
def test_american_express_asks_for_four_digits_on_the_front(page, shop):
    form = fill(page, shop, AMEX, code="1234")

    assert form.locator("[for=cvc]").inner_text() == "CID"
    assert "fronte" in form.locator("#cvc-hint").inner_text()
    page.get_by_role("button").click()
    page.wait_for_url("**/done?*")


@pytest.mark.rule("STO-007", "STO-009")
def test_an_unsupported_brand_is_named_before_its_date(page, shop):
    fill(page, shop, DINERS, expiry="1220")
    page.get_by_role("button").click()

    assert page.locator("[data-card-sentence]").inner_text() == "unsupported"


@pytest.mark.rule("STO-009")
def test_an_expired_card_says_so_and_names_no_support(page, shop):
    fill(page, shop, WORKS, expiry="1220")
    page.get_by_role("button").click()

    page.get_by_text("expired", exact=True).wait_for()
    assert not page.locator("[data-card-support]").is_visible()


@pytest.mark.rule("STO-010", "STO-013")
def test_a_declined_card_points_to_support(page, shop):
    fill(page, shop, DECLINES_WHEN_SAVED)
    page.get_by_role("button").click()

    page.get_by_text("declined", exact=True).wait_for()
    assert page.locator("[data-card-support]").is_visible()


@pytest.mark.parametrize(("answer", "ends"), [("Approve", "**/done?*"), ("Refuse", None)])
def test_the_bank_may_want_to_know(page, shop, answer, ends):
    fill(page, shop, CHALLENGES_WHEN_SAVED)
    page.get_by_role("button", name="Save").click()
    page.frame_locator("dialog iframe").get_by_role("button", name=answer).click()

    if ends:
        page.wait_for_url(ends)
    else:
        page.get_by_text("declined", exact=True).wait_for()
