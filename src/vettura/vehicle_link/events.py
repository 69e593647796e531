"""What the link announces of cars that somebody outside is told about. The stream is the VIN."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from vettura.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class SignalsChanged(Event):
    """Signals of a watched car have new values; `at` (world time) is when they reached us."""

    stream_field: ClassVar[str] = "vin"
    vin: str
    values: dict[str, Any]  # what a signal is depends on its path
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CommandFinished(Event):
    """
    A command for a watched car came to its end, or to `unknown`, which a late answer corrects with another such event. Of other cars
    only what did not go as the person wished is announced.
    """

    stream_field: ClassVar[str] = "vin"
    vin: str
    command_id: UUID
    type: str
    status: str
    cause: str
    at: datetime
