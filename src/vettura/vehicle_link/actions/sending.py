"""Putting bytes on their way: signed messages to a car, notices to those who watch it live."""

from typing import Any

import msgspec
from django.conf import settings
from django.db import transaction

from vettura.vehicle_link import ports
from vettura_wire import signing, topics
from vettura_wire.payloads import Signed

LIVE_PREFIX = "vettura.live."

_encode = msgspec.json.Encoder().encode
_pem: dict[str, bytes] = {}


def signed(payload: Signed) -> bytes:
    """The payload, signed with the platform's key."""
    path = str(settings.VETTURA_KEYS_DIR / "platform.key")
    if path not in _pem:
        _pem[path] = (settings.VETTURA_KEYS_DIR / "platform.key").read_bytes()
    return signing.sign(payload, _pem[path])


def send_down(*, vin: str, kind: str, message: bytes) -> None:
    """This will send a signed message to a car once the transaction commits; a car that is away does not get it."""
    subject = topics.to_subject(topics.down(vin, kind))
    transaction.on_commit(lambda: ports.downlink().publish(subject, message))


def notify(*notices: dict[str, Any], vin: str) -> None:  # Any: JSON of any shape
    """
    This will tell the live viewers of a car, in one message, once the transaction commits. `kind` of a notice names the
    stream event.
    """
    message = _encode(notices)
    transaction.on_commit(lambda: ports.downlink().publish(LIVE_PREFIX + vin, message))
