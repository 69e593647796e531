"""The same wish while one is under way is the same command; a car at rest is woken only so often."""

from datetime import timedelta

import pytest
from django.db import connection
from tests import link_facts as facts

from vettura.remote_services import actions as remote
from vettura.remote_services import errors
from vettura.remote_services.rules import TYPES, sentence, sentences
from vettura.vehicle_link import actions, queries, rules
from vettura.vehicle_link.actions import commands
from vettura.vehicle_link.models import RemoteCommand, VehicleLink
from vettura_wire import payloads, signals, statuses

DOORS = ("lock", "unlock")


@pytest.fixture
def car(db):
    return facts.online(facts.vehicle())


def wish(car, type="lock", **more):
    return facts.command(car, type=type, supersedes=DOORS if type in DOORS else (type,), **more)


def test_the_same_wish_while_one_is_under_way_is_that_command(car):
    first = wish(car)

    again = wish(car)

    assert again.id == first.id
    assert RemoteCommand.objects.count() == 1


def test_the_id_of_the_repeated_wish_stays_that_command_when_it_is_done(car):
    key = facts.new_id()
    first = wish(car)
    assert wish(car, command_id=key).id == first.id
    actions.record_results(results=[(car.vin, facts.result(first))])

    assert wish(car, command_id=key).id == first.id
    assert queries.known_command(command_id=key).id == first.id
    assert wish(car).id != first.id


def test_a_wish_that_ends_while_it_is_looked_for_leaves_a_new_command(car):
    first = wish(car)

    def ended_just_before(execute, sql, params, many, context):
        if str(sql) == commands.SAME_WISH:
            actions.record_results(results=[(car.vin, facts.result(first))])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(ended_just_before):
        again = wish(car)

    assert again.id != first.id
    assert again.counter > first.counter
    assert set(RemoteCommand.objects.values_list("status", flat=True)) == {"done", again.status}


def test_another_person_another_parameter_and_another_car_are_other_wishes(car):
    first = facts.command(car, type="climate_start", params={"temperature": 21.0}, supersedes=("climate_start",))

    others = [
        facts.command(car, type="climate_start", params={"temperature": 22.0}, supersedes=("climate_start",)),
        facts.command(car, type="climate_start", params={"temperature": 22.0}, account_id=facts.UUID(int=2)),
        facts.command(facts.online(facts.vehicle(facts.OTHER_VIN)), type="climate_start", params={"temperature": 21.0}),
    ]

    assert len({first.id, *(each.id for each in others)}) == 4


def test_a_wish_that_an_opposite_one_followed_is_a_new_one(car):
    first = wish(car)
    wish(car, "unlock")

    assert wish(car).id not in (first.id, None)
    assert RemoteCommand.objects.count() == 3


def test_a_wish_whose_time_is_over_is_not_taken_up_again(car, clock):
    first = wish(car, lifetime=timedelta(minutes=1))
    clock.advance(minutes=2)

    assert wish(car).id != first.id


def test_a_car_out_of_reach_is_asked_once_and_the_opposite_supersedes_it(db):
    car = facts.vehicle()
    first = wish(car)
    assert wish(car).id == first.id

    opposite = wish(car, "unlock")

    first.refresh_from_db()
    assert (first.status, first.cause) == ("superseded", "unlock")
    assert opposite.status == "queued"


# -- lost on the way -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hello", "ends"), [
    ({"highest_counter": 0}, "expired"),
    ({"highest_counter": 1}, "unknown"),
    ({"highest_counter": 0, "has_memory": False}, "unknown"),
])  # fmt: skip
def test_a_hello_shows_that_a_command_never_arrived(car, clock, hello, ends):
    sent = wish(car)
    clock.advance(minutes=6)
    actions.expire_commands(at=facts.clock.real_now())

    actions.record_hello(vin=car.vin, hello=facts.hello(car.vin, **hello))

    sent.refresh_from_db()
    assert sent.status == ends


def test_a_hello_read_late_says_nothing_of_what_still_had_time_when_it_was_written(car, clock):
    sent = wish(car)
    written_early = facts.hello(car.vin, highest_counter=0)
    clock.advance(minutes=6)
    actions.expire_commands(at=facts.clock.real_now())

    actions.record_hello(vin=car.vin, hello=written_early)
    actions.record_results(results=[(car.vin, facts.result(sent))])

    sent.refresh_from_db()
    assert sent.status == "done"


# -- waking ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def main(db, clock):
    return facts.account()


@pytest.fixture
def sleeper(main):
    car = facts.online(facts.vehicle(main_user=main))
    report(car, {signals.IGNITION: signals.IGNITION_LOCKED, signals.CHARGING: False})
    return car


def report(car, values, seq=1):
    state = payloads.State(seq=seq, measured_at=facts.clock.real_now(), values=values)
    actions.record_states(states=[(car.vin, state)])


def ask(main, car, type="flash"):
    command = remote.request_command(
        by=main, vin=car.vin, type=type, params={}, step_up=None, command_id=facts.new_id()
    )
    actions.record_results(results=[(car.vin, facts.result(command))])
    return command


def steps(command):
    return [step.status for step in command.steps.all()]


def test_a_car_at_rest_is_woken_and_what_comes_meanwhile_wakes_it_no_second_time(main, sleeper, clock):
    first, second = ask(main, sleeper), ask(main, sleeper)
    clock.advance(minutes=3)

    assert steps(first) == ["accepted", "waking", "sent"]
    assert steps(second) == ["accepted", "sent"]
    assert steps(ask(main, sleeper)) == ["accepted", "waking", "sent"]


@pytest.mark.parametrize("busy", [signals.CHARGING, signals.CLIMATE_ACTIVE])
def test_a_car_in_which_something_runs_is_awake(main, sleeper, busy, clock):
    clock.advance(seconds=1)
    report(sleeper, {busy: True}, seq=2)

    assert steps(ask(main, sleeper)) == ["accepted", "sent"]


def test_a_car_is_woken_only_so_often_a_day_and_the_refusal_says_when_again(main, sleeper, clock):
    limit = 30
    for _ in range(limit):
        ask(main, sleeper)
        clock.advance(minutes=10)
    assert queries.wakes_left(vehicle=sleeper) == 0
    before = RemoteCommand.objects.count()

    with pytest.raises(errors.WakeBudgetSpent) as refused:
        ask(main, sleeper)

    assert refused.value.facts["retry_after"] == 19 * 3600
    assert RemoteCommand.objects.count() == before
    clock.advance(hours=19)
    assert steps(ask(main, sleeper)) == ["accepted", "waking", "sent"]


def test_a_car_that_is_awake_is_reached_whatever_its_budget(main, sleeper, clock):
    VehicleLink.objects.update(woken_at=[facts.clock.real_now() - timedelta(hours=1)] * 30)
    clock.advance(seconds=1)
    report(sleeper, {signals.IGNITION: signals.IGNITION_ON}, seq=2)

    assert steps(ask(main, sleeper)) == ["accepted", "sent"]


def test_a_repeated_request_is_answered_when_the_budget_is_spent_meanwhile(main, sleeper, clock):
    key = facts.new_id()
    facts_of = {"by": main, "vin": sleeper.vin, "type": "flash", "params": {}, "step_up": None, "command_id": key}
    first = remote.request_command(**facts_of)
    VehicleLink.objects.update(woken_at=[facts.clock.real_now() - timedelta(hours=1)] * 30)

    assert remote.request_command(**facts_of).id == first.id


def test_the_wakes_of_a_day_count_and_no_others():
    at = facts.real_now()
    woken = [at - timedelta(days=1), at - timedelta(hours=23), at - timedelta(minutes=1)]

    assert rules.recent_wakes(woken, at=at) == (woken[1], woken[2])
    assert rules.next_wake_at(woken[1:], a_day=2) == woken[1] + timedelta(days=1)
    assert rules.next_wake_at(woken[1:], a_day=3) is None


# -- sentences -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", statuses.Status)
@pytest.mark.parametrize("language", ["en", "it", "de"])
def test_every_status_has_a_sentence_in_every_language(status, language):
    from django.utils import translation

    with translation.override(language):
        said = sentence(status, "")
    english = str(sentences.STATUSES[status]) if language == "en" else said
    assert said.endswith(".")
    assert english == said
    with translation.override("en"):
        assert (said == sentence(status, "")) is (language == "en")


def test_every_cause_that_a_car_may_give_has_words():
    assert {str(cause) for cause in statuses.Cause} <= set(sentences.CAUSES)


def test_a_step_says_its_cause_once():
    assert sentence("queued", "car_unreachable").count("out of reach") == 1
    assert sentence("refused", "privacy_mode") == "The car has refused it. Privacy mode is on in the car."
    assert sentence("superseded", "unlock") == f"Replaced by: {TYPES['unlock'].verb}"
    assert sentence("failed", "cat_on_the_roof") == "The car could not do it."
