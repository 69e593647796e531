"""The page for Home Assistant and MQTT: where programs connect, and passwords of their own for them."""

import re

import pytest
from django.conf import settings
from django.test import override_settings
from tests import identity_facts as facts

from vettura.identity import actions, queries
from vettura.identity.errors import SignInWrong

pytestmark = pytest.mark.django_db
PAGE = "/account/programs/mqtt/"


@pytest.fixture
def person():
    return facts.account()


def made(browser, **changes: object):
    return browser.post(
        f"{PAGE}passwords/",
        {"name": "Home Assistant", "scopes": ["status", "access"], "password": facts.PASSWORD} | changes,
    )


@pytest.mark.django_db(transaction=True)
def test_a_password_is_made_for_what_was_ticked_shown_once_and_ended_alone(person):
    browser = facts.signed_in(person)

    page = made(browser).content.decode()

    secret = re.search(r"(?:[a-z0-9]{5}-){3}[a-z0-9]{5}", page)[0]
    assert person.email in page
    access = actions.sign_in_with_app_password(email=person.email.upper(), password=secret, place="192.0.2.1")
    assert access.allowed.scopes == {"status", "access"}
    listed = browser.get(PAGE).content.decode()
    assert "Home Assistant" in listed
    assert secret not in listed
    [row] = queries.mqtt_passwords(account=person)
    # what opens MQTT opens no sign-in of foreign apps, and the other way round
    assert queries.app_passwords(account=person) == []

    answer = browser.post(f"/account/programs/foreign/passwords/{row.id}/end/")

    assert answer.url == PAGE
    assert queries.mqtt_passwords(account=person) == []
    with pytest.raises(SignInWrong):
        actions.sign_in_with_app_password(email=person.email, password=secret, place="192.0.2.1")


@pytest.mark.django_db(transaction=True)
def test_a_wrong_password_or_nothing_ticked_makes_none_and_the_place_is_not_ticked(person):
    browser = facts.signed_in(person)

    assert made(browser, password="Wrong!2026pw").status_code == 422
    assert made(browser, scopes=[]).status_code == 422
    assert made(browser, scopes=["store"]).status_code == 422

    assert queries.mqtt_passwords(account=person) == []
    form = browser.get(f"{PAGE}passwords/").content.decode()
    ticked = re.findall(r'<input[^>]*value="(\w+)"[^>]*checked', form)
    assert set(ticked) == {"status", "climate", "charging", "access", "alarms"}
    assert 'value="location"' in form


def test_the_certificate_of_our_own_authority_can_be_loaded_and_another_one_needs_none(person):
    browser = facts.signed_in(person)
    settings.VETTURA_KEYS_DIR.mkdir(parents=True, exist_ok=True)
    authority = settings.VETTURA_KEYS_DIR / "ca.pem"
    if not authority.exists():
        authority.write_text("-----BEGIN CERTIFICATE-----\n")

    assert browser.get(f"{PAGE}authority.pem").content == authority.read_bytes()
    with override_settings(OWNER_MQTT_HAS_OWN_AUTHORITY=False):
        assert browser.get(f"{PAGE}authority.pem").status_code == 404
        assert "authority.pem" not in browser.get(PAGE).content.decode()


@override_settings(OWNER_MQTT_IS_ON=False)
def test_where_the_operator_offers_none_there_is_none(person):
    browser = facts.signed_in(person)
    row = actions.make_app_password(account=person, name="Home", scopes=["status"]).row

    assert browser.get(PAGE).status_code == 404
    assert browser.get(f"{PAGE}passwords/").status_code == 404
    assert PAGE not in browser.get("/account/programs/").content.decode()
    assert queries.app_password_access(password_id=row.id) is None
