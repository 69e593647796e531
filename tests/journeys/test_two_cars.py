"""
Two cars of the newest kind, told as a story: a person drives somebody else's car as a guest, then as oneself, and finds
what was set there in the next car.
"""

import re

import pytest
from playwright.sync_api import expect
from tests.journeys.story import PASSWORD, Person, press_in_car, register_sold_car, state_of, until

pytestmark = pytest.mark.journey

OWNERS, SECOND = "WP0ZZZY1ZLSA00001", "WP0ZZZY1ZMSA54321"
ANNA, CODE = "nocar@demo.example", "482913"


@pytest.fixture
def person(live_platform, chromium):
    people: list[Person] = []

    def arrive() -> Person:
        people.append(Person.with_browser(chromium, live_platform.base_url))
        return people[-1]

    yield arrive
    for each in people:
        each.context.close()


def set_security_code(person: Person, code: str) -> None:
    person.go("/account/security-code/")
    person.page.locator("[name=code]").fill(code)
    person.page.locator("[name=password]").fill(PASSWORD)
    person.page.locator("main form button[type=submit]").first.click()
    person.page.wait_for_url("**/account/security/")


def sign_in_by_code(in_car: Person, car_url: str, email: str, code: str) -> None:
    """At the screen: another account, its address, the code on the pad."""
    in_car.go(f"{car_url}/account")
    in_car.page.locator("a[href='/who/other']").first.click()
    in_car.page.locator("#email").fill(email)
    for digit in code:
        in_car.page.locator(f"[data-digit='{digit}']").click()
    in_car.page.locator(".digit--confirm").click()


@pytest.mark.rule(
    "TAY-002", "TAY-003", "TAY-004", "TAY-006", "TAY-010", "TAY-012", "TAY-013", "TAY-014", "TAY-016", "USR-014"
)
def test_a_guest_and_then_oneself_in_one_car_and_ones_own_settings_in_the_next(live_platform, person):
    anna, partner, in_car, in_second = person(), person(), person(), person()
    anna.sign_in(ANNA)
    set_security_code(anna, CODE)
    partner.sign_in("partner@demo.example")
    register_sold_car(partner, vin=SECOND, line="taycan", year=2021, model="Taycan 4S", buyer="second@example.org")
    car, second = live_platform.start_car(OWNERS), live_platform.start_car(SECOND)
    until(lambda: state_of(car)["linked_up"] and state_of(second)["linked_up"], "both cars reach the platform")
    until(lambda: state_of(car)["signed_in"], "the owner is signed in to the own car")
    press_in_car(in_car, car, "restart")
    until(lambda: state_of(car)["services"]["online_navigation"] == "active", "the owner's services are in force")

    # a guest finds the services and nothing personal, and leaves nothing
    press_in_car(in_car, car, "sign_out", screen="account")
    press_in_car(in_car, car, "start_guest", screen="account")
    in_car.go(f"{car}/mine")
    in_car.sees(re.compile("Ospite|Guest|Gast"))
    in_car.page.locator("#add-favorites").fill("Hotel Lingotto")
    in_car.page.locator("#add-favorites").press("Enter")
    in_car.sees("Hotel Lingotto")
    assert state_of(car)["services"]["remote_lock"] == "guest_no_remote"
    press_in_car(in_car, car, "end_guest", screen="account")
    assert state_of(car)["settings"]["favorites"] == []

    # a wrong code is refused, the right one signs in to a car that is not one's own
    sign_in_by_code(in_car, car, ANNA, "739164")
    expect(in_car.page.locator("#unit [role=alert]").first).to_be_visible(timeout=30_000)
    assert state_of(car)["signed_in"] is None
    sign_in_by_code(in_car, car, ANNA, CODE)
    account = until(lambda: state_of(car)["signed_in"], "Anna is signed in by security code")
    assert state_of(car)["services"]["remote_lock"] == "assignment_needed"
    anna.go("/")
    anna.sees_not("Taycan")

    # what she sets is in the next car
    in_car.go(f"{car}/mine")
    in_car.page.locator("button[value='seat_position:1']").click()
    until(lambda: state_of(car)["settings"]["seat_position"] == 55, "the seat has moved")
    in_car.page.locator("#add-favorites").fill("Alte Oper, Frankfurt")
    in_car.page.locator("#add-favorites").press("Enter")
    in_car.sees("Alte Oper, Frankfurt")
    press_in_car(in_car, car, "sign_out", screen="account")
    assert state_of(car)["settings"]["favorites"] == []
    expect(in_car.page.locator("[data-proposes]").first).to_be_visible()

    sign_in_by_code(in_second, second, ANNA, CODE)
    until(lambda: state_of(second)["signed_in"] == account, "Anna is signed in to the second car")
    until(lambda: state_of(second)["settings"]["favorites"] == ["Alte Oper, Frankfurt"], "her favorites are there")
    assert state_of(second)["settings"]["seat_position"] == 55
