"""The controls of a car in the portal: they work without a script, and say what is the case."""

import pytest
from django.test import Client, RequestFactory
from tests import link_facts as facts

from vettura.remote_services import portal
from vettura.vehicle_link import actions as link
from vettura.vehicle_link import queries
from vettura.vehicle_link.models import RemoteCommand
from vettura.vehicles import actions as vehicles
from vettura_wire import payloads, signals


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


def panel(person, car) -> str:
    request = RequestFactory().get("/")
    request.user = person
    car.refresh_from_db()
    return portal.panel_controls(account=person, vehicles=[car], request=request)[car.vin]


def controls(client, car) -> str:
    return client.get(f"/vehicles/{car.vin}/commands/controls/").content.decode()


def test_a_command_is_asked_for_by_an_ordinary_form(client, car):
    response = client.post(f"/vehicles/{car.vin}/commands/lock/")

    assert (response.status_code, response["Location"]) == (302, f"/vehicles/{car.vin}/#controls")
    assert RemoteCommand.objects.get().type == "lock"


def test_sending_the_same_form_twice_is_one_command(client, car):
    for _ in range(2):
        client.post(f"/vehicles/{car.vin}/commands/lock/", {"key": "01990000-0000-7000-8000-000000000001"})

    assert RemoteCommand.objects.count() == 1


def test_progress_stands_in_the_control_itself(client, car):
    facts.online(car)
    client.post(f"/vehicles/{car.vin}/commands/flash/")

    page = controls(client, car)

    assert 'aria-busy="true"' in page
    assert "Flash lights · Sent" in " ".join(page.split())


def test_every_step_of_the_last_commands_is_listed(client, car):
    facts.online(car)
    client.post(f"/vehicles/{car.vin}/commands/lock/")
    command = RemoteCommand.objects.get()
    link.record_results(results=[(car.vin, facts.result(command, "refused", cause="vehicle_in_use"))])

    page = controls(client, car)

    assert [word in page for word in ("Accepted", "Sent", "Refused by the car", "The car is in use.")] == [True] * 4


def test_unlocking_asks_for_the_pin_on_a_page_of_its_own(client, car):
    address = f"/vehicles/{car.vin}/commands/unlock/pin/"

    page = client.get(address)
    wrong = client.post(address, {"pin": "0000", "key": "01990000-0000-7000-8000-000000000001"})
    right = client.post(address, {"pin": "1234", "key": "01990000-0000-7000-8000-000000000001"})

    assert b'type="password"' in page.content
    assert (wrong.status_code, b"Attempts left: 2" in wrong.content) == (422, True)
    assert (right.status_code, RemoteCommand.objects.get().type) == (302, "unlock")


def test_unlocking_without_the_pin_is_refused(client, car):
    assert client.post(f"/vehicles/{car.vin}/commands/unlock/").status_code == 403
    assert RemoteCommand.objects.count() == 0


def test_climate_starts_from_the_portal_at_the_chosen_temperature(client, person, car):
    facts.online(car)

    page = panel(person, car)
    client.post(f"/vehicles/{car.vin}/commands/climate_start/", {"temperature": "22"})

    assert '<option value="21" selected>' in page
    command = RemoteCommand.objects.get()
    assert (command.type, command.params) == ("climate_start", {"temperature": 22.0})


@pytest.mark.parametrize("temperature", ["99", "warm"])
def test_a_temperature_that_the_car_cannot_have_is_refused(client, car, temperature):
    facts.online(car)

    response = client.post(f"/vehicles/{car.vin}/commands/climate_start/", {"temperature": temperature})

    assert response.status_code == 422
    assert RemoteCommand.objects.count() == 0


def test_the_garage_shows_state_and_the_three_primary_controls_alone(person, car):
    request = RequestFactory().get("/")
    request.user = person

    page = portal.panel_garage(account=person, vehicles=[car], request=request)[car.vin]

    assert [word in page for word in ("Lock car", "Start climate", "Find car")] == [True] * 3
    assert "Sound horn" not in page


def test_the_state_is_drawn_on_the_car(client, car):
    values = {signals.DOOR_LOCKED["driver_door"]: True, signals.DOOR_OPEN["rear_driver_door"]: True}
    report = payloads.State(seq=1, measured_at=facts.clock.real_now(), values=values)
    link.record_states(states=[(car.vin, report)])

    page = client.get(f"/vehicles/{car.vin}/commands/picture/").content.decode()

    assert "car--top is-locked" in page
    assert 'data-part="door-rear-left" class="is-open"' in page


@pytest.mark.rule("REM-013")
def test_only_what_the_car_understands_is_offered(person):
    car = vehicles.register_vehicle(
        car=vehicles.CarFacts(
            vin="WP0ZZZ98ZJS200007",
            model_line="718",
            generation="718",
            model_name="718 Cayman",
            model_year=2018,
            drive="COMBUSTION",
            equipment=("connect_plus",),
            country="IT",
        ),
        main_user=person,
    )

    assert "trunk_unlock" not in panel(person, car)


@pytest.mark.rule("REM-001", "REM-007", "PRI-002")
def test_what_stands_against_commands_is_said_before_anyone_tries(person):
    car = facts.vehicle(main_user=person, remote_access=False, contracts=False)

    assert "Remote access is not granted" in panel(person, car)
    facts.grant(car, person)
    assert "There is no contract in force" in panel(person, car)
    vehicles.set_privacy_mode(vin=car.vin, on=True, at=facts.clock.now())
    assert "Privacy mode is on in the car" in panel(person, car)


def test_a_strangers_car_is_not_there(client, car):
    facts.vehicle(facts.OTHER_VIN)

    assert client.get(f"/vehicles/{facts.OTHER_VIN}/commands/controls/").status_code == 404
    assert client.post(f"/vehicles/{facts.OTHER_VIN}/commands/lock/").status_code == 404


def test_the_state_of_a_car_is_one_sentence(person, car):
    at = facts.clock.real_now()
    values = {
        signals.DOOR_LOCKED["driver_door"]: True,
        signals.STATE_OF_CHARGE: 78.2,
        signals.RANGE: 312_400,
    }
    link.record_states(states=[(car.vin, payloads.State(seq=1, measured_at=at, values=values))])

    assert portal.state_sentence(queries.twins_of(vehicles=[car])[car.vin]) == "Locked, 78 %, 312 km"


@pytest.mark.rule("C-77")
def test_in_privacy_mode_the_page_says_that_values_stand_still(client, car):
    vehicles.set_privacy_mode(vin=car.vin, on=True, at=facts.clock.now())

    assert b"values stand still" in client.get(f"/vehicles/{car.vin}/commands/controls/?short=1").content


def test_htmx_gets_the_controls_as_they_stand_now(client, car):
    response = client.post(f"/vehicles/{car.vin}/commands/lock/", headers={"HX-Request": "true"})

    assert f'id="controls-{car.vin}" hx-swap-oob="innerHTML"' in response.content.decode()
    assert "Waiting for the car" in response.content.decode()
