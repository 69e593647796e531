"""Help in a real browser: the steps play and can be stopped, nothing that axe-core finds, narrow and enlarged pages, and paper."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.axe import violations

from vettura.help_center import actions
from vettura.launcher import assets

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.django_db(transaction=True)
SHOW = "/help/pairing-code/show/?car=911-7&country=IT"
ARTICLE = "/help/pairing-code/?car=911-7&country=IT"
PAGES = ["/help/", "/help/?q=code", ARTICLE, SHOW, "/help/roaming-on/show/"]
# 1280 pixels at 400 %, which is what WCAG asks for, are 320; at 200 % they are 640
WIDTHS = [320, 640]


@pytest.fixture(scope="module", autouse=True)
def _assets() -> None:
    assets.build()


@pytest.mark.timeout(120)
def test_pages_of_help_pass_axe_in_both_appearances_and_need_no_sideways_scrolling(live_server, chromium: "Browser"):
    actions.fill_index()
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    page, found = context.new_page(), []
    for path, appearance in [*((path, "light") for path in PAGES), (SHOW, "dark")]:
        context.add_cookies([{"name": "vettura_theme", "value": appearance, "url": live_server.url}])
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(live_server.url + path)
        found += [(path, each["id"], [node["html"][:120] for node in each["nodes"]][:3]) for each in violations(page)]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            wide = page.evaluate("document.documentElement.scrollWidth")
            found += [(path, "too wide", wide)] if wide > width else []
    context.close()

    assert found == []


@pytest.mark.timeout(90)
def test_the_steps_play_stop_and_go_by_button_and_key_and_wait_where_less_motion_is_wished(
    live_server, chromium: "Browser"
):
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(live_server.url + SHOW)
    steps = page.locator(".show__step")
    # it plays by itself: the second step comes without a hand
    expect(steps.nth(1)).to_be_visible(timeout=12_000)
    expect(steps.nth(0)).to_be_hidden()
    expect(page.locator("#step-2 .hardkey[data-here]")).to_have_text("OPT")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.get_by_role("button", name="Forward").click()
    expect(steps.nth(2)).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(steps.nth(1)).to_be_visible()
    page.keyboard.press("End")
    expect(page.get_by_text("Step 5 of 5", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Forward")).to_be_disabled()
    # paper has neither player nor navigation, but every step
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for number in range(5):
        expect(steps.nth(number)).to_be_visible()
    expect(page.locator(".show__controls")).to_be_hidden()
    expect(page.locator(".top")).to_be_hidden()
    context.close()

    calm = chromium.new_context(locale="en-GB", reduced_motion="reduce")
    page = calm.new_page()
    page.goto(live_server.url + SHOW)
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    calm.close()


@pytest.mark.timeout(60)
def test_without_a_script_all_steps_stand_below_each_other_and_on_paper_an_article_says_where_its_links_lead(
    live_server, chromium: "Browser"
):
    context = chromium.new_context(locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + SHOW)
    assert page.locator(".show__step:visible").count() == 5
    assert page.locator("[data-here]:visible").count() == 4

    page.goto(live_server.url + ARTICLE)
    page.emulate_media(media="print")
    expect(page.get_by_text("For 911", exact=False).first).to_be_visible()
    for hidden in (".top", ".foot", ".button", "summary"):
        assert page.locator(f"{hidden}:visible").count() == 0
    context.close()
