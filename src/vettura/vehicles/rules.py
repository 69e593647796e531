"""Who may do what with a car, what a VIN is, and how codes are made."""

import hashlib
import hmac
import re
from datetime import datetime
from typing import Literal

from vininfo import Vin

MAIN_USER = "main_user"
SECONDARY_USER = "secondary_user"
Permission = Literal["see", "buy", "command", "grant_remote_access", "invite_users", "configure_own_services"]
PERMISSIONS: dict[str, frozenset[Permission]] = {
    MAIN_USER: frozenset(("see", "buy", "command", "grant_remote_access", "invite_users", "configure_own_services")),
    # USR-003, USR-004, USR-012, USR-017: whether a command passes depends on the main user's grant as well
    SECONDARY_USER: frozenset(("see", "command", "configure_own_services")),
}
# ISO 3779: no I, O, Q; the last four characters are digits
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{13}[0-9]{4}")
# letters that are not mistaken for each other when read off a screen, and form no words
CAR_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
CAR_CODE_LENGTH = 8


def may(role: str | None, permission: Permission) -> bool:
    """Whether a role allows something. A guest and a stranger have no role (None), so nothing is allowed to them."""
    return role is not None and permission in PERMISSIONS.get(role, frozenset())


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
