"""Apps made for another platform's interface: what their sign-in needs."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

# What a foreign app was granted is kept under names of its own: no token of it is good for anything of ours.
FOREIGN = "compat"
FOREIGN_PREFIX = f"{FOREIGN}:"
FOREIGN_WORDS = _("See your vehicles and where they are, and send commands to them, as an app of another maker")

# A walk survives somebody who has to read a picture; afterwards its cookie stands for the person as long as a token.
SIGN_IN_LIFETIME = timedelta(minutes=15)
SESSION_LIFETIME = timedelta(hours=1)
# After so many wrong tries at one account, or from one place, a picture has to be read first.
CAPTCHA_AFTER = 3
CAPTCHA_AFTER_FROM_PLACE = 20
# no letters and digits that look like others
CAPTCHA_LETTERS = "ACEFHJKMNPRTUVWXY34679"
CAPTCHA_LENGTH = 6
# Four groups of five: about 95 bits.
APP_PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105  # letters
APP_PASSWORD_GROUPS = 4
APP_PASSWORD_GROUP = 5
MOST_APP_PASSWORDS = 20
PIN_CHALLENGE_LIFETIME = timedelta(minutes=2)
PIN_CHALLENGE_BYTES = 32


def is_foreign(scope: str) -> bool:
    """Whether this is a scope of a foreign app, as grants keep them or as people read them."""
    return scope == FOREIGN or scope.startswith(FOREIGN_PREFIX)


def foreign(scopes: Iterable[str]) -> tuple[str, ...]:
    """Scopes of a foreign app as a grant keeps them."""
    return tuple(f"{FOREIGN_PREFIX}{scope}" for scope in scopes)


def of_foreign(scopes: Iterable[str]) -> tuple[str, ...]:
    """The scopes of a foreign app among those of a token, in its own words."""
    return tuple(scope.removeprefix(FOREIGN_PREFIX) for scope in scopes if scope.startswith(FOREIGN_PREFIX))


def normalized_app_password(text: str) -> str:
    """An app password however it was typed: without the dashes that make it readable."""
    return "".join(letter for letter in text.lower() if letter.isalnum())


def proves_challenge(*, verifier: str, challenge: str) -> bool:
    """Whether a verifier hashes to the challenge that came with the request for the code (RFC 7636, S256)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    made = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return hmac.compare_digest(made.encode(), challenge.encode())


def pin_answer(*, pin: str, challenge: str) -> str:
    """What an app that knows the PIN answers to a challenge: SHA-512 over the bytes that both spell as hex."""
    return hashlib.sha512(bytes.fromhex(pin + challenge)).hexdigest().upper()
