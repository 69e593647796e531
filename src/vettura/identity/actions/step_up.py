"""What a person gives once more before something opens or disarms: the PIN, a proof of it, or a passkey."""

from typing import Any

from vettura.identity import errors, queries
from vettura.identity.actions.passkey_questions import check_passkey
from vettura.identity.actions.pin_challenges import check_pin_answer
from vettura.identity.actions.pins import check_pin
from vettura.identity.models import Account

Json = dict[str, Any]  # from outside, judged here


def check_step_up(*, account: Account, step_up: Json | None, about: str, car: str) -> None:
    """
    This will do nothing if the person proves once more who they are, for one thing at one car (its VIN).

    `step_up`: `pin`; or `token` and `passkey`, a passkey's answer about exactly `about`; or `challenge` and `answer`, the PIN proven
    without being sent (decision 0021). Wrong PINs are counted for good, so it cannot be called inside a transaction. Raises StepUpRequired
    with `attempts_left`, PinNotSet, PinChallengeGone, and PinLocked, which a passkey passes by.
    """
    given = step_up or {}
    token, passkey = given.get("token"), given.get("passkey")
    if isinstance(token, str) and isinstance(passkey, dict):
        try:
            check_passkey(account=account, about=about, token=token, answer=passkey)
        except errors.PasskeyWrong as wrong:
            left = queries.pin_attempts_left(account=account, car=car)
            raise errors.StepUpRequired(attempts_left=left) from wrong
        return
    pin, challenge, answer = (given.get(name) for name in ("pin", "challenge", "answer"))
    try:
        if isinstance(challenge, str) and isinstance(answer, str):
            check_pin_answer(account=account, about=car, challenge=challenge, answer=answer)
            return
        if not isinstance(pin, str) or not pin:
            raise errors.StepUpRequired(attempts_left=queries.pin_attempts_left(account=account, car=car))
        check_pin(account=account, pin=pin, car=car)
    except errors.PinWrong as wrong:
        raise errors.StepUpRequired(**wrong.facts) from wrong
