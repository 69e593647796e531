"""The pages on which owners look after a car, in a real browser: axe, both widths, the map of an area, and a passkey that opens."""

from importlib import import_module
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from playwright.sync_api import expect
from tests import link_facts as facts
from tests import vehicle_facts
from tests.axe import violations
from tests.passkey_facts import Device

from vettura.assistance import actions as assistance
from vettura.assistance.models import BreakdownCall
from vettura.entitlements import actions as entitlements
from vettura.identity.adapters.keys import ensure_oidc_key
from vettura.launcher import assets
from vettura.phone_app import program
from vettura.vehicle_link import actions as link
from vettura.vehicle_link.models import RemoteCommand
from vettura_wire import payloads, signals

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

PAGES = (
    "condition/", "climate/", "charging/", "alarms/", "alarms/history/", "alarms/set_speed_alarms/1/off/", "commands/unlock/pin/",
    "breakdown/", "",
)  # fmt: skip
PROFILE = {"id": 1, "name": "Home", "enabled": True, "minimum_percent": 30, "target_percent": 80}
SETTINGS = {
    "speed_alarms": {"alarms": [{"id": 1, "enabled": True, "limit_kmh": 130, "name": "Motorway"}]},
    "location_alarms": {
        "alarms": [{"id": 1, "enabled": False, "name": "School", "on": "leave", "area": {"latitude": 45.07, "longitude": 7.68, "radius": 400}}]
    },
    "charging_profiles": {
        "profiles": [PROFILE | {"preferred_times": [{"begins": "22:00", "ends": "06:00", "weekdays": ["saturday", "sunday"]}]}]
    },
    "departure_timers": {"timers": [{"id": 1, "enabled": True, "time": "07:30", "weekdays": ["monday"], "climate": True}]},
    "trips": {"short": {"km": 42.5, "seconds": 1800, "kwh": 8.9}},
}  # fmt: skip


@pytest.fixture
def main(transactional_db):
    return facts.account()


@pytest.fixture
def car(main):
    car = facts.online(facts.vehicle(main_user=main))
    entitlements.start_paid_contracts(
        vehicle=car, order_line_id=uuid4(), offer_id="breakdown_call", at=facts.clock.now()
    )
    values = {
        signals.DOOR_OPEN["driver_door"]: True, signals.DOOR_LOCKED["driver_door"]: False, signals.STATE_OF_CHARGE: 63.0,
        signals.WINDOW_OPEN["driver_door"]: True, signals.TIRE_PRESSURE["front_left_tire"]: 250, signals.SERVICE_DISTANCE: 11760.0,
        signals.SERVICE_TIME: 86_400 * 100, signals.LATITUDE: 45.0703, signals.LONGITUDE: 7.6869, signals.PLUGGED_IN: True,
    }  # fmt: skip
    link.record_states(states=[(car.vin, payloads.State(seq=1, measured_at=facts.clock.real_now(), values=values))])
    link.record_settings(vin=car.vin, settings=SETTINGS, at=facts.clock.now())
    vehicle_facts.tell(car, "alarm", kind="speed", alarm_id=1, name="Motorway", latitude=45.1, longitude=7.5, speed=144)
    return car


def signed_in(context: "BrowserContext", server: str, person) -> None:
    """A browser with the session of this person."""
    session = import_module(django_settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = django_settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": server}])


@pytest.mark.timeout(120)
def test_axe_finds_nothing_and_every_page_fits_both_widths(live_server, chromium: "Browser", main, car):
    assets.build()
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    signed_in(context, live_server.url, main)
    page, found = context.new_page(), []

    for name in (*PAGES, "breakdown/"):
        answer = page.goto(f"{live_server.url}/vehicles/{car.vin}/{name}")
        assert answer is not None
        page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")
        problems = [] if answer.status == 200 else [{"id": f"status {answer.status}", "nodes": [{"html": ""}]}]
        problems += violations(page)
        found += [(name, each["id"], each["nodes"][0]["html"][:160]) for each in problems]
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append((name, "too wide", str(width)))
        if name == "":
            # the page of help once more, with a call that goes on
            assistance.call_for_help(by=main, vin=car.vin)
    context.close()

    assert found == []


@pytest.mark.timeout(90)
def test_an_area_is_drawn_on_the_map_and_a_touch_moves_it(live_server, browser_context: "BrowserContext", main, car):
    assets.build()
    signed_in(browser_context, live_server.url, main)
    page = browser_context.new_page()
    page.goto(f"{live_server.url}/vehicles/{car.vin}/alarms/")
    page.get_by_text("Add a location alarm").click()
    page.locator("select[name$=place]").select_option("car")
    expect(page.locator("[data-area-map][data-drawn]")).to_be_visible(timeout=30_000)
    latitude = page.locator("input[name$=latitude]")
    expect(latitude).to_have_value("45.07030")

    page.locator("[data-area-map] canvas").click(position={"x": 60, "y": 60})

    expect(latitude).not_to_have_value("45.07030")
    expect(page.locator("select[name$=place]")).to_have_value("")


@pytest.mark.timeout(60)
def test_a_passkey_unlocks_from_the_cars_page(live_server, browser_context: "BrowserContext", main, car):
    assets.build()
    signed_in(browser_context, live_server.url, main)
    page = browser_context.new_page()
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    session = browser_context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    session.send("WebAuthn.addCredential", {"authenticatorId": device, "credential": Device(main).as_virtual()})
    page.goto(f"{live_server.url}/vehicles/{car.vin}/commands/unlock/pin/")

    page.get_by_role("button", name="Use passkey").click()

    page.wait_for_url("**/#controls")
    assert RemoteCommand.objects.get().type == "unlock"


@pytest.mark.timeout(90)
def test_help_is_called_followed_and_called_off_in_the_phone_app(
    live_server, chromium: "Browser", main, car, settings, tmp_path
):
    assets.build()
    ensure_oidc_key(tmp_path / "oidc.pem")
    settings.IDP_OIDC_PRIVATE_KEY_FILE = tmp_path / "oidc.pem"
    settings.VETTURA_BASE_URL = live_server.url
    program.register()
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, locale="en-GB", geolocation={"latitude": 45.2, "longitude": 7.1},
        permissions=["geolocation"],
    )  # fmt: skip
    context.set_default_timeout(20_000)
    signed_in(context, live_server.url, main)
    page, problems = context.new_page(), []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{live_server.url}/m/")
    page.get_by_role("button", name="Sign in").click()

    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Call roadside help").click()
    page.get_by_label("Where the car is").select_option("here")
    page.locator("dialog[open] form").get_by_role("button", name="Call roadside help").click()
    expect(page.get_by_role("heading", name="Your call has arrived")).to_be_visible()
    call = BreakdownCall.objects.get()
    assert (call.state, call.latitude, call.phone) == ("received", 45.2, "+393331234567")
    page.get_by_role("button", name="Call off help").click()
    expect(page.get_by_text("Your call was cancelled")).to_be_visible()
    context.close()

    call.refresh_from_db()
    assert (call.state, problems) == ("cancelled", [])
