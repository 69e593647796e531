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
from vettura.identity.models.security_codes import SecurityCode

__all__ = [
    "AcceptedDocument",
    "Account",
    "AccountManager",
    "AddressChange",
    "PhoneCheck",
    "Pin",
    "Registration",
    "SecurityCode",
    "StaffChange",
    "StaffRole",
]
