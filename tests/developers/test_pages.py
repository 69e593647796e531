"""The page of developers."""

import pytest
from django.test import Client
from tests import identity_facts, webhook_facts

from vettura.developers import rules
from vettura.developers.models import Delivery, Webhook
from vettura.identity import queries as people
from vettura.vehicles import queries as vehicles

pytestmark = pytest.mark.django_db
PAGE = "/account/developers/"


@pytest.fixture
def browser(person, car) -> Client:
    return identity_facts.signed_in(person)


def text_of(response) -> str:
    return response.content.decode()


def test_login_and_security_leads_there(browser):
    assert PAGE in text_of(browser.get("/account/security/"))


def test_a_program_of_ones_own_is_made_and_removed(browser, person):
    made = text_of(browser.post(PAGE + "programs/", {"name": "My charts"}, follow=True))
    [program] = people.own_programs(account=person)
    assert program.id in made

    browser.post(f"{PAGE}programs/{program.id}/remove/")

    assert people.own_programs(account=person) == []
    assert browser.post(PAGE + "programs/", {"name": ""}).status_code == 422


def test_a_webhook_shows_its_secret_once(browser, car, receiver):
    made = browser.post(
        PAGE + "webhooks/", {"url": receiver.url, "events": [rules.STATE_CHANGED], "cars": [car.vin], "signals": ""}
    )
    receiver.secret = made.context["made"].secret
    hook = Webhook.objects.get()

    assert receiver.secret in text_of(made)
    assert receiver.secret not in text_of(browser.get(PAGE))
    assert "Has not answered the challenge yet" in text_of(browser.get(PAGE))
    proven = browser.post(f"{PAGE}webhooks/{hook.id}/verify/", follow=True)
    assert "told of events from now on" in text_of(proven)
    rotated = browser.post(f"{PAGE}webhooks/{hook.id}/secret/")
    assert rotated.context["made"].secret not in (receiver.secret, "")


@pytest.mark.parametrize(
    "wrong", [{"url": "nonsense"}, {"events": []}, {"cars": ["WP0ZZZY1ZLSA00009"]}, {"signals": "Vehicle.Soul"}]
)
def test_a_webhook_that_makes_no_sense_is_not_made(browser, car, wrong):
    fields = {"url": "https://charts.example/", "events": [rules.STATE_CHANGED], "cars": [car.vin], "signals": ""}

    assert browser.post(PAGE + "webhooks/", fields | wrong).status_code == 422
    assert not Webhook.objects.exists()


def test_an_address_that_fails_the_challenge_is_told_so(browser, person, car):
    hook = webhook_facts.webhook(person, car)

    assert "did not answer the challenge" in text_of(browser.post(f"{PAGE}webhooks/{hook.id}/verify/", follow=True))


def test_a_dead_letter_is_seen_and_sent_again(browser, person, car):
    letter = webhook_facts.dead_letter(webhook_facts.webhook(person, car))
    assert "HTTP 500" in text_of(browser.get(PAGE))

    browser.post(f"{PAGE}deliveries/{letter.id}/replay/")

    assert Delivery.objects.get().dead_at is None
    assert "HTTP 500" not in text_of(browser.get(PAGE))


def test_a_webhook_is_deleted_after_its_consequence_was_read(browser, person, car):
    hook = webhook_facts.webhook(person, car)

    assert "deleted too" in text_of(browser.get(f"{PAGE}webhooks/{hook.id}/delete/"))
    browser.post(f"{PAGE}webhooks/{hook.id}/delete/")

    assert not Webhook.objects.exists()


def test_the_budgets_stand_there_and_at_the_api(browser):
    for page in (PAGE, "/api/docs"):
        assert "600 requests in 1 min" in text_of(browser.get(page))


def test_a_simulated_car_is_made_seen_in_the_garage_and_deleted(browser, person):
    made = browser.post(PAGE + "cars/", {"car": "TAY:Taycan 4S"}, follow=True)
    [car] = vehicles.simulated_cars_of(account=person)

    assert car.vin in text_of(made)
    assert "Simulated" in text_of(browser.get(f"/vehicles/{car.vin}/"))
    shown = browser.get(f"/api/v1/vehicles/{car.vin}").json()
    assert (shown["simulated"], shown["linked"], shown["remote_access"]) == (True, True, True)
    accepted = browser.post(f"/api/v1/vehicles/{car.vin}/commands", {"type": "flash"}, content_type="application/json")
    assert accepted.status_code in (202, 409)

    browser.post(f"{PAGE}cars/{car.vin}/delete/")

    assert vehicles.simulated_cars_of(account=person) == []
    assert vehicles.simulated_vins() == []
    assert browser.get(f"/api/v1/vehicles/{car.vin}").status_code == 404


def test_a_real_car_is_not_deleted_there(browser, car):
    assert browser.post(f"{PAGE}cars/{car.vin}/delete/").status_code == 404
    assert browser.get(f"/api/v1/vehicles/{car.vin}").json()["simulated"] is False


def test_nobody_has_simulated_cars_without_end(browser, person):
    answers = [browser.post(PAGE + "cars/", {"car": "TAY:Taycan 4S"}).status_code for _ in range(6)]

    assert answers == [302] * 5 + [422]
    assert browser.post(PAGE + "cars/", {"car": "TAY:Steam"}).status_code == 422
