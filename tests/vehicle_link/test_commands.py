"""Remote commands: kept, sent, waiting, answered, expired."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests import link_facts as facts

from vettura.vehicle_link import actions, queries
from vettura.vehicle_link.errors import CommandIdTaken
from vettura.vehicle_link.models import CommandStep, RemoteCommand
from vettura_wire import signing, topics
from vettura_wire.statuses import Cause

ID = UUID("01990000-0000-7000-8000-000000000001")


def steps_of(command: RemoteCommand) -> list[str]:
    return list(CommandStep.objects.filter(command=command).order_by("position").values_list("status", flat=True))


def status_of(command: RemoteCommand) -> str:
    command.refresh_from_db()
    return command.status


@pytest.fixture
def sent(db, monkeypatch):
    """What goes to the broker, as the port hands it over."""
    from vettura.vehicle_link import ports

    class Kept:
        def __init__(self):
            self.messages = []

        def publish(self, subject, payload):
            self.messages.append((subject, payload))

        def of(self, kind):
            return [payload for subject, payload in self.messages if subject == f"vehicles.{facts.VIN}.down.{kind}"]

    kept = Kept()
    former = ports.install(kept)
    yield kept
    ports.install(former)


def test_a_command_to_a_car_that_is_there_is_sent_at_once(sent, django_capture_on_commit_callbacks):
    car = facts.online(facts.vehicle())

    with django_capture_on_commit_callbacks(execute=True):
        command = facts.command(car)

    assert steps_of(command) == ["accepted", "sent"]
    assert sent.of("command") == [command.envelope.encode()]


@pytest.mark.rule("C-62", "C-74", "REM-008")
def test_a_command_to_a_car_out_of_reach_is_queued_with_the_cause(sent, django_capture_on_commit_callbacks):
    car = facts.vehicle()

    with django_capture_on_commit_callbacks(execute=True):
        command = facts.command(car)

    assert (command.status, command.cause) == ("queued", "car_unreachable")
    assert sent.of("command") == []


@pytest.mark.rule("C-62")
def test_a_queued_command_is_sent_when_the_car_says_hello(sent, django_capture_on_commit_callbacks):
    car = facts.vehicle()
    first, second = facts.command(car, type="flash"), facts.command(car, type="honk")

    with django_capture_on_commit_callbacks(execute=True):
        facts.online(car)

    assert sent.of("command") == [first.envelope.encode(), second.envelope.encode()]
    assert steps_of(first) == ["accepted", "queued", "sent"]


@pytest.mark.rule("C-62")
def test_a_queued_command_expires_and_nothing_happens_late(sent, clock, django_capture_on_commit_callbacks):
    car = facts.vehicle()
    command = facts.command(car, lifetime=timedelta(minutes=5))

    clock.advance(timedelta(minutes=5) - timedelta(seconds=1))
    assert actions.expire_commands(at=clock.real_now()) == 0
    clock.advance(seconds=1)
    assert actions.expire_commands(at=clock.real_now()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        facts.online(car)

    assert (status_of(command), command.cause) == ("expired", "car_unreachable")
    assert sent.of("command") == []


def test_an_expired_command_is_not_sent_even_before_the_sweep_has_seen_it(
    sent, clock, django_capture_on_commit_callbacks
):
    car = facts.vehicle()
    facts.command(car, lifetime=timedelta(minutes=5))
    clock.advance(minutes=5)

    with django_capture_on_commit_callbacks(execute=True):
        facts.online(car)

    assert sent.of("command") == []


def test_expiry_is_real_time_whatever_the_worlds_clock_says(sent, clock):
    command = facts.command(facts.vehicle(), lifetime=timedelta(minutes=5))

    clock.shift_by(timedelta(days=30))

    assert actions.expire_commands(at=clock.real_now()) == 0
    assert status_of(command) == "queued"


def test_a_command_without_an_answer_becomes_unknown_and_a_late_answer_corrects_it(sent, clock):
    car = facts.online(facts.vehicle())
    command = facts.command(car)
    clock.advance(minutes=5)

    actions.expire_commands(at=clock.real_now())
    assert (status_of(command), command.cause) == ("unknown", "no_answer")
    actions.record_results(results=[(car.vin, facts.result(command, "done"))])

    assert steps_of(command) == ["accepted", "sent", "unknown", "done"]


def test_an_unconfirmed_command_is_sent_again_with_the_same_bytes(sent, clock, django_capture_on_commit_callbacks):
    car = facts.online(facts.vehicle())
    command = facts.command(car)
    clock.advance(seconds=5)

    with django_capture_on_commit_callbacks(execute=True):
        assert actions.resend_commands(at=clock.real_now()) == 1
        assert actions.resend_commands(at=clock.real_now()) == 0

    assert sent.of("command") == [command.envelope.encode()]
    assert steps_of(command) == ["accepted", "sent"]


def test_the_same_id_is_the_same_command(sent):
    car = facts.vehicle()

    first, again = facts.command(car, command_id=ID), facts.command(car, command_id=ID)

    assert first.id == again.id
    assert RemoteCommand.objects.count() == 1
    assert CommandStep.objects.count() == 2


def test_an_id_is_not_taken_for_another_command(sent):
    car = facts.vehicle()
    facts.command(car, command_id=ID, type="lock")

    with pytest.raises(CommandIdTaken):
        facts.command(car, command_id=ID, type="flash")

    assert RemoteCommand.objects.get().type == "lock"


def test_counters_grow_and_never_fall_behind_what_the_car_has_seen(sent):
    car = facts.vehicle()
    first = facts.command(car)
    actions.record_hello(vin=car.vin, hello=facts.hello(highest_counter=40))

    second = facts.command(car, type="flash")

    assert (first.counter, second.counter) == (1, 41)


def test_a_later_command_supersedes_one_that_still_waits(sent):
    car = facts.vehicle()
    start = facts.command(car, type="climate_start")

    stop = facts.command(car, type="climate_stop", supersedes=("climate_start", "climate_stop"))

    assert (status_of(start), start.cause) == ("superseded", "climate_stop")
    assert status_of(stop) == "queued"


def test_a_sent_command_is_not_superseded(sent):
    car = facts.online(facts.vehicle())
    start = facts.command(car, type="climate_start")

    facts.command(car, type="climate_stop", supersedes=("climate_start", "climate_stop"))

    assert status_of(start) == "sent"


def test_results_move_a_command_forward_only(sent):
    car = facts.online(facts.vehicle())
    command = facts.command(car)

    for status in ("running", "delivered", "done", "failed", "running", "done"):
        actions.record_results(results=[(car.vin, facts.result(command, status))])

    assert steps_of(command) == ["accepted", "sent", "running", "done"]


def test_a_result_that_comes_twice_counts_once(sent):
    car = facts.online(facts.vehicle())
    command = facts.command(car)
    done = facts.result(command, "done")

    actions.record_results(results=[(car.vin, done), (car.vin, done)])
    actions.record_results(results=[(car.vin, done)])

    assert steps_of(command) == ["accepted", "sent", "done"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"request_hash": "0" * 64}, "the result does not belong to the bytes that were signed"),
        ({"command_id": str(UUID(int=5))}, "there is no such command"),
        ({"command_id": "not an id"}, "there is no such command"),
        ({"status": "expired"}, "a car may not report 'expired'"),
        ({"status": "accepted"}, "a car may not report 'accepted'"),
    ],
)
def test_a_result_that_cannot_be_believed_changes_nothing(sent, changes, reason):
    car = facts.online(facts.vehicle())
    command = facts.command(car)

    answered = actions.record_results(results=[(car.vin, facts.result(command, **changes))])

    assert answered.unusable == {0: reason}
    assert status_of(command) == "sent"


def test_a_car_answers_for_itself_only(sent):
    car = facts.online(facts.vehicle())
    facts.vehicle(facts.OTHER_VIN)
    command = facts.command(car)

    answered = actions.record_results(results=[(facts.OTHER_VIN, facts.result(command, "done"))])

    assert answered.unusable == {0: "the command is another vehicle's"}
    assert status_of(command) == "sent"


# -- over the real broker -----------------------------------------------------------------------------------------


def test_a_command_reaches_the_car_and_its_result_comes_back(link, car):
    known = facts.vehicle()
    with car() as client:
        client.say_hello()
        facts.eventually(lambda: queries.twins_of(vehicles=[known])[known.vin].is_online)

        command = facts.command(known, type="lock")
        for status in ("delivered", "running", "done"):
            client.answer(status)
        facts.eventually(lambda: status_of(command) == "done")

    assert steps_of(command) == ["accepted", "sent", "delivered", "running", "done"]


@pytest.mark.rule("C-62")
def test_a_queued_command_is_delivered_with_the_hello(link, car):
    command = facts.command(facts.vehicle())

    with car() as client:
        client.say_hello()
        heard = client.hear(topics.COMMAND)
        client.answer("done")
        facts.eventually(lambda: status_of(command) == "done")

    assert (heard[0].id, heard[0].counter, heard[0].vin) == (str(command.id), command.counter, facts.VIN)


@pytest.mark.rule("C-62")
def test_an_expired_command_never_reaches_the_car(link, car):
    known = facts.vehicle()
    expired = facts.command(known, lifetime=timedelta(milliseconds=1))
    live = facts.command(known, type="flash")

    with car() as client:
        client.say_hello()
        heard = client.hear(topics.COMMAND)

    assert [command.id for command in heard] == [str(live.id)]
    actions.expire_commands(at=facts.clock.real_now())
    assert status_of(expired) == "expired"


def test_a_car_that_has_seen_a_higher_counter_refuses_a_replay(link, car):
    """The refusal comes from the car; the platform shows it with its cause."""
    command = facts.command(facts.vehicle())

    with car() as client:
        client.say_hello(highest_counter=7)
        said = client.hear(topics.COMMAND)[0]
        client.say(topics.RESULT, facts.result(command, "refused", cause=Cause.REPLAYED, at=facts.real_now()))
        facts.eventually(lambda: status_of(command) == "refused")

    assert said.counter <= 7
    assert command.cause == "replayed"


def test_saying_hello_again_sends_the_same_bytes_again(link, car):
    command = facts.command(facts.vehicle())

    with car() as client:
        client.say_hello()
        client.hear(topics.COMMAND)
        client.say_hello()
        client.hear(topics.COMMAND, count=2)

    assert {signing.request_hash(token) for token in client.heard[topics.COMMAND]} == {command.request_hash}
    assert steps_of(command) == ["accepted", "queued", "sent"]


def test_a_car_that_vanishes_is_out_of_reach(link, car):
    known = facts.vehicle()
    with car() as client:
        client.say_hello()
        facts.eventually(lambda: queries.twins_of(vehicles=[known])[known.vin].is_online)
        client.say(topics.OFFLINE, facts.payloads.Offline())
        facts.eventually(lambda: not queries.twins_of(vehicles=[known])[known.vin].is_online)

    assert facts.command(known).status == "queued"


def test_a_cut_connection_leaves_the_will_of_the_car(link, car):
    known = facts.vehicle()
    client = car()
    with client:
        client.say_hello()
        facts.eventually(lambda: queries.twins_of(vehicles=[known])[known.vin].is_online)
        client._client._client._sock_close()

        facts.eventually(lambda: not queries.twins_of(vehicles=[known])[known.vin].is_online)


def test_when_another_command_takes_the_counter_first_both_are_kept_in_order(sent, monkeypatch):
    car = facts.online(facts.vehicle())
    from vettura.vehicle_link.actions import commands

    genuine, others = commands.signed, []

    def beaten_to_it(payload):
        if not others:
            others.append(None)
            others[0] = facts.command(car)
        return genuine(payload)

    monkeypatch.setattr(commands, "signed", beaten_to_it)

    late = facts.command(car, type="flash")

    assert (others[0].counter, late.counter) == (1, 2)
    assert signing.read_unverified(late.envelope.encode()).count(b'"counter":2') == 1
    assert RemoteCommand.objects.count() == 2


def test_a_result_that_meets_another_move_is_judged_by_what_the_command_has_become(sent, monkeypatch):
    car = facts.online(facts.vehicle())
    command = facts.command(car)
    from vettura.vehicle_link.actions import reports

    genuine, others = reports.save_moves, []

    def beaten_to_it(moves):
        if not others:
            others.append("expiry")
            actions.expire_commands(at=command.expires_at)
        return genuine(moves)

    monkeypatch.setattr(reports, "save_moves", beaten_to_it)

    actions.record_results(results=[(car.vin, facts.result(command, "delivered"))])

    assert steps_of(command) == ["accepted", "sent", "unknown"]
    assert status_of(command) == "unknown"
