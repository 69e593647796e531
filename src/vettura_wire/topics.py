"""
Topics: ``vehicles/{vin}/up/{kind}`` and ``vehicles/{vin}/down/{kind}``.

The broker's native side writes the same with dots (``vehicles.{vin}.up.{kind}``); a VIN holds no dot, so both
translate without loss.
"""

import re
from typing import Literal, NamedTuple

from vettura_wire.errors import UnknownTopic

HELLO = "hello"
STATE = "state"
EVENT = "event"
RESULT = "result"
SECURITY = "security"
OFFLINE = "offline"
UP_KINDS = frozenset({HELLO, STATE, EVENT, RESULT, SECURITY, OFFLINE})

COMMAND = "command"
DOCUMENT = "document"
REPLY = "reply"
DOWN_KINDS = frozenset({COMMAND, DOCUMENT, REPLY})

GATEWAY_PREFIX = "$MQTT.msgs."
"""Before the subjects of MQTT messages in the broker's own stream, which the platform reads from."""

_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")


class Topic(NamedTuple):
    """A topic, taken apart."""

    vin: str
    direction: Literal["up", "down"]
    kind: str


def is_vin(text: str) -> bool:
    """This will tell whether the text has the form of a VIN (17 signs without I, O, Q)."""
    return _VIN.fullmatch(text) is not None


def up(vin: str, kind: str) -> str:
    """This will name the topic on which the car sends. Refuses (UnknownTopic) an unknown kind or an ill-formed VIN."""
    return _join(vin, "up", kind, UP_KINDS)


def down(vin: str, kind: str) -> str:
    """This will name the topic on which the car listens. Refuses (UnknownTopic) an unknown kind or ill-formed VIN."""
    return _join(vin, "down", kind, DOWN_KINDS)


def down_filter(vin: str) -> str:
    """This will name what a car subscribes to: everything that is for it."""
    if not is_vin(vin):
        raise UnknownTopic(vin)
    return f"vehicles/{vin}/down/+"


def parse(topic: str) -> Topic:
    """
    This will take an MQTT topic, a NATS subject, or a subject of the gateway's stream apart.

    Refuses (UnknownTopic) whatever is not exactly a topic of this wire.
    """
    parts = topic.removeprefix(GATEWAY_PREFIX).replace(".", "/").split("/")
    if len(parts) == 4 and parts[0] == "vehicles" and is_vin(parts[1]):
        if parts[2] == "up" and parts[3] in UP_KINDS:
            return Topic(parts[1], "up", parts[3])
        if parts[2] == "down" and parts[3] in DOWN_KINDS:
            return Topic(parts[1], "down", parts[3])
    raise UnknownTopic(topic)


def to_subject(topic: str) -> str:
    """This will write a topic the way the broker's native side does: with dots."""
    return topic.replace("/", ".")


def _join(vin: str, direction: str, kind: str, kinds: frozenset[str]) -> str:
    if kind not in kinds or not is_vin(vin):
        raise UnknownTopic(f"{vin}/{direction}/{kind}")
    return f"vehicles/{vin}/{direction}/{kind}"
