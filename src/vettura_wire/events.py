"""
Types of events that a car sends, the errors in the platform's replies, and the bodies of the known documents.

The platform's handlers and the car's screens use the same words; a new type is added here first.
"""

from datetime import datetime
from typing import Any, Literal

import msgspec

PAIRING_CODE_ENTERED = "pairing_code_entered"
SIGN_IN_REQUESTED = "sign_in_requested"
SIGNED_OUT = "signed_out"
SECURITY_CODE_REQUESTED = "security_code_requested"
SECURITY_CODE_PROOF = "security_code_proof"
SETTINGS_CHANGED = "settings_changed"
UNPAIRED = "unpaired"
REMOTE_ACCESS = "remote_access"
PRIVACY = "privacy"
FACTORY_RESET = "factory_reset"
DESTINATION_CHANGED = "destination_changed"
DOCUMENT_APPLIED = "document_applied"
REMOTE_SETTINGS = "remote_settings"
"""What holds of the settings of remote services (timers, alarms …) now, where no command's result says so."""
ALARM = "alarm"
BREAKDOWN_CALL = "breakdown_call"
BREAKDOWN_CANCELLED = "breakdown_cancelled"
"""Somebody in the car calls off the help that was called for it."""

NO_DATA_CONNECTION = "no_data_connection"
"""PAI-011: what a secondary user's code is answered with, although data is up."""
CODE_WRONG = "code_wrong"
LOCKED = "locked"
CHALLENGE_SPENT = "challenge_spent"
"""The challenge was answered before, is too old, or is another car's."""

USERS = "users"
CONTRACTS = "contracts"
CLOCK = "clock"
SETTINGS = "settings"
DESTINATIONS = "destinations"
"""What was released at the portal for the person who is signed in; its body is ``vettura_wire.destinations.DestinationsBody``."""
APP_CALENDAR = "app_calendar"
"""The calendar that the app brings: a car shows it while a phone with the app is in its hotspot. Its body is ``calendar.CalendarBody``."""
ROADSIDE_HELP = "roadside_help"
"""How the call for help of this car goes; its body is ``HelpBody``."""
APP_POI = "app_poi"
"""Personal points of interest made in the app: a car shows them once a phone with the app has been in its hotspot."""


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person of this car; ``role`` is main_user, secondary_user, or visitor: signed in without belonging to the car."""

    account_id: str
    name: str
    role: str


class UsersBody(msgspec.Struct, frozen=True, kw_only=True):
    """
    Body of ``users``: who belongs to the car, who is signed in, and whether remote access is granted.

    ``visitor`` is the person signed in who does not belong to the car (TAY-016).
    """

    users: list[User] = []
    visitor: User | None = None
    main_linked: bool = False
    signed_in: str | None = None
    remote_access: bool = False


class ContractEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One service by contract, with the commands it allows; times are world time, ``ends_at`` is exclusive."""

    id: str
    name: dict[str, str]
    starts_at: datetime
    ends_at: datetime | None = None
    phase: str = "paid"
    commands: list[str] = []


class ContractsBody(msgspec.Struct, frozen=True, kw_only=True):
    """Body of ``contracts``: everything this car may use (STO-052)."""

    services: list[ContractEntry] = []


class ClockBody(msgspec.Struct, frozen=True, kw_only=True):
    """Body of ``clock``: seconds by which world time is ahead of real time."""

    shift_seconds: float = 0.0


class PairingReply(msgspec.Struct, frozen=True, kw_only=True):
    """Answer to ``pairing_code_entered`` and ``remote_access``."""

    accepted: bool
    error: str | None = None


class SignInReply(msgspec.Struct, frozen=True, kw_only=True):
    """Answer to ``sign_in_requested``: what the person types or scans, and until when (real time)."""

    user_code: str
    verification_url: str
    expires_at: datetime
    verification_url_complete: str | None = None


class AlarmBody(msgspec.Struct, frozen=True, kw_only=True):
    """Data of ``alarm``: which one, how fast the car was (km/h) and where, in degrees."""

    kind: Literal["valet_speed", "valet_area", "speed", "location_entered", "location_left"]
    latitude: float
    longitude: float
    speed: float = 0.0
    alarm_id: int | None = None
    name: str = ""


class BreakdownBody(msgspec.Struct, frozen=True, kw_only=True):
    """Data of ``breakdown_call``: where the car is, in degrees, and how far it has come (km)."""

    latitude: float
    longitude: float
    mileage: float = 0.0


class HelpBody(msgspec.Struct, frozen=True, kw_only=True):
    """Body of ``roadside_help``: how the call goes, its number, and since when (world time)."""

    state: Literal["received", "in_progress", "done", "cancelled"]
    number: str = ""
    at: datetime | None = None


class SettingsBody(msgspec.Struct, frozen=True, kw_only=True):
    """Body of ``settings``: the profile of the person who is signed in; nobody's when nobody is."""

    account_id: str | None = None
    # by name; ``vettura_wire.settings`` says which value each may have, and a car leaves out what it does not know
    settings: dict[str, Any] = {}
