"""
The life of a remote command, as one table.

``accepted queued waking sent delivered running`` lead forward; ``done failed refused expired superseded`` are
final; ``unknown`` means that the car took it and then fell silent. A command never moves back; only a late answer
corrects ``unknown``.
"""

from enum import StrEnum


class Status(StrEnum):
    """Where a command stands."""

    ACCEPTED = "accepted"
    QUEUED = "queued"
    WAKING = "waking"
    SENT = "sent"
    DELIVERED = "delivered"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"


class Cause(StrEnum):
    """Why a car refuses a command."""

    PRIVACY_MODE = "privacy_mode"
    REPLAYED = "replayed"
    EXPIRED = "expired"
    BAD_SIGNATURE = "bad_signature"
    WRONG_VEHICLE = "wrong_vehicle"
    NOT_ENTITLED = "not_entitled"
    REMOTE_ACCESS_MISSING = "remote_access_missing"
    BATTERY_BELOW_25 = "battery_below_25"
    NOT_SUPPORTED = "not_supported"
    NOT_PLUGGED_IN = "not_plugged_in"
    ILL_PARAMETERS = "ill_parameters"
    LOW_VOLTAGE = "low_voltage"


_S = Status
FORWARD = (_S.ACCEPTED, _S.QUEUED, _S.WAKING, _S.SENT, _S.DELIVERED, _S.RUNNING)
FINAL = frozenset({_S.DONE, _S.FAILED, _S.REFUSED, _S.EXPIRED, _S.SUPERSEDED})
FROM_CAR = frozenset({_S.DELIVERED, _S.RUNNING, _S.DONE, _S.FAILED, _S.REFUSED})
"""What a car may report; everything else the platform decides."""

_ANSWERS = frozenset({_S.DONE, _S.FAILED, _S.REFUSED})
_NOT_YET_SENT = frozenset({_S.QUEUED, _S.WAKING, _S.SENT, _S.DELIVERED, _S.RUNNING, _S.EXPIRED, _S.SUPERSEDED})

TRANSITIONS: dict[Status, frozenset[Status]] = {
    _S.ACCEPTED: _NOT_YET_SENT | _ANSWERS,
    _S.QUEUED: (_NOT_YET_SENT - {_S.QUEUED}) | _ANSWERS,
    _S.WAKING: (_NOT_YET_SENT - {_S.QUEUED, _S.WAKING}) | _ANSWERS,
    # expired after sent: only when the car's hello shows that it never got it
    _S.SENT: frozenset({_S.DELIVERED, _S.RUNNING, _S.EXPIRED, _S.UNKNOWN}) | _ANSWERS,
    _S.DELIVERED: frozenset({_S.RUNNING, _S.UNKNOWN}) | _ANSWERS,
    _S.RUNNING: frozenset({_S.UNKNOWN}) | _ANSWERS,
    _S.UNKNOWN: frozenset({_S.EXPIRED}) | _ANSWERS,
    **{final: frozenset() for final in FINAL},
}


def may_move(before: str, after: str) -> bool:
    """
    This will tell whether a command may go from one status to another.

    Staying is not a move: a repeated message gives False and changes nothing.
    """
    try:
        return Status(after) in TRANSITIONS[Status(before)]
    except ValueError:
        return False


def is_final(status: str) -> bool:
    """This will tell whether nothing more can come (``unknown`` is not final: the car may still answer)."""
    return status in FINAL
