"""The pages on which owners set what a car does by itself, and see how it stands."""

import re
from datetime import timedelta

import pytest
from tests import link_facts as facts
from tests import vehicle_facts

from vettura.vehicle_link import actions as link
from vettura.vehicle_link.models import RemoteCommand
from vettura.vehicles import actions as vehicles
from vettura_wire import payloads, signals

PAGES = ("condition", "climate", "charging", "alarms")
TIMER = {"id": 3, "enabled": True, "time": "07:30", "weekdays": ["monday"], "climate": True}
ALARM = {"id": 1, "enabled": True, "limit_kmh": 130, "name": "Motorway"}


@pytest.fixture
def main(db):
    return facts.account()


@pytest.fixture
def car(main):
    car = facts.online(facts.vehicle(main_user=main))
    values = {
        signals.DOOR_OPEN["driver_door"]: True, signals.DOOR_LOCKED["driver_door"]: False, signals.STATE_OF_CHARGE: 63.0,
        signals.WINDOW_OPEN["driver_door"]: True, signals.TIRE_PRESSURE["front_left_tire"]: 250, signals.SERVICE_DISTANCE: 11760.0,
        signals.LATITUDE: 45.0703, signals.LONGITUDE: 7.6869, signals.PLUGGED_IN: True,
    }  # fmt: skip
    state = payloads.State(seq=1, measured_at=facts.clock.real_now(), values=values)
    link.record_states(states=[(car.vin, state)])
    return car


@pytest.fixture
def browser(main, client):
    client.force_login(main)
    return client


def at(car, page):
    return f"/vehicles/{car.vin}/{page}/"


def holds(car, **settings):
    link.record_settings(vin=car.vin, settings=settings, at=facts.clock.now())


def asked():
    command = RemoteCommand.objects.latest("counter")
    return command.type, command.params


@pytest.mark.parametrize("page", PAGES)
def test_each_page_is_there_with_few_questions_to_the_database(browser, car, page, django_assert_max_num_queries):
    with django_assert_max_num_queries(25):
        answer = browser.get(at(car, page))

    assert answer.status_code == 200


def test_the_condition_names_what_is_open_and_when_service_is_due(browser, car):
    holds(car, trips={"short": {"km": 42.5, "seconds": 1800, "kwh": 8.9}})

    text = browser.get(at(car, "condition")).content.decode()

    for said in ("Driver&#x27;s door", "unlocked", "11,760", "250", "42.5", "85", "20.9"):
        assert said in text


def test_starting_climate_sends_temperature_and_seats(browser, car):
    browser.post(at(car, "climate"), {"temperature": "22", "seats": ["front_left", "rear_right"]})

    assert asked() == ("climate_start", {"temperature": 22.0, "seats": ["front_left", "rear_right"]})


def test_a_timer_is_added_to_those_that_the_car_holds(browser, car):
    holds(car, departure_timers={"timers": [TIMER]})
    prefix = "set_departure_timers-"

    browser.post(at(car, "charging"), {
        "change": "set_departure_timers", f"{prefix}time": "06:45", f"{prefix}weekdays": ["tuesday"], f"{prefix}target_percent": "80",
    })  # fmt: skip

    added = {"id": 4, "enabled": True, "time": "06:45", "weekdays": ["tuesday"], "target_percent": 80}
    assert asked() == ("set_departure_timers", {"timers": [TIMER, added]})


def test_a_second_change_starts_from_the_one_that_is_on_its_way(browser, car):
    prefix = "set_speed_alarms-"
    for name, limit in (("Town", "60"), ("Motorway", "130")):
        browser.post(
            at(car, "alarms"), {"change": "set_speed_alarms", f"{prefix}name": name, f"{prefix}limit_kmh": limit}
        )

    assert [each["name"] for each in asked()[1]["alarms"]] == ["Town", "Motorway"]
    assert "on its way" in browser.get(at(car, "alarms")).content.decode()


def test_a_timer_without_a_day_is_refused_beside_its_field(browser, car):
    answer = browser.post(at(car, "charging"), {"change": "set_departure_timers", "set_departure_timers-time": "06:45"})

    assert answer.status_code == 422
    assert "Choose days, or one date." in answer.content.decode()
    assert not RemoteCommand.objects.exists()


def test_a_profile_for_this_place_takes_the_place_of_the_car(browser, car):
    prefix = "set_charging_profiles-"
    browser.post(at(car, "charging"), {
        "change": "set_charging_profiles", f"{prefix}name": "Home", f"{prefix}minimum_percent": "30", f"{prefix}target_percent": "80",
        f"{prefix}begins": "22:00", f"{prefix}ends": "06:00", f"{prefix}here": "on",
    })  # fmt: skip

    [profile] = asked()[1]["profiles"]
    assert profile["position"] == {"latitude": 45.0703, "longitude": 7.6869, "radius": 300}
    assert profile["preferred_times"] == [{"begins": "22:00", "ends": "06:00"}]


def test_the_target_and_charging_at_once_are_sent(browser, car):
    browser.post(at(car, "charging"), {"change": "target", "target_percent": "70"})
    assert asked() == ("set_charge_target", {"target_percent": 70})

    browser.post(at(car, "charging"), {"change": "direct_charge_start"})
    assert asked() == ("direct_charge_start", {})


def test_an_alarm_is_taken_back_with_the_pin_only(transactional_db, client):
    main = facts.account()
    car = facts.online(facts.vehicle(main_user=main))
    client.force_login(main)
    holds(car, speed_alarms={"alarms": [ALARM]})

    page, key = f"{at(car, 'alarms')}set_speed_alarms/1/remove/", str(facts.new_id())

    assert "Motorway" in client.get(page).content.decode()
    without = client.post(page, {"key": key})
    assert (without.status_code, "Enter your PIN" in without.content.decode()) == (422, True)
    assert not RemoteCommand.objects.exists()

    client.post(page, {"key": key, "pin": "1234"})

    assert asked() == ("set_speed_alarms", {"alarms": []})
    assert client.get(f"{at(car, 'alarms')}set_speed_alarms/7/remove/").status_code == 404
    assert client.get(f"{at(car, 'alarms')}set_valet_alarm/1/remove/").status_code == 404


def test_an_alarm_is_switched_off_with_the_pin_and_on_without(transactional_db, client):
    main = facts.account()
    car = facts.online(facts.vehicle(main_user=main))
    client.force_login(main)
    holds(car, speed_alarms={"alarms": [ALARM, ALARM | {"id": 2, "name": "Town", "enabled": False}]})

    client.post(at(car, "alarms"), {"change": "set_speed_alarms", "on": "2"})
    assert [each["enabled"] for each in asked()[1]["alarms"]] == [True, True]

    page = f"{at(car, 'alarms')}set_speed_alarms/1/off/"
    for _ in range(3):
        locked = client.post(page, {"key": str(facts.new_id()), "pin": "0000"})
    assert (locked.status_code, "/account/pin/" in locked.content.decode()) == (423, True)
    assert [each["enabled"] for each in asked()[1]["alarms"]] == [True, True]


@pytest.mark.parametrize("place", ["car", "typed", "nowhere"])
def test_an_area_lies_around_the_car_or_a_place_that_is_touched_or_typed(browser, car, place):
    prefix = "set_location_alarms-"
    typed = {f"{prefix}latitude": "45.2", f"{prefix}longitude": "7.1"} if place == "typed" else {}
    body = {
        "change": "set_location_alarms",
        f"{prefix}name": "School",
        f"{prefix}radius": "400",
        f"{prefix}on": "leave",
    }

    answer = browser.post(at(car, "alarms"), body | typed | {f"{prefix}place": "car" if place == "car" else ""})

    if place == "nowhere":
        assert (answer.status_code, "Pick a place, touch the map" in answer.content.decode()) == (422, True)
        return
    [alarm] = asked()[1]["alarms"]
    middle = (45.0703, 7.6869) if place == "car" else (45.2, 7.1)
    assert (alarm["area"]["latitude"], alarm["area"]["longitude"], alarm["area"]["radius"]) == (*middle, 400)


def test_what_alarms_have_told_is_paged_here_and_over_the_api(browser, car, django_assert_max_num_queries):
    for number in range(55):
        vehicle_facts.tell(
            car, "alarm", kind="speed", alarm_id=1, name=f"Trip {number}.", latitude=45.1, longitude=7.5, speed=144
        )

    with django_assert_max_num_queries(25):
        first = browser.get(f"{at(car, 'alarms')}history/").content.decode()
    older = re.search(r"\?before=([0-9a-f-]{36})", first)[1]
    second = browser.get(f"{at(car, 'alarms')}history/?before={older}").content.decode()
    seen, cursor = [], ""
    while cursor is not None:
        answer = browser.get(f"/api/v1/vehicles/{car.vin}/alarms?limit=20{cursor}").json()
        seen += [each["name"] for each in answer["items"]]
        cursor = f"&before={answer['next']}" if answer["next"] else None

    assert [number for number in range(55) if f"Trip {number}." not in first] == [0, 1, 2, 3, 4]
    assert ("Trip 4." in second, "Trip 5." in second) == (True, False)
    assert seen == [f"Trip {number}." for number in range(54, -1, -1)]
    for strange in ("x", str(facts.new_id())):
        assert browser.get(f"{at(car, 'alarms')}history/?before={strange}").status_code == 404


def test_a_profile_has_several_preferred_times_with_days(browser, car):
    profile = {"id": 2, "name": "Home", "enabled": True, "minimum_percent": 30, "target_percent": 80}
    held = profile | {"preferred_times": [{"begins": "22:00", "ends": "06:00"}]}
    holds(car, charging_profiles={"profiles": [held, profile | {"id": 3, "name": "Work"}]})
    row = {"change": "set_charging_profiles", "profile": "2"}

    browser.post(at(car, "charging"), row | {"begins": "12:00", "ends": "14:00", "weekdays": ["saturday", "sunday"]})
    more = asked()[1]["profiles"]
    browser.post(at(car, "charging"), row | {"remove_time": "1"})
    fewer = asked()[1]["profiles"]
    ill = browser.post(at(car, "charging"), row | {"begins": "12:00", "ends": ""})

    noon = {"begins": "12:00", "ends": "14:00", "weekdays": ["saturday", "sunday"]}
    assert [each.get("preferred_times", []) for each in more] == [[*held["preferred_times"], noon], []]
    assert fewer[0]["preferred_times"] == [noon]
    assert ill.status_code == 422


def test_the_condition_says_by_which_day_service_is_due(browser, car, clock):
    seconds = 86_400 * 100
    state = payloads.State(seq=2, measured_at=facts.clock.real_now(), values={signals.SERVICE_TIME: seconds})
    link.record_states(states=[(car.vin, state)])
    day = (clock.now() + timedelta(seconds=seconds)).date()

    text = browser.get(at(car, "condition")).content.decode()

    assert "Service due by" in text
    assert f'datetime="{day.isoformat()}"' in text


def test_what_alarms_have_told_is_shown_with_place_and_speed(browser, car):
    vehicle_facts.tell(car, "alarm", kind="speed", alarm_id=1, name="Motorway", latitude=45.1, longitude=7.5, speed=144)

    text = browser.get(at(car, "alarms")).content.decode()

    assert "Speed alarm" in text
    assert "144" in text


@pytest.mark.rule("REM-009", "APP-009", "C-37")
def test_valet_alarm_and_intelligent_climatization_are_not_offered_in_the_portal(browser, car):
    for page in (*(at(car, each) for each in PAGES), f"/vehicles/{car.vin}/"):
        text = browser.get(page).content.decode()
        assert "set_valet_alarm" not in text
        assert "set_intelligent_climate" not in text
    for type_ in ("set_valet_alarm", "set_intelligent_climate"):
        assert browser.post(f"/vehicles/{car.vin}/commands/{type_}/").status_code == 422


@pytest.mark.rule("REM-013")
def test_a_car_without_a_battery_has_no_page_for_it(browser, main):
    combustion = vehicle_facts.vehicle(main_user=main, generation="718")

    assert browser.get(at(combustion, "charging")).status_code == 404
    assert browser.get(at(combustion, "climate")).status_code == 404
    assert browser.get(at(combustion, "condition")).status_code == 200


def test_without_remote_access_the_pages_say_so_and_offer_nothing(browser, main):
    car = facts.vehicle(facts.OTHER_VIN, main_user=main, remote_access=False)

    text = browser.get(at(car, "charging")).content.decode()

    assert "Remote access is not granted" in text
    assert "Add a departure timer" not in text


def test_a_secondary_user_may_and_a_stranger_finds_nothing(client, car):
    second, stranger = facts.account("second@example.org"), facts.account("stranger@example.org")
    vehicles.assign_user(vehicle=car, account=second, role="secondary_user", at=facts.clock.now())

    for person, status in ((second, 200), (stranger, 404)):
        client.force_login(person)
        assert {client.get(at(car, page)).status_code for page in PAGES} == {status}
