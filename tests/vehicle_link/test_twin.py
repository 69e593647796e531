"""The twin: the newest value of each signal, whatever the order of arrival."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import link_facts as facts

from vettura.foundation import outbox
from vettura.foundation.models import OutboxEvent
from vettura.vehicle_link import actions, queries
from vettura.vehicle_link.models import HistoryPoint, ParkedMessage, RemoteCommand, Signal
from vettura.vehicle_link.process.ingest import Arrived, work_on
from vettura.vehicles import actions as vehicles
from vettura.vehicles.models import Vehicle
from vettura_wire import payloads, signals, topics

CHARGE, MILEAGE = signals.STATE_OF_CHARGE, signals.MILEAGE


def state(at, seq=1, **values):
    named = {"charge": CHARGE, "mileage": MILEAGE}
    return payloads.State(seq=seq, measured_at=at, values={named[name]: value for name, value in values.items()})


def twin_of(car) -> queries.Twin:
    return queries.twins_of(vehicles=[car])[car.vin]


def test_a_report_reaches_the_twin(db, clock):
    car = facts.vehicle()

    actions.record_states(states=[(car.vin, state(clock.real_now(), charge=78.0, mileage=1234.5))])

    twin = twin_of(car)
    assert (twin.value(CHARGE), twin.measured_at(CHARGE)) == (78.0, clock.now())
    assert (twin.value(MILEAGE), twin.is_online) == (1234.5, True)


def test_what_was_never_reported_is_not_known(db):
    assert twin_of(facts.vehicle()).value(CHARGE) is None


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(order=st.permutations(range(6)), batches=st.integers(1, 6))
def test_the_newest_measurement_wins_in_any_order_of_arrival(db, clock, order, batches):
    Signal.objects.all().delete()
    car = facts.unused_vehicle()
    start = clock.real_now() - timedelta(hours=1)
    reports = [(car.vin, state(start + timedelta(seconds=i), seq=i, charge=float(i))) for i in order]

    for part in range(0, 6, batches):
        actions.record_states(states=reports[part : part + batches])

    assert twin_of(car).value(CHARGE) == 5.0


def test_a_report_that_comes_again_changes_nothing(db, clock):
    car = facts.vehicle()
    report = (car.vin, state(clock.real_now(), charge=50.0))
    actions.record_states(states=[report])
    received_at = Signal.objects.get(path=CHARGE).received_at
    clock.advance(minutes=1)

    actions.record_states(states=[report, report])

    assert Signal.objects.get(path=CHARGE).received_at == received_at


def test_measured_at_is_shifted_to_world_time(db, clock):
    car = facts.vehicle()
    clock.shift_by(timedelta(days=28))

    actions.record_states(states=[(car.vin, state(clock.real_now() - timedelta(minutes=2), charge=50.0))])

    assert twin_of(car).measured_at(CHARGE) == clock.now() - timedelta(minutes=2)


def test_a_measurement_from_the_future_does_not_hide_later_ones(db, clock):
    car = facts.vehicle()
    actions.record_states(states=[(car.vin, state(clock.real_now() + timedelta(days=365), charge=50.0))])
    clock.advance(minutes=1)

    actions.record_states(states=[(car.vin, state(clock.real_now(), charge=51.0))])

    assert twin_of(car).value(CHARGE) == 51.0


def test_unknown_signals_and_values_of_another_type_are_left_out(db, clock):
    car = facts.vehicle()
    report = payloads.State(
        seq=1, measured_at=clock.real_now(), values={"Vehicle.Unknown": 1, CHARGE: "full", MILEAGE: 10.0}
    )

    actions.record_states(states=[(car.vin, report)])

    assert set(twin_of(car).signals) == {MILEAGE}


@pytest.mark.rule("C-77")
def test_in_privacy_mode_values_stand_still_and_say_why(db, clock):
    car = facts.vehicle()
    actions.record_states(states=[(car.vin, state(clock.real_now(), charge=50.0))])
    clock.advance(minutes=1)
    vehicles.set_privacy_mode(vin=car.vin, on=True, at=clock.now())
    clock.advance(minutes=1)

    actions.record_states(states=[(car.vin, state(clock.real_now(), charge=40.0))])

    car.refresh_from_db()
    assert (twin_of(car).value(CHARGE), twin_of(car).cause) == (50.0, "privacy")


@pytest.mark.rule("C-77")
def test_what_was_measured_before_privacy_mode_may_still_arrive(db, clock):
    car = facts.vehicle()
    before = clock.real_now()
    clock.advance(minutes=1)
    vehicles.set_privacy_mode(vin=car.vin, on=True, at=clock.now())

    actions.record_states(states=[(car.vin, state(before, charge=50.0))])

    assert twin_of(car).value(CHARGE) == 50.0


def arrived(kind: str, payload: bytes, sequence: int, vin: str = facts.VIN) -> Arrived:
    return Arrived(f"$MQTT.msgs.vehicles.{vin}.up.{kind}", payload, sequence)


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("state", b"no json"),
        ("state", b'{"seq":1}'),
        ("event", b'{"id":"1","type":"nobody_handles_this","at":"2026-09-01T08:00:00Z"}'),
        ("hello", b"{}"),
        ("result", b'{"command_id":"x","status":"done","at":"2026-09-01T08:00:00Z","request_hash":"x"}'),
        ("nonsense", b"{}"),
        ("state", b'{"seq":1,"measured_at":"2026-09-01T08:00:00","values":{}}'),
    ],
)
def test_a_message_nobody_can_work_on_is_parked_and_holds_up_nobody(transactional_db, clock, kind, payload):
    car = facts.vehicle()
    good = payloads.encode(state(clock.real_now(), charge=50.0))

    work_on([arrived(kind, payload, 7), arrived(topics.STATE, good, 8)])
    work_on([arrived(kind, payload, 7)])

    parked = ParkedMessage.objects.get()
    assert (parked.stream_sequence, bytes(parked.payload)) == (7, payload)
    assert twin_of(car).value(CHARGE) == 50.0


def test_one_value_that_the_database_cannot_hold_spoils_only_its_own_report(transactional_db, clock):
    car = facts.vehicle()
    bad = payloads.State(seq=1, measured_at=clock.real_now(), values={signals.IGNITION: "\x00"})

    work_on(
        [
            arrived(topics.STATE, payloads.encode(bad), 1),
            arrived(topics.STATE, payloads.encode(state(clock.real_now(), charge=50.0)), 2),
        ]
    )

    assert ParkedMessage.objects.get().stream_sequence == 1
    assert set(twin_of(car).signals) == {CHARGE}


def test_a_car_that_left_after_its_last_report_is_out_of_reach(transactional_db, clock):
    car = facts.vehicle()
    good = payloads.encode(state(clock.real_now(), charge=50.0))

    work_on([arrived(topics.STATE, good, 1), arrived(topics.OFFLINE, b"", 2)])

    assert not twin_of(car).is_online


def test_a_simulated_car_that_was_deleted_leaves_nothing_on_the_link_and_is_not_let_in_any_more(db, clock):
    facts.ensure_keys()
    person = facts.account()
    made, kept = (vehicles.create_simulated_car(by=person, generation="TAY", model="Taycan 4S") for _ in range(2))
    for car in (made, kept):
        actions.register_link(vin=car.vin)
        actions.record_states(states=[(car.vin, state(clock.real_now(), charge=80.0))])
        facts.command(car, account_id=person.id)

    vehicles.delete_simulated_car(by=person, vin=made.vin)
    for event in OutboxEvent.objects.filter(delivered_at=None).order_by("id"):
        outbox.deliver(event_id=event.id)

    gone = Vehicle.objects.get(vin=made.vin)
    assert not Signal.objects.filter(vehicle=gone).exists()
    assert not HistoryPoint.objects.filter(vehicle=gone).exists()
    assert not RemoteCommand.objects.filter(vehicle=gone).exists()
    assert set(queries.admissions_of(vins=[made.vin, kept.vin])) == {kept.vin}
    assert Signal.objects.filter(vehicle__vin=kept.vin).exists()
