import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.car.conftest import VIN, Platform, connect, results

from vettura_car.car import Car
from vettura_car.commands import Commands
from vettura_car.memory import Memory
from vettura_wire import signing
from vettura_wire.clock import real_now_ms


def obey(car: Car, platform: Platform, *tokens: bytes) -> list[tuple[str, str, str | None]]:
    async def run() -> Commands:
        commands = Commands(car, platform.keys)
        for token in tokens:
            commands.take(token)
            await commands.settle()
        return commands

    return results(car, asyncio.run(run()))


def causes(answers):
    return {cause for _, _, cause in answers}


@pytest.mark.rule("REM-001")
def test_a_command_is_delivered_runs_and_is_done(ready_car, platform):
    car = ready_car()
    car.lock(False)

    answers = obey(car, platform, platform.command("lock"))

    assert [status for _, status, _ in answers] == ["delivered", "running", "done"]
    assert all(car.condition.doors_locked.values())


def test_a_car_that_cannot_lock_says_why(ready_car, platform):
    car = ready_car()
    car.lock(False)
    car.open_part("driver_door", True)

    answers = obey(car, platform, platform.command("lock"))

    assert answers[-1] == ("command-1", "failed", "door_open")
    assert not any(car.condition.doors_locked.values())


@pytest.mark.rule("REM-001", "REM-006")
def test_without_the_grant_a_remote_command_is_refused(ready_car, platform):
    car = ready_car()
    car.take_document(platform.users(remote_access=False))

    answers = obey(car, platform, platform.command("unlock"))

    assert answers == [("command-1", "refused", "remote_access_missing")]
    assert all(car.condition.doors_locked.values())


@pytest.mark.rule("REM-004", "REM-006")
def test_after_a_factory_reset_remote_commands_are_refused_at_once(ready_car, platform):
    car = ready_car()

    car.reset_to_factory()

    assert causes(obey(car, platform, platform.command("unlock"))) == {"remote_access_missing"}


@pytest.mark.rule("REM-004")
def test_the_grant_of_an_older_document_does_not_undo_a_reset_that_is_still_unheard(ready_car, platform):
    car = ready_car()
    car.reset_to_factory()

    car.take_document(platform.users(remote_access=True))

    assert not car.has_remote_access


@pytest.mark.rule("PRI-002")
def test_privacy_mode_refuses_and_gives_way_without_a_new_grant(ready_car, platform):
    car = ready_car()
    car.set_privacy(True)
    while_private = obey(car, platform, platform.command("unlock"))
    car.set_privacy(False)

    afterwards = obey(car, platform, platform.command("unlock"))

    assert while_private == [("command-1", "refused", "privacy_mode")]
    assert afterwards[-1][1] == "done"


@pytest.mark.rule("PRI-001")
def test_privacy_for_one_service_refuses_only_its_commands(ready_car, platform):
    car = ready_car()
    car.set_service_privacy("remote_lock", True)

    answers = obey(car, platform, platform.command("unlock"), platform.command("flash"))

    assert ("command-1", "refused", "privacy_mode") in answers
    assert ("command-2", "done", None) in answers


@pytest.mark.rule("STO-052")
def test_without_a_contract_a_command_is_refused(make_car, platform):
    car = make_car()
    car.take_document(platform.users())
    car.take_document(platform.contracts(car, "remote_signal"))
    connect(car)

    answers = obey(car, platform, platform.command("unlock"), platform.command("flash"))

    assert ("command-1", "refused", "not_entitled") in answers
    assert ("command-2", "done", None) in answers


@pytest.mark.rule("STO-052")
def test_a_contract_that_has_ended_by_world_time_allows_nothing(ready_car, platform):
    car = ready_car()
    car.take_document(platform.document("clock", {"shift_seconds": 31 * 86400.0}))

    assert causes(obey(car, platform, platform.command("unlock"))) == {"not_entitled"}


@pytest.mark.rule("C-71")
def test_a_car_that_is_not_linked_obeys_nothing(ready_car, platform):
    car = ready_car("CAY-3")
    car.take_document(platform.users(main_linked=False))

    assert causes(obey(car, platform, platform.command("unlock"))) == {"not_entitled"}


@pytest.mark.rule("REM-011", "C-54")
@pytest.mark.parametrize(("charge", "status", "cause"), [(24.0, "refused", "battery_below_25"), (25.0, "done", None)])
def test_climate_needs_a_quarter_of_the_battery(ready_car, platform, charge, status, cause):
    car = ready_car(state_of_charge=charge)

    answers = obey(car, platform, platform.command("climate_start", temperature=22.5))

    assert answers[-1][1:] == (status, cause)
    assert car.condition.climate_active is (cause is None)


@pytest.mark.rule("REM-011")
def test_climate_starts_at_the_wanted_temperature(ready_car, platform):
    car = ready_car()

    obey(car, platform, platform.command("climate_start", temperature=22.5))

    assert (car.condition.climate_active, car.condition.target_temperature) == (True, 22.5)


@pytest.mark.parametrize("params", [{"temperature": 99}, {"temperature": "warm"}, {"temperature": True}])
def test_ill_parameters_are_refused_or_fail_and_change_nothing(ready_car, platform, params):
    car = ready_car()

    answers = obey(car, platform, platform.command("climate_start", **params))

    assert answers[-1][1] in ("failed", "refused")
    assert not car.condition.climate_active


def test_an_unknown_command_is_refused(ready_car, platform):
    assert causes(obey(ready_car(), platform, platform.command("fly"))) == {"not_supported"}


def test_a_charge_does_not_start_without_a_cable(ready_car, platform):
    assert causes(obey(ready_car(), platform, platform.command("charge_start"))) == {"not_plugged_in"}


def test_commands_are_carried_out_one_after_the_other_so_the_last_wish_stands(ready_car, platform):
    car = ready_car()

    async def take_both():
        commands = Commands(car, platform.keys)
        # the second is quicker
        commands.take(platform.command("climate_start"))
        commands.take(platform.command("climate_stop"))
        await commands.settle()

    asyncio.run(take_both())

    assert not car.condition.climate_active
    assert [status for _, status, _ in results(car)][-1] == "done"


# -- taken once ------------------------------------------------------------------------------------------------------


def test_a_repeated_command_gets_its_stored_result_and_is_not_executed_again(ready_car, platform):
    car = ready_car()
    token = platform.command("unlock")
    obey(car, platform, token)
    car.lock(True)

    again = obey(car, platform, token)

    assert again == [("command-1", "done", None)]
    assert all(car.condition.doors_locked.values())


def test_a_command_is_remembered_over_a_restart_from_disk(ready_car, make_car, platform):
    car = ready_car()
    token = platform.command("unlock")
    obey(car, platform, token)
    restarted = make_car()
    restarted.lock(True)

    again = obey(restarted, platform, token)

    assert again == [("command-1", "done", None)]
    assert all(restarted.condition.doors_locked.values())
    assert connect(restarted).highest_counter == 1


def test_a_command_interrupted_by_a_restart_has_failed_and_is_not_tried_again(ready_car, make_car, platform):
    car = ready_car()
    token = platform.command("unlock")

    async def pull_the_plug():
        Commands(car, platform.keys).take(token)

    asyncio.run(pull_the_plug())
    restarted = make_car()

    assert obey(restarted, platform, token)[-1] == ("command-1", "failed", "restarted")
    assert all(restarted.condition.doors_locked.values())


def test_an_unknown_command_with_an_old_counter_is_a_replay(ready_car, platform):
    car = ready_car()

    answers = obey(
        car, platform, platform.command("lock", counter=5), platform.command("unlock", counter=5, id_="other")
    )

    assert answers[-1] == ("other", "refused", "replayed")
    assert all(car.condition.doors_locked.values())


def test_a_known_id_in_other_bytes_is_a_replay(ready_car, platform):
    car = ready_car()

    answers = obey(car, platform, platform.command("lock", id_="x"), platform.command("unlock", id_="x"))

    assert answers[-1] == ("x", "refused", "replayed")


@pytest.mark.parametrize(("lifetime", "cause"), [(0, "expired"), (-1, "expired"), (60_000, None)])
def test_an_expired_command_is_refused(ready_car, platform, lifetime, cause):
    assert causes(obey(ready_car(), platform, platform.command("unlock", lifetime_ms=lifetime))) == {cause}


def test_a_command_whose_time_ends_before_it_is_carried_out_is_not_carried_out(ready_car, platform, monkeypatch):
    car = ready_car()
    token = platform.command("unlock", lifetime_ms=60_000)
    moments = iter([real_now_ms(), real_now_ms() + 60_000])
    monkeypatch.setattr("vettura_car.commands.real_now_ms", lambda: next(moments))

    assert obey(car, platform, token)[-1] == ("command-1", "failed", "expired")
    assert all(car.condition.doors_locked.values())


def test_a_command_for_another_car_is_refused(ready_car, platform):
    token = platform.command("unlock", vin="WP1ZZZ9YZKDA00002")

    assert causes(obey(ready_car(), platform, token)) == {"wrong_vehicle"}


def test_a_foreign_signature_is_refused_and_leaves_no_trace(ready_car, platform):
    car = ready_car()

    answers = obey(car, platform, Platform().command("unlock", counter=99))

    assert answers == [("command-99", "refused", "bad_signature")]
    assert car.memory.highest_counter == 0
    assert all(car.condition.doors_locked.values())


def test_a_car_without_memory_refuses_everything_issued_before_its_hello(ready_car, platform):
    earlier = platform.command("unlock", issued=real_now_ms() - 5_000)
    car = ready_car()

    assert causes(obey(car, platform, earlier)) == {"replayed"}


def test_a_broken_memory_is_no_memory(ready_car, make_car, platform, tmp_path):
    obey(ready_car(), platform, platform.command("lock"))
    tmp_path.joinpath("memory.json").write_text('{"highest_counter": "much"}')

    hello = connect(make_car())

    assert (hello.has_memory, hello.highest_counter) == (False, 0)


def test_a_new_car_has_no_memory_and_then_keeps_it(make_car):
    assert connect(make_car()).has_memory is False
    assert connect(make_car()).has_memory is True


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(order=st.lists(st.integers(0, 5), min_size=1, max_size=25), restarts=st.sets(st.integers(0, 25)))
def test_a_signed_command_is_taken_once_in_whatever_order_and_over_restarts(pack, order, restarts, tmp_path_factory):
    folder = tmp_path_factory.mktemp("memory")
    platform = Platform()
    memory = Memory(folder / "memory.json")
    memory.begin(real_now_ms())
    tokens = [platform.command("lock") for _ in range(6)]
    taken: list[str] = []

    for step, number in enumerate(order):
        if step in restarts:
            memory = Memory(folder / "memory.json")
        judgment = judge(tokens[number], platform, memory)
        if judgment.command is not None:
            taken.append(judgment.command.id)
            remember(memory, judgment.command, tokens[number])

    assert len(taken) == len(set(taken))
    assert taken == sorted(taken, key=lambda id_: int(id_.split("-")[1]))


def judge(token, platform, memory):
    from vettura_car.commands import judge_message

    return judge_message(token, vin=VIN, keys=platform.keys, memory=memory, now_ms=real_now_ms())


def remember(memory, command, token):
    from vettura_car.commands import _result
    from vettura_wire.statuses import Status

    request_hash = signing.request_hash(token)
    memory.remember(command, request_hash, _result(command.id, Status.DONE, request_hash), real_now_ms())
