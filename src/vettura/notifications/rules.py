"""How texts are kept until they are sent, and which attachments are safe to show: pure functions."""

import base64
import hashlib
import json
from collections.abc import Sequence

from cryptography.fernet import Fernet

from vettura.notifications.ports import Attachment

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
