"""The people of the journeys: what they do in the browser, said in their words."""

import base64
import hashlib
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, expect

PASSWORD = "Vettura!2026"
PATIENCE_SECONDS = 30


def until(found: Callable[[], object], what: str) -> object:
    """The first true answer; other processes need a moment."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        answer = found()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"nothing came within {PATIENCE_SECONDS} s: {what}")


@dataclass
class Outbox:
    """The demo's outbox: what went out by mail and SMS."""

    base_url: str

    def mails_to(self, address: str) -> list[dict]:
        return httpx.get(f"{self.base_url}/sandbox/outbox/api/mails", params={"to": address}).json()

    def mail(self, address: str, subject: str) -> dict:
        """The newest mail to somebody whose subject has these words."""
        return until(
            lambda: next((m for m in self.mails_to(address) if subject.lower() in m["subject"].lower()), None),
            f"mail to {address} about {subject}; there are {[m['subject'] for m in self.mails_to(address)]}",
        )

    def link(self, address: str, subject: str) -> str:
        """The first link of our own in that mail."""
        return re.search(rf"{re.escape(self.base_url)}/\S+", self.mail(address, subject)["text"]).group(0).rstrip(".,)")

    def sms_code(self, number: str, *, after: str | None = None) -> str:
        """The code of the newest SMS to a number; `after` is the code before it."""

        def newest():
            found = httpx.get(f"{self.base_url}/sandbox/outbox/api/sms", params={"to": number}).json()
            codes = [re.search(r"\d{6}", each["text"]).group(0) for each in found]
            return codes[0] if codes and codes[0] != after else None

        return until(newest, f"SMS to {number}")


@dataclass
class Person:
    """Somebody with a browser of their own."""

    context: BrowserContext
    page: Page
    base_url: str

    @classmethod
    def with_browser(cls, browser: Browser, base_url: str) -> "Person":
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
        context.set_default_timeout(15_000)
        return cls(context, context.new_page(), base_url)

    def go(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else f"{self.base_url}{path}")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label).first.fill(value)

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=PATIENCE_SECONDS * 1000)

    def sees_not(self, text: str) -> None:
        expect(self.page.get_by_text(text)).to_have_count(0)

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        self.go("/signin/")
        self.page.locator("[name=login]").fill(email)
        self.page.locator("[name=password]").fill(password)
        self.page.locator("main form button[type=submit]").first.click()
        self.page.wait_for_url(lambda url: "/signin/" not in url)

    def set_pin(self, pin: str) -> None:
        self.go("/account/pin/")
        self.fill("New PIN", pin)
        self.fill("Current password", PASSWORD)
        self.page.locator("main form button[type=submit]").first.click()
        self.page.wait_for_url("**/account/security/")

    def open_with_pin(self, verb: str, pin: str) -> None:
        """Ask for something that opens the car, and answer its question for the PIN."""
        self.page.get_by_role("link", name=verb).first.click()
        dialog = self.page.locator("dialog[open]")
        dialog.locator("[name=pin]").fill(pin)
        dialog.get_by_role("button", name=verb).click()


def register_sold_car(partner: Person, *, vin: str, line: str, year: int, model: str, buyer: str) -> None:
    """At the desk: first the model, then the car and its buyer."""
    partner.go("/desk/")
    partner.follow("Register a sold car")
    partner.page.get_by_label("Model line").select_option(line)
    partner.fill("Model year", str(year))
    partner.press("Continue")
    partner.fill("VIN", vin)
    partner.page.get_by_label("Model", exact=True).select_option(model)
    partner.page.locator("input[name=equipment][value=connect_plus]").check()
    partner.page.get_by_label("Country").select_option("IT")
    partner.fill("Buyer's e-mail address", buyer)
    partner.page.get_by_label("Buyer's language").select_option("en")
    partner.press("Register and invite the buyer")
    partner.sees(vin)


def register_as_buyer(buyer: Person, outbox: Outbox, *, email: str, mobile: str) -> None:
    """From the link in the mail to one's own vehicles."""
    buyer.go(outbox.link(email, ""))
    buyer.press("Begin registration")

    # each unmet requirement is shown as it is typed, and again by the server
    buyer.page.locator("[name=password1]").fill("abcdefg1!")
    expect(buyer.page.locator("#password-rules [data-met=false]")).to_have_count(1)
    buyer.press("Continue")
    buyer.sees(re.compile("upper-case letter"))
    register(buyer, outbox, mobile=mobile, given_name="Carla", family_name="Rossi")

    buyer.page.get_by_label("No, do not share my data").check()
    buyer.press("Add this car to my vehicles")


def register(person: Person, outbox: Outbox, *, mobile: str, given_name: str, family_name: str) -> None:
    """The registration, from the password to its end."""
    person.page.locator("[name=password1]").fill(PASSWORD)
    expect(person.page.locator("#password-rules [data-met=false]")).to_have_count(0)
    person.press("Continue")

    person.fill("Given name", given_name)
    person.fill("Family name", family_name)
    person.fill("Mobile number", mobile)
    person.press("Send code")
    person.fill("Code from the SMS", outbox.sms_code(mobile))
    person.press("Confirm code")

    person.page.get_by_label("I accept the terms of use.").check()
    person.page.get_by_label(re.compile("I have read the privacy declaration")).check()
    for consent in person.page.get_by_label(re.compile("^I agree: ")).all():
        consent.check()
    person.press("Complete registration")


def buy(buyer: Person, *, vin: str, offer: str, card: str, answer: str | None = None) -> None:
    """From the offer to the end of the order; `answer` is what the bank is told when it asks."""
    page = buyer.page
    buyer.go(f"/store/?vin={vin}")
    page.locator("article, .card").filter(has_text=offer).get_by_role("button", name="Add to cart").first.click()
    buyer.go("/store/cart/")
    buyer.press("Go to checkout") if page.get_by_role("button", name="Go to checkout").count() else buyer.follow(
        "Go to checkout"
    )
    if "/address/" in page.url:
        buyer.fill("Street and number", "Via Po 1")
        buyer.fill("Postal code", "10123")
        buyer.fill("City", "Torino")
        buyer.press("Save and continue")
    type_card(buyer, card)
    page.wait_for_url("**/checkout/overview/")
    buyer.sees(offer)
    buyer.press("Order with obligation to pay")
    if answer:
        page.wait_for_url("**/3ds/**")
        buyer.press(answer)


def type_card(buyer: Person, number: str) -> None:
    """In the card provider's own form; the number never reaches our page."""
    buyer.page.wait_for_url("**/checkout/payment/")
    frame = buyer.page.frame_locator("iframe").first
    frame.locator("#number").fill(number)
    frame.locator("#expiry").fill("12 / 39")
    frame.locator("#cvc").fill("123")
    buyer.press("Save card")


def state_of(car_url: str) -> dict:
    """What the screens of the car stand on."""
    return httpx.get(f"{car_url}/state.json").json()


def press_in_car(in_car: Person, car_url: str, act: str, *, screen: str = "") -> None:
    """A switch or button of the car, found by what it does; one that asks first is confirmed."""
    in_car.go(f"{car_url}/{screen}")
    form = in_car.page.locator(f"form[action='/do/{act}']").first
    asking = in_car.page.locator("details").filter(has=form)
    if asking.count():
        asking.locator("summary").click()
    form.locator("button").last.click()
    in_car.page.wait_for_load_state()


def sign_in_to_car(in_car: Person, car_url: str, person: Person) -> None:
    """The car shows a code; the person confirms it in the portal."""
    press_in_car(in_car, car_url, "sign_in", screen="account")
    code = in_car.page.locator(".usercode")
    expect(code).to_be_visible(timeout=PATIENCE_SECONDS * 1000)
    person.go("/car/")
    person.page.locator("[name=code]").fill(code.inner_text())
    person.press("Continue")
    person.press("Sign in to this car")
    until(lambda: state_of(car_url)["signed_in"], "somebody is signed in to the car")


def token_by_code_and_pkce(person: Person) -> str:
    """An access token as a program gets it: authorization code with PKCE, the person allowing it in the browser."""
    discovery = httpx.get(f"{person.base_url}/.well-known/openid-configuration").json()
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    redirect = "http://127.0.0.1/callback"
    asked = {
        "response_type": "code", "client_id": "vettura-cli", "redirect_uri": redirect, "scope": "openid profile email vehicles",
        "state": secrets.token_urlsafe(8), "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    caught: list[str] = []
    person.page.route(
        "http://127.0.0.1/callback**", lambda route: (caught.append(route.request.url), route.fulfill(body="ok"))
    )
    person.go(f"{discovery['authorization_endpoint']}?{urlencode(asked)}")
    person.press("Allow access")
    person.page.wait_for_url("**/callback**")
    answer = parse_qs(urlsplit(caught[0]).query)
    assert answer["state"] == [asked["state"]]
    token = httpx.post(
        discovery["token_endpoint"],
        data={
            "grant_type": "authorization_code", "code": answer["code"][0], "redirect_uri": redirect,
            "client_id": "vettura-cli", "code_verifier": verifier,
        },
    )  # fmt: skip
    assert token.status_code == 200, token.text
    return token.json()["access_token"]
