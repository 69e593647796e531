"""A person deletes the account: the car loses its services, and signing in says that the account does not exist any more."""

import pytest
from tests.journeys.story import (
    PASSWORD,
    Outbox,
    Person,
    press_in_car,
    register_as_buyer,
    register_sold_car,
    state_of,
    until,
)

pytestmark = pytest.mark.journey

OWNER, VIN = "leaving@example.org", "WP0ZZZY1ZLSB70001"
TRAFFIC = "real_time_traffic"


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


@pytest.mark.rule("ID-036", "ID-037", "ID-039", "DAT-021", "C-44")
def test_an_account_is_deleted_and_the_car_loses_what_was_delivered(live_platform, person):
    outbox = Outbox(live_platform.base_url)
    partner, in_car, owner, on_the_phone = person(), person(), person(), person()
    partner.sign_in("partner@demo.example")
    register_sold_car(partner, vin=VIN, line="taycan", year=2021, model="Taycan 4S", buyer=OWNER)
    register_as_buyer(owner, outbox, email=OWNER, mobile="+393331234599")
    car_url = live_platform.start_car(VIN)
    until(lambda: state_of(car_url)["linked_up"] and state_of(car_url)["main_linked"], "the car knows its main user")
    in_car.go(car_url)
    press_in_car(in_car, car_url, "restart")
    until(lambda: state_of(car_url)["services"].get(TRAFFIC) == "active", "traffic information in the car")
    on_the_phone.sign_in(OWNER)

    # menu > Login and security > delete account: what it means is said first
    owner.go("/account/security/")
    owner.page.locator("a[href='/account/delete/']").first.click()
    owner.sees("You are no longer the main user of")
    owner.sees("ask your partner or Assistance")
    owner.page.locator("[name=understood]").check()
    owner.page.locator("[name=password]").fill(PASSWORD)
    owner.page.locator("main form .button--danger").click()
    owner.page.wait_for_url("**/account/deleted/")
    outbox.mail(OWNER, "deleted")

    # every other device is out, and signing in says why
    on_the_phone.go("/account/")
    on_the_phone.page.wait_for_url("**/signin/**")
    on_the_phone.page.locator("[name=login]").fill(OWNER)
    on_the_phone.page.locator("[name=password]").fill(PASSWORD)
    on_the_phone.page.locator("main form button[type=submit]").first.click()
    on_the_phone.sees("This account does not exist any more.")

    # the car has nobody, and nothing is delivered to it any more, without a restart
    until(lambda: not state_of(car_url)["main_linked"], "the car has no main user")
    assert not state_of(car_url)["signed_in"]
    until(lambda: state_of(car_url)["services"].get(TRAFFIC) != "active", "the services end in the car")
