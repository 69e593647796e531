"""How a person signs in, and where."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from vettura.foundation import clock
from vettura.identity import rules
from vettura.identity.models import Account


@dataclass(frozen=True)
class Passkey:
    """A passkey as its owner sees it."""

    id: int
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Factors:
    """How a person signs in besides the password."""

    passkeys: tuple[Passkey, ...]
    has_app: bool
    codes_left: int | None

    @property
    def is_protected(self) -> bool:
        """Whether the password alone does not open the account."""
        return bool(self.passkeys) or self.has_app


@dataclass(frozen=True)
class Device:
    """Where a person is signed in."""

    id: int
    browser: str
    system: str
    place: str
    since: datetime
    seen_at: datetime
    is_current: bool


def factors_of(*, account: Account) -> Factors:
    """A person's sign-in factors, the oldest first. One query."""
    rows = list(Authenticator.objects.filter(user_id=account.id).order_by("created_at", "id"))
    codes = next((row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES), None)
    return Factors(
        passkeys=tuple(
            Passkey(row.id, row.wrap().name, row.created_at, row.last_used_at)
            for row in rows
            if row.type == Authenticator.Type.WEBAUTHN
        ),
        has_app=any(row.type == Authenticator.Type.TOTP for row in rows),
        codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
    )


def devices_of(*, account: Account, current_key: str | None) -> list[Device]:
    """Where a person is signed in, this device first, then by last use. Times are real times as world times."""
    devices = [
        Device(
            id=row.id,
            browser=(rules.browser_of(row.user_agent) or ("", 0))[0],
            system=rules.system_of(row.user_agent),
            place=row.ip,
            since=clock.to_world(row.created_at),
            seen_at=clock.to_world(row.last_seen_at),
            is_current=row.session_key == current_key,
        )
        for row in UserSession.objects.purge_and_list(account)
    ]
    return sorted(devices, key=lambda each: (not each.is_current, -each.seen_at.timestamp()))
