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
from vettura.identity.models import Account, Pin, PinTries


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
    PinTries.objects.filter(account=account).delete()


def change_pin(*, account: Account, password: str, pin: str) -> None:
    """This will set or replace the PIN of whoever knows the password. Raises ConfirmationWrong, PinMalformed."""
    if not account.check_password(password):
        raise ConfirmationWrong
    set_pin(account=account, pin=pin)


def check_pin(*, account: Account, pin: str, car: str = "") -> None:
    """
    This will do nothing if the PIN is right, and start the counting afresh, at this car (its VIN) and over all.

    A wrong one is counted for good, so it cannot be called inside a transaction. Raises PinNotSet; PinWrong with
    `attempts_left`; PinLocked with `until` (real time) once no attempt is left, and until then even for the right one.
    """
    refusal = try_pin(account, lambda known: constant_time_compare(known, pin), clock.real_now(), car=car)
    if refusal is not None:
        raise refusal


# durable: an attempt must count even though the caller gets a refusal, so no surrounding transaction may undo it
@transaction.atomic(durable=True)
def try_pin(account: Account, is_right: Callable[[str], bool], at: datetime, *, car: str) -> Refusal | None:
    """
    Whether a proof of the PIN is right, counted for good: None, or why not. For this context's other proofs.

    Wrong ones count for the person at this car, and for the person at all cars: guessing does not begin afresh at the next car.
    """
    row = Pin.objects.select_for_update().filter(account=account).first()
    known = rules.unsealed(data=bytes(row.sealed), secret=settings.SECRET_KEY) if row is not None else None
    if row is None or known is None:
        return PinNotSet()
    here = PinTries.objects.filter(account=account, vin=car).first() or PinTries(account=account, vin=car)
    counted: tuple[Pin | PinTries, ...] = (here, row)
    locks = [each.locked_until for each in counted if each.locked_until is not None and at < each.locked_until]
    if locks:
        return _locked(max(locks), at)
    if is_right(known):
        for each in counted:
            if each.wrong_attempts or each.locked_until:
                each.wrong_attempts, each.locked_until = 0, None
                each.save()
        return None
    terms, lefts = catalog.terms(), []
    for each, most in ((here, terms.pin_attempts), (row, terms.pin_attempts_at_all_cars)):
        left, until = rules.pin_after_wrong(wrong_attempts=each.wrong_attempts, most=most, at=at)
        each.wrong_attempts, each.locked_until = (0 if until else each.wrong_attempts + 1), until
        each.save()
        lefts.append(left)
    ends = max((each.locked_until for each in counted if each.locked_until), default=None)
    return _locked(ends, at) if ends else PinWrong(attempts_left=min(lefts))


def _locked(until: datetime, at: datetime) -> PinLocked:
    return PinLocked(until=until, minutes=rules.minutes_until(until=until, at=at))
