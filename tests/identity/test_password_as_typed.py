"""In a browser: what a password still needs shows while one types, and the server says the same without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests import identity_facts as facts

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.rule("ID-013", "ID-014", "ID-015", "ID-016", "ID-017")
def test_the_list_of_requirements_follows_the_typing_and_is_announced(live_server, page):
    begun = facts.registration()
    page.goto(f"{live_server.url}{begun.url}")
    met = page.locator("#password-rules [data-met='true']")

    page.get_by_role("textbox", name="Password").press_sequentially("Ä1")
    assert met.count() == 2
    page.get_by_role("textbox", name="Password").press_sequentially("§abcde")

    assert met.count() == 4
    page.get_by_text("The password meets every requirement.").wait_for(state="attached")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/name/")


@pytest.mark.parametrize("width", [390, 1440])
def test_the_pages_of_registration_and_account_are_accessible_on_phone_and_desktop(live_server, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    begun = facts.registration(step="documents")
    person = facts.account()
    client = facts.signed_in(person)
    paths = [
        "/signin/",
        "/signup/",
        "/password/reset/",
        f"{begun.url}password/",
        f"{begun.url}name/",
        f"{begun.url}terms/",
    ]
    private = ["/account/", "/account/pin/", "/account/password/", "/account/programs/", "/messages/", "/contact/"]

    for path in [*paths, *private]:
        if path == private[0]:
            value = client.cookies["vettura_session"].value
            page.context.add_cookies([{"name": "vettura_session", "value": value, "url": live_server.url}])
        page.goto(f"{live_server.url}{path}")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert page.locator("h1").count() == 1, path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
