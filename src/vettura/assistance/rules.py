"""What a mail says, how sure its sender is, in which language it speaks: pure functions of bytes and text."""

import base64
import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses, parseaddr
from typing import Any

import nh3
import phonenumbers

from vettura_wire import signals

LONGEST_TEXT = 10_000
LONGEST_SUBJECT = 200
_WITHDRAWAL = re.compile(
    r"withdraw|revok|opt[ -]?out|no longer consent|revoc|ritir\w* .{0,20}consens|widerruf|widerrufe|zurücknehm|zieh\w* .{0,40}zurück",
    re.IGNORECASE,
)
# the commonest small words; longer texts are told apart by a handful of them
_WORDS = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the and my i you to of is not please with for your have this hello",
        "it": "il la e di che non per con mio mia un una sono vorrei dati buongiorno del della miei",
        "de": "der die das und ich nicht mit meine meiner ist zu ein eine bitte sie daten hiermit guten",
    }.items()
}
_ROBOTS = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounce)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class ParsedMail:
    """What a mail says, made safe: plain text, short, without control characters."""

    message_id: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    is_automatic: bool
    is_confirmed: bool


def parsed(content: bytes, *, trusted_server: str) -> ParsedMail:
    """
    A mail as we keep it. Whatever is broken in it, there is an answer.

    `trusted_server` is the name under which our own mail server writes what it found out about the sender (RFC 8601);
    what others wrote into the mail under any name proves nothing. Without a Message-ID the bytes are their own.
    """
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    sender = clean(parseaddr(_header(message, "From"))[1]).lower()[:254]
    named = getaddresses([*_headers(message, "Delivered-To"), *_headers(message, "To"), *_headers(message, "Cc")])
    own_id = clean(_header(message, "Message-ID"))
    digest = hashlib.sha256(content).hexdigest()
    return ParsedMail(
        message_id=own_id if 0 < len(own_id) <= 200 else digest,
        sender=sender if re.fullmatch(r"[^@\s]+@[^@\s]+", sender) else "",
        recipients=tuple(address.lower() for _, address in named if address),
        subject=clean(_header(message, "Subject"))[:LONGEST_SUBJECT],
        text=_text(message)[:LONGEST_TEXT],
        is_automatic=_is_automatic(message, sender),
        is_confirmed=_is_confirmed(message, trusted_server),
    )


def clean(text: str) -> str:
    """One line without control characters."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def clean_lines(text: str) -> str:
    """The same line by line, without empty ones at both ends."""
    return "\n".join(clean(each) for each in text.splitlines()).strip()


def _header(message: EmailMessage, name: str) -> str:
    return next(iter(_headers(message, name)), "")


def _headers(message: EmailMessage, name: str) -> list[str]:
    try:
        return [str(each) for each in message.get_all(name) or []]
    except (ValueError, IndexError, AttributeError, TypeError):  # the parser of the library gives up on some headers
        return []


def _text(message: EmailMessage) -> str:
    try:
        body = message.get_body(("plain", "html"))
        content = str(body.get_content()) if body is not None else ""
        is_html = body is not None and body.get_content_subtype() == "html"
    except (LookupError, ValueError, AttributeError, KeyError):  # an unknown charset or a broken structure
        raw = message.get_payload(decode=True)
        content, is_html = (raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""), False
    if is_html:
        content = html.unescape(nh3.clean(re.sub(r"(?i)<br ?/?>|</p>|</div>", "\n", content), tags=set()))
    return "\n".join(clean(line) for line in content.splitlines()).strip()


def _is_automatic(message: EmailMessage, sender: str) -> bool:
    """Whether a program wrote it (RFC 3834): programs get no answer, or two of them would write for ever."""
    return (
        _header(message, "Auto-Submitted").lower() not in ("", "no")
        or _header(message, "Precedence").lower() in ("bulk", "junk", "list")
        or _header(message, "Return-Path").strip() == "<>"
        or bool(_ROBOTS.match(sender))
    )


def _is_confirmed(message: EmailMessage, trusted_server: str) -> bool:
    """Our server puts its finding on top; a sender's domain stands for the address only if DMARC passed (RFC 7489)."""
    server, _, findings = _header(message, "Authentication-Results").partition(";")
    said_by = server.split()[0].lower() if server.split() else ""
    return bool(trusted_server) and said_by == trusted_server.lower() and bool(re.search(r"\bdmarc=pass\b", findings))


def asks_for_withdrawal(subject: str, text: str) -> bool:
    """Whether somebody seems to take a permission back; a person decides in any case."""
    return bool(_WITHDRAWAL.search(f"{subject}\n{text}"))


def language_of(text: str) -> str | None:
    """The language whose small words are found most, None when that is unclear."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    found = sorted(((sum(word in known for word in words), code) for code, known in _WORDS.items()), reverse=True)
    return found[0][1] if found[0][0] >= 2 and found[0][0] > found[1][0] else None


def case_number(random: bytes) -> str:
    """A number that one can read out on the phone: no 0, 1, 8, 9 to be mistaken for letters."""
    return "A-" + base64.b32encode(random).decode()[:8]


# -- calls for help --------------------------------------------------------------------------------------------------

# what help wants to know of a car: how far it still goes, what may have stopped it, and what stands open
CONDITION = (
    *(signals.SIGNALS[path].short for path in (
        signals.STATE_OF_CHARGE, signals.FUEL_LEVEL, signals.RANGE, signals.LOW_VOLTAGE, signals.MILEAGE, signals.PLUGGED_IN,
        signals.HAZARD_LIGHTS, signals.HOOD_OPEN, signals.OUTSIDE_TEMPERATURE,
    )),
    *(signals.SIGNALS[path].short for path in signals.TIRE_PRESSURE.values()),
)  # fmt: skip
LOW_LEVEL = 10
# a tire that has less than this share of the one that has most
LOW_PRESSURE_SHARE = 0.8


def callback_number(number: str, country: str) -> str | None:
    """The number as E.164, of whatever kind of line; None for what is none."""
    try:
        parsed = phonenumbers.parse(number, country or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def condition_of(values: Mapping[str, object]) -> dict[str, object]:
    """What help wants to know of a car, by our short words, out of its signals by path."""
    known = {signals.SIGNALS[path].short: value for path, value in values.items() if path in signals.SIGNALS}
    return {short: known[short] for short in CONDITION if short in known}


def warnings_of(condition: Mapping[str, Any], *, low_voltage: float) -> list[str]:
    """What of a car's state may be why it stands: `low_charge`, `low_fuel`, `low_voltage`, and tires by their short words."""
    levels = (("state_of_charge", "low_charge"), ("fuel_level", "low_fuel"))
    found = [warning for short, warning in levels if condition.get(short, 100) < LOW_LEVEL]
    if condition.get("low_voltage", low_voltage) < low_voltage:
        found.append("low_voltage")
    pressures = {short: value for short, value in condition.items() if short.endswith("_pressure")}
    most = max(pressures.values(), default=0)
    return found + [short for short, value in pressures.items() if value < most * LOW_PRESSURE_SHARE]
