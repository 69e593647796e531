"""What a car has to say: its hello, and then everything that is due until the broker has acknowledged it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from vettura_car import SOFTWARE
from vettura_car.condition import values
from vettura_car.memory import Known
from vettura_wire import events, topics
from vettura_wire.clock import from_ms, real_now, real_now_ms
from vettura_wire.payloads import Connection, Event, Hello, SignalValue, State
from vettura_wire.statuses import Status

if TYPE_CHECKING:
    from vettura_car.car import Car

QUIET_INTERVAL = timedelta(seconds=10)
"""Slowly moving numbers (charge, temperature, place) are reported at most this often."""
AWAKE_INTERVAL = timedelta(seconds=60)
"""A car that is awake reports everything at least this often."""
SENT_IN_PRIVACY = frozenset({events.PRIVACY, events.DOCUMENT_APPLIED})
"""C-77: the events that still go out in privacy mode."""


class Outgoing(NamedTuple):
    """Something to publish; ``taken`` is called once the broker has acknowledged it."""

    kind: str
    payload: msgspec.Struct
    taken: Callable[[], None]


class Uplink:
    """The messages of one car. It holds nothing but what was last reported; the rest stands in condition and memory."""

    def __init__(self, car: "Car") -> None:
        self._car = car
        self._reported: dict[str, SignalValue] = {}
        self._reported_at: datetime | None = None

    def hello(self) -> Hello:
        """This will make the first message of a connection; a car without memory begins one now."""
        car = self._car
        has_memory = not car.memory.is_fresh
        now_ms = real_now_ms()
        car.memory.begin(now_ms)
        car.note_hello()
        self._reported = {}
        c = car.condition
        return Hello(
            vin=car.vin,
            head_unit=car.build.generation.head_unit,
            software=SOFTWARE,
            documents={name: held.version for name, held in c.documents.items()},
            highest_counter=car.memory.highest_counter,
            has_memory=has_memory,
            connection=Connection(
                bearer=car.connection.bearer, radio="" if car.connection.bearer == "wifi" else car.connection.label
            ),
            sent_at=from_ms(now_ms),
        )

    def outgoing(self) -> list[Outgoing]:
        """
        This will list what should be published now, in order; events and results again until they are taken.

        In privacy mode only the privacy event, acknowledgements and refusals are in it (C-77).
        """
        car = self._car
        private = car.condition.privacy_on
        due = [
            Outgoing(topics.EVENT, event, self._event_taken(event))
            for event in car.condition.pending_events
            if not private or event.type in SENT_IN_PRIVACY
        ]
        due.extend(
            Outgoing(topics.RESULT, result, self._result_taken(known))
            for known, result in car.memory.unsent()
            if not private or result.status == Status.REFUSED
        )
        state = None if private else self._due_state()
        if state is not None:
            due.append(Outgoing(topics.STATE, state, lambda: None))
        return due

    def report_all(self) -> None:
        """This will have everything reported with the next state, whether it changed or not."""
        self._reported = {}

    def _event_taken(self, event: Event) -> Callable[[], None]:
        return lambda: self._car.forget_event(event)

    def _result_taken(self, known: Known) -> Callable[[], None]:
        return lambda: self._car.memory.note_sent(known)

    def _due_state(self) -> State | None:
        now = real_now()
        car = self._car
        current = values(car.condition, car.build)
        differing = {path: value for path, value in current.items() if self._reported.get(path) != value}
        asleep = car.condition.ignition == "off" and not car.condition.charging and not car.condition.climate_active
        if not self._reported or (
            self._reported_at is not None and now >= self._reported_at + AWAKE_INTERVAL and not asleep
        ):
            differing = current
        at_once = any(isinstance(value, bool | str) or path not in self._reported for path, value in differing.items())
        if not differing or not (at_once or self._reported_at is None or now >= self._reported_at + QUIET_INTERVAL):
            return None
        self._reported, self._reported_at = current, now
        car.condition.seq += 1
        car.condition.last_reported_at = now
        return State(seq=car.condition.seq, measured_at=now, values=differing)
