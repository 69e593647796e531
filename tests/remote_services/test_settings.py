"""What is set in a car from afar: who may, what holds is known with “done”, and what alarms tell."""

import pytest
from tests import link_facts as facts
from tests import vehicle_facts

from vettura.identity import queries as identity
from vettura.remote_services import actions, errors
from vettura.remote_services import queries as remote
from vettura.remote_services.models import Incident
from vettura.vehicle_link import actions as link
from vettura.vehicle_link import queries
from vettura.vehicles import actions as vehicles
from vettura_wire import signals

ALARM = {"id": 1, "enabled": True, "limit_kmh": 130}
TIMER = {"id": 1, "enabled": True, "time": "07:30", "weekdays": ["monday"], "climate": True}
AREA = {"latitude": 45.07, "longitude": 7.69, "radius": 500}


@pytest.fixture
def main(db):
    return facts.account()


@pytest.fixture
def car(main):
    return facts.online(facts.vehicle(main_user=main))


def ask(person, car, type, step_up=None, **params):
    return actions.request_command(
        by=person, vin=car.vin, type=type, params=params, step_up=step_up, command_id=facts.new_id()
    )


def twin(car):
    return queries.twins_of(vehicles=[car])[car.vin]


def says(car, command, status="done", **holds):
    answered = link.record_results(results=[(car.vin, facts.result(command, status, **holds))])
    command.refresh_from_db()
    return answered


def holds(car, **settings):
    link.record_settings(vin=car.vin, settings=settings, at=facts.clock.now())


def test_done_and_what_holds_are_known_in_the_same_moment(main, car):
    locked = signals.DOOR_LOCKED["driver_door"]
    command = ask(main, car, "lock")

    says(car, command, values={locked: True, "Vehicle.Mood": "good", signals.SPEED: "fast"})

    assert command.status == "done"
    assert twin(car).value(locked) is True
    assert set(twin(car).signals) == {locked}


def test_timers_that_the_car_took_are_known_with_their_moment(main, car):
    command = ask(main, car, "set_departure_timers", timers=[TIMER])

    says(car, command, settings={"departure_timers": {"timers": [TIMER]}, "mood": {}})

    held = twin(car).held
    assert held["departure_timers"].value == {"timers": [TIMER]}
    assert held["departure_timers"].measured_at <= facts.clock.now()
    assert set(held) == {"departure_timers"}


def test_an_older_word_of_a_setting_covers_no_newer_one(main, car, clock):
    holds(car, departure_timers={"timers": [TIMER]})

    link.record_settings(
        vin=car.vin, settings={"departure_timers": {"timers": []}}, at=facts.clock.now() - facts.timedelta(seconds=1)
    )

    assert twin(car).held["departure_timers"].value == {"timers": [TIMER]}


def test_lists_that_mean_nothing_are_refused_with_their_place(main, car):
    with pytest.raises(errors.ParameterIll) as refused:
        ask(main, car, "set_departure_timers", timers=[TIMER | {"time": "25:00"}])

    assert refused.value.facts == {"name": "timers[0].time"}


@pytest.mark.parametrize("left", [[], [ALARM | {"enabled": False}], [ALARM | {"limit_kmh": 250}]])
def test_an_alarm_that_watches_is_taken_back_with_the_pin_only(transactional_db, left):
    main = facts.account()
    car = facts.online(facts.vehicle(main_user=main))
    holds(car, speed_alarms={"alarms": [ALARM]})

    with pytest.raises(errors.StepUpRequired):
        ask(main, car, "set_speed_alarms", alarms=left)

    assert ask(main, car, "set_speed_alarms", step_up={"pin": "1234"}, alarms=left).status == "sent"


def test_one_alarm_more_needs_no_pin(main, car):
    holds(car, speed_alarms={"alarms": [ALARM]})

    assert ask(main, car, "set_speed_alarms", alarms=[ALARM, ALARM | {"id": 2}]).status == "sent"


def test_switching_the_valet_alarm_off_needs_the_pin_and_switching_it_on_does_not(main, car):
    assert ask(main, car, "set_valet_alarm", enabled=True, limit_kmh=50).status == "sent"
    holds(car, valet_alarm={"enabled": True, "limit_kmh": 50, "radius": 500, "area": AREA})

    with pytest.raises(errors.StepUpRequired):
        ask(main, car, "set_valet_alarm", enabled=False)


def test_an_alarm_that_trips_is_kept_with_place_and_time(car):
    vehicle_facts.tell(car, "alarm", kind="speed", alarm_id=1, name="Motorway", latitude=45.0, longitude=7.5, speed=140)

    incident = Incident.objects.get()
    assert (incident.vehicle_id, incident.kind, incident.speed) == (car.id, "speed", 140)


@pytest.mark.parametrize(
    "data", [{}, {"kind": "mood", "latitude": 1, "longitude": 1}, {"kind": "speed", "latitude": "north"}]
)
def test_what_is_no_alarm_is_dropped(car, data):
    vehicle_facts.tell(car, "alarm", **data)

    assert not Incident.objects.exists()


def test_the_next_main_user_sees_neither_alarms_nor_timers_of_the_former_one(main, car):
    holds(car, departure_timers={"timers": [TIMER]})
    vehicle_facts.tell(car, "breakdown_call", latitude=45.0, longitude=7.5)
    assert Incident.objects.get().kind == "breakdown"

    vehicles.remove_vehicle(by=main, vin=car.vin)
    vehicle_facts.deliver_events()

    assert not Incident.objects.exists()
    assert twin(car).held == {}


def test_what_was_told_is_forgotten_after_its_time(car, clock):
    vehicle_facts.tell(car, "breakdown_call", latitude=45.0, longitude=7.5)

    assert actions.forget_old_incidents(before=facts.clock.now()) == 0
    assert actions.forget_old_incidents(before=facts.clock.now() + facts.timedelta(days=1)) == 1


def test_help_is_called_for_without_remote_access(main):
    car = facts.vehicle(main_user=main, remote_access=False)

    with pytest.raises(errors.NotEntitled):  # the next reason: access is not asked for
        ask(main, car, "breakdown_call")


def test_who_may_not_know_the_place_reads_settings_and_alarms_without_places(main, car):
    profile = {"id": 1, "name": "Home", "enabled": True, "minimum_percent": 30, "target_percent": 80, "position": AREA}
    holds(
        car,
        charging_profiles={"profiles": [profile]},
        valet_alarm={"enabled": True, "limit_kmh": 50, "radius": 500, "area": AREA},
        location_alarms={"alarms": [{"id": 1, "name": "School", "enabled": True, "area": AREA}]},
    )
    for kind in ("speed", "location_left"):
        vehicle_facts.tell(car, "alarm", kind=kind, latitude=45.0, longitude=7.5)
    program = identity.Allowed(scopes=frozenset({"charging", "alarms"}), cars=(car.vin,), places=())

    seen = remote.settings_of(vehicle=car, allowed=program)

    assert set(seen) == {"charging_profiles", "valet_alarm"}
    assert "latitude" not in str([each.value for each in seen.values()])
    assert [each.kind for each in remote.incidents_of(vehicle=car, allowed=program)] == ["speed"]
    assert len(remote.incidents_of(vehicle=car)) == 2
    assert set(remote.settings_of(vehicle=car)) == {"charging_profiles", "valet_alarm", "location_alarms"}
