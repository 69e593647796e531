"""What remote services announce. The stream is the VIN."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from vettura.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class IncidentReported(Event):
    """An alarm has tripped in a car, or somebody in it called for roadside help; `kind` is an IncidentKind."""

    stream_field: ClassVar[str] = "vin"
    vin: str
    incident_id: UUID
    kind: str
    at: datetime
