"""
The connection assistant: what to look at, in order, when something does not work, and what to do about it.

Pure: facts in, steps out. The facts are read from a car in ``vettura_car.checkup``.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from vettura_car.connection import Abilities, Circumstances, Connection, Reason, connect, objections

Contact = Literal["mobile_operator", "portal", "support"]
State = Literal["due", "advice", "fine"]
"""``due``: here is the cause, or something is to be done; ``advice``: good to know; ``fine``: looked at, and in order."""
Topic = Literal["services", "validity", "slow", "calls", "abroad"]
TOPICS: tuple[Topic, ...] = ("services", "validity", "slow", "calls", "abroad")


@dataclass(frozen=True, kw_only=True)
class ServiceFact:
    """A service of the car: why it does not run, and when its contract ends."""

    name: str
    reason: str | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """How things stand in the car. ``corner``: where its head unit shows the symbol of the connection."""

    connection: Connection
    abilities: Abilities
    now: Circumstances
    corner: str = "top_right"
    services: tuple[ServiceFact, ...] = ()
    phone_is_joined: bool = False
    phone_hotspot_is_on: bool = False
    phone_data_are_used: bool = False


@dataclass(frozen=True, kw_only=True)
class Step:
    """
    Something to look at. ``rules`` are the rows of docs/rules.md behind it, ``opens`` is what the menu's entry for it shows,
    does or sets, ``services`` are those concerned.
    """

    name: str
    rules: tuple[str, ...]
    state: State
    contact: Contact | None = None
    opens: str | None = None
    services: tuple[ServiceFact, ...] = ()

    @property
    def is_due(self) -> bool:
        """Whether something is wrong here."""
        return self.state == "due"


@dataclass(frozen=True, kw_only=True)
class _Cause:
    rules: tuple[str, ...]
    contact: Contact | None = None
    opens: str | None = None


CARD_IN_READER = "card_in_reader"
NO_INTERNET: dict[str, _Cause] = {
    Reason.DATA_OFF: _Cause(rules=("TRB-005", "TRB-006"), opens="data"),
    Reason.DATA_USE_REFUSED: _Cause(rules=("TRB-005", "CON-034"), opens="devices"),
    CARD_IN_READER: _Cause(rules=("TRB-012",)),
    Reason.HOTSPOT_OFF: _Cause(rules=("CON-042",), opens="choose_hotspot"),
    Reason.WRONG_PASSWORD: _Cause(rules=("CON-045",), opens="choose_hotspot"),
    Reason.NO_VOLUME: _Cause(rules=("TRB-007",), contact="mobile_operator", opens="data_use"),
    Reason.NO_COVERAGE: _Cause(rules=("TRB-008",)),
    Reason.ROAMING_OFF: _Cause(rules=("TRB-009", "CON-017"), opens="roaming"),
    Reason.PHONE_ROAMING_OFF: _Cause(rules=("TRB-009",)),
    Reason.NO_SIM: _Cause(rules=("TRB-010",), contact="mobile_operator", opens="sim"),
    Reason.PIN_NEEDED: _Cause(rules=("TRB-010", "PCM-017"), opens="sim"),
    Reason.PUK_NEEDED: _Cause(rules=("TRB-010", "TRB-011"), contact="mobile_operator", opens="sim"),
    Reason.SIM_DEAD: _Cause(rules=("TRB-010", "TRB-011"), contact="mobile_operator"),
    Reason.WRONG_APN: _Cause(rules=("TRB-010", "CON-038"), contact="mobile_operator", opens="apn"),
    Reason.CALL: _Cause(rules=("CON-008", "CON-013")),
    Reason.NO_WAY: _Cause(rules=("CON-040",), contact="support"),
}
"""Cause 1, in the order in which it is looked at: permission first, then volume, signal, roaming, SIM (TRB-005 to TRB-012)."""
NO_CONTRACT: dict[str, _Cause] = {
    "not_linked": _Cause(rules=("PAI-001",), opens="pairing"),
    "no_contract": _Cause(rules=("TRB-013",), contact="portal", opens="contracts"),
    "restart_needed": _Cause(rules=("STO-033",)),
    "ended": _Cause(rules=("TRB-014", "TRB-015"), contact="portal", opens="contracts"),
    "privacy_on": _Cause(rules=("PRI-001", "PRI-003"), opens="privacy_mode"),
    "guest_no_remote": _Cause(rules=("TAY-007",)),
    "assignment_needed": _Cause(rules=("USR-015",)),
    "remote_access_missing": _Cause(rules=("REM-002",), opens="remote_access"),
}
"""Cause 2, and what else keeps a service from running, in the order in which the car itself looks at it."""


def steps(topic: Topic, facts: Facts) -> list[Step]:
    """This will list what to look at for a topic, the first cause first."""
    found = {
        "services": lambda: [*_no_internet(facts), *_contracts(facts, tuple(NO_CONTRACT))],
        "validity": lambda: _contracts(facts, ("ended", "restart_needed", "no_contract", "not_linked")),
        "slow": lambda: _slow(facts),
        "calls": lambda: _calls(facts),
        "abroad": lambda: _abroad(facts),
    }[topic]()
    if topic in ("services", "validity"):
        nothing = not any(step.is_due for step in found)
        support = Step(name="support", rules=("TRB-016",), state="due" if nothing else "advice", contact="support")
        return [*found, support]
    return found


def _no_internet(facts: Facts) -> list[Step]:
    """TRB-001 to TRB-012: is there a symbol; if not, why."""
    where = "TRB-003" if facts.corner == "top_right" else "TRB-004"
    is_up = facts.connection.is_up
    symbol = Step(name="symbol", rules=("TRB-001", "TRB-002", where), state="fine" if is_up else "due")
    holds = set() if is_up else _reasons(facts)
    return [
        symbol,
        *(
            Step(name=name, rules=cause.rules, state="due", contact=cause.contact, opens=cause.opens)
            for name, cause in NO_INTERNET.items()
            if name in holds
        ),
    ]


def _reasons(facts: Facts) -> set[str]:
    connection = facts.connection
    found: set[str] = {connection.reason} if connection.reason is not None else set()
    tried = connection.tried
    is_there = {"inserted_sim": facts.now.card, "phone_hotspot": facts.now.hotspot, "integrated_sim": True}
    if tried is not None and is_there[tried]:
        found.update(objections(tried, facts.abilities, facts.now))
    card = facts.now.card
    if card is not None and not card.is_lent:
        without = connect(facts.abilities, dataclasses.replace(facts.now, card=None))
        if without.way == "integrated_sim":
            found.add(CARD_IN_READER)
    return found


def _contracts(facts: Facts, reasons: Sequence[str]) -> list[Step]:
    """TRB-013 to TRB-015: the services that do not run for another reason than the Internet, by reason."""
    found = []
    for reason in reasons:
        concerned = tuple(service for service in facts.services if service.reason == reason)
        cause = NO_CONTRACT[reason]
        if concerned:
            found.append(
                Step(name=reason, rules=cause.rules, state="due", contact=cause.contact, opens=cause.opens,
                     services=() if reason == "not_linked" else concerned)
            )  # fmt: skip
    running = tuple(service for service in facts.services if service.reason in (None, "no_data"))
    if running:
        found.append(
            Step(name="valid", rules=("TRB-014",), state="fine", opens="contracts", services=running)
        )  # fmt: skip
    return found


def _slow(facts: Facts) -> list[Step]:
    """CON-050, CON-051: the letter of the connection first."""
    connection = facts.connection
    found = [Step(name="indicator", rules=("CON-049", "CON-050"), state="fine" if connection.is_up else "due")]
    if not connection.is_up:
        return [*found, Step(name="first_connect", rules=("TRB-001",), state="due", opens="assistant_services")]
    better = Step(name="better_network", rules=("CON-051",), state="due" if connection.is_slow else "fine")
    return [*found, better]


def _calls(facts: Facts) -> list[Step]:
    """CON-032 to CON-034: a phone for calls only."""
    return [
        Step(name="bluetooth", rules=("CON-032",), state="fine" if facts.phone_is_joined else "due", opens="devices"),
        Step(name="phone_hotspot_off", rules=("CON-033",), state="due" if facts.phone_hotspot_is_on else "fine"),
        Step(name="no_phone_data", rules=("CON-034",), state="due" if facts.phone_data_are_used else "fine", opens="devices"),
    ]  # fmt: skip


def _abroad(facts: Facts) -> list[Step]:
    """CON-017 to CON-021, CON-047: what roaming takes and costs depends on the source (C-27)."""
    now, abilities = facts.now, facts.abilities
    source = facts.connection.way or facts.connection.tried
    found: list[Step] = []
    if source == "integrated_sim":
        found.append(Step(name="no_charge", rules=("CON-047",), state="fine"))
    else:
        found.append(Step(name="roaming_option", rules=("CON-021",), state="advice", contact="mobile_operator"))
    if abilities.roaming_is_automatic:
        found.append(Step(name="roaming_automatic", rules=("CON-018",), state="fine"))
    else:
        missing = now.is_abroad and not now.roaming_on
        state: State = "due" if missing else "fine" if now.roaming_on else "advice"
        found.append(Step(name="roaming_in_car", rules=("CON-017", "TRB-009"), state=state, opens="roaming"))
    if source == "phone_hotspot" and now.hotspot is not None:
        state = "fine" if now.hotspot.roaming_on else "due" if now.is_abroad else "advice"
        found.append(Step(name="roaming_in_phone", rules=("TRB-009",), state=state))
    return found
