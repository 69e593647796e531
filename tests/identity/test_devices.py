"""Where a person is signed in: listed, and signed out one by one or all others at once."""

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from tests import identity_facts as facts

from vettura.identity import queries
from vettura.identity.actions.devices import SEEN_COUNTS_FOR

pytestmark = pytest.mark.django_db

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"


def browser(person, agent, place="192.0.2.1"):
    """A browser in which the person signed in by the form."""
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=place)
    client.post("/signin/", {"login": person.email, "password": facts.PASSWORD})
    return client


def is_in(client):
    return client.get("/account/").status_code == 200


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_every_device_is_listed_with_browser_system_and_place():
    person = facts.account()
    here, _ = browser(person, CHROME), browser(person, IPHONE, "198.51.100.7")
    browser(facts.account(), FIREFOX)

    page = text_of(here.get("/account/security/"))

    assert "Chrome · Windows This device" in page
    assert "Safari · iPhone" in page
    assert "198.51.100.7" in page
    assert "Firefox" not in page


def test_one_device_is_signed_out_from_another():
    person = facts.account()
    here, stolen, third = browser(person, CHROME), browser(person, IPHONE), browser(person, FIREFOX)
    target = UserSession.objects.get(session_key=stolen.session.session_key)

    here.post(f"/account/security/devices/{target.id}/end/")

    assert [is_in(client) for client in (here, stolen, third)] == [True, False, True]


def test_all_other_devices_are_signed_out_at_once():
    person = facts.account()
    here, *others = (browser(person, agent) for agent in (CHROME, IPHONE, FIREFOX))

    here.post("/account/security/devices/end/")

    assert is_in(here)
    assert not any(is_in(client) for client in others)


def test_signing_out_the_device_in_use_ends_the_session():
    person = facts.account()
    here = browser(person, CHROME)

    here.post(f"/account/security/devices/{UserSession.objects.get().id}/end/")

    assert not is_in(here)


def test_devices_of_others_do_not_exist():
    victim = browser(facts.account(), CHROME)
    target = UserSession.objects.get()
    mallory = browser(facts.account(), FIREFOX)

    assert mallory.post(f"/account/security/devices/{target.id}/end/").status_code == 404
    mallory.post("/account/security/devices/end/")

    assert is_in(victim)


@pytest.mark.rule("ID-034")
def test_a_new_password_signs_the_other_devices_out_and_keeps_this_one_in_the_list():
    person = facts.account()
    here, elsewhere = browser(person, CHROME), browser(person, IPHONE)

    here.post("/account/password/", {"current": facts.PASSWORD, "password1": "Another&2027"})

    assert is_in(here)
    assert not is_in(elsewhere)
    devices = queries.devices_of(account=person, current_key=here.session.session_key)
    assert [(each.browser, each.is_current) for each in devices] == [("Chrome", True)]


@pytest.mark.parametrize(("moved", "is_noted"), [(-1, False), (0, True)])
def test_a_device_in_use_is_noted_now_and_then(clock, moved, is_noted):
    person = facts.account()
    here = browser(person, CHROME)
    before = UserSession.objects.get().last_seen_at
    at = clock.advance(SEEN_COUNTS_FOR + timedelta(seconds=moved))

    here.get("/account/")

    assert UserSession.objects.get().last_seen_at == (at if is_noted else before)
