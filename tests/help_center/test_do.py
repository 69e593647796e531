""" "Do it for me": the command that an article names, sent to the person's own car with the same rights and the same PIN."""

import pytest
from tests import link_facts as facts
from tests import vehicle_facts

from vettura.help_center import queries
from vettura.remote_services import queries as controls
from vettura.vehicle_link.models import RemoteCommand

pytestmark = pytest.mark.django_db
KEY = "0190aaaa-0000-7000-8000-000000000001"


@pytest.fixture
def main():
    return facts.account()


@pytest.fixture
def car(main):
    return facts.online(facts.vehicle(main_user=main))


def address(car, type="lock", article="unlock-by-app"):
    return f"/help/{article}/do/{type}/{car.vin}/"


def test_the_article_offers_what_ones_own_car_understands_and_shows_how_far_it_has_come(client, main, car):
    client.force_login(main)
    assert address(car) in client.get("/help/unlock-by-app/").content.decode()
    question = client.get(address(car)).content.decode()
    assert "Lock car" in question
    assert 'name="pin"' not in question

    sent = client.post(address(car), {"key": KEY})

    command = RemoteCommand.objects.get()
    assert (command.type, command.account_id, str(command.id)) == ("lock", main.id, KEY)
    assert sent["location"] == f"{address(car)}{KEY}/"
    page = client.get(sent["location"]).content.decode()
    assert f'sse-connect="/api/v1/vehicles/{car.vin}/stream"' in page
    part = client.get(sent["location"], headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part
    assert 'class="progress"' in part


def test_the_same_form_sent_twice_is_one_command(client, main, car):
    client.force_login(main)

    for _ in range(2):
        client.post(address(car), {"key": KEY})

    assert RemoteCommand.objects.count() == 1


@pytest.mark.rule("APP-008")
def test_what_opens_the_car_asks_for_the_pin_and_a_wrong_one_opens_nothing(client, main, car):
    client.force_login(main)
    assert 'name="pin"' in client.get(address(car, "unlock")).content.decode()

    wrong = client.post(address(car, "unlock"), {"key": KEY, "pin": "9999"})
    missing = client.post(address(car, "unlock"), {"key": KEY})

    assert (wrong.status_code, missing.status_code, RemoteCommand.objects.count()) == (422, 422, 0)
    assert client.post(address(car, "unlock"), {"key": KEY, "pin": "1234"}).status_code == 302
    assert RemoteCommand.objects.get().type == "unlock"


@pytest.mark.rule("REM-001")
def test_without_remote_access_it_is_refused_with_the_reason(client, main):
    car = facts.vehicle(main_user=main, remote_access=False)
    client.force_login(main)

    before = client.get(address(car)).content.decode()
    refused = client.post(address(car), {"key": KEY})

    assert "notice--attention" in before
    assert "<form" not in before[before.index("<main") : before.index("</main")]

    assert refused.status_code in (403, 409)
    assert RemoteCommand.objects.count() == 0


def test_strangers_find_nothing_and_who_is_not_signed_in_is_asked_who_they_are(client, car):
    assert client.get(address(car))["location"].startswith("/signin/")
    client.force_login(vehicle_facts.person())

    assert client.get(address(car)).status_code == 404
    assert client.post(address(car), {"key": KEY}).status_code == 404
    assert f"/do/lock/{car.vin}" not in client.get("/help/unlock-by-app/").content.decode()
    assert RemoteCommand.objects.count() == 0


def test_an_article_does_only_what_it_names(client, main, car):
    client.force_login(main)

    assert client.post(address(car, "unlock", "climate-needs-charge"), {"key": KEY, "pin": "1234"}).status_code == 404
    assert client.post(address(car, "honk"), {"key": KEY}).status_code == 404
    client.post(address(car), {"key": KEY})
    assert client.get(f"{address(car, 'unlock')}{KEY}/").status_code == 404


@pytest.mark.rule("REM-009")
def test_no_article_offers_what_the_portal_does_not():
    named = {command for each in queries.help_of_pack().articles.values() for command in each.head.commands}

    assert named >= {"lock", "unlock", "climate_start"}
    for command in named:
        assert controls.control_of_portal(type=command).type == command
