"""What this context announces."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from vettura.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class AccountActivated(Event):
    """A registration was completed: the person may sign in from now on."""

    stream_field: ClassVar[str] = "account_id"

    account_id: UUID
    email: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DocumentsAccepted(Event):
    """A person accepted documents; `versions` maps their kind to the version."""

    stream_field: ClassVar[str] = "account_id"

    account_id: UUID
    at: datetime
    versions: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class ConsentDecided(Event):
    """A person gave or withdrew a consent to a use of data; `channel` says how we learned it."""

    stream_field: ClassVar[str] = "account_id"

    account_id: UUID
    purpose: str
    version: str
    is_given: bool
    channel: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NameChanged(Event):
    """A person is called something else from now on (ID-031)."""

    stream_field: ClassVar[str] = "account_id"

    account_id: UUID
    given_name: str
    family_name: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ProgramAccessChanged(Event):
    """A program of the person may do less than before, or nothing any more."""

    stream_field: ClassVar[str] = "account_id"

    account_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AccountDeleted(Event):
    """A person deleted the account: access has ended, and whatever was delivered to it ends now (ID-037 to ID-039)."""

    stream_field: ClassVar[str] = "account_id"

    account_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SecurityCodeReset(Event):
    """A person replaced a forgotten security code: whoever trusted in the former one must be asked anew (REM-005)."""

    stream_field: ClassVar[str] = "account_id"

    account_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class IdentityVerified(Event):
    """A person was identified with an official document, as the telecom law of the country asks (IDV-002)."""

    stream_field: ClassVar[str] = "account_id"

    account_id: UUID
    check_id: UUID
    country: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class IdentityCheckFailed(Event):
    """An identification did not succeed: `because` is `failed`, `expired` or `canceled`; after the last two nothing follows."""

    stream_field: ClassVar[str] = "account_id"

    account_id: UUID
    check_id: UUID
    country: str
    because: str
    is_final: bool
    at: datetime
