"""Who may do what with a car, what a VIN is, and how codes are made."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet
from vininfo import Vin

MAIN_USER = "main_user"
SECONDARY_USER = "secondary_user"
# who a person can be to a car; `driver` is the main user of a leased car
Who = Literal[
    "stranger",
    "guest",
    "secondary_user",
    "main_user",
    "former_user",
    "lessor",
    "driver",
    "selling_partner",
    "other_partner",
    "assistance",
]
Permission = Literal[
    "see",
    "see_own_settings",
    "configure_own_services",
    "command",
    "unlock",
    "buy",
    "grant_remote_access",
    "see_users",
    "invite_users",
    "remove_users",
    "leave",
    "remove",
    "sell",
    "lease_out",
    "return",
    "end_lease",
    "see_registration",
    "invite_main_user",
    "add_again",
    "check_proof",
]
Unmet = Literal["role", "no_main_user", "main_user", "no_connect", "not_linked", "no_remote_access", "privacy", "sale"]

# USR-003, USR-004, USR-012: a secondary user commands and configures, and neither buys nor manages
_USES: frozenset[Permission] = frozenset(("see", "see_own_settings", "configure_own_services", "command", "unlock"))
# USR-005, USR-010, USR-017: what the main user alone does, also with a leased car
_MANAGES: frozenset[Permission] = _USES | {"buy", "grant_remote_access", "see_users", "invite_users", "remove_users"}
PERMISSIONS: dict[Who, frozenset[Permission]] = {
    "stranger": frozenset(),
    # a guest has no account and leaves nothing behind: what works in the car is the car's business (C-24)
    "guest": frozenset(),
    "secondary_user": _USES | {"leave"},
    "main_user": _MANAGES | {"remove", "sell", "lease_out"},
    # GAR-019
    "former_user": frozenset(),
    # the car is the lessor's, what it does is the driver's (decision 0008)
    "lessor": frozenset(("see_registration", "end_lease")),
    "driver": _MANAGES | {"return"},
    "selling_partner": frozenset(("see_registration", "invite_main_user", "add_again", "check_proof")),
    # a partner who sells a car that another one sold before; a proof goes to the partner that the person chose
    "other_partner": frozenset(("invite_main_user", "check_proof")),
    # GAR-008
    "assistance": frozenset(("see_registration", "invite_main_user", "add_again", "check_proof")),
}
USERS: frozenset[Who] = frozenset(("secondary_user", "main_user", "driver"))


@dataclass(frozen=True, kw_only=True)
class CarState:
    """What of a car decides whether somebody may do something with it."""

    has_main_user: bool = True
    has_connect: bool = True
    is_linked: bool = True
    has_remote_access: bool = True
    is_private: bool = False
    is_being_sold: bool = False


# what must hold besides the role, in the order in which a person is told
_NEEDS: dict[Permission, tuple[Unmet, ...]] = {
    "command": ("no_connect", "not_linked", "no_remote_access", "privacy"),
    "unlock": ("no_connect", "not_linked", "no_remote_access", "privacy"),
    "grant_remote_access": ("no_connect",),
    # what is bought in the middle of a sale would be the next owner's
    "buy": ("sale",),
    "invite_users": ("sale",),
    "lease_out": ("sale",),
    "invite_main_user": ("main_user",),
    "add_again": ("main_user",),
    "check_proof": ("main_user",),
}
# ISO 3779: no I, O, Q; the last four characters are digits
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{13}[0-9]{4}")
# letters that are not mistaken for each other when read off a screen, and form no words
CAR_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
CAR_CODE_LENGTH = 8
_DOCUMENT_STARTS = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n", "image/png"))
VISITOR = "visitor"
# how long a car has to answer a challenge: it answers at once, or something is wrong
CHALLENGE_VALIDITY = timedelta(minutes=2)
CHALLENGE_SEED_BYTES = 32


def may(role: str | None, permission: Permission) -> bool:
    """
    Whether who somebody is to a car allows something, the state of the car apart; see `unmet` for both.

    Strangers and guests are nobody (None), so nothing is allowed to them, nor to a word that the table does not know.
    """
    return any(who == role and permission in allowed for who, allowed in PERMISSIONS.items())


def unmet(*, who: Who, permission: Permission, state: CarState) -> tuple[Unmet, ...]:
    """
    Why somebody may not do something with a car in this state, the first reason first; empty means: may.

    This is the one table of who may do what with a car: pages, programs, the car and the store all ask it.
    """
    if not may(who, permission):
        return ("role",)
    holds = {
        "main_user": not state.has_main_user,
        "no_connect": state.has_connect,
        "not_linked": state.is_linked,
        "no_remote_access": state.has_remote_access,
        "privacy": not state.is_private,
        "sale": not state.is_being_sold,
    }
    # nobody uses a car whose main user has gone, whatever is left over
    gone: tuple[Unmet, ...] = ("no_main_user",) if who in USERS and not state.has_main_user else ()
    return gone + tuple(need for need in _NEEDS.get(permission, ()) if not holds[need])


def is_linked(*, needs_code: bool, linked_at: datetime | None, has_main_user: bool) -> bool:
    """Whether the main user has tied the car to their account: by the code (C-71), or just by being it (PAI-007)."""
    return linked_at is not None if needs_code else has_main_user


def normal_vin(typed: str) -> str:
    """The VIN as it is stored: without blanks and hyphens, in capitals."""
    return re.sub(r"[\s-]", "", typed).upper()


def is_vin(vin: str) -> bool:
    """
    Whether this is a VIN as ISO 3779 describes it.

    The ninth character is a check digit in North America only: cars made there (first character 1 to 5) are held to it,
    others never, because European makers use that place for other things.
    """
    if _VIN.fullmatch(vin) is None:
        return False
    return vin[0] not in "12345" or bool(Vin(vin).verify_checksum(check_year=False))


def pairing_code(*, secret: str, seed: str, length: int) -> str:
    """The digits that belong to a seed (PAI-008). Without the secret the seed says nothing about them."""
    digest = hmac.digest(secret.encode(), f"pairing-code:{seed}".encode(), hashlib.sha256)
    return str(int.from_bytes(digest) % 10**length).zfill(length)


def is_same_code(one: str, other: str) -> bool:
    """Whether two codes are the same, in a time that does not tell how much of them is."""
    return hmac.compare_digest(one.encode(), other.encode())


def token_hash(token: str) -> str:
    """What we keep of an invitation's token. Tokens are long and random, so a plain hash cannot be reversed."""
    return hashlib.sha256(token.encode()).hexdigest()


def normal_car_code(typed: str) -> str:
    """A code read off a car's screen, as it is stored: capitals without blanks and hyphens."""
    return re.sub(r"[^A-Z]", "", typed.upper())


def may_grant_remote_access(*, role: str | None, is_signed_in: bool, is_paired: bool) -> bool:
    """
    Whether a person in the car may grant remote access: the main user, signed in there or paired with it (REM-002,
    USR-017).
    """
    return may(role, "grant_remote_access") and (is_signed_in or is_paired)


def end_of_day(day: date, zone: str) -> datetime:
    """The moment at which a whole local day is over: the start of the next one."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(zone))


def last_day(ends_at: datetime, zone: str) -> date:
    """The last local day before an exclusive end."""
    return (ends_at - timedelta.resolution).astimezone(ZoneInfo(zone)).date()


def start_of_day(day: date, zone: str) -> datetime:
    """The moment at which a local day begins."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone))


def kind_of_document(data: bytes) -> str | None:
    """The content type of an uploaded document, told by its first bytes and never by its name; None for others."""
    for start, content_type in _DOCUMENT_STARTS:
        if data.startswith(start):
            return content_type
    return None


def sealed_document(*, data: bytes, secret: str) -> bytes:
    """A document as it is kept: nobody reads it in the table alone."""
    return _document_key(secret).encrypt(data)


def unsealed_document(*, data: bytes, secret: str) -> bytes:
    """The document that was sealed with the same secret."""
    return _document_key(secret).decrypt(data)


def _document_key(secret: str) -> Fernet:
    digest = hashlib.sha256(b"vettura.vehicles.document:" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def challenge_secrets(*, secret: str, seed: bytes) -> tuple[bytes, bytes]:
    """The private key and the nonce of a challenge. Without the secret the seed says nothing about them."""
    key = hmac.digest(secret.encode(), b"security-code-key:" + seed, hashlib.sha256)
    nonce = hmac.digest(secret.encode(), b"security-code-nonce:" + seed, hashlib.sha256)
    return key, nonce


def is_taken(*, changed_at: datetime | None, at: datetime) -> bool:
    """Whether a change of a setting at a moment counts, when it was last changed at another: the latest wins."""
    return changed_at is None or at > changed_at


# -- simulated cars --------------------------------------------------------------------------------------------------
# no maker has this code, so the VIN says what it is
SIMULATED_VIN = "VTTZZZSMLTD"
MOST_SIMULATED_CARS = 5
