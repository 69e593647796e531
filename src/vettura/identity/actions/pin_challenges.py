"""The PIN proven without being sent, for apps that know no other way (see decision 0021)."""

import secrets

from django.db import transaction
from django.utils.crypto import constant_time_compare

from vettura.foundation import clock
from vettura.identity import rules
from vettura.identity.actions.pins import try_pin
from vettura.identity.errors import PinChallengeGone, PinNotSet
from vettura.identity.models import Account, Pin, PinChallenge
from vettura.identity.rules import foreign


@transaction.atomic
def ask_for_pin(*, account: Account, about: str) -> str:
    """This will give a question about one thing, such as a car, good once and for two minutes. Raises PinNotSet."""
    if not Pin.objects.filter(account=account).exists():
        raise PinNotSet
    challenge = secrets.token_hex(foreign.PIN_CHALLENGE_BYTES)
    PinChallenge.objects.create(
        id=rules.token_digest(challenge),
        account=account,
        about=about,
        expires_at=clock.real_now() + foreign.PIN_CHALLENGE_LIFETIME,
    )
    return challenge


def check_pin_answer(*, account: Account, about: str, challenge: str, answer: str) -> None:
    """
    This will do nothing if the answer proves that whoever asks knows the PIN, and start the counting afresh.

    The question is spent whatever comes of it, and wrong answers count with wrong PINs, for good: it cannot be called
    inside a transaction. Raises PinChallengeGone, PinNotSet, PinWrong, PinLocked.
    """
    asked = PinChallenge.objects.filter(id=rules.token_digest(challenge), account=account, about=about)
    with transaction.atomic(durable=True):
        living, _ = asked.filter(expires_at__gt=clock.real_now()).delete()
    if not living:
        raise PinChallengeGone

    def is_right(pin: str) -> bool:
        return constant_time_compare(foreign.pin_answer(pin=pin, challenge=challenge), answer.upper())

    refusal = try_pin(account, is_right, clock.real_now(), car=about)
    if refusal is not None:
        raise refusal
