"""Phones on the car's page in a real browser: the swipe, reading aloud, dictating, by pointer, keyboard and screen reader."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.car.looking import Look

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

IPHONE, ANDROID = "Phone 1", "Phone 2"
SHOWN = ("devices", "carplay", "music", "messages", "message", "message_field", "mails", "calendar")
VOICE = """
window.spoken = [];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
Object.defineProperty(window, "speechSynthesis", { value: {
  speak: (words) => { window.spoken.push(words.text); window.finish = () => words.onend(); }, cancel: () => {},
} });
"""
EAR = """
window.SpeechRecognition = window.webkitSpeechRecognition = class {
  start() { setTimeout(() => { this.onresult({ results: [[{ transcript: "ten minutes" }]] }); this.onend(); }); }
};
"""
DEAF = "delete window.SpeechRecognition; delete window.webkitSpeechRecognition;"
BROKEN_EAR = """
window.SpeechRecognition = window.webkitSpeechRecognition = class {
  start() { setTimeout(() => { this.onerror({ error: "network" }); this.onend(); }); }
};
"""


def address_of(car, shows):
    return next(
        f"/at/{node.id}" for node in car.build.head_unit.nodes(car.build.generation.code) if node.shows == shows
    )


def a_day_with_phones(car):
    car.networking.pair(ANDROID)
    car.networking.answer_data_use(ANDROID, False)
    car.networking.set_phone(ANDROID, "has_mail", True)
    car.networking.set_phone(IPHONE, "is_client", True)
    car.telephone.plug(IPHONE, "usb")
    car.telephone.choose_source("bluetooth")
    car.telephone.play("Spotify")
    car.telephone.choose_message()
    car.telephone.read_message()
    return car


def drag(page: "Page", name: str, *, begin: float, end: float) -> None:
    """Draw a finger over a phone's row, from one share of the glass's width to another."""
    glass = page.locator(".glass").bounding_box()
    row = page.locator(f'[data-swipe="{name}"]').bounding_box()
    y = row["y"] + row["height"] / 2
    page.mouse.move(glass["x"] + begin * glass["width"], y)
    page.mouse.down()
    page.mouse.move(glass["x"] + end * glass["width"], y, steps=8)
    page.mouse.up()


@pytest.mark.parametrize(
    ("generation", "light"), [("911-7", "night"), ("PAN-2", "day"), ("CAY-3", "night"), ("TAY", "day")]
)
def test_axe_finds_nothing_on_the_screens_of_phones_and_nothing_is_too_wide(
    make_car, served, browser_context: "BrowserContext", generation, light
):
    car = a_day_with_phones(make_car(generation, language="de"))
    look = Look(browser_context, served(car), light=light, unfold="summary.phone__head, .group > details > summary")

    for shows in SHOWN:
        look(address_of(car, shows), shows)
    car.telephone.start_carplay(IPHONE)
    look(address_of(car, "carplay"), "carplay, running")

    assert look.problems == {}


@pytest.mark.rule("PCM-038", "MED-016", "C-58")
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("generation", ["PAN-2", "CAY-3", "TAY"])
def test_a_swipe_to_the_left_from_the_end_of_the_name_deletes_the_phone(
    make_car, served, page: "Page", generation, width
):
    car = make_car(generation, language="en")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(served(car) + address_of(car, "devices"))
    name, glass = page.locator(".phone__name").bounding_box(), page.locator(".glass").bounding_box()

    drag(page, IPHONE, begin=0.33, end=0.15)

    expect(page.locator(f'[data-swipe="{IPHONE}"]')).to_have_count(0)
    assert not car.condition.network.phone(IPHONE).is_known
    assert (name["x"] + name["width"] - glass["x"]) / glass["width"] == pytest.approx(1 / 3, abs=0.02)


@pytest.mark.rule("PCM-038")
@pytest.mark.parametrize(("begin", "end"), [(0.33, 0.7), (0.75, 0.4), (0.33, 0.29)])
def test_any_other_swipe_does_nothing(make_car, served, page: "Page", begin, end):
    car = make_car("CAY-3", language="en")
    page.goto(served(car) + address_of(car, "devices"))

    drag(page, IPHONE, begin=begin, end=end)
    page.get_by_role("switch", name="Coverage").click()
    expect(page.locator(".symbol")).to_have_text("")

    expect(page.locator(f'[data-swipe="{IPHONE}"]')).to_be_visible()
    expect(page.locator(".problem")).to_have_count(0)
    assert car.condition.network.phone(IPHONE).is_paired


@pytest.mark.rule("MED-016")
@pytest.mark.parametrize("generation", ["911-7", "CAY-3", "TAY"])
def test_a_phone_is_deleted_by_keyboard_as_well(make_car, served, page: "Page", generation):
    car = make_car(generation, language="en")
    page.goto(served(car) + address_of(car, "devices"))

    page.locator("summary.phone__head").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Delete Phone 1").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("No phone is stored")).to_be_visible()
    assert not car.condition.network.phone(IPHONE).is_known


@pytest.mark.rule("PCM-044", "MED-014")
def test_the_browser_that_is_touched_speaks_and_falls_silent_everywhere_at_the_end(make_car, served, page: "Page"):
    car = make_car("TAY", language="en")
    page.add_init_script(VOICE)
    page.goto(served(car) + address_of(car, "messages"))

    page.get_by_role("button", name="Anna").click()
    page.get_by_role("button", name="Read aloud").click()
    expect(page.get_by_text("Being read aloud")).to_be_visible()
    spoken = page.evaluate("window.spoken")
    page.evaluate("window.finish()")

    expect(page.get_by_text("Being read aloud")).to_have_count(0)
    assert spoken == ["Anna: I am at the station. Could you pick me up at half past five?"]
    assert not car.condition.phone_use.is_reading


@pytest.mark.rule("PCM-045", "MED-015")
def test_what_the_browser_hears_is_put_behind_what_was_typed(make_car, served, page: "Page"):
    car = make_car("CAY-3", language="en")
    page.add_init_script(EAR)
    page.goto(served(car) + address_of(car, "message_field"))
    field = page.get_by_label("Message", exact=True)

    expect(page.get_by_text("does not recognise speech")).to_be_hidden()
    field.fill("I need")
    page.get_by_role("button", name="Dictate").click()

    expect(field).to_have_value("I need ten minutes")


@pytest.mark.rule("PCM-045", "MED-015")
@pytest.mark.parametrize("ear", [DEAF, BROKEN_EAR])
def test_a_browser_that_cannot_listen_says_so_and_takes_the_words_at_the_switches(make_car, served, page: "Page", ear):
    car = make_car("911-7", language="en")
    page.add_init_script(ear)
    page.goto(served(car) + address_of(car, "message_field"))
    field = page.get_by_label("Message", exact=True)
    field.fill("I need")
    page.get_by_label("Said in the car").fill("five minutes")
    page.get_by_role("button", name="Say", exact=True).click()

    page.get_by_role("button", name="Dictate").click()

    expect(field).to_have_value("I need five minutes")
    expect(page.get_by_text("does not recognise speech")).to_be_visible()


@pytest.mark.rule("MED-001")
def test_carplay_is_started_on_the_screen_and_the_bluetooth_links_rest(make_car, served, page: "Page"):
    car = make_car("TAY", language="en")
    address = served(car)
    page.goto(address + address_of(car, "carplay"))

    page.get_by_role("button", name="Start CarPlay with Phone 1").click()
    expect(page.get_by_text("CarPlay runs on Phone 1")).to_be_visible()
    during = car.condition.network.links(car.condition.network.phone(IPHONE))
    page.get_by_role("button", name="End CarPlay").click()
    expect(page.get_by_role("button", name="Start CarPlay with Phone 1")).to_be_visible()

    assert during == frozenset()
    assert car.condition.network.links(car.condition.network.phone(IPHONE))
