"""What is allowed and when on the link: pure functions. The table of command statuses is the wire's."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from vettura_wire import statuses
from vettura_wire.statuses import Status

CAR_UNREACHABLE = "car_unreachable"
NO_ANSWER = "no_answer"
RIGHTS_ENDED = "rights_ended"
# A core publish is QoS 0: a command the car did not confirm within this time is sent again, the same bytes.
RESEND_AFTER = timedelta(seconds=5)
NEVER_SENT = frozenset({Status.ACCEPTED, Status.QUEUED, Status.WAKING})


def first_status(*, is_online: bool) -> Status:
    """Sent at once to a car that is there; kept for one that is merely out of reach (C-62, C-74)."""
    return Status.SENT if is_online else Status.QUEUED


def status_at_expiry(status: str) -> Status | None:
    """What becomes of an unanswered command when its time is over; None if nothing does."""
    if status in NEVER_SENT:
        return Status.EXPIRED
    if status in (Status.SENT, Status.DELIVERED, Status.RUNNING):
        return Status.UNKNOWN
    return None


def may_report(status: str) -> bool:
    """Whether a car may say this of a command; the other statuses are the platform's to decide."""
    return status in statuses.FROM_CAR


def believable(measured_at: datetime, received_at: datetime) -> datetime:
    """The moment of a measurement, never later than its receipt: a future one would hide all that follow."""
    return min(measured_at, received_at)


def lacks(held: Mapping[str, int], *, name: str, version: int) -> bool:
    """Whether a car that holds these documents needs this one."""
    return held.get(name, 0) < version
