"""Timers, profiles and alarms that were set from afar: what the car does by itself because of them."""

import asyncio
from datetime import datetime, timedelta

import pytest
from tests.car.conftest import connect, reports

from vettura_car import car as car_module
from vettura_car import knowledge
from vettura_car import remote as remote_module
from vettura_car.commands import Commands
from vettura_wire import events, signals
from vettura_wire.payloads import Event, Result

MONDAY = datetime.fromisoformat("2026-11-30T05:00:00+00:00")  # six o'clock in Italy
EVERY_DAY = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
TIMER = {"id": 1, "enabled": True, "time": "07:30", "weekdays": EVERY_DAY}


class Time:
    """The car's time, as the test lets it pass."""

    def __init__(self):
        self.now = MONDAY

    def __call__(self):
        return self.now

    def is_at(self, clock):
        hours, minutes = clock.split(":")
        self.now = MONDAY + timedelta(hours=int(hours) - 6, minutes=int(minutes))


@pytest.fixture
def time(monkeypatch):
    moment = Time()
    for module in (knowledge, remote_module, car_module):
        monkeypatch.setattr(module, "real_now", moment)
    return moment


@pytest.fixture
def car(time, make_car, platform, monkeypatch):
    """A parked car, as it stands in the street."""
    monkeypatch.setattr("tests.car.conftest.real_now", time)
    made = make_car(ignition="off")
    made.take_document(platform.users())
    made.take_document(platform.contracts(made))
    connect(made)
    return made


@pytest.fixture
def told(car, platform):
    """Have the car do something; its last result."""

    def tell(type_, **params):
        reports(car)

        async def run():
            commands = Commands(car, platform.keys)
            commands.take(platform.command(type_, **params))
            await commands.settle()

        asyncio.run(run())
        return [payload for _, payload in reports(car) if isinstance(payload, Result)][-1]

    return tell


def said(car, type_):
    return [payload.data for _, payload in reports(car) if isinstance(payload, Event) and payload.type == type_]


def look(car, time, clock):
    time.is_at(clock)
    car.pass_time(1.0)
    return car.condition


# -- climate ---------------------------------------------------------------------------------------------------------


def test_climate_without_parameters_goes_on_as_it_was_last(car, told):
    told("climate_start", temperature=23.5, seats=["front_left"])
    told("climate_stop")

    result = told("climate_start")

    assert result.settings == {"climate": {"temperature": 23.5, "seats": ["front_left"]}}
    assert result.values[signals.TARGET_TEMPERATURE] == 23.5


def test_a_seat_that_the_car_does_not_have_is_not_warmed(ready_car, platform):
    car = ready_car("CAY-3", drive="PHEV", state_of_charge=80.0)

    async def run():
        commands = Commands(car, platform.keys)
        commands.take(platform.command("climate_start", seats=["rear_left"]))
        await commands.settle()

    asyncio.run(run())
    assert not car.condition.climate_active


@pytest.mark.rule("REM-010")
def test_the_cabin_is_held_at_most_ten_minutes_past_the_departure(car, time, told):
    told("set_departure_timers", timers=[TIMER | {"climate": True}])

    assert not look(car, time, "07:09").climate_active
    assert look(car, time, "07:10").climate_active
    assert look(car, time, "07:39").climate_active
    assert not look(car, time, "07:40").climate_active
    assert not look(car, time, "07:41").climate_active


@pytest.mark.rule("REM-010")
def test_whoever_leaves_in_time_keeps_the_climate(car, time, told):
    told("set_departure_timers", timers=[TIMER | {"climate": True}])
    look(car, time, "07:20")
    car.set_ignition("drive")

    assert look(car, time, "07:45").climate_active


def test_what_a_person_has_switched_off_the_timer_does_not_begin_again(car, time, told):
    told("set_departure_timers", timers=[TIMER | {"climate": True}])
    look(car, time, "07:15")
    told("climate_stop")

    assert not look(car, time, "07:16").climate_active


@pytest.mark.rule("REM-011")
def test_a_timer_warms_no_car_whose_battery_is_too_low(car, time, told):
    told("set_departure_timers", timers=[TIMER | {"climate": True}])
    car.condition.state_of_charge = 24.0

    assert not look(car, time, "07:20").climate_active


def test_intelligent_climate_begins_as_late_as_it_still_gets_there(car, time, told):
    told("set_departure_timers", timers=[TIMER | {"climate": True}])
    told("set_intelligent_climate", enabled=True)
    car.condition.cabin_temperature, car.condition.target_temperature = 9.0, 21.0

    assert not look(car, time, "07:27").climate_active
    assert look(car, time, "07:28").climate_active


def test_a_timer_for_one_date_is_off_afterwards_and_the_platform_hears_of_it(car, time, told):
    told("set_departure_timers", timers=[{"id": 7, "enabled": True, "time": "07:30", "date": "2026-11-30"}])

    look(car, time, "07:30")

    [settings] = said(car, events.REMOTE_SETTINGS)
    assert settings["settings"]["departure_timers"]["timers"][0]["enabled"] is False


# -- charging --------------------------------------------------------------------------------------------------------

HOME = {"latitude": 45.0703, "longitude": 7.6869, "radius": 500}
PROFILE = {
    "id": 1, "name": "Home", "enabled": True, "minimum_percent": 40, "target_percent": 80, "position": HOME,
    "preferred_times": [{"begins": "22:00", "ends": "06:30"}],
}  # fmt: skip


def at_home(car, percent):
    car.condition.latitude, car.condition.longitude = HOME["latitude"], HOME["longitude"]
    car.set_charge(percent)
    car.plug(True)


def test_by_a_profile_the_car_charges_to_the_minimum_at_once_and_on_in_preferred_times(car, time, told):
    told("set_charging_profiles", profiles=[PROFILE])
    at_home(car, 39.0)
    assert look(car, time, "12:00").charging

    car.set_charge(50.0)

    assert not look(car, time, "12:01").charging
    assert look(car, time, "22:00").charging
    assert look(car, time, "30:29").charging
    assert not look(car, time, "30:30").charging


def test_a_profile_holds_at_its_place_only(car, time, told):
    told("set_charging_profiles", profiles=[PROFILE])
    at_home(car, 50.0)
    car.condition.latitude += 1

    assert look(car, time, "12:00").charging


def test_charging_directly_asks_no_profile_until_it_is_taken_back(car, time, told):
    told("set_charging_profiles", profiles=[PROFILE])
    at_home(car, 50.0)
    look(car, time, "12:00")

    assert told("direct_charge_start").values[signals.CHARGING] is True
    assert look(car, time, "12:01").charging
    assert told("direct_charge_stop").values[signals.CHARGING] is False


def test_charging_begins_in_time_for_a_departure(car, time, told):
    told("set_charging_profiles", profiles=[PROFILE | {"preferred_times": [{"begins": "01:00", "ends": "02:00"}]}])
    told("set_departure_timers", timers=[TIMER | {"target_percent": 80}])
    at_home(car, 50.0)

    # thirty percent at three a minute
    assert not look(car, time, "07:19").charging
    assert look(car, time, "07:20").charging
    assert look(car, time, "07:20").remote.charge_goal == 80


def test_what_was_stopped_stays_stopped_until_the_cable_is_pulled(car, time, told):
    at_home(car, 50.0)
    told("charge_stop")
    assert not look(car, time, "12:00").charging

    car.plug(False)
    car.plug(True)

    assert car.condition.charging


def test_a_full_car_says_why_it_does_not_charge(car, told):
    at_home(car, 90.0)

    result = told("charge_start")

    assert (result.status, result.cause) == ("failed", "charge_target_reached")


def test_the_target_is_set_within_its_limits(car, told):
    assert told("set_charge_target", target_percent=60).values[signals.CHARGE_LIMIT] == 60
    assert told("set_charge_target", target_percent=10).cause == "charge_target_out_of_range"


# -- alarms ----------------------------------------------------------------------------------------------------------


def drive(car, speed):
    c = car.condition
    c.ignition, c.gear, c.parking_brake, c.course.speed = "drive", "D", False, speed
    car.pass_time(0.0)


def test_a_speed_alarm_trips_once_and_again_after_the_car_was_slow(car, told):
    told("set_speed_alarms", alarms=[{"id": 3, "enabled": True, "limit_kmh": 100, "name": "Motorway"}])

    for speed in (90, 101, 120, 97, 101, 95, 101):
        drive(car, speed)

    tripped = said(car, events.ALARM)
    assert [(each["kind"], each["alarm_id"], each["speed"]) for each in tripped] == [
        ("speed", 3, 101),
        ("speed", 3, 101),
    ]


def test_a_valet_alarm_watches_speed_and_the_place_where_it_was_set(car, told):
    set_ = told("set_valet_alarm", enabled=True, limit_kmh=50, radius=1000)
    assert set_.settings["valet_alarm"]["area"]["radius"] == 1000

    drive(car, 51)
    car.condition.latitude += 0.02
    car.pass_time(0.0)

    assert [each["kind"] for each in said(car, events.ALARM)] == ["valet_speed", "valet_area"]


def test_a_location_alarm_tells_of_coming_and_going_and_not_of_standing(car, told):
    area = {"latitude": car.condition.latitude, "longitude": car.condition.longitude, "radius": 500}
    told("set_location_alarms", alarms=[
        {"id": 1, "name": "School", "enabled": True, "area": area},
        {"id": 2, "name": "Work", "enabled": True, "area": area, "on": "enter"},
    ])  # fmt: skip
    car.pass_time(0.0)
    car.condition.latitude += 0.02
    car.pass_time(0.0)
    car.condition.latitude -= 0.02
    car.pass_time(0.0)

    seen = [(each["kind"], each["name"]) for each in said(car, events.ALARM)]
    assert seen == [("location_left", "School"), ("location_entered", "School"), ("location_entered", "Work")]


@pytest.mark.rule("PRI-002")
def test_alarms_do_not_watch_in_privacy_mode(car, told):
    told("set_speed_alarms", alarms=[{"id": 3, "enabled": True, "limit_kmh": 100}])
    car.set_privacy(True)

    drive(car, 150)

    assert [each.type for each in car.condition.pending_events if each.type == events.ALARM] == []


def test_a_call_for_help_says_where_the_car_is(car):
    car.roadside.say_where()

    [call] = said(car, events.BREAKDOWN_CALL)
    assert (call["latitude"], call["longitude"]) == (
        round(car.condition.latitude, 5),
        round(car.condition.longitude, 5),
    )


# -- what is kept, and whose it is -------------------------------------------------------------------------------------


def test_settings_are_kept_over_a_restart_from_disk(car, make_car, told):
    told("set_departure_timers", timers=[TIMER])

    assert make_car().condition.remote.departure_timers == car.condition.remote.departure_timers


@pytest.mark.rule("REM-004")
def test_a_factory_reset_forgets_what_was_set_from_afar_and_says_so(car, told):
    told("set_departure_timers", timers=[TIMER])

    car.reset_to_factory()

    [settings] = said(car, events.REMOTE_SETTINGS)
    assert settings["settings"]["departure_timers"] == {"timers": []}


def test_another_main_user_finds_nothing_of_the_former_one(car, told, platform):
    told("set_departure_timers", timers=[TIMER])
    body = {"users": [{"account_id": "next", "name": "Next", "role": "main_user"}], "main_linked": True}

    car.take_document(platform.document("users", body))

    assert car.condition.remote.departure_timers.timers == []


# -- the battery that wakes the car ------------------------------------------------------------------------------------


def test_a_sleeping_car_is_woken_once_for_what_comes_together(car, time, told):
    full = car.condition.remote.low_voltage
    told("flash")
    told("flash")
    woken_once = car.condition.remote.low_voltage
    time.now += timedelta(minutes=3)
    told("flash")

    assert full > woken_once > car.condition.remote.low_voltage


def test_a_car_whose_battery_is_low_refuses_and_a_drive_helps(car, told):
    car.condition.remote.low_voltage = 11.7
    assert (told("flash").status, told("flash").cause) == ("refused", "low_voltage")

    drive(car, 50)
    car.pass_time(600.0)
    car.condition.ignition = "off"

    assert told("flash").status == "done"
