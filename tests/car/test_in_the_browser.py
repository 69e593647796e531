"""The car's page in a real browser: reachable by keyboard and screen reader, on a desk and on a phone."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.car.looking import Look

from vettura_car.head_unit import Menu

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

PHONE, STRANGER = "Phone 1", "Phone 2"


def everything_at_once(car):
    """A locked card abroad, two hotspots in range, a phone that is asked about and one in the car's hotspot."""
    if car.build.generation.inserted_sim:
        car.networking.insert_sim(True)
    car.networking.cross_border("FR")
    car.networking.pair(STRANGER)
    car.networking.set_phone(PHONE, "is_client", True)
    car.networking.set_phone(STRANGER, "hotspot_on", True)
    return car


def screens(car) -> list[str]:
    """The start, the reason, and every entry that this stage is about."""
    unit, code = car.build.head_unit, car.build.generation.code
    shown = (
        "connection",
        "sim",
        "apn",
        "devices",
        "profiles",
        "phones",
        "map",
        "map_update",
        "map_regions",
        "data_use",
        "assistant",
        "assistant_services",
        "assistant_abroad",
        "instructions",
    )
    nodes = [node.id for node in unit.nodes(code) if node.shows in shown]
    joining = [node.id for node in unit.walk("JOIN_PHONE_HOTSPOT", code)[-3:]]
    return ["/", "/connection", *(f"/at/{node}" for node in dict.fromkeys([*nodes, *joining]))]


@pytest.mark.parametrize(
    ("generation", "light"), [("911-7", "night"), ("PAN-2", "day"), ("CAY-3", "night"), ("TAY", "day")]
)
def test_axe_finds_nothing_and_a_phone_needs_no_sideways_scrolling(
    make_car, served, browser_context: "BrowserContext", generation, light
):
    car = everything_at_once(make_car(generation, language="de"))
    look = Look(browser_context, served(car), light=light)

    for path in screens(car):
        look(path)

    assert look.problems == {}


@pytest.mark.rule("CON-043", "CON-044", "CON-046", "PCM-029")
def test_a_hotspot_is_joined_by_keyboard_alone(make_car, served, page: "Page"):
    car = make_car("CAY-3", language="en")
    for phone in (PHONE, STRANGER):
        car.networking.set_phone(phone, "hotspot_on", True)
    door = car.build.head_unit.walk("JOIN_PHONE_HOTSPOT", "CAY-3")[-3]
    page.goto(f"{served(car)}/at/{door.id}")

    page.get_by_role("button", name="Hotspot 2").focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("Password of the hotspot", exact=True)
    field.focus()
    page.keyboard.type("vettura-2")
    page.keyboard.press("Enter")

    expect(page.locator(".symbol")).to_have_text("WiFi")


def test_a_switch_that_was_pressed_keeps_the_focus_among_its_equals(make_car, served, page: "Page"):
    car = make_car("CAY-3", language="en")
    page.goto(served(car))
    switch = page.locator(f'[data-phone="{STRANGER}"].group').get_by_role("switch", name="Roaming")

    switch.focus()
    page.keyboard.press("Space")

    expect(switch).to_have_attribute("aria-checked", "true")
    expect(switch).to_be_focused()
    assert car.condition.network.phone(STRANGER).roaming_on
    assert not car.condition.network.phone(PHONE).roaming_on


def test_what_is_typed_survives_a_change_elsewhere_in_the_car(make_car, served, page: "Page"):
    car = make_car("911-7", language="en")
    car.networking.insert_sim(True)
    page.goto(served(car))
    pin, name = page.get_by_label("PIN", exact=True), page.get_by_label(f"{PHONE}: Name of the hotspot")
    pin.fill("12")
    page.get_by_label("Store PIN").check()
    name.fill("My ho")

    page.get_by_role("button", name="3G", exact=True).click()
    expect(page.get_by_role("button", name="3G", exact=True)).to_have_attribute("aria-pressed", "true")

    expect(pin).to_have_value("12")
    expect(page.get_by_label("Store PIN")).to_be_checked()
    expect(name).to_have_value("My ho")
    pin.fill("1234")
    page.get_by_role("button", name="Unlock").first.click()
    expect(page.locator(".symbol")).to_have_text("3G")
    assert car.condition.network.stored_pin == "1234"


@pytest.mark.rule("CON-020")
def test_the_cost_of_roaming_is_read_before_it_is_switched_on(make_car, served, page: "Page"):
    car = make_car("PAN-2", language="en")
    car.networking.insert_sim(True)
    car.networking.enter_pin("1234")
    *_, door, _ = car.build.head_unit.walk("ROAMING_ON", "PAN-2")
    page.goto(f"{served(car)}/at/{door.id}")
    notice = page.get_by_text("Roaming can cost extra")

    expect(notice).to_be_hidden()
    page.locator("summary", has_text="Roaming").click()
    expect(notice).to_be_visible()
    page.get_by_role("button", name="Switch roaming on").click()

    expect(page.get_by_role("checkbox", name="Roaming")).to_be_checked()


@pytest.mark.rule("CON-017")
def test_the_symbol_opens_the_reason(make_car, served, page: "Page"):
    car = make_car("TAY", language="en")
    page.goto(served(car))

    page.get_by_role("switch", name="Coverage").click()
    expect(page.locator(".symbol")).to_have_text("")
    page.get_by_role("link", name="Not connected").click()

    expect(page.get_by_text("There is no network here.")).to_be_visible()


# -- the map -----------------------------------------------------------------------------------------------------------


def map_address(car):
    menu = Menu(car)
    return f"/at/{menu.parent(menu.shown_by('map')).id}"


@pytest.mark.parametrize(
    ("generation", "light"), [("911-7", "day"), ("PAN-2", "night"), ("CAY-3", "day"), ("TAY", "night")]
)
def test_axe_finds_nothing_on_the_map_with_every_layer_and_in_the_view_from_the_road(
    ready_car, served, browser_context: "BrowserContext", generation, light
):
    car = ready_car(generation, language="de")
    look = Look(browser_context, served(car), light=light)
    where = map_address(car)

    car.pass_time(1)
    look(where, "standard map, with a notice where the unit looks for updates")
    car.map.put_off()
    for layer in ("traffic_layer", "satellite_layer"):
        car.tick(layer, True)
    look(where, "layers")
    car.map.open_street_view()
    look(where, "view from the road")
    car.set_network(has_coverage=False)
    look(where, "layers without a connection")

    assert look.problems == {}


@pytest.mark.rule("PCM-023", "PCM-026", "PCM-027", "NAV-005", "NAV-006")
def test_layers_and_the_view_from_the_road_are_reached_by_touch(ready_car, served, page: "Page"):
    car = ready_car("TAY", language="en")
    page.goto(served(car))

    page.get_by_role("navigation", name="Start").get_by_text("Map").click()
    page.get_by_role("checkbox", name="real-time traffic information").click()
    expect(page.locator(".map__flow").first).to_be_attached()
    page.get_by_role("checkbox", name="GOOGLE Earth").click()
    page.get_by_role("button", name="Pegman").click()

    expect(page.get_by_role("img", name="View from the road: Via San Secondo")).to_be_visible()
    page.get_by_role("button", name="Back to the map").click()
    expect(page.get_by_role("img", name="Map. The car is on Via San Secondo.")).to_be_visible()


@pytest.mark.rule("NAV-011", "NAV-012", "NAV-014", "PCM-034")
def test_a_fourth_region_is_refused_at_the_start_and_three_are_loaded(ready_car, served, page: "Page"):
    car = ready_car("911-7", language="en")
    entry = next(node for node in car.build.head_unit.walk("MAP_UPDATE", "911-7") if node.shows == "map_update")
    page.goto(f"{served(car)}/at/{entry.id}")

    page.get_by_role("button", name="Roads and buildings").click()
    for region in ("Italy", "Germany", "France", "Spain, Portugal"):
        page.get_by_role("checkbox", name=region).click()
        expect(page.get_by_role("checkbox", name=region)).to_be_checked()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("at most 3 regions. For more, see a Porsche partner.")
    page.get_by_role("checkbox", name="France").click()
    expect(page.get_by_role("checkbox", name="France")).not_to_be_checked()
    page.get_by_role("button", name="Start", exact=True).click()

    expect(page.get_by_role("meter", name="Map 2026")).to_be_visible()
    assert sorted(car.condition.map.job.names) == ["germany", "iberia", "italy"]


def test_the_car_is_moved_by_touching_the_small_map(ready_car, served, page: "Page"):
    car = ready_car("TAY", language="en")
    page.goto(served(car))
    before = car.map.place

    page.locator("#small-map").click(position={"x": 30, "y": 120})

    expect(page.locator('[data-group="road"] .level-form')).not_to_contain_text("Via San Secondo")
    assert car.map.place[0] < before[0]
    assert car.map.place[1] < before[1]
