"""A person with a car, and a receiver of webhooks."""

import pytest
from tests import link_facts as facts
from tests.webhook_facts import Receiver


@pytest.fixture
def person(db, clock):
    return facts.account()


@pytest.fixture
def car(person):
    return facts.vehicle(main_user=person)


@pytest.fixture
def receiver():
    with Receiver().listening() as receiver:
        yield receiver
