"""The link may end at any time: what cars said meanwhile is there when it comes back."""

import time
from contextlib import ExitStack

from tests import link_facts as facts

from vettura.vehicle_link import queries
from vettura.vehicle_link.process import link as link_process
from vettura_wire import payloads, signals, topics


def test_what_a_car_says_while_the_link_is_away_is_worked_on_when_it_is_back(transactional_db, nats_server, car):
    known = facts.vehicle()

    def reported() -> object:
        return queries.twins_of(vehicles=[known])[known.vin].value(signals.MILEAGE)

    with ExitStack() as its_day:
        with facts.running_link():
            client = its_day.enter_context(car())
            client.say_hello()
            facts.eventually(lambda: queries.twins_of(vehicles=[known])[known.vin].is_online)
        for number in range(1, 51):
            values = {signals.MILEAGE: float(number)}
            client.say(topics.STATE, payloads.State(seq=number, measured_at=facts.real_now(), values=values))
        before = reported()
        with facts.running_link():
            facts.eventually(lambda: reported() == 50.0)

    assert before is None


def test_a_message_is_read_at_once_also_when_the_request_for_it_has_just_run_out(
    transactional_db, nats_server, car, monkeypatch
):
    known = facts.vehicle()
    monkeypatch.setattr(link_process, "PULL_SECONDS", 2)
    value = 0.0

    def reported() -> object:
        return queries.twins_of(vehicles=[known])[known.vin].value(signals.MILEAGE)

    with facts.running_link(), car() as client:
        client.say_hello()
        facts.eventually(lambda: queries.twins_of(vehicles=[known])[known.vin].is_online)
        # the reader began to wait at the last message; the request began before, so it runs out while the reader waits
        for _ in range(5):
            time.sleep(0.9)
            value += 1
            report = payloads.State(seq=int(value), measured_at=facts.real_now(), values={signals.MILEAGE: value})
            client.say(topics.STATE, report)
            facts.eventually(lambda wanted=value: reported() == wanted, patience=1.5)


def test_a_broker_that_was_restarted_is_read_again_at_once(transactional_db, nats_server, car):
    known = facts.vehicle()

    def reported() -> object:
        return queries.twins_of(vehicles=[known])[known.vin].value(signals.MILEAGE)

    def report(value: float) -> None:
        client.say(
            topics.STATE, payloads.State(seq=int(value), measured_at=facts.real_now(), values={signals.MILEAGE: value})
        )

    with facts.running_link():
        with car() as client:
            report(1.0)
            facts.eventually(lambda: reported() == 1.0)
        nats_server.restart()
        # the link has to come back before it can let anybody in
        time.sleep(4)
        with car() as client:
            report(2.0)
            facts.eventually(lambda: reported() == 2.0)
