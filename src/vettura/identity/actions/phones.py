"""Proving a mobile number by a code in an SMS, at registration and when it changes. All in real time."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.errors import Refusal
from vettura.identity import rules
from vettura.identity.errors import (
    PhoneInvalid,
    RegistrationIncomplete,
    SmsCodeSpent,
    SmsCodeWrong,
    SmsLimitReached,
    SmsTooSoon,
)
from vettura.identity.models import Account, PhoneCheck
from vettura.notifications import actions as notifications

# A day after the last message a person may try anew.
LIMIT_COUNTS_FOR = timedelta(days=1)


def request_phone_change(*, account: Account, phone: str) -> PhoneCheck:
    """This will send a code to a new number; the old one stays until it is entered. Raises as `send_code`."""
    return send_code(account=account, phone=phone, language=account.language, country=account.country)


def confirm_phone_change(*, account: Account, code: str) -> None:
    """This will make the number that the code proves the person's own. Raises SmsCodeWrong, SmsCodeSpent."""
    check = prove(account=account, code=code)
    Account.objects.filter(id=account.id).update(phone=check.phone, phone_verified_at=clock.now())


@transaction.atomic
def send_code(*, account: Account, phone: str | None, language: str, country: str) -> PhoneCheck:
    """
    This will send a fresh code and void the one before (ID-018); `phone=None` means the same number again.

    The pause between two messages holds for the same number; their total holds for all.
    Raises PhoneInvalid, SmsTooSoon, SmsLimitReached.
    """
    Account.objects.select_for_update().get(id=account.id)
    check = PhoneCheck.objects.filter(account=account).first()
    number = rules.normalized_phone(phone, country) if phone is not None else check.phone if check else None
    if number is None:
        raise PhoneInvalid if phone is not None else RegistrationIncomplete
    at = clock.real_now()
    if check is not None and at < check.sent_at + LIMIT_COUNTS_FOR:
        refusal = _why_not(check, number, at)
        if refusal is not None:
            raise refusal
    elif check is not None:
        check.sent_count = 0
    digits = catalog.terms().sms_code_length
    code = f"{secrets.randbelow(10**digits):0{digits}}"
    check = check or PhoneCheck(account=account)
    check.phone, check.sent_at, check.wrong_attempts, check.verified_at = number, at, 0, None
    check.code_hash = _hash(account, code)
    check.sent_count += 1
    check.save()
    with translation.override(language):
        text = gettext("{code} is your code for {portal}. Do not pass it on.").format(
            code=code, portal=catalog.labels(language)["portal"]
        )
    notifications.send_sms(recipient_id=account.id, to=number, language=language, text=text)
    return check


def prove(*, account: Account, code: str) -> PhoneCheck:
    """
    This will mark the number as proven if the code is the one sent last; a wrong one is counted for good.

    A code works once. Raises SmsCodeWrong, SmsCodeSpent.
    """
    check, refusal = _try_code(account, code)
    if refusal is not None:
        raise refusal
    return check


# durable: an attempt must count even though the caller gets a refusal, so no surrounding transaction may undo it
@transaction.atomic(durable=True)
def _try_code(account: Account, code: str) -> tuple[PhoneCheck, Refusal | None]:
    check = PhoneCheck.objects.select_for_update().filter(account=account).first()
    if check is None:
        raise RegistrationIncomplete
    at = clock.real_now()
    if not check.code_hash or not rules.is_code_alive(
        sent_at=check.sent_at, wrong_attempts=check.wrong_attempts, at=at
    ):
        return check, SmsCodeSpent()
    if not constant_time_compare(check.code_hash, _hash(account, code.strip())):
        check.wrong_attempts += 1
        check.save(update_fields=["wrong_attempts"])
        left = catalog.terms().sms_code_attempts - check.wrong_attempts
        return check, SmsCodeWrong(attempts_left=left) if left > 0 else SmsCodeSpent()
    check.verified_at, check.code_hash = at, ""
    check.save(update_fields=["verified_at", "code_hash"])
    return check, None


def _why_not(check: PhoneCheck, number: str, at: datetime) -> Refusal | None:
    if check.sent_count >= rules.most_codes():
        return SmsLimitReached()
    soonest = check.sent_at + catalog.terms().sms_code_resend_after
    if number == check.phone and at < soonest:
        return SmsTooSoon(seconds=max(1, int((soonest - at).total_seconds())))
    return None


def _hash(account: Account, code: str) -> str:
    return rules.hashed_code(code=code, salt=str(account.id), secret=settings.SECRET_KEY)
