from datetime import timedelta

import msgspec
import pytest
from tests.car.conftest import MAIN, SECOND, connect, reports

from vettura_car import car as car_module
from vettura_car.errors import NotPossible
from vettura_wire import events, signals, topics
from vettura_wire.clock import real_now
from vettura_wire.payloads import Event, Reply, State


def kinds(sent):
    return [payload.type if isinstance(payload, Event) else kind for kind, payload in sent]


def answer(car, **body):
    car.take_reply(Reply(vin=car.vin, to=car.request.event_id, body=body))


# -- contracts -------------------------------------------------------------------------------------------------------


@pytest.mark.rule("STO-033")
def test_an_ordered_service_is_active_after_a_restart_with_a_connection(make_car, platform):
    car = make_car()
    car.take_document(platform.users())
    connect(car)
    car.take_reply(platform.hello_reply(car, contracts=0))
    car.take_document(platform.contracts(car, "remote_lock"))
    before = car.entitlement.of("remote_lock")

    car.restart()

    assert before.reason == "restart_needed"
    assert car.entitlement.of("remote_lock").is_active


@pytest.mark.rule("STO-033")
def test_a_restart_without_a_connection_activates_nothing(make_car, platform):
    car = make_car()
    car.take_document(platform.users())
    connect(car)
    car.take_reply(platform.hello_reply(car, contracts=0))
    car.take_document(platform.contracts(car, "remote_lock"))

    car.set_network(has_coverage=False)
    car.note_link(False)
    car.restart()
    car.set_network(has_coverage=True)
    connect(car)

    assert car.entitlement.of("remote_lock").reason == "restart_needed"


@pytest.mark.rule("STO-033")
def test_contracts_that_come_with_the_connection_of_a_restart_count_at_once(make_car, platform):
    car = make_car()
    car.take_document(platform.users())
    connect(car)

    car.take_document(platform.contracts(car, "remote_lock"))

    assert car.entitlement.of("remote_lock").is_active


@pytest.mark.rule("STO-033")
def test_active_contracts_survive_a_restart_of_the_process_without_a_connection(ready_car, make_car):
    ready_car()

    later = make_car()
    later.condition.restarted_online = False

    assert later.entitlement.of("remote_lock").is_active


@pytest.mark.rule("STO-033", "ID-039")
def test_a_contract_that_the_platform_ends_is_over_without_a_restart(ready_car, platform):
    car = ready_car()
    lock = next(entry for entry in car.waiting_contracts().services if entry.id == "remote_lock")
    before = car.entitlement.of("remote_climate")

    car.take_document(platform.document("contracts", {"services": [msgspec.to_builtins(lock)]}))

    assert before.is_active
    assert car.entitlement.of("remote_lock").is_active
    assert car.entitlement.of("remote_climate").reason == "no_contract"


@pytest.mark.rule("C-71", "PAI-006")
def test_a_car_with_a_pairing_code_shows_services_only_once_linked(ready_car, platform):
    car = ready_car("CAY-3")
    linked = car.entitlement.of("remote_lock")

    car.take_document(platform.users(main_linked=False))

    assert linked.is_active
    assert car.entitlement.of("remote_lock").reason == "not_linked"


@pytest.mark.rule("PAI-007")
def test_a_car_without_a_pairing_code_needs_no_link(make_car, platform):
    car = make_car("TAY")
    car.take_document(platform.users(main_linked=False))
    car.take_document(platform.contracts(car))
    connect(car)

    assert car.entitlement.of("remote_lock").is_active


def test_an_older_document_changes_nothing_and_is_acknowledged_with_the_version_held(make_car, platform):
    car = make_car()
    old = platform.users(remote_access=True)
    car.take_document(platform.users(remote_access=False))

    car.take_document(old)

    assert not car.has_remote_access
    assert car.condition.pending_events[-1].data == {"name": "users", "version": 2}


# -- privacy ---------------------------------------------------------------------------------------------------------


@pytest.mark.rule("C-77")
def test_in_privacy_mode_only_the_event_and_acknowledgements_go_out(ready_car, platform):
    car = ready_car()
    reports(car)
    car.set_privacy(True)
    car.open_part("hood", True)
    car.sign_out()
    car.take_document(platform.document("settings", {}))

    assert kinds(reports(car)) == [events.PRIVACY, events.DOCUMENT_APPLIED]
    assert reports(car) == []


@pytest.mark.rule("C-77")
def test_what_privacy_mode_held_back_goes_out_after_it(ready_car):
    car = ready_car()
    reports(car)
    car.set_privacy(True)
    car.sign_out()
    reports(car)

    car.set_privacy(False)

    assert kinds(reports(car)) == [events.SIGNED_OUT, events.PRIVACY, topics.STATE]


@pytest.mark.rule("C-77")
def test_privacy_mode_does_not_stop_theft_protection(ready_car):
    car = ready_car()

    car.set_privacy(True)

    assert car.entitlement.of("car_security").is_active
    assert car.entitlement.of("weather").reason == "privacy_on"


@pytest.mark.rule("PRI-003")
@pytest.mark.parametrize("signed_in", [None, MAIN, SECOND])
def test_anybody_in_the_car_may_use_privacy_mode(ready_car, platform, signed_in):
    car = ready_car()
    car.take_document(platform.users(signed_in=signed_in))

    car.set_privacy(True)

    assert car.condition.privacy_on


def test_nothing_can_be_asked_of_the_platform_in_privacy_mode(ready_car):
    car = ready_car("CAY-3")
    car.set_privacy(True)

    with pytest.raises(NotPossible, match="privacy_on"):
        car.enter_pairing_code("12345678")


# -- reports ---------------------------------------------------------------------------------------------------------


def test_after_a_hello_the_whole_state_is_reported_and_then_only_what_changed(ready_car):
    car = ready_car()
    everything = [payload for _, payload in reports(car) if isinstance(payload, State)]

    car.open_part("hood", True)
    car.lock(False)
    changed = [payload for _, payload in reports(car) if isinstance(payload, State)]

    assert set(everything[0].values) <= set(car.build.generation.signals_of("BEV"))
    assert signals.STATE_OF_CHARGE in everything[0].values
    assert all(path.endswith(("IsLocked", "IsOpen", "LowVoltageSystemState")) for path in changed[0].values)
    assert changed[0].seq == everything[0].seq + 1


def test_slow_numbers_wait_and_switches_do_not(ready_car):
    car = ready_car()
    reports(car)

    car.change(state_of_charge=50.0)
    slow = reports(car)
    car.plug(True)
    quick = reports(car)

    assert slow == []
    assert quick[0][1].values[signals.STATE_OF_CHARGE] == 50.0


def test_an_event_is_sent_until_it_is_taken_even_over_a_restart(ready_car, make_car):
    car = ready_car()
    car.sign_out()
    first = [item.payload for item in car.uplink.outgoing() if item.kind == topics.EVENT]

    again = [item.payload for item in make_car().uplink.outgoing() if item.kind == topics.EVENT]

    assert [event.id for event in again] == [event.id for event in first]


@pytest.mark.rule("REM-011")
def test_a_car_with_a_tank_reports_fuel_and_no_battery(ready_car):
    car = ready_car("911-8")

    state = next(payload for _, payload in reports(car) if isinstance(payload, State))

    assert signals.FUEL_LEVEL in state.values
    assert signals.STATE_OF_CHARGE not in state.values


def test_world_time_is_real_time_plus_the_signed_shift(make_car, platform):
    car = make_car()

    car.take_document(platform.document("clock", {"shift_seconds": 28 * 86400.0}))

    assert abs(car.world_now() - real_now() - timedelta(days=28)) < timedelta(seconds=1)


# -- pairing and sign-in ---------------------------------------------------------------------------------------------


@pytest.mark.rule("PAI-001", "PAI-008")
@pytest.mark.parametrize("code", ["1234567", "123456789", "1234567a", "", "١٢٣٤٥٦٧٨"])
def test_only_eight_digits_are_a_pairing_code(make_car, code):
    car = make_car("CAY-3")

    with pytest.raises(NotPossible, match="eight_digits"):
        car.enter_pairing_code(code)

    assert car.condition.pending_events == []


@pytest.mark.rule("PAI-001")
def test_the_right_code_links_the_car(make_car, platform):
    car = make_car("CAY-3")
    car.enter_pairing_code("12345678")
    sent = reports(car)[0][1]

    answer(car, accepted=True, error=None)
    car.take_document(platform.users(main_linked=True, signed_in=MAIN))

    assert (sent.type, sent.data) == (events.PAIRING_CODE_ENTERED, {"code": "12345678"})
    assert car.request.state == "accepted"
    assert car.signed_in.name == "Giulia Ferraro"


def test_an_answer_that_nobody_waits_for_changes_nothing(make_car):
    car = make_car("CAY-3")
    car.enter_pairing_code("12345678")

    car.take_reply(Reply(vin=car.vin, to="another", body={"accepted": True}))

    assert car.request.state == "waiting"


def test_a_platform_that_does_not_answer_is_said_to_be_silent(make_car, monkeypatch):
    car = make_car("CAY-3")
    car.enter_pairing_code("12345678")
    monkeypatch.setattr(car_module, "REPLY_PATIENCE", timedelta(0))

    car.pass_time(1)

    assert (car.request.state, car.request.error) == ("refused", "no_answer")


@pytest.mark.rule("REM-002")
def test_only_the_main_user_signed_in_grants_remote_access(make_car, platform):
    car = make_car()
    car.take_document(platform.users(signed_in=SECOND, remote_access=False))

    with pytest.raises(NotPossible, match="only_main_user"):
        car.grant_remote_access()


@pytest.mark.rule("REM-002")
def test_the_main_user_confirms_remote_access_in_the_car(make_car, platform):
    car = make_car()
    car.take_document(platform.users(signed_in=MAIN, remote_access=False))
    reports(car)

    car.grant_remote_access()

    event = next(payload for _, payload in reports(car) if isinstance(payload, Event))
    assert (event.type, event.data) == (events.REMOTE_ACCESS, {"granted": True, "account_id": MAIN})
    assert not car.has_remote_access


@pytest.mark.rule("REM-001")
def test_the_main_user_withdraws_remote_access_at_once(ready_car):
    car = ready_car()

    car.revoke_remote_access()

    assert not car.has_remote_access
    assert car.condition.pending_events[-1].data == {"granted": False, "account_id": MAIN}


@pytest.mark.rule("REM-001")
def test_nobody_else_withdraws_it(ready_car, platform):
    car = ready_car()
    car.take_document(platform.users(signed_in=SECOND))

    with pytest.raises(NotPossible, match="only_main_user"):
        car.revoke_remote_access()

    assert car.has_remote_access


@pytest.mark.rule("TAY-005", "TAY-006")
def test_what_a_guest_sets_is_gone_with_the_guest(make_car):
    car = make_car()
    car.tick("traffic_layer", True)
    car.start_guest()
    car.tick("traffic_layer", False)

    car.end_guest()

    assert car.condition.ticks["traffic_layer"] is True


@pytest.mark.rule("PCM-005", "CON-028")
def test_switching_data_off_takes_the_symbol_away(make_car):
    car = make_car("CAY-3")
    before = car.connection_label

    car.tick("data", False)

    assert (before, car.connection_label, car.has_data) == ("LTE", "", False)


def test_a_locked_door_does_not_open_and_an_open_car_does_not_lock(make_car):
    car = make_car()
    with pytest.raises(NotPossible, match="door_locked"):
        car.open_part("driver_door", True)
    car.lock(False)
    car.open_part("driver_door", True)

    with pytest.raises(NotPossible, match="door_open"):
        car.lock(True)


def test_a_gear_needs_a_ready_car(make_car):
    car = make_car()

    with pytest.raises(NotPossible, match="not_ready"):
        car.set_gear("D")


def test_driving_adds_to_the_mileage_and_takes_from_the_battery(make_car):
    car = make_car()
    car.set_ignition("drive")
    car.set_gear("D")
    car.change(parking_brake=False)
    mileage, charge = car.condition.mileage, car.condition.state_of_charge

    car.pass_time(72)

    assert car.condition.mileage == pytest.approx(mileage + 1)
    assert car.condition.state_of_charge < charge


def test_charging_ends_at_its_limit(make_car):
    car = make_car(state_of_charge=84.9, charge_limit=85)
    car.plug(True)

    car.pass_time(60)

    assert (car.condition.state_of_charge, car.condition.charging) == (85.0, False)
