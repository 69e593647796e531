"""What the store announces. The stream is the VIN."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from vettura.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Event):
    """A main user ordered; the money is not taken yet."""

    stream_field: ClassVar[str] = "vin"
    vin: str
    order_id: UUID
    account_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OrderPaid(Event):
    """An order is paid or costs nothing; its contracts have started."""

    stream_field: ClassVar[str] = "vin"
    vin: str
    order_id: UUID
    account_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OrderEnded(Event):
    """An order came to nothing: `because` is `declined` or `expired`. Nothing was taken."""

    stream_field: ClassVar[str] = "vin"
    vin: str
    order_id: UUID
    account_id: UUID
    because: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OrderWithdrawn(Event):
    """The customer took an order back; its contracts ended and its price goes back."""

    stream_field: ClassVar[str] = "vin"
    vin: str
    order_id: UUID
    account_id: UUID
    at: datetime
