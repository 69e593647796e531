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

__all__ = ["AcceptedDocument", "Account", "AccountManager", "PhoneCheck", "Pin", "Registration", "StaffRole"]
