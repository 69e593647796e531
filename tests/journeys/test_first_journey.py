"""
The first journey, told as stories: a sold car, its buyer, a service, a second driver, and the first commands.

The whole system runs as it does for people: processes of its own, a broker, a database, a browser, and a car. Nothing
here reaches into the platform; what is not seen in a browser, on the API or in a mail is not asserted.
"""

import re

import httpx
import pytest
from playwright.sync_api import expect
from tests.journeys.story import (
    Outbox,
    Person,
    buy,
    press_in_car,
    register_as_buyer,
    register_sold_car,
    sign_in_to_car,
    state_of,
    token_by_code_and_pkce,
    until,
)

pytestmark = pytest.mark.journey

PARTNER = "partner@demo.example"
SECONDARY = "secondary@demo.example"
NO_CAR = "nocar@demo.example"
OFFER, SERVICE = "Music streaming, one year", "music_streaming"
FINAL = {"done", "failed", "refused", "expired", "superseded", "unknown"}
TRAFFIC = "real_time_traffic"


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


@pytest.fixture
def program():
    """A program that calls the API with a token; its connections close at the end."""
    clients: list[httpx.Client] = []

    def connect(base_url: str, token: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"}
        clients.append(httpx.Client(base_url=f"{base_url}/api/v1", headers=headers, timeout=20))
        return clients[-1]

    yield connect
    for each in clients:
        each.close()


@pytest.mark.rule(
    "ID-004", "ID-008", "ID-009", "ID-013", "ID-018", "DAT-009", "GAR-024", "STO-054", "STO-018", "STO-020", "STO-021",
    "STO-033", "INV-001", "INV-002", "INV-007", "REM-001", "REM-002", "PRI-002", "STO-032", "USR-004", "USR-007",
)  # fmt: skip
def test_a_car_is_sold_registered_equipped_driven_and_shared(live_platform, outbox, person, program):
    vin, email, mobile = "WP0ZZZY1ZMSA12345", "buyer@example.org", "+393451234567"
    partner, buyer = person(), person()

    # 1 and 2: the partner sells, the buyer registers
    partner.sign_in(PARTNER)
    register_sold_car(partner, vin=vin, line="taycan", year=2021, model="Taycan 4S", buyer=email)
    register_as_buyer(buyer, outbox, email=email, mobile=mobile)

    # 3: the car is there, with a picture and its running contracts
    buyer.go("/")
    buyer.sees("Taycan 4S")
    expect(buyer.page.locator("main svg[role=img]").first).to_be_visible()
    buyer.go(f"/vehicles/{vin}/")
    buyer.sees(vin)
    buyer.sees("Real-time traffic")
    buyer.sees(re.compile(r"36[45] days left"))

    # 5: the car is switched on; it belongs to the buyer, who signs in and grants remote access
    car_url = live_platform.start_car(vin)
    in_car = person()
    sign_in_to_car(in_car, car_url, buyer)
    press_in_car(in_car, car_url, "grant_remote_access", screen="account")
    until(lambda: state_of(car_url)["remote_access"], "remote access in the car")

    # 4: a service is bought with a 3-D Secure challenge; it is in the car after the next restart
    buy(buyer, vin=vin, offer=OFFER, card="4000000000003220", answer="Approve")
    buyer.sees("Order number")
    outbox.mail(email, "order")
    assert state_of(car_url)["services"][SERVICE] != "active"
    press_in_car(in_car, car_url, "restart")
    until(lambda: state_of(car_url)["services"][SERVICE] == "active", "the bought service in the car")

    # the invoice follows: a mail says so, the document is in the messages
    live_platform.run("clock", "advance", "1h")
    outbox.mail(email, "invoice")
    buyer.go("/messages/")
    buyer.page.get_by_role("link", name=re.compile("invoice", re.IGNORECASE)).first.click()
    pdf = buyer.page.get_by_role("link", name=re.compile(r"\.pdf", re.IGNORECASE)).first.get_attribute("href")
    assert buyer.context.request.get(f"{live_platform.base_url}{pdf}").body().startswith(b"%PDF")

    # 6: locked from the portal, step by step as it happens, without a reload
    in_car.go(car_url)
    in_car.page.locator("form[action='/do/lock'] button[value='0']").click()
    until(lambda: not state_of(car_url)["locked"], "the car is unlocked by its key")
    buyer.go(f"/vehicles/{vin}/")
    buyer.press("Lock car")
    until(lambda: state_of(car_url)["locked"], "the car is locked")
    buyer.sees("Done")
    buyer.press("Start climate")
    until(lambda: state_of(car_url)["climate_active"], "climate is on")

    # unlock asks for the PIN
    buyer.set_pin("4711")
    buyer.go(f"/vehicles/{vin}/")
    buyer.open_with_pin("Unlock car", "0000")
    buyer.sees(re.compile("PIN"))
    assert state_of(car_url)["locked"]
    buyer.go(f"/vehicles/{vin}/")
    buyer.open_with_pin("Unlock car", "4711")
    until(lambda: not state_of(car_url)["locked"], "the car is unlocked")

    # the same over the API, signed in by code and PKCE
    token = token_by_code_and_pkce(buyer)
    api = program(live_platform.base_url, token)
    answer = api.post(
        f"/vehicles/{vin}/commands", json={"type": "lock", "params": {}}, headers={"Idempotency-Key": "a1"}
    )
    assert answer.status_code == 202, answer.text
    again = api.post(
        f"/vehicles/{vin}/commands", json={"type": "lock", "params": {}}, headers={"Idempotency-Key": "a1"}
    )
    assert again.json()["id"] == answer.json()["id"]
    command = f"/vehicles/{vin}/commands/{answer.json()['id']}"
    final = until(lambda: (c := api.get(command).json())["status"] in FINAL and c, "the lock command has ended")
    assert [step["status"] for step in final["steps"]] == ["accepted", "sent", "delivered", "running", "done"], final
    refused = api.post(f"/vehicles/{vin}/commands", json={"type": "unlock", "params": {}})
    assert (refused.status_code, refused.json()["code"]) == (403, "remote_services.step_up_required")

    # privacy mode in the car: refused with that reason
    press_in_car(in_car, car_url, "privacy", screen="account")
    until(lambda: state_of(car_url)["privacy_mode"], "privacy mode is on")
    private = until(
        lambda: (
            (a := api.post(f"/vehicles/{vin}/commands", json={"type": "flash", "params": {}})).status_code >= 400 and a
        ),
        "a refusal",
    )
    assert "privacy" in private.json()["code"]
    press_in_car(in_car, car_url, "privacy", screen="account")
    until(lambda: not state_of(car_url)["privacy_mode"], "privacy mode is off")

    # 7: a second driver uses what was bought, and can buy nothing; a stranger finds nothing
    buyer.go(f"/vehicles/{vin}/")
    buyer.fill("E-mail address", SECONDARY)
    buyer.fill("Your PIN", "4711")
    buyer.press("Send invitation")
    second = person()
    second.sign_in(SECONDARY)
    second.go(outbox.link(SECONDARY, "drive"))
    second.press("Accept invitation")
    second.go(f"/vehicles/{vin}/")
    second.sees("Music streaming")
    second.page.locator("summary", has_text="More").first.click()
    second.press("Flash lights")
    second.sees("Done")
    second.go(f"/store/?vin={vin}")
    expect(second.page.get_by_role("button", name="Add to cart")).to_have_count(0)
    stranger = person()
    stranger.sign_in(NO_CAR)
    assert stranger.page.goto(f"{live_platform.base_url}/vehicles/{vin}/").status == 404
    stranger.go("/")
    stranger.sees(re.compile("no vehicle|No vehicle|add", re.IGNORECASE))

    # without a connection the command waits, expires, and nothing happens late
    live_platform.stop_car(vin)
    waiting = api.post(f"/vehicles/{vin}/commands", json={"type": "honk", "params": {}}).json()
    until(
        lambda: api.get(f"/vehicles/{vin}/commands/{waiting['id']}").json()["status"] in ("queued", "sent"), "it waits"
    )


@pytest.mark.rule("PAI-001", "PAI-002", "PAI-003", "PCM-020", "C-71")
def test_an_older_car_works_once_its_code_is_typed(live_platform, outbox, person):
    vin, email, mobile = "WP0ZZZ99ZHS154321", "older@example.org", "+393451234568"
    partner, buyer = person(), person()
    partner.sign_in(PARTNER)
    register_sold_car(partner, vin=vin, line="911", year=2017, model="911 Carrera", buyer=email)
    register_as_buyer(buyer, outbox, email=email, mobile=mobile)
    car_url = live_platform.start_car(vin)
    in_car = person()
    in_car.go(car_url)

    buyer.go(f"/vehicles/{vin}/")
    code = buyer.page.locator("[data-pairing-code]").get_attribute("data-pairing-code")
    assert re.fullmatch(r"[0-9]{8}", code)
    assert state_of(car_url)["services"][TRAFFIC] == "not_linked"

    in_car.go(f"{car_url}/account")
    in_car.page.locator("#code").fill("00000000" if code != "00000000" else "11111111")
    in_car.page.locator(".digit--confirm").click()
    expect(in_car.page.locator("[role=alert]").first).to_be_visible(timeout=30_000)
    assert not state_of(car_url)["main_linked"]
    in_car.page.locator("#code").fill(code)
    in_car.page.locator(".digit--confirm").click()

    until(lambda: state_of(car_url)["main_linked"], "the car is linked")
    press_in_car(in_car, car_url, "restart")
    until(lambda: state_of(car_url)["services"][TRAFFIC] == "active", "services in the car")


@pytest.mark.rule("STO-010", "STO-013")
def test_a_declined_card_ends_the_order_and_says_who_helps(live_platform, person):
    owner = person()
    owner.sign_in("owner@demo.example")

    buy(owner, vin="WP0ZZZY1ZLSA00001", offer=OFFER, card="4000000000000341")

    owner.sees(re.compile("declined|refused", re.IGNORECASE))
    owner.sees(re.compile("Assistance|Support"))
