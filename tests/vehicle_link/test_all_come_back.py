"""After an outage every car is at the door at once, and every one has its first words to say."""

from concurrent.futures import ThreadPoolExecutor

import aiomqtt
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import link_facts as facts

from vettura.vehicle_link import actions, ports, queries
from vettura.vehicle_link.models import ParkedMessage
from vettura.vehicle_link.process.ingest import Arrived, work_on
from vettura_wire import payloads, topics

VINS = [f"WP0ZZZY1ZLSA000{number:02}" for number in range(10, 20)]


class Sent:
    """A way down to the cars that keeps what was sent."""

    def __init__(self) -> None:
        self.topics: list[str] = []

    def publish(self, subject: str, payload: bytes) -> None:
        """Kept, in order."""
        self.topics.append(subject)


@pytest.fixture
def sent():
    downlink = Sent()
    former = ports.install(downlink)
    yield downlink
    ports.install(former)


def said(vin: str, sequence: int, hello: payloads.Hello | None = None) -> Arrived:
    return Arrived(topics.up(vin, topics.HELLO), payloads.encode(hello or facts.hello(vin)), sequence)


def presence(*vins: str) -> list[bool]:
    return [queries.link_of(vin=vin).is_online for vin in vins]


def test_first_words_of_ten_cars_cost_as_many_queries_as_those_of_one(transactional_db, clock, sent):
    main_user = facts.account()
    cars = [facts.vehicle(vin, main_user=main_user) for vin in VINS]
    for car in cars:
        actions.set_document(vin=car.vin, name="settings", body={"language": "it"})

    with CaptureQueriesContext(connection) as of_one:
        work_on([said(VINS[0], 1)])
    with CaptureQueriesContext(connection) as of_ten:
        work_on([said(vin, 2 + number) for number, vin in enumerate(VINS)])

    assert len(of_ten) == len(of_one)
    assert presence(*VINS) == [True] * len(VINS)


def test_each_car_gets_its_reply_first_then_what_it_lacks_then_its_commands(transactional_db, clock, sent):
    for vin in VINS[:2]:
        car = facts.vehicle(vin)
        actions.set_document(vin=vin, name="settings", body={"language": "it"})
        facts.command(car)
    newest = queries.document_versions_of(vehicles=[car])[car.vin]
    sent.topics.clear()

    work_on([said(VINS[0], 1), said(VINS[1], 2, facts.hello(VINS[1], documents=newest))])

    down = [[topic.rpartition(".")[2] for topic in sent.topics if f".{vin}.down" in topic] for vin in VINS[:2]]
    assert down[0] == ["reply", *["document"] * len(newest), "command"]
    assert down[1] == ["reply", "command"]


def test_a_car_that_left_after_its_first_words_is_away_though_others_came_between(transactional_db, clock, sent):
    for vin in VINS[:2]:
        facts.vehicle(vin)

    work_on([said(VINS[0], 1), said(VINS[1], 2), Arrived(topics.up(VINS[0], topics.OFFLINE), b"", 3)])

    assert presence(*VINS[:2]) == [False, True]


def test_first_words_that_cannot_be_believed_are_parked_alone(transactional_db, clock, sent):
    for vin in VINS[:2]:
        facts.vehicle(vin)

    work_on([said(VINS[0], 1, facts.hello(VINS[1])), said(VINS[1], 2), said(facts.OTHER_VIN, 3)])

    assert list(ParkedMessage.objects.order_by("stream_sequence").values_list("stream_sequence", flat=True)) == [1, 3]
    assert presence(*VINS[:2]) == [False, True]


def test_cars_that_come_together_are_let_in_together_and_strangers_among_them_are_not(link, car):
    for vin in VINS[:4]:
        facts.vehicle(vin)
    strangers = [VINS[5], VINS[6]]

    def is_let_in(vin: str) -> bool:
        try:
            with car(vin):
                return True
        except (aiomqtt.MqttError, TimeoutError):
            return False

    asking = [*VINS[:4], *strangers]
    with ThreadPoolExecutor(len(asking)) as at_once:
        let_in = dict(zip(asking, at_once.map(is_let_in, asking), strict=True))

    assert let_in == dict.fromkeys(VINS[:4], True) | dict.fromkeys(strangers, False)
