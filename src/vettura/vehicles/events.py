"""What cars and the people around them announce. The stream is the VIN."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from vettura.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class VehicleRegistered(Event):
    """A car is known to the platform."""

    stream_field: ClassVar[str] = "vin"
    vin: str
    country: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MainUserAssigned(Event):
    """A person became the main user of a car."""

    stream_field: ClassVar[str] = "vin"
    vin: str
    account_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SecondaryUserAssigned(Event):
    """A person became a secondary user of a car."""

    stream_field: ClassVar[str] = "vin"
    vin: str
    account_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class UserRemoved(Event):
    """A person no longer uses a car."""

    stream_field: ClassVar[str] = "vin"
    vin: str
    account_id: UUID
    role: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class HeadUnitPaired(Event):
    """A person's code was typed in the head unit, or the person signed in there."""

    stream_field: ClassVar[str] = "vin"
    vin: str
    account_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RemoteAccessGranted(Event):
    """The main user let the platform reach the car's vehicle-related functions."""

    stream_field: ClassVar[str] = "vin"
    vin: str
    account_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RemoteAccessRevoked(Event):
    """Remote access ended, by the main user (`main_user`) or for another reason."""

    stream_field: ClassVar[str] = "vin"
    vin: str
    because: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PrivacyModeChanged(Event):
    """Privacy mode was switched in the car."""

    stream_field: ClassVar[str] = "vin"
    vin: str
    on: bool
    at: datetime


@dataclass(frozen=True, kw_only=True)
class UsersChanged(Event):
    """What the car is told of its users may have changed: people, names, pairing, sign-in, remote access."""

    stream_field: ClassVar[str] = "vin"
    vin: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class HeadUnitUnpaired(Event):
    """The main user took the tie between head unit and account back in the car; a code is needed again (C-71)."""

    stream_field: ClassVar[str] = "vin"
    vin: str
    account_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PersonalSettingsChanged(Event):
    """The profile of the person who is signed in to this car has changed, here or in another car (TAY-013)."""

    stream_field: ClassVar[str] = "vin"
    vin: str
    account_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PartnerSharingDecided(Event):
    """A person decided whether a named partner may have data."""

    stream_field: ClassVar[str] = "vin"
    vin: str
    account_id: UUID
    partner_id: UUID
    decision: bool
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MainUserParted(Event):
    """
    A person is no longer the main user of a car; what that person left with it is to be parted from it.

    `because` is `removed`, `sold`, `leased`, `returned` or `account_deleted` (C-44).
    """

    stream_field: ClassVar[str] = "vin"
    vin: str
    account_id: UUID
    because: str
    at: datetime
