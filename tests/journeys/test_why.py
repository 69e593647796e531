"""
Why does it not work: somebody asks in the portal, reads the cause, mends it in the car or by the button, and asks again. With the whole system and
running cars.
"""

import re

import httpx
import pytest
from tests.journeys.story import Outbox, Person, press_in_car, state_of, until

from vettura.catalog import queries as catalog

pytestmark = pytest.mark.journey

ELECTRIC, HYBRID, OLDER = "WP0ZZZY1ZLSA00001", "WP1ZZZ9YZKDA00002", "WP0ZZZ99ZHS100003"
OWNER, FAMILY = "owner@demo.example", "secondary@demo.example"
NOTHING = "Nothing that we can check from here is wrong."
NO_SYMBOL = "No, nothing of that"


@pytest.fixture
def person(live_platform, chromium):
    """Somebody with a browser, signed in: `person(address)`; all browsers close at the end."""
    people: list[Person] = []

    def arrive(address: str = "") -> Person:
        people.append(Person.with_browser(chromium, live_platform.base_url))
        # the first look at the articles reads them all
        people[-1].context.set_default_navigation_timeout(60_000)
        if address:
            people[-1].sign_in(address)
        return people[-1]

    yield arrive
    for each in people:
        each.context.close()


@pytest.fixture(scope="module")
def cars(live_platform):
    """The cars of the story, each started once, when it is first needed."""
    started: dict[str, str] = {}

    def address(vin: str) -> str:
        if vin not in started:
            started[vin] = live_platform.start_car(vin)
        until(lambda: state_of(started[vin])["linked_up"], "the car reaches the platform")
        return started[vin]

    return address


def circumstance(car_url: str, act: str, **facts: str) -> None:
    """What happens to the car, such as a card that is put in or a border that is crossed."""
    answer = httpx.post(f"{car_url}/do/{act}", data=facts, headers={"Origin": car_url}, follow_redirects=True)
    assert answer.status_code == 200, answer.text


def why(person: Person, topic: str, **query: str) -> None:
    person.go(f"/help/why/{topic}/?{httpx.QueryParams(query)}")


def check_again(person: Person, until_it_says: str) -> None:
    """As people do: again, until what was mended has arrived."""

    def asked() -> bool:
        again = person.page.get_by_role("link", name="Check again")
        again.first.click() if again.count() else person.page.reload()
        person.page.wait_for_load_state()
        return person.page.get_by_text(until_it_says).count() > 0

    until(asked, until_it_says)


@pytest.mark.rule("PRI-002", "FOD-028", "FOD-029", "FOD-007")
def test_privacy_mode_stops_remote_access_and_the_notice_of_a_function(live_platform, person, cars):
    car, owner, in_car = cars(ELECTRIC), person(OWNER), person()
    press_in_car(in_car, car, "privacy", screen="account")
    until(lambda: state_of(car)["privacy_mode"], "privacy mode is on")

    why(owner, "remote_access", vin=ELECTRIC)
    check_again(owner, "is on in the car")
    why(owner, "fod_notice", vin=ELECTRIC)
    owner.sees("is on in the car")
    press_in_car(in_car, car, "privacy", screen="account")
    check_again(owner, "Was the car switched off with the Power button")

    owner.press("No")
    owner.sees("Switch the car off with the Power button")
    press_in_car(in_car, car, "restart")
    owner.follow("Take my answers back")
    owner.press("Yes")
    owner.sees(re.compile("show an update under updates"))
    owner.press("No")
    owner.sees(NOTHING)
    why(owner, "remote_access", vin=ELECTRIC)
    check_again(owner, "Privacy mode is off.")


@pytest.mark.rule("TRB-012", "TRB-009")
def test_a_card_beside_the_built_in_sim_and_roaming_abroad(live_platform, person, cars):
    car, owner, in_car = cars(HYBRID), person(OWNER), person()
    circumstance(car, "sim_in", on="1")
    until(lambda: not state_of(car)["linked_up"], "the card keeps the built-in SIM silent")

    why(owner, "connection", vin=HYBRID)
    check_again(owner, "does LTE, 3G, E or a WiFi symbol stand there")
    owner.press(NO_SYMBOL)
    owner.sees(re.compile("Is a SIM card in the card reader"))
    owner.press("Yes")
    owner.sees(re.compile("Take the card out"))
    circumstance(car, "sim_in", on="")
    check_again(owner, NOTHING)

    circumstance(car, "place", place="Torino")
    until(lambda: not state_of(car)["linked_up"], "abroad without roaming")
    why(owner, "connection", vin=HYBRID)
    check_again(owner, "does LTE, 3G, E or a WiFi symbol stand there")
    owner.press(NO_SYMBOL)
    owner.sees(re.compile("Is a SIM card in the card reader"))
    owner.press("No")
    owner.sees("Is the car abroad?")
    owner.press("Yes")
    owner.sees(re.compile("Is roaming switched on in the"))
    owner.press("No")
    owner.sees("Roaming is switched off in the car.")
    *_, door, _ = catalog.head_unit("CAY-3").walk("ROAMING_ON", "CAY-3")
    in_car.go(f"{car}/at/{door.id}")
    form = in_car.page.locator("form", has=in_car.page.get_by_role("checkbox", name="Roaming"))
    asking = in_car.page.locator("summary", has_text="Roaming")
    (asking if asking.count() else form.get_by_role("checkbox")).first.click()
    confirm = in_car.page.get_by_role("button", name=re.compile("roaming", re.IGNORECASE))
    if confirm.count() and not state_of(car)["linked_up"]:
        confirm.last.click()
    until(lambda: state_of(car)["linked_up"], "online abroad")
    check_again(owner, NOTHING)
    circumstance(car, "place", place="Stuttgart")


@pytest.mark.rule("PAI-011", "PAI-012", "REM-014")
def test_a_secondary_users_code_waits_for_the_main_users(live_platform, person, cars):
    car, owner, family = cars(OLDER), person(OWNER), person(FAMILY)
    owner.go(f"/vehicles/{OLDER}/")
    owner.fill("E-mail address", FAMILY)
    owner.fill("Your PIN", "1234")
    owner.press("Send invitation")
    family.go(Outbox(live_platform.base_url).link(FAMILY, ""))
    family.press("Accept invitation")

    own_code = code_of(family)
    circumstance(car, "pair", value=own_code)
    assert not state_of(car)["main_linked"]
    why(family, "pairing", vin=OLDER)
    family.sees("although it is online")

    why(owner, "pairing", vin=OLDER)
    owner.follow("Show pairing code")
    circumstance(car, "pair", value=code_of(owner))
    until(lambda: state_of(car)["main_linked"], "the car is linked")
    check_again(family, NOTHING)
    circumstance(car, "pair", value=own_code)
    until(lambda: state_of(car)["signed_in"], "the secondary user is signed in")


def code_of(person: Person) -> str:
    """The person's own code, as the page of the car shows it."""
    person.go(f"/vehicles/{OLDER}/")
    return re.search(r"\b\d{8}\b", re.sub(r"(?<=\d)\s(?=\d)", "", person.page.locator("main").inner_text())).group(0)


@pytest.mark.rule("STO-041")
def test_a_stranger_learns_that_the_country_lacks_a_service(person):
    stranger = person()
    why(stranger, "service", service="charging_planner", generation="TAY", country="RU")
    stranger.sees("does not exist in Russia")
    why(stranger, "service", service="charging_planner", generation="TAY", country="DE")
    stranger.sees_not("does not exist in")


@pytest.mark.rule("TRB-013", "TRB-015", "STO-009")
def test_a_contract_and_a_card_that_have_expired(live_platform, person, cars):
    car, owner = cars(HYBRID), person(OWNER)
    add_card(owner, "12 / 26")
    live_platform.run("clock", "advance", "40d")
    until(lambda: state_of(car)["linked_up"], "the car is there")

    why(owner, "service", service="online_navigation", vin=HYBRID)
    check_again(owner, "has ended")
    why(owner, "payment")
    owner.sees(re.compile("A billing address is needed"))
    owner.follow("Add address")
    owner.fill("Street and number", "Via Po 1")
    owner.fill("Postal code", "10123")
    owner.fill("City", "Torino")
    owner.press("Save")
    why(owner, "payment")
    owner.sees("The card has expired.")
    owner.follow("Use another card")
    add_card(owner, "12 / 39")
    why(owner, "payment")
    owner.sees("A valid card is saved.")

    why(owner, "service", service="online_navigation", vin=HYBRID)
    owner.follow("Renew")
    owner.press("Add to cart")
    owner.go("/store/cart/")
    owner.page.get_by_role("button", name=re.compile("Go to checkout|Express|Order")).or_(
        owner.page.get_by_role("link", name=re.compile("Go to checkout|Express"))
    ).first.click()
    owner.page.wait_for_url("**/checkout/overview/")
    owner.press("Order with obligation to pay")
    why(owner, "service", service="online_navigation", vin=HYBRID)
    check_again(owner, "A contract for Navigation Plus runs.")


def add_card(person: Person, expiry: str) -> None:
    """In the card provider's own form."""
    person.go("/billing/cards/")
    frame = person.page.frame_locator("iframe").first
    frame.locator("#number").fill("4242424242424242")
    frame.locator("#expiry").fill(expiry)
    frame.locator("#cvc").fill("123")
    person.press("Save card")
    person.sees(f"valid until {expiry.replace(' / ', '/20')}")
