"""The PIN: set, changed, checked. Counting and locking are in real time."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.errors import Refusal
from vettura.identity import rules
from vettura.identity.errors import ConfirmationWrong, PinLocked, PinMalformed, PinNotSet, PinWrong
from vettura.identity.models import Account, Pin


@transaction.atomic
def set_pin(*, account: Account, pin: str) -> None:
    """This will set or replace the PIN and lift a lock; the caller has made sure who asks. Raises PinMalformed."""
    if not rules.is_pin(pin):
        raise PinMalformed(digits=catalog.terms().pin_length)
    Pin.objects.update_or_create(
        account=account,
        defaults={
            "sealed": rules.sealed(text=pin, secret=settings.SECRET_KEY),
            "set_at": clock.now(),
            "wrong_attempts": 0,
            "locked_until": None,
        },
    )


def change_pin(*, account: Account, password: str, pin: str) -> None:
    """This will set or replace the PIN of whoever knows the password. Raises ConfirmationWrong, PinMalformed."""
    if not account.check_password(password):
        raise ConfirmationWrong
    set_pin(account=account, pin=pin)


def check_pin(*, account: Account, pin: str) -> None:
    """
    This will do nothing if the PIN is right, and start the counting afresh.

    A wrong one is counted for good, so it cannot be called inside a transaction. Raises PinNotSet; PinWrong with
    `attempts_left`; PinLocked with `until` (real time) once no attempt is left, and until then even for the right one.
    """
    refusal = try_pin(account, lambda known: constant_time_compare(known, pin), clock.real_now())
    if refusal is not None:
        raise refusal


# durable: an attempt must count even though the caller gets a refusal, so no surrounding transaction may undo it
@transaction.atomic(durable=True)
def try_pin(account: Account, is_right: Callable[[str], bool], at: datetime) -> Refusal | None:
    """Whether a proof of the PIN is right, counted for good: None, or why not. For this context's other proofs."""
    row = Pin.objects.select_for_update().filter(account=account).first()
    known = rules.unsealed(data=bytes(row.sealed), secret=settings.SECRET_KEY) if row is not None else None
    if row is None or known is None:
        return PinNotSet()
    if row.locked_until is not None and at < row.locked_until:
        return _locked(row.locked_until, at)
    if is_right(known):
        if row.wrong_attempts or row.locked_until:
            row.wrong_attempts, row.locked_until = 0, None
            row.save(update_fields=["wrong_attempts", "locked_until"])
        return None
    left, until = rules.pin_after_wrong(wrong_attempts=row.wrong_attempts, at=at)
    row.wrong_attempts, row.locked_until = (0 if until else row.wrong_attempts + 1), until
    row.save(update_fields=["wrong_attempts", "locked_until"])
    return _locked(until, at) if until else PinWrong(attempts_left=left)


def _locked(until: datetime, at: datetime) -> PinLocked:
    return PinLocked(until=until, minutes=rules.minutes_until(until=until, at=at))
