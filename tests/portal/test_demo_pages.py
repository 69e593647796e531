"""The pages that decide the impression, with the demo world: nothing that axe-core finds, on a desktop and on a phone."""

from typing import TYPE_CHECKING

import pytest
from tests.axe import violations

from vettura.help_center import actions as help_center
from vettura.launcher import assets, demo
from vettura.launcher.screens import DEMO_PASSWORD, read_list

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

OWNER = "owner@demo.example"
PAGES = {
    "": [
        "/",
        "/signin/",
        "/signup/",
        "/password/reset/",
        "/store/",
        "/store/?country=IT&model=TAY:BEV",
        "/store/cart/",
        "/contact/",
        "/terms/",
    ],
    OWNER: [
        "/",
        "/?vin=WP1ZZZ9YZKDA00002",
        "/?vin=WP0ZZZ99ZHS100003",
        "/vehicles/WP0ZZZY1ZLSA00001/",
        "/vehicles/WP1ZZZ9YZKDA00002/",
        "/vehicles/WP0ZZZ99ZHS100003/",
        "/vehicles/WP0ZZZY1ZLSA00001/history/",
        "/vehicles/WP0ZZZY1ZLSA00001/destinations/",
        "/vehicles/WP0ZZZ99ZHS100003/destinations/",
        "/vehicles/WP0ZZZY1ZLSA00001/destinations/add/",
        "/vehicles/WP0ZZZY1ZLSA00001/destinations/import/",
        "/store/",
        "/store/services/car_security/",
        "/store/cart/",
        "/store/orders/",
        "/billing/cards/",
        "/billing/invoices/",
        "/messages/",
        "/cases/",
        "/account/",
        "/account/phone/",
        "/account/password/",
        "/account/pin/",
        "/account/programs/",
        "/account/programs/foreign/",
        "/account/programs/foreign/passwords/",
        "/account/programs/mqtt/",
        "/account/programs/mqtt/passwords/",
        "/account/developers/",
        "/car/",
        "/account/security/",
        "/account/data/",
        "/account/consents/",
        "/account/consents/position/",
        "/account/changes/",
        "/account/delete/",
        "/identification/",
        "/vehicles/WP0ZZZY1ZLSA00001/sharing/",
        "/vehicles/WP0ZZZY1ZLSA00001/sale/",
        "/vehicles/all/",
    ],
    "secondary@demo.example": ["/"],
    "nocar@demo.example": ["/", "/identification/"],
    "returning@demo.example": ["/account/consents/review/"],
    "assistance@demo.example": [
        "/desk/cases/",
        "/desk/audit/?q=owner@demo.example",
        "/desk/people/",
        "/desk/people/?q=demo",
        "/desk/contacts/",
    ],
    "ident@demo.example": ["/desk/identification/"],
    "partner@demo.example": [
        "/desk/vehicles/",
        "/desk/vehicles/new/",
        "/desk/vehicles/new/?model_line=macan&model_year=2018",
        "/desk/vehicles/WP1ZZZ95ZHLB00006/",
        "/desk/partner/",
    ],
}
# of help every page that pictures are taken of
OF_HELP = ("/help/", "/desk/help/", "/desk/why/")


def _sign_in(page: "Page", base_url: str, account: str) -> None:
    page.goto(f"{base_url}/signin/")
    page.fill("input[name=login]", account)
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/signin/" not in url)


def _found_on(pages: dict[str, list[str]], base_url: str, chromium: "Browser") -> list[tuple[str, str, str, object]]:
    """What axe-core finds on pages, each as its account sees it, and which of them need sideways scrolling on a phone."""
    found: list[tuple[str, str, str, object]] = []
    for account, paths in pages.items():
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
        page = context.new_page()
        if account:
            _sign_in(page, base_url, account)
        for path in paths:
            answer = page.goto(base_url + path)
            if answer is None or answer.status != 200:
                found.append((account, path, "status", answer and answer.status))
                continue
            problems = violations(page)
            found += [(account, path, each["id"], each["nodes"][0]["html"][:120]) for each in problems]
            page.set_viewport_size({"width": 390, "height": 844})
            if page.evaluate("document.documentElement.scrollWidth") > 390:
                found.append((account, path, "wider than a phone", ""))
            page.set_viewport_size({"width": 1280, "height": 900})
        context.close()
    return found


@pytest.mark.timeout(400)
@pytest.mark.django_db(transaction=True)
def test_axe_finds_nothing_on_the_pages_of_the_demo_world(live_server, chromium: "Browser"):
    assets.build()
    demo.load()

    assert _found_on(PAGES, live_server.url, chromium) == []


@pytest.mark.timeout(400)
@pytest.mark.django_db(transaction=True)
def test_axe_finds_nothing_on_any_page_of_help(live_server, chromium: "Browser"):
    assets.build()
    demo.load()
    help_center.fill_index()
    pages: dict[str, list[str]] = {}
    for screen in read_list()[1]:
        if screen.path.startswith(OF_HELP):
            pages.setdefault(screen.account, []).append(screen.path)

    assert _found_on(pages, live_server.url, chromium) == []
