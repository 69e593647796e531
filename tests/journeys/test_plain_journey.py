"""The smallest pack makes the same journey: the code knows no brand."""

import pytest
from tests.journeys.story import (
    Outbox,
    Person,
    buy,
    press_in_car,
    register_as_buyer,
    register_sold_car,
    state_of,
    until,
)

pytestmark = pytest.mark.journey

VIN, BUYER, MOBILE = "WPLZZZ1AZMA054321", "plain@example.org", "+393451234569"
OFFER, SERVICE = "Traffic, one year", "real_time_traffic"


@pytest.fixture(scope="module")
def pack() -> str:
    return "plain"


def test_a_car_of_the_plain_pack_is_sold_paired_equipped_and_locked(live_platform, chromium):
    outbox = Outbox(live_platform.base_url)
    partner, buyer, in_car = (Person.with_browser(chromium, live_platform.base_url) for _ in range(3))
    partner.sign_in("partner@demo.example")
    register_sold_car(partner, vin=VIN, line="hatch", year=2021, model="Hatch 1.0", buyer=BUYER)
    register_as_buyer(buyer, outbox, email=BUYER, mobile=MOBILE)
    buyer.go(f"/vehicles/{VIN}/")
    code = buyer.page.locator("[data-pairing-code]").get_attribute("data-pairing-code")

    car_url = live_platform.start_car(VIN)
    in_car.go(f"{car_url}/account")
    in_car.page.locator("#code").fill(code)
    in_car.page.locator(".digit--confirm").click()
    until(lambda: state_of(car_url)["main_linked"], "the car is linked")
    press_in_car(in_car, car_url, "grant_remote_access", screen="account")
    until(lambda: state_of(car_url)["remote_access"], "remote access in the car")

    buy(buyer, vin=VIN, offer=OFFER, card="4242424242424242")
    buyer.sees("Order number")
    press_in_car(in_car, car_url, "restart")
    until(lambda: state_of(car_url)["services"][SERVICE] == "active", "the bought service in the car")

    in_car.go(car_url)
    in_car.page.locator("form[action='/do/lock'] button[value='0']").click()
    until(lambda: not state_of(car_url)["locked"], "the car is unlocked by its key")
    buyer.go("/")
    buyer.press("Lock car")
    until(lambda: state_of(car_url)["locked"], "the car is locked")
    for person in (partner, buyer, in_car):
        person.context.close()
