"""
Whatever is asked of whatever car: the answer is a cause, a question or Support; and every button, article and way through the head unit that
a cause names is there.
"""

import re
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import link_facts, vehicle_facts

from vettura.catalog import queries as catalog
from vettura.entitlements import actions as entitlements
from vettura.foundation import clock, diagnosis
from vettura.foundation.diagnosis import SERVICE, UNKNOWN, Cause, Fine, Inquiry, Question
from vettura.help_center import queries
from vettura.vehicle_link import actions as link
from vettura.vehicles import actions as vehicles
from vettura.vehicles.models import Vehicle
from vettura_wire import payloads

pytestmark = pytest.mark.django_db
TOPICS = [each.code for each in diagnosis.topics()]
PLACE = re.compile(r"\b\d{1,2}\.\d{3,}")


class World:
    """Some cars in different states, with a main user and a secondary user who has none of the rights."""

    def __init__(self) -> None:
        link_facts.ensure_keys()
        self.owner = vehicle_facts.with_pin(vehicle_facts.person(family_name="Secretowner"))
        self.other = vehicle_facts.person(family_name="Secretdriver")
        made = [
            self._car("TAY", "IT", signed_in=True, remote_access=True),
            self._car("CAY-3", "DE", signed_in=True),
            self._car("MAC-1", "JP"),
            self._car("911-8", "RU", equipment=()),
        ]
        link_facts.online(made[0])
        entitlements.start_inclusive_contracts(vin=made[0].vin, at=clock.now())
        link_facts.online(made[1])
        link.record_offline(vin=made[1].vin, offline=payloads.Offline(at=clock.real_now(), because=payloads.DATA_OFF))
        private = self._car("PAN-2", "DE", signed_in=True)
        vehicles.set_privacy_mode(vin=private.vin, on=True, at=clock.now())
        self.cars = [Vehicle.objects.get(vin=each.vin) for each in (*made, private)]

    def _car(self, generation: str, country: str, **facts: Any) -> Vehicle:
        return vehicle_facts.vehicle(
            main_user=self.owner, secondary_users=[self.other], generation=generation, country=country, **facts
        )

    def inquiry(self, topic: str, car: Vehicle | None, role: str, told: dict[str, str], service: str = "") -> Inquiry:
        person = {"main_user": self.owner, "secondary_user": self.other}.get(role)
        return Inquiry(
            topic=topic,
            service=service,
            country=car.country if car else "IT",
            at=clock.now(),
            account_id=person.id if person else None,
            role=role if car else "",
            vin=car.vin if car else "",
            told=told,
        )


@pytest.fixture
def world() -> World:
    return World()


def paths(world: World, topic: str, car: Vehicle | None, role: str, service: str = "") -> list[diagnosis.Diagnosis]:
    """Every answer that there is: all ways through the questions."""
    found, open_ones = [], [{}]
    while open_ones:
        told = open_ones.pop()
        answer = diagnosis.diagnose(world.inquiry(topic, car, role, told, service))
        found.append(answer)
        if answer.question is not None:
            assert answer.question.code not in told, "it asks the same twice"
            values = [*answer.question.options, UNKNOWN]
            open_ones += [{**told, answer.question.code: value} for value in values]
    return found


def check(cause: Cause | Question, car: Vehicle | None, client: Client) -> None:
    """What a cause or a question names is there."""
    known = queries.help_of_pack().articles
    assert not cause.article or cause.article in known, cause
    assert "{" not in cause.text, cause.text
    if isinstance(cause, Question):
        assert len(cause.options) >= 2
        return
    assert cause.remedy or cause.article or cause.task or cause.contact, f"{cause.code} leaves people alone"
    if cause.task:
        assert catalog.task_in(generation=car.generation, task=cause.task) == cause.task
    if cause.remedy:
        address = reverse(cause.remedy.page, kwargs=dict(cause.remedy.arguments))
        seen = client.get(address, dict(cause.remedy.query), follow=True)
        assert seen.status_code == 200, (cause.code, address)


@pytest.mark.parametrize("role", ["main_user", "secondary_user", ""])
def test_every_way_through_every_topic_ends_and_what_it_names_is_there(world, role):
    client = Client()
    client.force_login(world.other if role == "secondary_user" else world.owner)
    seen = set()
    for topic in diagnosis.topics():
        cars: list[Vehicle | None] = [*world.cars] if topic.needs_car else [None, world.cars[0]]
        for car in cars:
            for found in paths(world, topic.code, car, role):
                last = found.cause or found.question
                if last is not None and (last.code, last.article, car and car.generation) not in seen:
                    seen.add((last.code, last.article, car and car.generation))
                    check(last, car, client)
    assert {code for code, _, _ in seen} >= {"symbol", "restarted", "no_connect", "privacy_mode"}


def test_of_every_service_every_car_gets_an_answer(world):
    client = Client()
    client.force_login(world.owner)
    seen = set()
    for service, car in product(catalog.services(), world.cars):
        for found in paths(world, SERVICE, car, "main_user", service.id):
            last = found.cause or found.question
            if last is not None and (last.code, car.generation) not in seen:
                seen.add((last.code, car.generation))
                check(last, car, client)
    assert {code for code, _ in seen} >= {"contract_missing", "not_in_country", "not_for_drive", "equipment_missing"}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.rule("USR-008", "USR-009", "TRB-016")
def test_nobody_learns_who_drives_or_where(world, data):
    car = data.draw(st.sampled_from(world.cars))
    topic = data.draw(st.sampled_from([SERVICE, *TOPICS]))
    service = data.draw(st.sampled_from([each.id for each in catalog.services()])) if topic == SERVICE else ""
    role = data.draw(st.sampled_from(["main_user", "secondary_user", ""]))
    told: dict[str, str] = {}
    answer = diagnosis.diagnose(world.inquiry(topic, car, role, told, service))
    while answer.question is not None:
        told[answer.question.code] = data.draw(st.sampled_from([*answer.question.options, UNKNOWN]))
        answer = diagnosis.diagnose(world.inquiry(topic, car, role, told, service))
    words = "\n".join(
        [step.outcome.text for step in answer.steps]
        + [
            seen.text
            for step in answer.steps
            if isinstance(step.outcome, Fine | Cause)
            for seen in step.outcome.evidence
        ]
    )
    for secret in ("Secretowner", "Secretdriver", world.owner.email, world.other.email):
        assert secret not in words
    assert not PLACE.search(words)


def test_the_checks_know_topics_only_that_there_are():
    registered = {topic for each in diagnosis._checks for topic in each.topics}
    assert registered <= {SERVICE, *TOPICS}


def test_a_look_at_one_cause_asks_the_database_little(world, django_assert_max_num_queries):
    with django_assert_max_num_queries(25):
        diagnosis.diagnose(world.inquiry(SERVICE, world.cars[0], "main_user", {}, "remote_lock"))
