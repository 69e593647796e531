"""What we remember of people."""

from vettura.identity.models.accounts import (
    AcceptedDocument,
    Account,
    AccountManager,
    PhoneCheck,
    Pin,
    Registration,
    StaffRole,
)
from vettura.identity.models.desk import AddressChange, StaffChange

__all__ = [
    "AcceptedDocument",
    "Account",
    "AccountManager",
    "AddressChange",
    "PhoneCheck",
    "Pin",
    "Registration",
    "StaffChange",
    "StaffRole",
]
