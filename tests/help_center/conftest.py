"""What is searched is filled from the pack once; every test begins with it."""

import pytest
from tests import vehicle_facts

from vettura.foundation import diagnosis as engine
from vettura.foundation.diagnosis import SERVICE, Cause, Evidence, Fine, Inquiry, Question, Remedy, Stage
from vettura.help_center import actions

OWN_VOLUME = Question(code="own_volume", text="Has your card volume left?", options={"yes": "Yes", "no": "No"})
WAY = Remedy(text="Choose a contract", page="store:catalog", query={"vin": "x"})


@pytest.fixture(scope="module")
def filled(made_for_the_file: None) -> int:
    """The articles of the pack, as they are searched: filled once for a file, a second each time."""
    return actions.fill_index()


@pytest.fixture
def index(filled: int, db) -> int:
    """The articles of the pack, as they are searched; how many."""
    return filled


@pytest.fixture(scope="module")
def taught(filled: int) -> int:
    """The same, after what the ways to ask teach was learned."""
    actions.learn()
    return filled


@pytest.fixture
def learned(taught: int, db) -> int:
    """The articles of the pack, as they are searched after learning; how many."""
    return taught


@pytest.fixture
def radio(monkeypatch: pytest.MonkeyPatch) -> str:
    """A topic with three checks: the car is online, a question, and a contract that is over unless the answer was "no"."""
    monkeypatch.setattr(engine, "_checks", [])
    monkeypatch.setattr(engine, "_topics", {})
    code = engine.topic("radio", "Why is there no music?")

    def online(asked: Inquiry):
        return Fine(text="The car is online.", evidence=(Evidence(text="Heard from", at=asked.at),))

    def volume(asked: Inquiry):
        answer = asked.told.get("own_volume")
        if answer == "no":
            return Cause(code="no_volume", text="Your card has no volume left.", contact="operator")
        return None if answer == "yes" else OWN_VOLUME

    def contract(asked: Inquiry):
        return Cause(
            code="expired",
            text="The contract is over. Renew it.",
            evidence=(Evidence(text="It ended", at=asked.at, scope="store_read"),),
            remedy=WAY,
            article="renew-a-service",
            task="ROAMING_ON",
        )

    for order, (check, stage) in enumerate(
        ((online, Stage.CONNECTION), (volume, Stage.CONNECTION), (contract, Stage.CONTRACT))
    ):
        check.__module__ = "vettura.radio.diagnosis"
        engine.checks(code, SERVICE, stage=stage, order=order)(check)
    return code


@pytest.fixture
def owner(db):
    """Somebody with one car."""
    return vehicle_facts.person(country="IT")


@pytest.fixture
def car(owner):
    """That car."""
    return vehicle_facts.vehicle(main_user=owner, generation="PAN-2")
