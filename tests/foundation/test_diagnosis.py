"""Checks of the contexts in their order, up to the first cause that holds or the first question that is open."""

from datetime import UTC, datetime

import pytest

from vettura.foundation import diagnosis
from vettura.foundation.diagnosis import UNKNOWN, Cause, Fine, Inquiry, Outcome, Question, Stage, Step
from vettura.foundation.errors import NotFound


@pytest.fixture(autouse=True)
def _only_these_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "_checks", [])
    monkeypatch.setattr(diagnosis, "_topics", {})
    diagnosis.topic("radio", "Why is there no music?")


def asked(vin: str = "WP0ZZZY1ZLS000001", **told: str) -> Inquiry:
    return Inquiry(topic="radio", country="IT", vin=vin, at=datetime(2026, 1, 1, tzinfo=UTC), told=told)


def register(name: str, stage: Stage, outcome: Outcome | None, topic: str = "radio") -> None:
    def check(_: Inquiry) -> Outcome | None:
        return outcome

    check.__name__, check.__module__ = name, "vettura.radio.diagnosis"
    diagnosis.checks(topic, stage=stage)(check)


NO_CONTRACT, NO_NETWORK = Cause(code="no_contract", text="No contract."), Cause(code="no_network", text="No network.")
IS_IT_ON = Question(code="is_it_on", text="Is it on?", options={"yes": "Yes", "no": "No"})


@pytest.mark.rule("TRB-001")
def test_the_connection_is_looked_at_before_the_contract() -> None:
    register("contract", Stage.CONTRACT, NO_CONTRACT)
    register("network", Stage.CONNECTION, NO_NETWORK)
    found = diagnosis.diagnose(asked())
    assert found.cause == NO_NETWORK
    assert [step.check for step in found.steps] == ["radio.network"]


def test_what_was_fine_before_the_cause_is_told_too() -> None:
    register("network", Stage.CONNECTION, Fine(text="The car is online."))
    register("equipment", Stage.OFFERED, None)
    register("contract", Stage.CONTRACT, NO_CONTRACT)
    found = diagnosis.diagnose(asked())
    assert [step.check for step in found.steps] == ["radio.network", "radio.contract"]
    assert found.cause == NO_CONTRACT
    assert found.question is None


def test_a_question_is_asked_before_later_causes_are_named() -> None:
    register("switch", Stage.SWITCHED_OFF, IS_IT_ON)
    register("contract", Stage.CONTRACT, NO_CONTRACT)
    found = diagnosis.diagnose(asked())
    assert found.question == IS_IT_ON
    assert found.cause is None


def test_who_cannot_tell_gets_the_next_check() -> None:
    register("switch", Stage.SWITCHED_OFF, IS_IT_ON)
    register("contract", Stage.CONTRACT, NO_CONTRACT)
    found = diagnosis.diagnose(asked(is_it_on=UNKNOWN))
    assert found.steps[0] == Step(check="radio.switch", outcome=IS_IT_ON, is_skipped=True)
    assert found.cause == NO_CONTRACT


def test_checks_of_other_topics_are_left_alone() -> None:
    register("contract", Stage.CONTRACT, NO_CONTRACT, topic="parking")
    assert diagnosis.diagnose(asked()).steps == ()


def test_without_a_car_only_what_is_offered_at_all_is_looked_at() -> None:
    register("equipment", Stage.OFFERED, Fine(text="There is a radio for it."))
    register("contract", Stage.CONTRACT, NO_CONTRACT)
    assert [step.check for step in diagnosis.diagnose(asked(vin="")).steps] == ["radio.equipment"]


def test_an_unknown_topic_is_refused() -> None:
    with pytest.raises(NotFound):
        diagnosis.diagnose(Inquiry(topic="weather", country="IT", at=datetime(2026, 1, 1, tzinfo=UTC)))
