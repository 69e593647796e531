"""
A family drives along, and a car changes hands: told as stories, with the whole system and a running car.

What is not seen in a browser, on the API, on a stream, in the car or in a mail is not asserted.
"""

import re
import threading

import httpx
import pytest
from playwright.sync_api import expect
from tests.journeys.story import (
    Outbox,
    Person,
    press_in_car,
    register,
    register_as_buyer,
    register_sold_car,
    sign_in_to_car,
    state_of,
    token_by_code_and_pkce,
    until,
)

pytestmark = pytest.mark.journey


@pytest.fixture
def outbox(live_platform):
    return Outbox(live_platform.base_url)


@pytest.fixture
def person(live_platform, chromium):
    """Somebody with a browser: `person()`; all browsers close at the end."""
    people: list[Person] = []

    def arrive() -> Person:
        people.append(Person.with_browser(chromium, live_platform.base_url))
        return people[-1]

    yield arrive
    for each in people:
        each.context.close()


class Watcher:
    """A program that watches a car live, until the platform ends the stream."""

    def __init__(self, base_url: str, vin: str, token: str) -> None:
        self.events: list[str] = []
        self.has_begun, self.has_ended = threading.Event(), threading.Event()
        self._url = f"{base_url}/api/v1/vehicles/{vin}/stream"
        self._headers = {"Authorization": f"Bearer {token}"}
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        with httpx.stream("GET", self._url, headers=self._headers, timeout=60) as answer:
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    self.events.append(line.removeprefix("event: "))
                    self.has_begun.set()
        self.has_ended.set()


def sold_and_driven(live_platform, outbox, person, *, vin, email, mobile):
    """A buyer who has registered, signed in to the running car and granted remote access; the seat in it, and its page."""
    partner, buyer = person(), person()
    partner.sign_in("partner@demo.example")
    register_sold_car(partner, vin=vin, line="taycan", year=2021, model="Taycan 4S", buyer=email)
    register_as_buyer(buyer, outbox, email=email, mobile=mobile)
    car_url = live_platform.start_car(vin)
    in_car = person()
    sign_in_to_car(in_car, car_url, buyer)
    press_in_car(in_car, car_url, "grant_remote_access", screen="account")
    until(lambda: state_of(car_url)["remote_access"], "remote access in the car")
    return buyer, in_car, car_url


@pytest.mark.rule("USR-001", "USR-002", "USR-005", "USR-006", "USR-010", "USR-012", "USR-008", "TAY-018")
def test_a_family_member_is_invited_drives_along_and_is_removed(live_platform, outbox, person):
    vin, family = "WP0ZZZY1ZMSA77001", "family@example.org"
    owner, in_car, car_url = sold_and_driven(
        live_platform, outbox, person, vin=vin, email="parent@example.org", mobile="+393451234571"
    )

    # invited for good, from the page of the car
    owner.set_pin("4711")
    owner.go(f"/vehicles/{vin}/")
    owner.fill("E-mail address", family)
    owner.fill("Your PIN", "4711")
    owner.press("Send invitation")
    owner.sees("Invited")

    # without an account: the link leads through the registration and back
    child = person()
    child.go(outbox.link(family, "drive"))
    child.press("Begin registration")
    register(child, outbox, mobile="+393451234572", given_name="Lia", family_name="Rossi")
    child.press("Accept invitation")
    child.sees("Secondary user")
    child.page.locator("summary", has_text="More").first.click()
    child.press("Flash lights")
    child.sees("Done")
    child.sees_not("Invite a driver")
    press_in_car(in_car, car_url, "sign_out", screen="account")
    until(lambda: state_of(car_url)["signed_in"] is None, "the owner is signed out of the car")
    sign_in_to_car(in_car, car_url, child)

    # removed: everything ends at once, in the portal and in the car
    owner.go(f"/vehicles/{vin}/")
    owner.follow("Remove Lia Rossi")
    owner.press("Remove driver")
    owner.sees("This person no longer uses the car.")
    assert child.page.goto(f"{live_platform.base_url}/vehicles/{vin}/").status == 404
    until(lambda: state_of(car_url)["signed_in"] is None, "the removed person is signed out of the car")


@pytest.mark.rule("GAR-012", "GAR-019", "STO-002", "STO-003", "ID-033", "ID-035", "USR-010")
def test_a_car_is_sold_and_nothing_of_its_seller_is_left(live_platform, outbox, person):
    vin, buyer_email = "WP0ZZZY1ZMSA77002", "next@example.org"
    seller, _, car_url = sold_and_driven(
        live_platform, outbox, person, vin=vin, email="seller@example.org", mobile="+393451234573"
    )
    token = token_by_code_and_pkce(seller)
    api = httpx.Client(
        base_url=f"{live_platform.base_url}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=20
    )
    contracts = api.get(f"/vehicles/{vin}/contracts").json()
    watcher = Watcher(live_platform.base_url, vin, token)
    assert watcher.has_begun.wait(30)

    # the flow: to whom, what it means, the handover
    seller.go(f"/vehicles/{vin}/")
    seller.page.locator("#options").get_by_role("link", name="Sell this vehicle").click()
    seller.page.get_by_label("A person").check()
    seller.fill("Buyer's e-mail address", buyer_email)
    seller.page.get_by_label("Buyer's language").select_option("en")
    seller.press("Continue")
    seller.sees("What stays with the car")
    seller.sees("Real-time traffic")
    seller.sees("What is parted from it")
    assert outbox.mails_to(buyer_email) == []
    seller.page.get_by_label(re.compile("handed over")).check()
    seller.press("Release the car")
    seller.sees("is no longer yours")

    # a second later nothing answers the seller: pages, programs, the stream, commands
    assert watcher.has_ended.wait(5), watcher.events
    assert seller.page.goto(f"{live_platform.base_url}/vehicles/{vin}/").status == 404
    for path in ("", "/state", "/contracts", "/users", "/commands"):
        assert api.get(f"/vehicles/{vin}{path}").status_code == 404
    assert api.post(f"/vehicles/{vin}/commands", json={"type": "flash", "params": {}}).status_code == 404
    with api.stream("GET", f"/vehicles/{vin}/stream") as refused:
        assert refused.status_code == 404
    assert api.get("/vehicles").json()["items"] == []
    seller.go("/vehicles/")
    seller.sees("No vehicle yet")

    # the car has been told: nobody is signed in, nobody uses it, remote access is off
    until(lambda: state_of(car_url)["signed_in"] is None, "nobody is signed in to the car")
    until(lambda: not state_of(car_url)["main_linked"], "the car knows nobody")
    assert not state_of(car_url)["remote_access"]

    # the buyer comes by the link and has what is left of the contracts
    buyer = person()
    buyer.go(outbox.link(buyer_email, "sold you"))
    buyer.press("Begin registration")
    register(buyer, outbox, mobile="+393451234574", given_name="Nora", family_name="Bianchi")
    buyer.press("Add this car to my vehicles")
    buyer.go(f"/vehicles/{vin}/")
    buyer.sees("Real-time traffic")
    expect(buyer.page.get_by_text("seller@example.org")).to_have_count(0)
    inherited = httpx.get(
        f"{live_platform.base_url}/api/v1/vehicles/{vin}/contracts",
        headers={"Authorization": f"Bearer {token_by_code_and_pkce(buyer)}"},
    ).json()
    assert [(each["service_id"], each["ends_at"]) for each in inherited] == [
        (each["service_id"], each["ends_at"]) for each in contracts
    ]
    api.close()

    # the seller's account goes on
    seller.go("/store/orders/")
    seller.go("/account/")
    expect(seller.page.locator("main").get_by_text("seller@example.org")).to_be_visible()
