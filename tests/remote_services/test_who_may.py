"""Who may have a car do something, and the one reason that is told when they may not."""

from uuid import UUID

import pytest
from tests import link_facts as facts

from vettura.entitlements import actions as entitlements
from vettura.foundation.errors import NotFound
from vettura.foundation.ids import new_id
from vettura.remote_services import actions, errors
from vettura.vehicle_link import actions as link
from vettura.vehicle_link.errors import CommandIdTaken
from vettura.vehicle_link.models import RemoteCommand
from vettura.vehicles import actions as vehicles
from vettura_wire import payloads, signals

ID = UUID("01990000-0000-7000-8000-000000000001")


def ask(person, car=None, type="lock", **more):
    """Have a car do something."""
    return actions.request_command(
        by=person,
        vin=car.vin if car else facts.VIN,
        type=type,
        params=more.pop("params", {}),
        step_up=more.pop("step_up", None),
        command_id=more.pop("command_id", None) or new_id(),
    )


def refused(reason, *args, **named):
    """The refusal, and that nothing was asked of the car."""
    before = RemoteCommand.objects.count()
    with pytest.raises(reason) as caught:
        ask(*args, **named)
    assert RemoteCommand.objects.count() == before
    return caught.value


@pytest.fixture
def main(db):
    return facts.account()


@pytest.fixture
def car(main):
    return facts.vehicle(main_user=main)


@pytest.fixture
def second(car):
    person = facts.account("second@example.org")
    vehicles.assign_user(vehicle=car, account=person, role="secondary_user", at=facts.clock.now())
    return person


def charge(car, percent):
    report = payloads.State(seq=1, measured_at=facts.clock.real_now(), values={signals.STATE_OF_CHARGE: percent})
    link.record_states(states=[(car.vin, report)])


@pytest.mark.rule("REM-001")
def test_with_remote_access_a_command_is_accepted(main, car):
    assert ask(main, car).status == "queued"


@pytest.mark.rule("REM-001")
def test_without_remote_access_a_command_is_refused(main):
    refused(errors.NoRemoteAccess, main, facts.vehicle(main_user=main, remote_access=False))


@pytest.mark.rule("REM-004", "REM-006")
def test_after_a_factory_reset_commands_are_refused_until_access_is_granted_again(main, car):
    vehicles.forget_head_unit(vin=car.vin)
    refused(errors.Refusal, main, car)

    facts.grant(car, main)

    assert ask(main, car).status == "queued"


@pytest.mark.rule("USR-012")
def test_a_secondary_user_commands_under_the_grant_of_the_main_user(main, car, second):
    assert ask(second, car).account_id == second.id

    vehicles.revoke_remote_access(vin=car.vin, account_id=main.id)

    refused(errors.NoRemoteAccess, second, car)


def test_for_a_stranger_the_car_does_not_exist(car):
    refused(NotFound, facts.account("stranger@example.org"), car)


def test_a_removed_user_is_a_stranger_at_once(main, car, second):
    vehicles.remove_secondary_user(by=main, vin=car.vin, account_id=second.id)

    refused(NotFound, second, car)


@pytest.mark.rule("REM-007", "C-74")
def test_without_a_contract_in_force_a_command_is_refused(main):
    refused(errors.NotEntitled, main, facts.vehicle(main_user=main, contracts=False))


@pytest.mark.rule("REM-007")
def test_the_moment_a_contract_ends_its_commands_are_refused(main, car, clock):
    contracts = entitlements.start_inclusive_contracts(vin=car.vin, at=clock.now())
    from vettura.entitlements.models import Contract

    end = Contract.objects.get(vehicle=car, service_id="remote_lock").ends_at
    assert contracts == []
    clock.move_to(end - facts.timedelta(microseconds=1))
    assert ask(main, car).status == "queued"

    clock.move_to(end)

    refused(errors.NotEntitled, main, car)


@pytest.mark.rule("PRI-002")
def test_privacy_mode_refuses_and_its_end_needs_no_new_grant(main, car):
    vehicles.set_privacy_mode(vin=car.vin, on=True, at=facts.clock.now())
    refused(errors.PrivacyMode, main, car)

    vehicles.set_privacy_mode(vin=car.vin, on=False, at=facts.clock.now())

    assert ask(main, car).status == "queued"


@pytest.mark.rule("REM-013")
def test_a_car_is_asked_only_for_what_it_understands(main, car):
    refused(errors.UnknownCommand, main, car, type="fly")
    combustion = vehicles.register_vehicle(
        car=vehicles.CarFacts(
            vin="WP0ZZZ98ZJS200007",
            model_line="718",
            generation="718",
            model_name="718 Cayman",
            model_year=2018,
            drive="COMBUSTION",
            equipment=("connect",),
            country="IT",
        ),
        main_user=main,
    )

    refused(errors.NotSupported, main, combustion, type="climate_start")


@pytest.mark.rule("REM-014")
def test_a_car_that_was_never_linked_asks_for_the_pairing_code_first(main):
    unlinked = vehicles.register_vehicle(
        car=vehicles.CarFacts(
            vin="WP0ZZZ98ZJS200007",
            model_line="718",
            generation="718",
            model_name="718 Cayman",
            model_year=2018,
            drive="COMBUSTION",
            equipment=("connect",),
            country="IT",
        ),
        main_user=main,
    )

    refused(errors.NotLinked, main, unlinked)


@pytest.mark.rule("REM-011")
@pytest.mark.parametrize(("percent", "is_allowed"), [(24.0, False), (24.9, False), (25.0, True), (80.0, True)])
def test_climatization_needs_a_quarter_of_the_charge(main, car, percent, is_allowed):
    charge(car, percent)

    if is_allowed:
        assert ask(main, car, type="climate_start").status == "sent"
    else:
        assert refused(errors.BatteryTooLow, main, car, type="climate_start").facts["minimum"] == 25


@pytest.mark.rule("C-62", "C-74")
def test_a_car_out_of_reach_refuses_nothing_and_says_that_the_command_waits(main, car):
    command = ask(main, car)

    assert (command.status, command.cause) == ("queued", "car_unreachable")


def test_the_first_reason_of_the_fixed_order_is_told(main):
    car = facts.vehicle(main_user=main, remote_access=False, contracts=False)
    vehicles.set_privacy_mode(vin=car.vin, on=True, at=facts.clock.now())

    refused(errors.NoRemoteAccess, main, car, type="unlock")
    facts.grant(car, main)
    refused(errors.NotEntitled, main, car, type="unlock")
    entitlements.start_inclusive_contracts(vin=car.vin, at=facts.clock.now())
    refused(errors.PrivacyMode, main, car, type="unlock")
    vehicles.set_privacy_mode(vin=car.vin, on=False, at=facts.clock.now())
    refused(errors.StepUpRequired, main, car, type="unlock")


# -- parameters ---------------------------------------------------------------------------------------------------


def test_a_temperature_that_is_not_named_stays_as_it_was_last_in_the_car(main, car):
    assert ask(main, car, type="climate_start").params == {}


def test_seats_that_the_car_does_not_have_are_refused(main, car):
    assert ask(main, car, type="climate_start", params={"seats": ["rear_left"]}).params == {"seats": ["rear_left"]}

    refused(errors.ParameterIll, main, car, type="climate_start", params={"seats": ["third_row"]})


@pytest.mark.parametrize("value", [15.9, 30, "warm", None, True, float("nan"), float("inf"), []])
def test_a_temperature_out_of_range_is_refused(main, car, value):
    refused(errors.ParameterWrong, main, car, type="climate_start", params={"temperature": value})


def test_a_parameter_that_nobody_knows_is_refused(main, car):
    refused(errors.ParameterUnknown, main, car, params={"force": True})


# -- step-up and repetition ---------------------------------------------------------------------------------------


@pytest.fixture
def committed(transactional_db):
    person = facts.account()
    return person, facts.vehicle(main_user=person)


@pytest.mark.parametrize("type", ["unlock", "trunk_unlock"])
def test_what_opens_the_car_needs_the_pin(committed, type):
    person, car = committed

    for step_up in (None, {}, {"pin": ""}, {"pin": 1234}):
        refused(errors.StepUpRequired, person, car, type=type, step_up=step_up)

    assert ask(person, car, type=type, step_up={"pin": "1234"}).type == type


def test_a_wrong_pin_counts_and_in_the_end_locks(committed):
    person, car = committed

    left = [
        refused(errors.StepUpRequired, person, car, type="unlock", step_up={"pin": "0000"}).facts["attempts_left"]
        for _ in range(2)
    ]
    refused(errors.StepUpLocked, person, car, type="unlock", step_up={"pin": "0000"})
    refused(errors.StepUpLocked, person, car, type="unlock", step_up={"pin": "1234"})

    assert left == [2, 1]


def test_a_missing_pin_tells_how_many_attempts_are_really_left(committed):
    person, car = committed
    refused(errors.StepUpRequired, person, car, type="unlock", step_up={"pin": "0000"})

    missing = refused(errors.StepUpRequired, person, car, type="unlock", step_up=None)

    assert missing.facts["attempts_left"] == 2


def test_asking_twice_with_the_same_id_is_one_command_and_asks_for_no_second_pin(committed):
    person, car = committed
    first = ask(person, car, type="unlock", step_up={"pin": "1234"}, command_id=ID)

    again = ask(person, car, type="unlock", step_up={"pin": "0000"}, command_id=ID)

    assert again.id == first.id
    assert RemoteCommand.objects.count() == 1


def test_an_id_does_not_serve_for_another_command(main, car, second):
    ask(main, car, command_id=ID)

    refused(CommandIdTaken, main, car, type="flash", command_id=ID)
    refused(CommandIdTaken, second, car, command_id=ID)
