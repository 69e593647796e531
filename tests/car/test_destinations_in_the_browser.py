"""Places and guidance in a real browser: reachable by keyboard and screen reader, on a desk and on a phone."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.car.looking import Look
from tests.car.test_destinations import entry, told

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page


@pytest.fixture
def with_places(ready_car, platform):
    """A car with places in both lists, one of them an address alone."""

    def make(generation, **options):
        car = ready_car(generation, **options)
        address = entry("Studio", latitude=None, longitude=None, address="Via Po 1, Torino")
        car.take_document(told(platform, entry("Nonna", note="am See"), address, entry("Wilhelma", kind="poi")))
        if car.destinations.needs_loading:
            car.destinations.load()
        return car

    return make


@pytest.mark.parametrize(
    ("generation", "light"), [("911-7", "day"), ("PAN-2", "night"), ("CAY-3", "day"), ("TAY", "night")]
)
def test_axe_finds_nothing_and_a_phone_needs_no_sideways_scrolling(
    with_places, served, browser_context: "BrowserContext", generation, light
):
    car = with_places(generation, language="de")
    unit, code = car.build.head_unit, car.build.generation.code
    lists = [node.id for node in unit.nodes(code) if node.shows in ("portal_destinations", "own_destinations")]
    known = [f"/destination/{each.id}" for each in [*car.destinations.portal(), *car.destinations.own()]]
    look = Look(browser_context, served(car), light=light, unfold="details summary")

    for path in ["/guidance", "/destination/new", *(f"/at/{node}" for node in lists), *known]:
        look(path)
    car.destinations.choose(next(each.id for each in car.destinations.portal() if each.name == "Nonna"))
    look("/guidance", "/guidance on")
    look("/", " guided")
    goal = car.condition.guidance
    car.change(latitude=goal.latitude, longitude=goal.longitude)
    look("/guidance", " there")
    car.set_network(has_coverage=False)
    car.destinations.save_position("Hier")
    look(f"/at/{lists[-1]}", " offline")

    assert look.problems == {}


@pytest.mark.rule("PCM-033", "NAV-010")
def test_a_place_is_chosen_by_keyboard_alone(with_places, served, page: "Page"):
    car = with_places("CAY-3", language="en")
    node = car.build.head_unit.walk("OWN_POI", "CAY-3")[-2]
    page.goto(f"{served(car)}/at/{node.id}")

    page.get_by_role("button", name="Wilhelma").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Wilhelma")).to_be_visible()
    expect(page.locator("[data-guided=on]")).to_be_visible()
    page.get_by_role("button", name="End guidance").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("No guidance.")).to_be_visible()


def test_what_is_typed_of_a_place_survives_a_change_elsewhere_in_the_car(with_places, served, page: "Page"):
    car = with_places("TAY", language="en")
    page.goto(f"{served(car)}/destination/new")
    page.get_by_label("Name", exact=True).fill("Lago")

    page.get_by_role("button", name="3G", exact=True).click()
    expect(page.get_by_role("button", name="3G", exact=True)).to_have_attribute("aria-pressed", "true")

    expect(page.get_by_label("Name", exact=True)).to_have_value("Lago")
    page.get_by_label("Address").fill("Via Lungolago")
    page.get_by_role("button", name="Store").click()
    expect(page.get_by_role("button", name="Lago")).to_be_visible()
