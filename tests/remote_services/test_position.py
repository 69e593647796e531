"""Where a car is: in words, with the moment, on a map, and not shown to those who may not know."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client
from playwright.sync_api import expect
from tests import link_facts as facts
from tests.axe import violations

from vettura.launcher import assets, outlines
from vettura.portal.security import content_security_policy
from vettura.vehicle_link import actions as link
from vettura.vehicles import actions as vehicles
from vettura_wire import payloads, signals

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page


@pytest.fixture
def person(transactional_db):
    return facts.account()


@pytest.fixture
def car(person):
    return facts.vehicle(main_user=person)


@pytest.fixture
def client(person):
    client = Client()
    client.force_login(person)
    return client


def says_where(car, latitude=45.0703, longitude=7.6869, seq=1, at=None):
    values = {signals.LATITUDE: latitude, signals.LONGITUDE: longitude}
    report = payloads.State(seq=seq, measured_at=at or facts.clock.real_now(), values=values)
    link.record_states(states=[(car.vin, report)])


def position(client, car) -> str:
    return client.get(f"/vehicles/{car.vin}/commands/position/").content.decode()


def test_the_position_stands_there_in_numbers_with_its_moment(client, car):
    says_where(car, at=facts.clock.real_now() - timedelta(minutes=5))

    page = position(client, car)

    assert "45.07030° / 7.68690°" in page
    assert "5 minutes ago" in page
    assert 'data-latitude="45.0703" data-longitude="7.6869"' in page


def test_numbers_for_the_map_do_not_speak_the_language_of_the_page(client, car):
    says_where(car)
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "de"

    page = position(client, car)

    assert "45,07030°" in page
    assert 'data-latitude="45.0703"' in page


def test_a_car_that_has_said_nothing_has_no_position(client, car):
    page = position(client, car)

    assert "The car has not said where it is yet." in page
    assert "data-latitude" not in page


def test_in_privacy_mode_the_last_position_is_not_shown_either(client, car):
    says_where(car)
    vehicles.set_privacy_mode(vin=car.vin, on=True, at=facts.clock.now())

    page = position(client, car)

    assert "Privacy mode is on in the car: it does not say where it is." in page
    assert "45.07" not in page


def test_without_a_service_that_finds_the_car_its_position_is_not_shown(person):
    car = facts.vehicle(main_user=person, contracts=False)
    says_where(car)
    client = Client()
    client.force_login(person)

    page = position(client, car)

    assert "No running service shows where this car is." in page
    assert "45.07" not in page


def test_without_remote_access_the_position_is_not_shown(person):
    car = facts.vehicle(main_user=person, remote_access=False)
    says_where(car)
    client = Client()
    client.force_login(person)

    page = position(client, car)

    assert "Remote access is not granted" in page
    assert "45.07" not in page


def test_a_strangers_car_is_nowhere(client, car):
    other = facts.vehicle(facts.OTHER_VIN)
    says_where(other)

    assert client.get(f"/vehicles/{other.vin}/commands/position/").status_code == 404


def test_the_page_of_the_car_names_the_map_and_loads_nothing_of_it(client, car):
    says_where(car)

    page = client.get(f"/vehicles/{car.vin}/").content.decode()

    assert "Where the car is" in page
    assert "map/countries.json" in page
    assert '<script src="/static/map/' not in page
    assert '<link rel="stylesheet" href="/static/map/' not in page


def test_tiles_are_asked_for_only_where_an_operator_names_them(settings):
    before = content_security_policy(leads_to_apps=False)
    settings.MAP_TILES = "https://tiles.example/{z}/{x}/{y}.png"

    after = content_security_policy(leads_to_apps=False)

    assert "tiles.example" not in before
    assert "img-src 'self' data: blob: https://tiles.example;" in after
    assert after.count("https://tiles.example") == 2


def test_outlines_are_closed_and_lie_on_the_earth():
    topology = {
        "transform": {"scale": [0.5, 0.5], "translate": [10, 40]},
        "arcs": [[[0, 0], [4, 0]], [[0, 0], [0, 4], [4, 0], [0, -4]]],
        "objects": {
            "countries": {
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, ~1]], "properties": {"name": "Square"}},
                    {"type": None, "properties": {"name": "Nowhere"}},
                ]
            }
        },
    }

    (square,) = outlines.features_of(topology)

    assert square["properties"] == {"name": "Square"}
    assert square["geometry"]["coordinates"] == [[[[10, 40], [12, 40], [12, 42], [10, 42], [10, 40]]]]


def signed_in(context: "BrowserContext", server: str, person) -> None:
    """A browser with the session of this person."""
    from importlib import import_module

    session = import_module(django_settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = django_settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": server}])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_map_is_drawn_when_it_comes_into_view_and_follows_the_car(
    live_server, browser_context: "BrowserContext", person, car, theme
):
    assets.build()
    says_where(car)
    signed_in(browser_context, live_server.url, person)
    browser_context.add_cookies([{"name": "vettura_theme", "value": theme, "url": live_server.url}])
    page = browser_context.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)

    page.goto(f"{live_server.url}/vehicles/")
    elsewhere = [url for url in asked if "/map/" in url]
    page.goto(f"{live_server.url}/vehicles/{car.vin}/")
    page.locator("#position").scroll_into_view_if_needed()
    expect(page.locator("[data-map][data-drawn]")).to_be_visible(timeout=30_000)

    assert (elsewhere, complaints) == ([], [])
    assert {url.removeprefix(live_server.url).split("/")[1] for url in asked if "/map/" in url} == {"static"}
    expect(page.locator(".worldmap__car")).to_be_visible()
    found = [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in violations(page)]
    assert [each for each in found if any("map" in html for html in each[1])] == []
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_browser_that_cannot_draw_keeps_the_words(live_server, browser_context: "BrowserContext", person, car):
    assets.build()
    says_where(car)
    signed_in(browser_context, live_server.url, person)
    page: Page = browser_context.new_page()
    page.route("**/map/maplibre-gl.js", lambda route: route.abort())

    page.goto(f"{live_server.url}/vehicles/{car.vin}/")
    page.locator("#position").scroll_into_view_if_needed()

    expect(page.get_by_text("45.07030° / 7.68690°")).to_be_visible()
    expect(page.locator("[data-map]")).to_have_count(0)
