"""The security code: set, changed, reset, proven. Counting and locking are in real time."""

import base64
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare

from vettura.catalog import queries as catalog
from vettura.foundation import clock, locks, outbox
from vettura.foundation.errors import Refusal
from vettura.identity import errors, events, rules
from vettura.identity.models import Account, SecurityCode
from vettura.notifications import actions as notifications
from vettura_wire.security_code import SALT_BYTES, stretched

CodeError = Literal["code_wrong", "locked"]


def set_security_code(*, account: Account, password: str, code: str) -> None:
    """
    This will give a person who knows the password a first security code.

    Raises ConfirmationWrong, SecurityCodeMalformed, SecurityCodeTooSimple, and SecurityCodeThere where one is set
    already: that one is changed or reset.
    """
    if not account.check_password(password):
        raise errors.ConfirmationWrong
    salt, sealed = _kept(code)
    kept = {"salt": salt, "sealed_verifier": sealed, "set_at": clock.now()}
    _, is_new = SecurityCode.objects.get_or_create(account=account, defaults=kept)
    if not is_new:
        raise errors.SecurityCodeThere


def change_security_code(*, account: Account, current: str, code: str) -> None:
    """
    This will replace the code for whoever knows the current one; remote access stays as it is.

    A wrong current code is counted for good, so it cannot be called inside a transaction. Raises SecurityCodeMalformed,
    SecurityCodeTooSimple; SecurityCodeNotSet, SecurityCodeWrong with `attempts_left`, SecurityCodeLocked.
    """
    salt, sealed = _kept(code)
    refusal = _change(account, current, salt, sealed)
    if refusal is not None:
        raise refusal


# durable: an attempt must count even though the caller gets a refusal, so no surrounding transaction may undo it
@transaction.atomic(durable=True)
def _change(account: Account, current: str, salt: bytes, sealed: bytes) -> Refusal | None:
    row = SecurityCode.objects.select_for_update().filter(account=account).first()
    if row is None:
        return errors.SecurityCodeNotSet()
    at = clock.real_now()
    error = _judged(row, lambda verifier: constant_time_compare(stretched(current, bytes(row.salt)), verifier), at)
    if row.locked_until is not None and at < row.locked_until:
        return errors.SecurityCodeLocked(minutes=locks.minutes_left(until=row.locked_until, at=at))
    if error == "code_wrong":
        return errors.SecurityCodeWrong(attempts_left=catalog.terms().security_code_attempts - row.wrong_attempts)
    row.salt, row.sealed_verifier, row.set_at = salt, sealed, clock.now()
    row.save(update_fields=["salt", "sealed_verifier", "set_at"])
    return None


@transaction.atomic
def reset_security_code(*, account: Account, password: str, code: str) -> None:
    """
    This will put a new code in the place of a forgotten one, for whoever knows the password, and lift a lock.

    It announces the reset: remote access to the person's cars ends (REM-005). The person is told by mail. Raises
    ConfirmationWrong, SecurityCodeMalformed, SecurityCodeTooSimple, SecurityCodeNotSet.
    """
    if not account.check_password(password):
        raise errors.ConfirmationWrong
    row = SecurityCode.objects.select_for_update().filter(account=account).first()
    if row is None:
        raise errors.SecurityCodeNotSet
    at = clock.now()
    row.salt, row.sealed_verifier = _kept(code)
    row.set_at, row.wrong_attempts, row.locks, row.locked_until = at, 0, 0, None
    row.save()
    outbox.publish(events.SecurityCodeReset(account_id=account.id, at=at))
    notifications.send_mail(
        recipient_id=account.id,
        to=account.email,
        language=account.language,
        template="identity/mail/security_code_reset",
        facts={"name": account.given_name, "reset_url": f"{settings.VETTURA_BASE_URL}/password/reset/"},
    )


@transaction.atomic
def forget_security_code(*, account_id: UUID) -> None:
    """This will delete a person's code, so that no car takes it any more. Repeating it changes nothing."""
    SecurityCode.objects.filter(account_id=account_id).delete()


@transaction.atomic
def check_code_proof(*, account_id: UUID | None, is_proven: Callable[[bytes], bool]) -> CodeError | None:
    """
    This will ask whether what a car sent proves the person's code, and count the answer; None means that it does.

    `is_proven` gets what the code was stretched to. Somebody unknown or without a code is `code_wrong`, like a wrong
    code. It returns and never raises, so that the count is kept; `locked` also for the right code, until the time is
    over.
    """
    rows = SecurityCode.objects.select_for_update(of=("self",)).filter(account__status="active")
    row = rows.filter(account_id=account_id).first() if account_id is not None else None
    if row is None:
        is_proven(secrets.token_bytes(32))
        return "code_wrong"
    return _judged(row, is_proven, clock.real_now())


def _judged(row: SecurityCode, is_right: Callable[[bytes], bool], at: datetime) -> CodeError | None:
    """This will count a try; the row is locked by the caller's transaction."""
    if row.locked_until is not None and at < row.locked_until:
        return "locked"
    opened = rules.unsealed(data=bytes(row.sealed_verifier), secret=settings.SECRET_KEY)
    if opened is not None and is_right(base64.b64decode(opened)):
        if row.wrong_attempts or row.locks or row.locked_until:
            row.wrong_attempts, row.locks, row.locked_until = 0, 0, None
            row.save(update_fields=["wrong_attempts", "locks", "locked_until"])
        return None
    terms = catalog.terms()
    row.wrong_attempts += 1
    if row.wrong_attempts >= terms.security_code_attempts:
        duration = locks.lock_duration(
            locks_before=row.locks,
            first=terms.security_code_lock_duration,
            longest=terms.longest_code_lock_duration,
        )
        row.wrong_attempts, row.locks, row.locked_until = 0, row.locks + 1, at + duration
    row.save(update_fields=["wrong_attempts", "locks", "locked_until"])
    return "code_wrong"


def _kept(code: str) -> tuple[bytes, bytes]:
    """The salt and what is kept of a code that may be chosen."""
    if not rules.is_security_code(code):
        raise errors.SecurityCodeMalformed(digits=catalog.terms().security_code_length)
    if rules.is_simple_code(code):
        raise errors.SecurityCodeTooSimple
    salt = secrets.token_bytes(SALT_BYTES)
    verifier = base64.b64encode(stretched(code, salt)).decode()
    return salt, rules.sealed(text=verifier, secret=settings.SECRET_KEY)
