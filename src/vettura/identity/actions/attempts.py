"""
Guessing is slowed down: after some free tries each one is followed by a pause, twice as long as the one before.

Tries are counted per account and per place (network address). The longest pause is short, a new password or Assistance
ends it, and passkeys are never paused: nobody is locked out for good. All in real time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.identity import rules
from vettura.identity.errors import TooManyAttempts
from vettura.identity.models import Account, Attempts


@dataclass(frozen=True)
class Limit:
    """What is counted, for whom, and how many tries are free."""

    kind: str
    subject: str
    free: int

    @property
    def key(self) -> str:
        """How the count is found again; says nothing to whoever reads the table."""
        return rules.hashed_code(code=self.subject, salt=self.kind, secret=settings.SECRET_KEY)


def at_account(*, kind: str, subject: str) -> Limit:
    """The limit of one account: `subject` is an address as it was typed, or the account's id."""
    return Limit(kind, subject.strip().lower(), catalog.terms().sign_in_free_attempts)


def from_place(*, kind: str, place: str) -> Limit:
    """The limit of one network address, behind which many people may sit."""
    return Limit(f"{kind}.place", place, catalog.terms().sign_in_free_attempts_per_place)


def limits_of_sign_in(*, email: str, place: str) -> list[Limit]:
    """What a sign-in by password counts for."""
    return [at_account(kind="password", subject=email), from_place(kind="password", place=place)]


# durable: a try must count even though the caller is refused later, so no surrounding transaction may undo it
@transaction.atomic(durable=True)
def count_attempt(*, limits: Sequence[Limit]) -> None:
    """
    This will count a try before it is known to be right, so that tries at once are counted like tries in turn.

    During a pause nothing is counted. Raises TooManyAttempts with `until` (real time).
    """
    at = clock.real_now()
    rows = _locked(limits, at)
    paused = [row.paused_until for row in rows.values() if row.paused_until is not None and at < row.paused_until]
    if paused:
        raise _refusal(max(paused), at)
    for limit in limits:
        row = rows[limit.key]
        if at >= row.last_at + catalog.terms().sign_in_attempts_kept:
            row.count = 0
        row.count, row.last_at = row.count + 1, at
        pause = rules.pause_after(attempts=row.count, free=limit.free)
        row.paused_until = at + pause if pause else None
        row.save()


@transaction.atomic
def forget_attempts(*, limits: Sequence[Limit]) -> None:
    """
    This will undo what a right try counted: the account's count is gone, the place gets the one back.

    A place keeps the rest: whoever guesses could sign in to an account of their own in between.
    """
    for limit in limits:
        if not limit.kind.endswith(".place"):
            Attempts.objects.filter(key=limit.key).delete()
            continue
        row = Attempts.objects.select_for_update().filter(key=limit.key).first()
        if row is not None and row.count:
            row.count, row.paused_until = row.count - 1, None
            row.save(update_fields=["count", "paused_until"])


def lift_pauses(*, account: Account) -> None:
    """This will end every pause of an account: after a new password, and when Assistance does it."""
    kept = [("password", account.email), ("factor", str(account.id)), ("confirm", str(account.id))]
    forget_attempts(limits=[at_account(kind=kind, subject=subject) for kind, subject in kept])


@transaction.atomic
def drop_old_attempts(*, at: datetime) -> int:
    """This will delete counts that no longer matter; `at` is real time."""
    done, _ = Attempts.objects.filter(last_at__lte=at - catalog.terms().sign_in_attempts_kept).delete()
    return done


def limits_of_confirmation(*, account_id: UUID, place: str) -> list[Limit]:
    """What a password counts for that is asked for again."""
    return [at_account(kind="confirm", subject=str(account_id)), from_place(kind="confirm", place=place)]


def limits_of_factor(*, account_id: UUID) -> list[Limit]:
    """What a code of an app and a recovery code count for. The password was right before, so no place is counted."""
    return [at_account(kind="factor", subject=str(account_id))]


def limits_of_mail(*, email: str, place: str) -> list[Limit]:
    """What a mail counts for that anybody may ask for: to register, or for a new password."""
    terms = catalog.terms()
    return [
        Limit("mail", email.strip().lower(), terms.mail_requests_free),
        Limit("mail.place", place, terms.sign_in_free_attempts_per_place),
    ]


def _locked(limits: Sequence[Limit], at: datetime) -> dict[str, Attempts]:
    """The rows, made where they are missing and locked in one order for all."""
    keys = sorted(limit.key for limit in limits)
    Attempts.objects.bulk_create([Attempts(key=key, last_at=at) for key in keys], ignore_conflicts=True)
    return {row.key: row for row in Attempts.objects.select_for_update().filter(key__in=keys).order_by("key")}


def _refusal(until: datetime, at: datetime) -> TooManyAttempts:
    return TooManyAttempts(until=until, minutes=rules.minutes_until(until=until, at=at))
