"""Somebody without a car and without an invitation: registers alone, looks round, and from then on needs no password."""

import pytest
from playwright.sync_api import expect
from tests.journeys.story import PASSWORD, Outbox, Person, register

pytestmark = pytest.mark.journey

EMAIL, MOBILE = "prospect@example.org", "+393451234579"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.mark.rule("ID-003", "ID-010", "ID-040")
def test_a_prospect_registers_alone_sees_an_empty_garage_and_signs_in_with_a_passkey(live_platform, chromium):
    outbox = Outbox(live_platform.base_url)
    prospect = Person.with_browser(chromium, live_platform.base_url)

    prospect.go("/signin/")
    prospect.follow("Register")
    prospect.fill("E-mail address", EMAIL)
    prospect.page.get_by_label("Country you live in").select_option("NO")
    prospect.press("Send link")
    prospect.sees("An invitation is needed")
    prospect.page.get_by_label("Country you live in").select_option("IT")
    prospect.press("Send link")
    prospect.sees("look into the folder for unwanted mail first")

    prospect.go(outbox.link(EMAIL, "registration"))
    register(prospect, outbox, mobile=MOBILE, given_name="Nora", family_name="Villa")
    prospect.sees("No vehicle yet")
    prospect.sees("A car comes here by an invitation")
    expect(prospect.page.get_by_role("link", name="Add a vehicle")).to_be_visible()

    protocol = prospect.context.new_cdp_session(prospect.page)
    protocol.send("WebAuthn.enable")
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    prospect.go("/account/security/")
    prospect.sees("This device")
    prospect.follow("Add passkey")
    prospect.fill("Password", PASSWORD)
    prospect.press("Continue")
    prospect.fill("Name", "Nora's computer")
    prospect.press("Create passkey")
    prospect.sees("Each code lets you in once")
    outbox.mail(EMAIL, "has changed")

    prospect.context.clear_cookies()
    prospect.go("/signin/")
    prospect.press("Sign in with passkey")
    prospect.sees("No vehicle yet")
    prospect.context.close()
