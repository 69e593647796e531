"""A program with a token, and a person with a browser."""

import pytest
from django.test import Client
from tests import link_facts as facts
from tests.store_facts import card_sandbox, cards

__all__ = ["card_sandbox", "cards"]


@pytest.fixture
def person(transactional_db):
    """A main user. Wrong PINs are counted for good, so these tests commit."""
    return facts.account()


@pytest.fixture
def car(person):
    """The person's car."""
    return facts.vehicle(main_user=person)


@pytest.fixture
def browser(person) -> Client:
    """Signed in to the portal; unforeseen errors are answered as in production."""
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client
