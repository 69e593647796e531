"""A place is typed at the portal and driven to; and one that was kept in the car is found at the portal: told as stories."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.journeys.story import Person, press_in_car, state_of, until

from vettura_pack import load_pack

pytestmark = pytest.mark.journey

CAR, OWNER = "WP0ZZZY1ZLSA00001", "owner@demo.example"
LIST = f"/vehicles/{CAR}/destinations/"
PACK = load_pack(Path(__file__).parents[2] / "packs" / "porsche")


@pytest.fixture
def person(live_platform, chromium):
    people: list[Person] = []

    def arrive() -> Person:
        people.append(Person.with_browser(chromium, live_platform.base_url))
        return people[-1]

    yield arrive
    for each in people:
        each.context.close()


@pytest.fixture(scope="module")
def car(live_platform):
    """The owner's car with the owner signed in; its services come into force with a restart."""
    return live_platform.start_car(CAR)


def ready(car_url: str, in_car: Person) -> None:
    until(
        lambda: state_of(car_url)["linked_up"] and state_of(car_url)["signed_in"], "the owner is signed in to the car"
    )
    press_in_car(in_car, car_url, "restart")
    until(lambda: state_of(car_url)["services"]["destination_sync"] == "active", "the service is in force")


def walk_to_the_list(in_car: Person, car_url: str) -> None:
    """From the start screen, entry by entry, as the instructions say."""
    in_car.go(car_url)
    for node in PACK.head_units[PACK.generations["TAY"].head_unit].walk("PORTAL_DESTINATIONS", "TAY"):
        in_car.page.locator(f"#unit a[href='/at/{node.id}']").first.click()
        in_car.page.wait_for_url(f"**/at/{node.id}")


@pytest.mark.rule("NAV-008", "NAV-009", "NAV-010", "PCM-030")
def test_a_destination_from_the_portal_is_released_found_in_the_car_and_driven_to(car, person):
    owner, in_car = person(), person()
    owner.sign_in(OWNER)
    ready(car, in_car)

    owner.go(f"{LIST}add/")
    owner.page.locator("[name=name]").fill("Castello di Rivoli")
    owner.page.locator("[name=latitude]").fill("45.0703")
    owner.page.locator("[name=longitude]").fill("7.5103")
    owner.page.locator("main form button[type=submit]").click()
    owner.sees("Castello di Rivoli")
    assert "Castello di Rivoli" not in state_of(car)["destinations"]["portal"]

    owner.page.locator("form[action$='/release/'] button").click()
    until(lambda: "Castello di Rivoli" in state_of(car)["destinations"]["portal"], "the list is in the car")
    owner.go(LIST)
    expect(owner.page.locator("form[action$='/release/']")).to_have_count(0)
    expect(owner.page.locator("#release .icon, #release svg").first).to_be_visible()

    walk_to_the_list(in_car, car)
    in_car.page.get_by_role("button", name="Castello di Rivoli").click()
    expect(in_car.page.locator("[data-guided=on]")).to_be_visible()
    assert state_of(car)["guidance"] == "Castello di Rivoli"
    in_car.page.locator("form[action='/do/end_guidance'] button").click()
    until(lambda: state_of(car)["guidance"] is None, "guidance has ended")


@pytest.mark.rule("NAV-008")
def test_what_is_kept_and_changed_in_the_car_without_a_connection_is_at_the_portal_once_there_is_one(car, person):
    owner, in_car = person(), person()
    owner.sign_in(OWNER)
    ready(car, in_car)
    walk_to_the_list(in_car, car)
    in_car.page.locator("form[action='/do/coverage'] button").click()
    expect(in_car.page.locator("[data-hint=connection]")).to_be_visible()

    in_car.page.locator("#add-here").fill("Parcheggio di stasera")
    in_car.page.locator("form[action='/do/save_position'] button").click()
    expect(in_car.page.get_by_role("button", name="Parcheggio di stasera")).to_be_visible()
    owner.go(LIST)
    owner.sees_not("Parcheggio di stasera")

    in_car.page.locator("form[action='/do/coverage'] button").click()

    def arrived() -> bool:
        owner.go(LIST)
        return owner.page.get_by_text("Parcheggio di stasera").count() > 0

    until(arrived, "what was kept in the car is at the portal")
    row = owner.page.locator("li", has_text="Parcheggio di stasera").first
    row.locator("a[href*='/destinations/']").click()
    owner.page.locator("[name=name]").fill("Parcheggio coperto")
    owner.page.locator("main form button[type=submit]").click()
    owner.page.locator("form[action$='/release/'] button").click()
    until(lambda: "Parcheggio coperto" in state_of(car)["destinations"]["portal"], "the new name is in the car")
    assert "Parcheggio di stasera" not in state_of(car)["destinations"]["portal"]
