"""The app on a phone, told as a story: a person signs in, sees the car, opens and locks it, and looks again in a tunnel."""

import json
import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.axe import violations
from tests.journeys.story import PASSWORD, Person, press_in_car, state_of, until
from tests.push_facts import Browser as PushBrowser

from vettura.notifications.adapters.push_keys import ensure_push_key

pytestmark = pytest.mark.journey

VIN = "WP0ZZZY1ZLSA00001"
MOST_BYTES = 100_000
MOST_REQUESTS = 30
PATIENCE_MS = 30_000


@pytest.fixture
def phone(chromium: Browser):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="en-GB", has_touch=True)
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture(scope="module", autouse=True)
def car(live_platform):
    """The owner's car, which is there for the whole story."""
    return live_platform.start_car(VIN)


def is_clean(page: Page) -> None:
    found = violations(page)
    assert [(each["id"], [node["target"] for node in each["nodes"]][:3]) for each in found] == []


def sign_in(page: Page, base_url: str, email: str) -> None:
    page.goto(f"{base_url}/m/")
    page.get_by_role("button", name=re.compile("Sign in")).click()
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/m/")


def hold(page: Page, name: str) -> None:
    """A finger that stays where it is until the sheet comes."""
    box = page.get_by_role("button", name=name).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 30)
    page.mouse.down()
    page.locator("dialog[open]").wait_for()
    page.mouse.up()


@pytest.mark.rule("APP-002", "APP-008")
def test_a_person_signs_in_opens_the_car_locks_it_and_still_sees_it_without_a_connection(
    live_platform, phone: BrowserContext
):
    page = phone.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)

    sign_in(page, live_platform.base_url, "owner@demo.example")
    page.goto(f"{live_platform.base_url}/m/#account")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_text("Connection to the vehicle")).to_be_visible()
    is_clean(page)
    page.get_by_role("link", name="Car", exact=True).click()
    expect(page.get_by_text("Connected", exact=False).first).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".hero__car svg.is-locked")).to_be_visible()
    is_clean(page)

    hold(page, "Unlock car")
    page.get_by_label("PIN").fill("0000")
    page.get_by_label("PIN").press("Enter")
    expect(page.get_by_text("Attempts left: 2")).to_be_visible()
    page.get_by_label("PIN").last.fill("1234")
    page.get_by_label("PIN").last.press("Enter")
    expect(page.locator(".step[data-status=done]")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".hero__car svg.is-locked")).to_have_count(0)
    page.get_by_role("button", name="Lock car", exact=True).click()
    expect(page.locator(".hero__car svg.is-locked")).to_be_visible(timeout=PATIENCE_MS)

    until(lambda: page.evaluate("navigator.serviceWorker.controller !== null"), "the app is kept on the phone")
    phone.set_offline(True)
    page.reload()
    expect(page.get_by_text(re.compile("As of .* No connection"))).to_be_visible()
    expect(page.locator(".hero__car svg.is-locked")).to_be_visible()
    page.get_by_role("button", name="More").click()
    # the wrong PIN and the tunnel are told by the browser too
    expected = ("ERR_INTERNET_DISCONNECTED", "403 (Forbidden)")
    assert [each for each in problems if not any(words in each for words in expected)] == []


def test_a_person_finds_the_car_sends_it_a_place_and_plans_a_departure(live_platform, phone: BrowserContext):
    page = phone.new_page()
    sign_in(page, live_platform.base_url, "owner@demo.example")
    page.goto(f"{live_platform.base_url}/m/#account")
    page.get_by_role("button", name="English").click()

    page.get_by_role("link", name="Map").click()
    expect(page.get_by_text("Here the car stood")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".map canvas")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Add place").click()
    page.get_by_role("button", name="Personal POI").click()
    page.get_by_label("Name").fill("Boathouse")
    page.get_by_label("Address").fill("Corso Moncalieri 1, Torino")
    page.locator("dialog[open] [type=submit]").click()
    expect(page.get_by_role("button", name=re.compile("Boathouse"))).to_be_visible()
    page.get_by_role("button", name=re.compile("Send to car")).click()
    expect(page.get_by_text(re.compile("The car has taken|Sent. The car takes"))).to_be_visible()
    is_clean(page)

    page.get_by_role("link", name="Schedule").click()
    page.get_by_role("button", name="Add departure timer").click()
    page.get_by_label("Leave at").fill("06:45")
    page.get_by_role("button", name="Set departure timer").click()
    expect(page.get_by_role("switch", name="Departures: 06:45")).to_be_checked(timeout=PATIENCE_MS)
    expect(page.locator(".step[data-status=done]")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Add speed alarm").click()
    page.get_by_label("Faster than").fill("120")
    page.get_by_role("button", name="Set alarm").click()
    expect(page.get_by_role("switch", name="Speed alarms: 120 km/h")).to_be_checked(timeout=PATIENCE_MS)
    is_clean(page)

    page.get_by_role("link", name="What alarms have told").click()
    expect(page.get_by_text("No alarm has tripped yet.")).to_be_visible()
    is_clean(page)


@pytest.mark.rule("TRB-001", "TRB-016")
def test_a_person_asks_in_the_app_why_something_does_not_work_and_answers_in_place(
    live_platform, phone: BrowserContext, chromium: Browser, car: str
):
    page, in_car = phone.new_page(), Person.with_browser(chromium, live_platform.base_url)
    sign_in(page, live_platform.base_url, "owner@demo.example")
    page.goto(f"{live_platform.base_url}/m/#account")
    page.get_by_role("button", name="English").click()
    press_in_car(in_car, car, "privacy", screen="account")
    until(lambda: state_of(car)["privacy_mode"], "privacy mode is on")

    page.get_by_role("link", name="Car", exact=True).click()
    page.get_by_role("link", name="Something does not work?").click()
    expect(page.get_by_role("link", name="Why is my car not online?")).to_be_visible()
    is_clean(page)
    page.get_by_role("link", name="Why can't I control the car from afar?").click()
    expect(page.get_by_role("heading", name=re.compile("is on in the car"))).to_be_visible()
    is_clean(page)
    press_in_car(in_car, car, "privacy", screen="account")
    in_car.context.close()

    def is_mended() -> bool:
        page.get_by_role("button", name="Check again").click()
        page.get_by_role("button", name="Check again").wait_for()
        return page.get_by_text("Privacy mode is off.").count() > 0

    until(is_mended, "privacy mode is among what was checked, and off")
    expect(page.get_by_role("heading", name="Also checked")).to_be_visible()
    page.locator(".back").click()
    page.get_by_role("link", name="Why does no notice of my function arrive in the car?").click()
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("Switch the car off with the Power button"))).to_be_visible()
    is_clean(page)
    page.get_by_role("button", name="Take my answers back").click()
    expect(page.get_by_role("button", name="I don't know")).to_be_visible()

    # what is refused for a cause leads to the same page
    page.evaluate("location.hash = '#why/' + 'WP0ZZZ99ZHS100003' + '/service/remote_lock'")
    expect(page.get_by_role("heading", name=re.compile("Why can't I use"))).to_be_visible()
    phone.set_offline(True)
    page.get_by_role("button", name="Check again").click()
    expect(page.locator("main").get_by_text("No connection")).to_be_visible()
    phone.set_offline(False)


# what a browser does by itself when it is asked to subscribe: it has a push service of its own, which needs the Internet
SUBSCRIBING = """
  let here = null;
  const told = %s;
  const subscription = { endpoint: told.endpoint, toJSON: () => told, unsubscribe: async () => { here = null; return true; } };
  PushManager.prototype.getSubscription = async () => here;
  PushManager.prototype.subscribe = async (options) => {
    if (!options.userVisibleOnly || options.applicationServerKey.length !== 65) throw new Error("ill options");
    here = subscription;
    return here;
  };
"""


def test_a_phone_is_told_what_came_to_nothing_after_its_person_has_allowed_it(live_platform, phone: BrowserContext):
    ensure_push_key(live_platform.broker.keys_dir / "vapid.pem")
    inside = PushBrowser(f"{live_platform.base_url}/sandbox")
    phone.grant_permissions(["notifications"], origin=live_platform.base_url)
    phone.add_init_script(SUBSCRIBING % json.dumps(inside.subscription()))
    page = phone.new_page()
    sign_in(page, live_platform.base_url, "owner@demo.example")
    page.goto(f"{live_platform.base_url}/m/#account")
    page.get_by_role("button", name="English").click()

    page.get_by_role("button", name="Switch notes on").click()
    expect(page.get_by_text("cannot read them")).to_be_visible()
    page.locator("dialog[open] .main-button").click()
    expect(page.get_by_role("switch", name="Alarms of your vehicles")).to_be_checked()
    page.get_by_role("switch", name="Your account").click()
    expect(page.get_by_role("switch", name="Your account")).not_to_be_checked()
    is_clean(page)

    page.get_by_role("link", name="Car", exact=True).click()
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Start charging").click()
    expect(page.locator(".step--bad")).to_be_visible(timeout=PATIENCE_MS)
    told = until(inside.notes, "the phone is told")
    shown = told[0]["notification"]
    # in the language of the person's letters
    assert (shown["lang"], shown["title"]) == ("it", "Avvia la ricarica: non eseguito · Taycan 4S")
    assert shown["navigate"].endswith(f"/vehicles/{VIN}/")

    page.get_by_role("link", name="Account").click()
    page.get_by_role("button", name="Switch notes off").click()
    expect(page.get_by_role("button", name="Switch notes on")).to_be_visible()


def test_the_first_look_at_a_car_costs_less_than_a_hundred_kilobytes(live_platform, phone: BrowserContext):
    page = phone.new_page()
    sign_in(page, live_platform.base_url, "owner@demo.example")
    page.locator(".hero__car svg").wait_for()
    page.close()
    fresh = phone.new_page()
    session = phone.new_cdp_session(fresh)
    session.send("Network.enable")
    session.send("Network.setBypassServiceWorker", {"bypass": True})
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))

    fresh.goto(f"{live_platform.base_url}/m/")
    fresh.locator(".hero__car svg").wait_for()
    fresh.wait_for_load_state("load")

    assert 10 < len(sizes) < MOST_REQUESTS
    assert sum(sizes) < MOST_BYTES, sum(sizes)
