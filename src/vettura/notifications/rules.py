"""How texts are kept until they are sent, and which attachments are safe to show: pure functions."""

import base64
import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric import ec

from vettura.notifications.ports import Attachment

# which of the kinds of notes a message of the inbox is; what is not named here is about the account
PUSH_KINDS = {
    "alarm": "alarm",
    "command": "command",
    "breakdown": "command",
    "invoice": "contract",
    "card_expiry": "contract",
}
# how long a note is worth carrying to a phone that is switched off
TTL = {"alarm": timedelta(days=1), "command": timedelta(hours=6)}
USUAL_TTL = timedelta(days=3)
MOST_SUBSCRIPTIONS = 20
LONGEST_NOTE = 300
# An SMS has at most ten parts of 153 characters.
LONGEST_SMS = 1530
# Browsers may open these themselves; everything else is downloaded.
SHOWN_IN_BROWSER = ("application/pdf", "text/plain")


def _key(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"vettura.notifications:" + secret.encode()).digest()))


def sealed_text(*, text: str, secret: str) -> bytes:
    """The text encrypted with a key made of the secret."""
    return _key(secret).encrypt(text.encode())


def unsealed_text(*, data: bytes, secret: str) -> str:
    """The text again."""
    return _key(secret).decrypt(data).decode()


def parted(body: str, *, own: str) -> tuple[str, str]:
    """A message without the link to a page of ours that ends it, and that link; empty where there is none."""
    text, _, last = body.rstrip().rpartition("\n")
    if not last.startswith(f"{own}/") or len(last.split()) != 1:
        return body, ""
    return text.rstrip(), last


def sealed_mail(*, text: str, html: str, attachments: Sequence[Attachment], secret: str) -> bytes:
    """Both bodies and the attachments of a mail, encrypted."""
    files = [[each.name, each.media_type, base64.b64encode(each.content).decode()] for each in attachments]
    return sealed_text(text=json.dumps([text, html, files]), secret=secret)


def unsealed_mail(*, data: bytes, secret: str) -> tuple[str, str, tuple[Attachment, ...]]:
    """Both bodies and the attachments again."""
    text, html, files = json.loads(unsealed_text(data=data, secret=secret))
    return text, html, tuple(Attachment(name, kind, base64.b64decode(content)) for name, kind, content in files)


def one_line(subject: str) -> str:
    """A subject as mail headers want it: one line without margins."""
    return " ".join(subject.split())


def push_kind(message_kind: str) -> str:
    """Of which kind the note about a message of the inbox is."""
    return PUSH_KINDS.get(message_kind, "account")


def ttl(kind: str) -> timedelta:
    """How long a note of a kind is worth carrying."""
    return TTL.get(kind, USUAL_TTL)


def note(*, subject: str, text: str, address: str, language: str, tag: str) -> bytes:
    """What a browser is sent: a declarative message of the Push API, which browsers that know it show by themselves."""
    body = " ".join(text.split())
    if len(body) > LONGEST_NOTE:
        body = body[: LONGEST_NOTE - 1].rsplit(" ", 1)[0] + "…"
    told = {"title": subject, "body": body, "navigate": address, "lang": language, "dir": "ltr", "tag": tag}
    return json.dumps({"web_push": 8030, "mutable": True, "notification": told}, ensure_ascii=False).encode()


def is_browser_key(p256dh: str, auth: str) -> bool:
    """Whether these are a point on P-256 and a secret of 16 bytes, base64url without padding."""
    try:
        key, secret = (
            base64.b64decode(each + "=" * (-len(each) % 4), altchars=b"-_", validate=True) for each in (p256dh, auth)
        )
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
    except ValueError:
        return False
    return len(key) == 65 and len(secret) == 16
