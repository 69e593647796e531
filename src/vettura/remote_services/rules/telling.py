"""What people are told by message of alarms and commands, and who has set an alarm."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from vettura_wire.statuses import Status

# which command sets the alarm that tells of this
SET_BY = {
    "valet_speed": "set_valet_alarm",
    "valet_area": "set_valet_alarm",
    "speed": "set_speed_alarms",
    "location_entered": "set_location_alarms",
    "location_left": "set_location_alarms",
}
# ends that people are told of, unless they wished for them
TOLD_ENDS = frozenset(map(str, (Status.FAILED, Status.REFUSED, Status.EXPIRED, Status.UNKNOWN)))
# who does not use the car any more is told nothing about it
UNTOLD_CAUSES = frozenset({"rights_ended"})
# whoever has just asked for it still looks: a mail is for those who have put the phone away
STILL_LOOKING = timedelta(minutes=1)

Asked = tuple[UUID, Mapping[str, Any]]  # who asked, with which parameters (JSON)


def setter(*, alarm_id: int, asked: Iterable[Asked]) -> UUID | None:
    """
    Who set an alarm as it stands now, from what the car has carried out, the newest first; None where nobody did from afar.

    A list is set as a whole: whoever added another alarm later has not set this one.
    """
    found, wanted = None, None
    for account_id, params in asked:
        alarm = _alarm(params, alarm_id)
        if alarm is None or (wanted is not None and alarm != wanted):
            break
        found, wanted = account_id, alarm
    return found


def _alarm(params: Mapping[str, Any], alarm_id: int) -> Mapping[str, Any] | None:
    if "alarms" not in params:
        return params if params.get("enabled") else None
    return next((each for each in params["alarms"] if each.get("id") == alarm_id), None)


def is_told(*, status: str, cause: str) -> bool:
    """Whether a person is told that a command came to this end."""
    return status in TOLD_ENDS and cause not in UNTOLD_CAUSES
