"""
What a car has to say: its hello, and then everything that is due until the broker has acknowledged it.

What it measures is noted when it happens, with data or without, and waits in ``Reports`` to be sent in order.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from vettura_car import SOFTWARE
from vettura_car.condition import values
from vettura_car.memory import Known
from vettura_car.reports import DRIFTING, Reports
from vettura_wire import events, signals, topics
from vettura_wire.clock import from_ms, real_now, real_now_ms
from vettura_wire.payloads import Connection, Event, Hello, Result, SignalValue, State
from vettura_wire.statuses import Status

if TYPE_CHECKING:
    from vettura_car.car import Car

QUIET_INTERVAL = timedelta(seconds=10)
"""Drifting numbers (charge, temperature, place) are noted at most this often."""
AWAKE_INTERVAL = timedelta(seconds=60)
"""A car that is awake and reaches the platform reports everything at least this often."""
LOCATE = "locate"
"""The command of services that find the car."""
POSITION = frozenset({signals.LATITUDE, signals.LONGITUDE, signals.HEADING})
SENT_IN_PRIVACY = frozenset({events.PRIVACY, events.DOCUMENT_APPLIED})
"""C-77: the events that still go out in privacy mode."""


class Outgoing(NamedTuple):
    """Something to publish; ``taken`` is called once the broker has acknowledged it."""

    kind: str
    payload: msgspec.Struct
    taken: Callable[[], None]


class Uplink:
    """The messages of one car. What was measured waits in ``reports``; the rest stands in condition and memory."""

    def __init__(self, car: "Car", reports: Reports) -> None:
        self._car = car
        self.reports = reports
        self._noted_at: datetime | None = None
        self._everything_at: datetime | None = None
        self._everything_due = False

    def hello(self) -> Hello:
        """This will make the first message of a connection; a car without memory begins one now."""
        car = self._car
        has_memory = not car.memory.is_fresh
        now_ms = real_now_ms()
        car.memory.begin(now_ms)
        car.note_hello()
        self.report_all()
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
        due = [Outgoing(topics.EVENT, event, self._event_taken(event)) for event in car.condition.pending_events]
        due.extend(Outgoing(topics.RESULT, result, self._result_taken(known)) for known, result in car.memory.unsent())
        due = [item for item in due if self.may_go(item)]
        if not car.condition.privacy_on:
            self.note()
            due.extend(Outgoing(topics.STATE, report, self._report_taken(report)) for report in self.reports.waiting())
        return due

    def may_go(self, item: Outgoing) -> bool:
        """
        Whether something that was due may still go out: privacy mode may have come on while what stood before it was sent.
        """
        if not self._car.condition.privacy_on:
            return True
        payload = item.payload
        if isinstance(payload, Event):
            return payload.type in SENT_IN_PRIVACY
        return isinstance(payload, Result) and payload.status == Status.REFUSED

    def note(self, *, flush: bool = False) -> None:
        """
        This will note what changed since the last note, with this moment, to be sent when it can.

        What a person did is noted at once, and every number with it; drifting numbers alone wait for their interval, unless
        ``flush`` says that it is the last chance. In privacy mode nothing is noted, nor before the car's first hello.
        """
        car = self._car
        if car.condition.privacy_on or car.memory.is_fresh:
            return
        now = real_now()
        current = self.open_values()
        changed = {path: value for path, value in current.items() if self.reports.noted.get(path) != value}
        if self._everything_due or (
            car.is_linked_up and self._is_awake and _is_due(self._everything_at, AWAKE_INTERVAL, now)
        ):
            self._everything_due, self._everything_at = False, now
            changed = current
        elif DRIFTING.issuperset(changed) and not flush and not _is_due(self._noted_at, QUIET_INTERVAL, now):
            return
        if changed:
            self._noted_at = now
            self.reports.add(now, changed)

    def report_all(self) -> None:
        """This will have everything reported with the next state, whether it changed or not."""
        self._everything_due = True

    def open_values(self) -> dict[str, SignalValue]:
        """What may be measured for others now: the place only while a service that finds the car is not private (PRI-001)."""
        car = self._car
        measured = values(car.condition, car.build)
        if not car.entitlement.is_private(LOCATE):
            return measured
        return {path: value for path, value in measured.items() if path not in POSITION}

    @property
    def _is_awake(self) -> bool:
        c = self._car.condition
        return c.ignition != "off" or c.charging or c.climate_active

    def _event_taken(self, event: Event) -> Callable[[], None]:
        return lambda: self._car.forget_event(event)

    def _result_taken(self, known: Known) -> Callable[[], None]:
        return lambda: self._car.memory.note_sent(known)

    def _report_taken(self, report: State) -> Callable[[], None]:
        return lambda: self.reports.take(report.seq)


def _is_due(last: datetime | None, interval: timedelta, now: datetime) -> bool:
    return last is None or now >= last + interval
