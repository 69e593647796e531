"""What a password must be, what a PIN is, and how secrets are kept: pure functions."""

import base64
import hashlib
import hmac
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID
from zoneinfo import ZoneInfo

import phonenumbers
from cryptography.fernet import Fernet, InvalidToken
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.exceptions import ValidationError
from django.utils.translation import ngettext
from zxcvbn import zxcvbn

from vettura.catalog.queries import pack, terms
from vettura.identity.rules.browsers import browser_of as browser_of
from vettura.identity.rules.browsers import is_outdated_browser as is_outdated_browser
from vettura.identity.rules.browsers import system_of as system_of
from vettura.identity.rules.scopes import API_SCOPE as API_SCOPE
from vettura.identity.rules.scopes import API_SCOPES as API_SCOPES
from vettura.identity.rules.scopes import LOCATION as LOCATION
from vettura.identity.rules.scopes import MOST_OWN_PROGRAMS as MOST_OWN_PROGRAMS
from vettura.identity.rules.scopes import MQTT_SCOPES as MQTT_SCOPES
from vettura.identity.rules.scopes import SCOPE_WORDS as SCOPE_WORDS
from vettura.identity.rules.scopes import SCOPES as SCOPES
from vettura.identity.rules.scopes import Allowed as Allowed
from vettura.identity.rules.scopes import asks_about_cars as asks_about_cars
from vettura.identity.rules.scopes import asks_about_places as asks_about_places
from vettura.identity.rules.scopes import joined as joined
from vettura.identity.rules.scopes import may_sign_in as may_sign_in
from vettura.identity.rules.scopes import without as without

LOOPBACK = ("127.0.0.1", "::1", "localhost")

# How long what programs hold is good, in real time (decisions/0012).
CODE_LIFETIME = timedelta(minutes=1)
ACCESS_LIFETIME = timedelta(hours=1)
REFRESH_LIFETIME = timedelta(days=90)  # from the last renewal on
DEVICE_LIFETIME = timedelta(minutes=10)
DEVICE_INTERVAL_SECONDS = 5
# RFC 8628 section 6.1: no vowels, so that no words come out, and no digits that look like letters
USER_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
USER_CODE_LENGTH = 8
LEAST_SECRET = 32  # characters of the secret of a program that we did not make ourselves

# How strongly a person proved who they are, as tokens say it (`acr`), weakest first.
ACR_ONE_FACTOR = "urn:vettura:acr:one-factor"
ACR_TWO_FACTORS = "urn:vettura:acr:two-factors"
ACR_PHISHING_RESISTANT = "phr"
ACR_VALUES = (ACR_ONE_FACTOR, ACR_TWO_FACTORS, ACR_PHISHING_RESISTANT)

# who looks after every customer; partners look after their own (ID-031)
FOR_EVERYBODY = "assistance"

DOCUMENTS = ("terms_of_use", "privacy")
# where the account remembers the version of each that was accepted last
VERSION_FIELDS = {"terms_of_use": "terms_version", "privacy": "privacy_version"}


@dataclass(frozen=True)
class Authentication:
    """How and when (real time) somebody proved who they are, and in which browser session (a digest)."""

    at: datetime
    acr: str = ACR_ONE_FACTOR
    amr: tuple[str, ...] = ()
    session: str = ""


@dataclass(frozen=True)
class Requirement:
    """One rule of the password policy: a public code, how much of it, and its sentence."""

    code: str
    least: int
    sentence: str


def password_requirements() -> tuple[Requirement, ...]:
    """Every rule of the policy, in the order in which people read them (ID-014 to ID-017)."""
    numbers = terms()
    length, upper = numbers.password_min_length, numbers.password_min_upper_case
    digits, special = numbers.password_min_digits, numbers.password_min_special
    return (
        Requirement(
            "password_length",
            length,
            ngettext("At least {least} character", "At least {least} characters", length).format(least=length),
        ),
        Requirement(
            "password_upper_case",
            upper,
            ngettext("At least {least} upper-case letter", "At least {least} upper-case letters", upper).format(
                least=upper
            ),
        ),
        Requirement(
            "password_digit",
            digits,
            ngettext("At least {least} digit", "At least {least} digits", digits).format(least=digits),
        ),
        Requirement(
            "password_special",
            special,
            ngettext(
                "At least {least} special character, such as ! § $ % & ?",
                "At least {least} special characters, such as ! § $ % & ?",
                special,
            ).format(least=special),
        ),
    )


def unmet_requirements(password: str) -> list[Requirement]:
    """
    The rules that the password misses, none if it is good (ID-013). Does not judge how easily it is guessed.

    Letters and digits count in every script; special characters are punctuation and symbols, not blanks.
    """
    categories = [unicodedata.category(character) for character in password]
    counts = {
        "password_length": len(password),
        "password_upper_case": categories.count("Lu"),
        "password_digit": categories.count("Nd"),
        "password_special": sum(category[0] in "PS" for category in categories),
    }
    return [each for each in password_requirements() if counts[each.code] < each.least]


def is_easily_guessed(password: str, about_the_person: Sequence[str]) -> bool:
    """Whether programs that guess would find it soon. Advice only: the policy decides, not this."""
    # zxcvbn takes time that grows with the length, and 72 characters are beyond guessing
    return bool(zxcvbn(password[:72], user_inputs=list(about_the_person))["score"] < 2)


class PasswordPolicy:
    """The policy as Django's forms ask for it."""

    def validate(self, password: str, user: object | None = None) -> None:  # noqa: ARG002 (Django's signature)
        """Raises ValidationError with one entry, with its own code, for each unmet rule."""
        unmet = unmet_requirements(password)
        if unmet:
            raise ValidationError([ValidationError(each.sentence, code=each.code) for each in unmet])

    def get_help_text(self) -> str:
        """All rules as one line."""
        return " · ".join(each.sentence for each in password_requirements())


def normalized_phone(number: str, country: str) -> str | None:
    """The number in E.164, read as people of that country write it; None when it cannot take an SMS."""
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return None
    mobile = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if not phonenumbers.is_valid_number(parsed) or phonenumbers.number_type(parsed) not in mobile:
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def masked_phone(number: str) -> str:
    """Enough of a number to recognize one's own."""
    return f"{number[:3]} ··· {number[-3:]}" if len(number) > 6 else number


def pause_after(*, attempts: int, free: int) -> timedelta | None:
    """The pause that follows a try: none while tries are free, then twice as long each time, up to the longest."""
    if attempts < free:
        return None
    numbers = terms()
    # beyond this many doublings every pause is the longest; a larger exponent would not fit into a timedelta
    doublings = min(attempts - free, 30)
    pause: timedelta = numbers.sign_in_first_pause * 2**doublings
    return min(pause, numbers.sign_in_longest_pause)


def is_pin(pin: str) -> bool:
    """Whether this has the shape of a PIN: ASCII digits, as many as the terms say."""
    return len(pin) == terms().pin_length and pin.isascii() and pin.isdigit()


def is_security_code(code: str) -> bool:
    """Whether this has the shape of a security code: ASCII digits, as many as the terms say."""
    return len(code) == terms().security_code_length and code.isascii() and code.isdigit()


def is_simple_code(code: str) -> bool:
    """Whether everybody would try these digits first: one digit only, or a row up or down (0 follows 9)."""
    steps = {(int(later) - int(earlier)) % 10 for earlier, later in pairwise(code)}
    return len(steps) == 1 and steps <= {0, 1, 9}


def unknown_salt(*, about: str, secret: str, size: int) -> bytes:
    """A salt for somebody without a code: always the same, so that a car learns nothing from asking (ID-012)."""
    return hmac.digest(secret.encode(), f"no-security-code:{about}".encode(), hashlib.sha256)[:size]


def pin_after_wrong(*, wrong_attempts: int, most: int, at: datetime) -> tuple[int, datetime | None]:
    """Attempts left after one more wrong PIN, and until when (real time) none is taken; None while some are left."""
    left = most - wrong_attempts - 1
    return (left, None) if left > 0 else (0, at + terms().pin_lock_duration)


def may_send_code_again(*, sent_count: int, sent_at: datetime, at: datetime) -> bool:
    """Whether another SMS may go out: not too soon after the last, and not without end. Times are real time."""
    return at >= sent_at + terms().sms_code_resend_after and sent_count < most_codes()


def most_codes() -> int:
    """How many SMS one proof of a number may cost: first, re-sends, and as many again for a corrected number."""
    return 2 * (1 + terms().sms_code_resends_before_support)


def should_offer_assistance(*, sent_count: int) -> bool:
    """Whether the SMS was sent again as often as one should wait for it, so that Assistance is the answer (ID-019)."""
    return sent_count > terms().sms_code_resends_before_support


def is_code_alive(*, sent_at: datetime, wrong_attempts: int, at: datetime) -> bool:
    """Whether a code sent at that (real) time may still be tried."""
    return at < sent_at + terms().sms_code_validity and wrong_attempts < terms().sms_code_attempts


def minutes_until(*, until: datetime, at: datetime) -> int:
    """Whole minutes, rounded up, as said to people."""
    return max(1, -int(-(until - at) / timedelta(minutes=1) // 1))


def hashed_code(*, code: str, salt: str, secret: str) -> str:
    """A code as it is kept: bound to whom it was sent and worthless without the secret (DAT-001)."""
    return hmac.new(secret.encode(), f"{salt}:{code}".encode(), hashlib.sha256).hexdigest()


def link_hash(token: str) -> str:
    """What is kept of the secret in a link. It is long and random, so a plain hash cannot be reversed."""
    return hashlib.sha256(token.encode()).hexdigest()


def address_of_nobody(account_id: UUID) -> str:
    """What a deleted account holds instead of its address; `.invalid` can never be mailed to (RFC 2606)."""
    return f"{account_id}@deleted.invalid"


def values_of_nobody(account_id: UUID) -> dict[str, Any]:  # Any: a value of each column
    """What an account holds once its person is erased: that there was one, where, and when it ended (DAT-021)."""
    empty = ("former_email", "given_name", "family_name", "phone", "street", "postal_code", "city")
    return {
        **dict.fromkeys((*empty, "terms_version", "privacy_version"), ""),
        "email": address_of_nobody(account_id),
        "password": UNUSABLE_PASSWORD_PREFIX,
        "phone_verified_at": None,
        "last_login": None,
        "consents": [],
    }


def _key(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"vettura.identity.pin:" + secret.encode()).digest()))


def sealed(*, text: str, secret: str) -> bytes:
    """The text encrypted with a key made of the secret."""
    return _key(secret).encrypt(text.encode())


def unsealed(*, data: bytes, secret: str) -> str | None:
    """The text again; None when the secret is another one or the data were changed."""
    try:
        return _key(secret).decrypt(data).decode()
    except InvalidToken:
        return None


def authentication_strength(records: Sequence[Mapping[str, Any]]) -> tuple[str, tuple[str, ...]]:
    """
    `acr` and `amr` (RFC 8176) of a session, from the records that sign-in keeps of it; only what was really done.

    A passkey is two factors at once: the device that holds it and what unlocks it.
    """
    names = {"password": ("pwd",), "code": ("otp",), "totp": ("otp",), "webauthn": ("hwk",), "recovery_codes": ("kba",)}
    methods = {str(each.get("type") if each.get("method") == "mfa" else each.get("method")) for each in records}
    used = sorted({name for method in methods for name in names.get(method, ())})
    if "hwk" in used:
        return ACR_PHISHING_RESISTANT, tuple(used)
    if "pwd" in used and len(used) > 1:
        return ACR_TWO_FACTORS, (*used, "mfa")
    return ACR_ONE_FACTOR, tuple(used)


def token_digest(value: str) -> str:
    """A code or token as it is kept. They are 256 random bits and more, so a plain hash gives nothing away."""
    return hashlib.sha256(value.encode()).hexdigest()


def is_same_secret(*, secret: str, kept: str) -> bool:
    """Whether this is the secret of a program. We made it, so it is too long to be guessed and needs no slow hash."""
    return hmac.compare_digest(kept, f"sha256${token_digest(secret)}")


def normalized_user_code(text: str) -> str:
    """A device's code as it is kept, however it was typed: capitals, no dash, no blanks."""
    return "".join(letter for letter in text.upper() if letter.isalnum())[:USER_CODE_LENGTH]


def shown_user_code(code: str) -> str:
    """A device's code as people read it: two groups."""
    half = USER_CODE_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"


def in_order(scopes: Collection[str]) -> tuple[str, ...]:
    """Scopes as people read them: who one is first, what may be done last."""
    return tuple(scope for scope in SCOPES if scope in scopes)


def is_redirect_allowed(*, uri: str, registered: Sequence[str]) -> bool:
    """Whether a program may be answered there: exactly as registered; on loopback the port is free (RFC 8252, 7.3)."""
    return uri in registered or _without_loopback_port(uri) in registered


def is_loopback(uri: str) -> bool:
    """Whether this is an address of the machine itself, over http and without a password in it."""
    parts = urlsplit(uri)
    return parts.scheme == "http" and parts.hostname in LOOPBACK and "@" not in parts.netloc


def _without_loopback_port(uri: str) -> str:
    try:
        parts = urlsplit(uri)
        if not is_loopback(uri) or parts.port is None:
            return uri
    except ValueError:
        return uri
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition(":")[0]))


def can_be_impersonated(*, is_public: bool, redirect_uri: str) -> bool:
    """
    Whether another program on the same machine could take its place, so that no earlier answer counts for it.

    RFC 8252 section 8.6: only a secret or an https address that belongs to somebody tells one program from another.
    """
    return is_public and not redirect_uri.startswith("https://")


# -- video identification --------------------------------------------------------------------------------------------
# What may follow what. A failed case is tried again; an aborted call leaves it open; the last three are final.
CHECK_MOVES: Mapping[str, frozenset[str]] = {
    "opened": frozenset({"waiting", "in_call", "verified", "failed", "expired", "canceled"}),
    "waiting": frozenset({"opened", "in_call", "verified", "failed", "expired", "canceled"}),
    "in_call": frozenset({"opened", "verified", "failed", "expired"}),
    "failed": frozenset({"waiting", "expired", "canceled"}),
    "verified": frozenset(),
    "expired": frozenset(),
    "canceled": frozenset(),
}
CHECK_FINAL = tuple(status for status, following in CHECK_MOVES.items() if not following)

# Browsers by what their user agents say, the more telling words first: most of them also say Chrome or Safari (IDV-014, IDV-015).
BROWSERS: tuple[tuple[str, str], ...] = (
    ("EdgiOS", "edge"), ("EdgA", "edge"), ("Edg/", "edge"), ("Edge/", "edge"), ("MSIE", "internet_explorer"), ("Trident/", "internet_explorer"),
    ("OPR/", "opera"), ("OPT/", "opera"), ("Opera", "opera"), ("FxiOS", "firefox"), ("Firefox/", "firefox"), ("CriOS", "chrome"),
    ("Chrome/", "chrome"), ("Chromium/", "chrome"), ("Safari/", "safari"),
)  # fmt: skip
COMPATIBLE_BROWSERS = ("chrome", "firefox")
MOBILE_WORDS = ("Android", "iPhone", "iPad", "iPod", "Mobile", "Tablet", "Silk/")


@dataclass(frozen=True)
class Device:
    """What a person identifies with: a browser by its common name, on a computer or on a phone or tablet."""

    browser: str
    is_mobile: bool

    @property
    def is_compatible(self) -> bool:
        """Whether the call works in this browser (IDV-014, IDV-015, IDV-020)."""
        return not self.is_mobile and self.browser in COMPATIBLE_BROWSERS


def device_of(user_agent: str) -> Device:
    """The device behind a user agent; an unknown browser is `other`. An iPad that poses as a Mac has Safari: no either way."""
    browser = next((name for word, name in BROWSERS if word in user_agent), "other")
    return Device(browser, any(word in user_agent for word in MOBILE_WORDS))


def may_check_become(former: str, status: str) -> bool:
    """Whether a case may go from one status to the other."""
    return status in CHECK_MOVES[former]


def identification_is_open(at: datetime) -> bool:
    """
    Whether agents are there: [opening, closing) in the zone of the terms, midnight being the end of the day (IDV-008).

    "CET" is read as the time on the wall in Berlin, in summer too (C-60).
    """
    local = at.astimezone(ZoneInfo(terms().identification_time_zone)).time()
    closes = terms().identification_closes_at
    return terms().identification_opens_at <= local and (closes == time(0) or local < closes)


def identification_opens_next(at: datetime) -> datetime:
    """When agents are there again, for somebody who asks outside the opening hours."""
    zone = ZoneInfo(terms().identification_time_zone)
    local = at.astimezone(zone)
    opening = datetime.combine(local.date(), terms().identification_opens_at, zone)
    return opening if local < opening else datetime.combine(local.date() + timedelta(days=1), opening.timetz())


def accepts_documents_of(iso2: str) -> bool | None:
    """Whether documents of a country are accepted; None: nobody has decided, the agent does (IDV-005, C-60)."""
    market = pack().countries.get(iso2)
    is_listed = market is not None and market.identity_document == "accepted"
    return True if is_listed or iso2 in terms().identification_more_document_countries else None


def document_countries() -> list[str]:
    """The countries whose documents are accepted."""
    listed = [country.iso2 for country in pack().countries.values() if country.identity_document == "accepted"]
    return sorted({*listed, *terms().identification_more_document_countries})


def document_faults(*, kind: str, valid_until: date | None, on: date) -> list[str]:
    """What speaks against a document, whatever the agent said: its kind, or that it has expired (IDV-003). Valid on its last day."""
    faults = [] if kind in terms().identification_documents else ["ID_NOT_SUPPORTED"]
    if valid_until is None or valid_until < on:
        faults.append("ID_EXPIRED")
    return faults


def consent_mark(purpose: str, version: str) -> str:
    """A consent in force, as an account remembers it."""
    return f"{purpose}@{version}"


def purpose_of(mark: str) -> str:
    """The purpose of a consent that an account remembers."""
    return mark.partition("@")[0]


def text_digest(*parts: str) -> str:
    """What proves later that a text is the one that was shown."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def sealed_archive(*, content: bytes, secret: str) -> bytes:
    """The archive of a person's data, encrypted with a key made of the secret."""
    return _archive_key(secret).encrypt(content)


def unsealed_archive(*, data: bytes, secret: str) -> bytes:
    """The archive again."""
    return _archive_key(secret).decrypt(data)


def _archive_key(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"vettura.identity.archive:" + secret.encode()).digest()))
