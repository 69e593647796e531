"""What contracts announce. The stream is the VIN."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from vettura.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class ContractStarted(Event):
    """A contract was made; it runs from `at`, which may lie ahead when it follows another."""

    stream_field: ClassVar[str] = "vin"
    vin: str
    contract_id: UUID
    service_id: str
    phase: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ContractEnded(Event):
    """A contract is over: `because` is `term`, `withdrawn` or `account_deleted`."""

    stream_field: ClassVar[str] = "vin"
    vin: str
    contract_id: UUID
    service_id: str
    because: str
    at: datetime
