"""
Reading what cars sent, in batches.

Messages come from a durable consumer on the MQTT gateway's own stream: what the broker acknowledged to a car is there.
Results go first and together (people wait for them), then what must stay in order per vehicle, then measurements.
Nothing is acknowledged before it is committed; a message nobody can work on is parked and holds up nobody.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from django.db import InterfaceError, OperationalError

from vettura.foundation.errors import NotFound
from vettura.vehicle_link import actions
from vettura_wire import payloads, topics
from vettura_wire.errors import WireError

log = logging.getLogger(__name__)

M = TypeVar("M", payloads.State, payloads.Result)

# the database is away: the messages stay unacknowledged and come again
AWAY = (OperationalError, InterfaceError)


@dataclass(frozen=True)
class Arrived:
    """A message as the broker hands it over."""

    topic: str
    payload: bytes
    sequence: int
    # when the broker took it (real time), as far as it says so
    at: datetime | None = None


def work_on(batch: Sequence[Arrived]) -> None:
    """
    This will work on a batch. Raises OperationalError or InterfaceError when the database is away: nothing may be
    acknowledged then. Working on a batch twice is the same as once.
    """
    states: list[tuple[str, payloads.State, Arrived]] = []
    results: list[tuple[str, payloads.Result, Arrived]] = []
    others: list[tuple[str, payloads.Hello | payloads.Event | payloads.Offline, Arrived]] = []
    for arrived in batch:
        try:
            vin, _, kind = topics.parse(arrived.topic)
            payload = payloads.decode_up(kind, arrived.payload)
        except WireError as error:
            _park(arrived, f"unreadable: {error}")
            continue
        match payload:
            case payloads.State():
                states.append((vin, payload, arrived))
            case payloads.Result():
                results.append((vin, payload, arrived))
            case payloads.Hello() | payloads.Event() | payloads.Offline():
                others.append((vin, payload, arrived))
    if results:
        _work_on_results(results)
    _work_on_others(others)
    if states:
        _work_on_states(states)
        _correct_presence(states, others)


def _work_on_others(others: Sequence[tuple[str, payloads.Hello | payloads.Event | payloads.Offline, Arrived]]) -> None:
    """Each car's messages in their order; first words of different cars together, for after an outage all come at once."""
    hellos: dict[str, tuple[payloads.Hello, Arrived]] = {}
    for vin, payload, arrived in others:
        if vin in hellos:
            _work_on_hellos(hellos)
            hellos = {}
        match payload:
            case payloads.Hello():
                hellos[vin] = payload, arrived
            case payloads.Event():
                _or_park(arrived, partial(actions.record_event, vin=vin, event=payload))
            case payloads.Offline():
                _or_park(arrived, partial(actions.record_offline, vin=vin, offline=payload))
    if hellos:
        _work_on_hellos(hellos)


def _work_on_hellos(hellos: Mapping[str, tuple[payloads.Hello, Arrived]]) -> None:
    try:
        actions.record_hellos(hellos={vin: (hello, arrived.at) for vin, (hello, arrived) in hellos.items()})
    except AWAY:
        raise
    except Exception:  # noqa: BLE001  # one of them cannot be used, and only it is parked, with its reason
        for vin, (hello, arrived) in hellos.items():
            _or_park(arrived, partial(actions.record_hello, vin=vin, hello=hello, arrived_at=arrived.at))


def _work_on_results(results: list[tuple[str, payloads.Result, Arrived]]) -> None:
    try:
        answered = actions.record_results(results=[(vin, result) for vin, result, _ in results])
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001  # one bad result must not hold up the others
        _one_by_one(results, error, _work_on_results)
        return
    for position, reason in answered.unusable.items():
        _park(results[position][2], reason)


def _work_on_states(states: list[tuple[str, payloads.State, Arrived]]) -> None:
    try:
        actions.record_states(states=[(vin, state) for vin, state, _ in states])
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001  # one bad report must not hold up the others
        _one_by_one(states, error, _work_on_states)


def _one_by_one(
    messages: list[tuple[str, M, Arrived]], error: Exception, work: Callable[[list[tuple[str, M, Arrived]]], None]
) -> None:
    """One bad message spoils its batch: find it, park it, and keep the others."""
    if len(messages) == 1:
        log.warning("parked a message of %s", messages[0][2].topic, exc_info=error)
        _park(messages[0][2], f"{type(error).__name__}: {error}")
        return
    for message in messages:
        work([message])


def _or_park(arrived: Arrived, work: Callable[[], None]) -> None:
    try:
        work()
    except AWAY:
        raise
    except (actions.UnusableMessage, NotFound) as error:
        _park(arrived, str(error))
    except Exception as error:  # a handler of another part failed: its message is kept for people, the next ones go on
        log.exception("a message of %s was parked", arrived.topic)
        _park(arrived, f"{type(error).__name__}: {error}")


def _park(arrived: Arrived, reason: str) -> None:
    actions.park_message(topic=arrived.topic, payload=arrived.payload, reason=reason, stream_sequence=arrived.sequence)


def _correct_presence(
    states: list[tuple[str, payloads.State, Arrived]],
    others: list[tuple[str, payloads.Hello | payloads.Event | payloads.Offline, Arrived]],
) -> None:
    """A measurement says that the car is there; not if the car left after it within the same batch."""
    left = {
        vin: (arrived.sequence, payload) for vin, payload, arrived in others if isinstance(payload, payloads.Offline)
    }
    back = {vin: arrived.sequence for vin, payload, arrived in others if isinstance(payload, payloads.Hello)}
    for vin, _, arrived in states:
        back[vin] = max(arrived.sequence, back.get(vin, 0))
    for vin, (sequence, offline) in left.items():
        if vin in back and back[vin] < sequence:
            actions.record_offline(vin=vin, offline=offline)
