"""Messages from cars: `@handles("type")` in `<context>/uplink.py`; the vehicle link calls it and sends its reply."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vettura.foundation import audit

Json = dict[str, Any]  # JSON object of any shape


@dataclass(frozen=True)
class CarEvent:
    """An event from a car, verified to come from that car. `at` is world time."""

    vin: str
    id: str
    type: str
    at: datetime
    data: Json


Handler = Callable[[CarEvent], Json | None]
_handlers: dict[str, Handler] = {}


def handles(event_type: str) -> Callable[[Handler], Handler]:
    """This will call the function for each such event; a returned object is sent to the car as the reply."""

    def register(handler: Handler) -> Handler:
        if event_type in _handlers:
            raise RuntimeError(f"two handlers for {event_type}")
        _handlers[event_type] = _for_a_car(handler)
        return handler

    return register


@dataclass(frozen=True)
class TakenDocument:
    """A version of a document that a car has put to use. `at` is world time."""

    vin: str
    name: str
    version: int
    at: datetime


Taker = Callable[[TakenDocument], None]
_takers: dict[str, Taker] = {}


def takes(document: str) -> Callable[[Taker], Taker]:
    """This will call the function, in the context that owns the document, whenever a car has put a version of it to use."""

    def register(taker: Taker) -> Taker:
        _takers[document] = taker
        return taker

    return register


def taker_of(document: str) -> Taker | None:
    """Who wants to know when cars have taken this document, if anybody."""
    return _takers.get(document)


def _for_a_car(handler: Handler) -> Handler:
    """What a car's message changes was changed by that car."""

    @functools.wraps(handler)
    def handle(event: CarEvent) -> Json | None:
        with audit.acting(channel="car", origin=event.vin):
            return handler(event)

    return handle


def handler_of(event_type: str) -> Handler | None:
    """The handler of an event type, if any context has one."""
    return _handlers.get(event_type)
