"""The design page in a real browser: nothing that axe-core finds, in both appearances and on a phone."""

from typing import TYPE_CHECKING

import pytest
from tests.axe import violations

from vettura.launcher import assets

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

PAGES = ["/design/", "/privacy/", "/no/such/page/", "/help/phone-as-hotspot/?car=CAY-3&country=IT"]


@pytest.fixture(scope="module", autouse=True)
def _assets() -> None:
    assets.build()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_axe_finds_nothing(live_server, page: "Page", path: str, appearance: str):
    page.context.add_cookies([{"name": "vettura_theme", "value": appearance, "url": live_server.url}])
    page.goto(live_server.url + path)

    found = violations(page)

    assert [(each["id"], [node["target"] for node in each["nodes"]][:5]) for each in found] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", PAGES)
def test_a_phone_needs_no_sideways_scrolling(live_server, browser_context: "BrowserContext", path: str):
    page = browser_context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + path)

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
