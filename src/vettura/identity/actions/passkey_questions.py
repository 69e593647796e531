"""
A passkey once more, for one thing: the device is asked about exactly that, and its answer is good for nothing else.

Nothing is kept between question and answer: what was asked travels with the person, signed by us, for two minutes of real time.
What it is about is part of the challenge that the device signs, so an answer to one question never passes for another's.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.webauthn.internal import auth
from cryptography.exceptions import InvalidSignature
from django.core import signing
from fido2.utils import websafe_encode
from fido2.webauthn import UserVerificationRequirement

from vettura.foundation import clock
from vettura.identity.errors import PasskeyMissing, PasskeyWrong
from vettura.identity.models import Account

Json = dict[str, Any]  # what WebAuthn says
ANSWER_WITHIN = timedelta(minutes=2)
_SALT = "vettura.identity.passkey"


@dataclass(frozen=True)
class PasskeyQuestion:
    """What the browser hands to the device (options of `navigator.credentials.get`), and what has to come back with its answer."""

    options: Json
    token: str


def ask_for_passkey(*, account: Account, about: str) -> PasskeyQuestion:
    """This will ask a person's device about one thing. Raises PasskeyMissing where the person has no passkey."""
    credentials = auth.get_credentials(account)
    if not credentials:
        raise PasskeyMissing
    nonce = secrets.token_bytes(16)
    options, state = auth.get_server().authenticate_begin(
        credentials, user_verification=UserVerificationRequirement.REQUIRED, challenge=_challenge(nonce, account, about)
    )
    kept = {"nonce": nonce.hex(), "state": state, "at": clock.real_now().timestamp()}
    return PasskeyQuestion(options=dict(options)["publicKey"], token=signing.dumps(kept, salt=_SALT))


def check_passkey(*, account: Account, about: str, token: str, answer: Json) -> None:
    """
    This will do nothing if the person's own device has answered this question about this thing in time. Raises PasskeyWrong.

    The same answer to the same question is right again: whoever asks sees to it that this leads to nothing new.
    """
    try:
        kept = signing.loads(token, salt=_SALT)
        age = clock.real_now().timestamp() - kept["at"]
        expected = websafe_encode(_challenge(bytes.fromhex(kept["nonce"]), account, about))
        if not 0 <= age <= ANSWER_WITHIN.total_seconds() or kept["state"]["challenge"] != expected:
            raise PasskeyWrong
        auth.get_server().authenticate_complete(kept["state"], auth.get_credentials(account), answer)
    except PasskeyWrong:
        raise
    # the library refuses each with its own kind of error; to the person all of them are one
    except (signing.BadSignature, ValueError, KeyError, TypeError, AttributeError, InvalidSignature) as error:
        raise PasskeyWrong from error


def _challenge(nonce: bytes, account: Account, about: str) -> bytes:
    return hashlib.sha256(b"\x00".join((nonce, str(account.id).encode(), about.encode()))).digest()
