"""What we remember of people."""

from vettura.identity.models.accounts import (
    Account,
    AccountManager,
    PhoneCheck,
    Pin,
    PinTries,
    Registration,
    StaffRole,
)
from vettura.identity.models.attempts import Attempts
from vettura.identity.models.consents import AcceptedDocument, Channel, ConsentDecision
from vettura.identity.models.desk import AddressChange, StaffChange
from vettura.identity.models.erasure import ErasureRequest
from vettura.identity.models.exports import DataExport
from vettura.identity.models.foreign import AppPassword, ForeignAppsChoice, ForeignSignIn, PinChallenge
from vettura.identity.models.identity_checks import IdentityCheck, IdentityCheckNotice, IdentityCheckPicture
from vettura.identity.models.programs import (
    DeviceSignIn,
    ProgramCode,
    ProgramConsent,
    ProgramGrant,
    ProgramToken,
)
from vettura.identity.models.security_codes import SecurityCode

__all__ = [
    "AcceptedDocument",
    "Account",
    "AccountManager",
    "AddressChange",
    "AppPassword",
    "Attempts",
    "Channel",
    "ConsentDecision",
    "DataExport",
    "DeviceSignIn",
    "ErasureRequest",
    "ForeignAppsChoice",
    "ForeignSignIn",
    "IdentityCheck",
    "IdentityCheckNotice",
    "IdentityCheckPicture",
    "PhoneCheck",
    "Pin",
    "PinChallenge",
    "PinTries",
    "ProgramCode",
    "ProgramConsent",
    "ProgramGrant",
    "ProgramToken",
    "Registration",
    "SecurityCode",
    "StaffChange",
    "StaffRole",
]
