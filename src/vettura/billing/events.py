"""What billing announces. The stream is the account."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from vettura.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class PaymentAuthorized(Event):
    """The money of an order is set aside."""

    stream_field: ClassVar[str] = "account_id"
    account_id: UUID
    payment_id: UUID
    order_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PaymentCaptured(Event):
    """The money of an order was taken."""

    stream_field: ClassVar[str] = "account_id"
    account_id: UUID
    payment_id: UUID
    order_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PaymentDeclined(Event):
    """The card was declined; nothing was taken."""

    stream_field: ClassVar[str] = "account_id"
    account_id: UUID
    payment_id: UUID
    order_id: UUID
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PaymentReleased(Event):
    """The money is free again; nothing was taken."""

    stream_field: ClassVar[str] = "account_id"
    account_id: UUID
    payment_id: UUID
    order_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PaymentRefunded(Event):
    """The money that was taken went back."""

    stream_field: ClassVar[str] = "account_id"
    account_id: UUID
    payment_id: UUID
    order_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class InvoicePublished(Event):
    """An invoice or credit note can be read; mail and message went out with it."""

    stream_field: ClassVar[str] = "account_id"
    account_id: UUID
    invoice_id: UUID
    order_id: UUID
    number: str
    at: datetime
