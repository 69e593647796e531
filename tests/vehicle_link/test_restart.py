"""The link may end at any time: what cars said meanwhile is there when it comes back."""

from tests import link_facts as facts

from vettura.vehicle_link import queries
from vettura_wire import payloads, signals, topics


def test_what_a_car_says_while_the_link_is_away_is_worked_on_when_it_is_back(transactional_db, nats_server, car):
    known = facts.vehicle()

    def reported() -> object:
        return queries.twins_of(vehicles=[known])[known.vin].value(signals.MILEAGE)

    with facts.running_link():
        client = car()
        client.__enter__()
        client.say_hello()
        facts.eventually(lambda: queries.twins_of(vehicles=[known])[known.vin].is_online)
    try:
        for number in range(1, 51):
            values = {signals.MILEAGE: float(number)}
            client.say(topics.STATE, payloads.State(seq=number, measured_at=facts.real_now(), values=values))
        before = reported()
        with facts.running_link():
            facts.eventually(lambda: reported() == 50.0)
    finally:
        client.__exit__()

    assert before is None
