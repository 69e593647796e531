"""
Payloads: what stands in a message, as JSON.

Every kind has one frozen Struct. Fields may be added later: an unknown field is ignored, a missing or ill-typed
one is refused. Moments are RFC 3339 in UTC and in real time; inside a signed command they are epoch milliseconds.
"""

from datetime import datetime
from typing import Any, TypeVar

import msgspec

from vettura_wire import PROTOCOL, topics
from vettura_wire.errors import MalformedPayload, UnknownTopic

SignalValue = bool | int | float | str
"""What a signal of the car may be; arrays and objects are not reported."""

P = TypeVar("P", bound=msgspec.Struct)


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """How the car reaches the internet: ``bearer`` mobile or wifi, ``radio`` LTE, 3G or E (empty with wifi)."""

    bearer: str
    radio: str = ""


class Hello(msgspec.Struct, frozen=True, kw_only=True):
    """The first message after each connection: what the car is, holds and remembers."""

    vin: str
    head_unit: str
    software: str
    documents: dict[str, int]
    highest_counter: int
    has_memory: bool
    connection: Connection
    sent_at: datetime
    protocol: int = PROTOCOL


class State(msgspec.Struct, frozen=True, kw_only=True):
    """Measured values by VSS path. ``seq`` grows with each report of this car, over restarts and lost disks too."""

    seq: int
    measured_at: datetime
    values: dict[str, SignalValue]


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something happened in the car. ``id`` stays the same when it is sent again; a reply names it."""

    id: str
    type: str
    at: datetime
    # free by design: each type of event has its own facts, checked by the handler of that type
    data: dict[str, Any] = {}


class Result(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    How far a command came. ``request_hash`` binds it to the very bytes that were signed.

    With ``done`` the car says what it measures now of what the command was to change (``values``, as in a state) and what holds
    of the settings that it was to set (``settings``, as in ``remote_settings``): who reads “done” reads that too.
    """

    command_id: str
    status: str
    at: datetime
    request_hash: str
    cause: str | None = None
    values: dict[str, SignalValue] = {}
    # by name; ``vettura_wire.remote`` says which shape each has
    settings: dict[str, Any] = {}


class Offline(msgspec.Struct, frozen=True, kw_only=True):
    """The car is gone: its last will (no time known) or its own good-bye; ``because`` says why, as far as it knows."""

    at: datetime | None = None
    because: str = ""


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """A signed order to one car. ``issued`` and ``expires`` are epoch milliseconds of real time."""

    id: str
    vin: str
    type: str
    counter: int
    issued: int
    expires: int
    # free by design: each type of command has its own parameters, checked by the car
    params: dict[str, Any] = {}


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A signed, versioned fact for one car; a lower version than the one held is ignored."""

    vin: str
    name: str
    version: int
    # free by design: the owner of the facts decides what stands in a document
    body: dict[str, Any]


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A signed answer to an event (``to`` is its id) or to ``hello``."""

    vin: str
    to: str
    # free by design: the handler of the event decides what it answers
    body: dict[str, Any]


Signed = Command | Document | Reply
DATA_OFF = "data_off"
"""Why a car says good-bye: somebody has switched its data connection off."""

UP_PAYLOADS: dict[str, type[msgspec.Struct]] = {
    topics.HELLO: Hello,
    topics.STATE: State,
    topics.EVENT: Event,
    topics.SECURITY: Event,
    topics.RESULT: Result,
    topics.OFFLINE: Offline,
}

_encoder = msgspec.json.Encoder()
_ALL: tuple[type[msgspec.Struct], ...] = (Hello, State, Event, Result, Offline, Command, Document, Reply)
_decoders: dict[type[msgspec.Struct], msgspec.json.Decoder[Any]] = {kind: msgspec.json.Decoder(kind) for kind in _ALL}


def encode(payload: msgspec.Struct) -> bytes:
    """This will write a payload as JSON in UTF-8. The same payload always gives the same bytes."""
    return _encoder.encode(payload)


def decode(data: bytes, kind: type[P]) -> P:
    """
    This will read one kind of payload; an empty message is an ``Offline`` without a time.

    Refuses (MalformedPayload) what is not JSON, lacks a field, has one of another type, or a time without a zone.
    """
    decoder = _decoders.get(kind) or msgspec.json.Decoder(kind)
    try:
        payload: P = decoder.decode(data or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedPayload(f"{kind.__name__}: {error}") from error
    for name in ("at", "measured_at", "sent_at"):
        moment = getattr(payload, name, None)
        if isinstance(moment, datetime) and moment.tzinfo is None:
            raise MalformedPayload(f"{kind.__name__}: {name} has no time zone")
    return payload


def decode_up(kind: str, data: bytes) -> msgspec.Struct:
    """This will read what a car sent on the topic of this kind. Refuses as ``decode`` does, and unknown kinds."""
    if kind not in UP_PAYLOADS:
        raise UnknownTopic(kind)
    return decode(data, UP_PAYLOADS[kind])
