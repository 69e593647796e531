"""
Web Push (RFC 8030) to the push service that a browser names: the note is sealed for the browser (RFC 8291) and the service knows who
we are by a signed word (VAPID, RFC 8292).
"""

import os
from base64 import urlsafe_b64decode
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from joserfc import jwt
from joserfc.jwk import ECKey

from vettura.foundation import clock, outbound
from vettura.notifications.adapters.push_keys import point, public_part, push_key
from vettura.notifications.ports import Bell, Gone, TryAgain, Undeliverable

WORD_IS_GOOD_FOR = timedelta(hours=12)  # at most a day, RFC 8292 section 2
RECORD_SIZE = 4096
# what fits into a body of 4096 bytes, RFC 8291 section 4
LONGEST_PAYLOAD = 3993
# how long a note is says nothing about what stands in it
PADDED_TO = 512


class WebPush:
    """Hands notes to push services."""

    def public_key(self) -> str | None:
        """The public part of the installation's key."""
        key = push_key(settings.VETTURA_PUSH_KEY_FILE)
        return public_part(key) if key is not None else None

    def send(self, bell: Bell) -> str:
        """This will hand the note over and return where the service keeps it. Raises TryAgain, Undeliverable, Gone."""
        key = push_key(settings.VETTURA_PUSH_KEY_FILE)
        if key is None:
            raise Undeliverable("no_key")
        if outbound.problem_with(bell.endpoint, may_be_plain=settings.VETTURA_PRIVATE_WEBHOOKS):
            raise Undeliverable("address_unfit")
        headers = {
            "Authorization": f"vapid t={_word(key, bell.endpoint)}, k={public_part(key)}",
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(bell.ttl_seconds),
            "Urgency": "high" if bell.is_urgent else "normal",
            **({"Topic": bell.topic} if bell.topic else {}),
        }
        body = sealed(bell.payload, receiver=_bytes(bell.p256dh), secret=_bytes(bell.auth))
        try:
            answer = outbound.post(url=bell.endpoint, body=body, headers=headers)
        except outbound.Unreachable as unreachable:
            raise TryAgain(type(unreachable.__cause__ or unreachable).__name__) from None
        if answer.status in (404, 410):
            raise Gone(f"http_{answer.status}")
        if answer.status == 429 or answer.status >= 500:
            raise TryAgain(f"http_{answer.status}")
        if not 200 <= answer.status < 300:
            raise Undeliverable(f"http_{answer.status}")
        return urljoin(bell.endpoint, answer.headers.get("location", ""))


def sealed(
    payload: bytes,
    *,
    receiver: bytes,
    secret: bytes,
    sender: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
    padded_to: int = PADDED_TO,
) -> bytes:
    """
    The payload as only the browser with this public key (65 bytes) and secret (16 bytes) can read it: one record of aes128gcm.

    `sender` and `salt` are new each time unless a test gives them. Raises Undeliverable when it is too long or the key is none.
    """
    if len(payload) > LONGEST_PAYLOAD:
        raise Undeliverable("too_long")
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), receiver)
    except ValueError:
        raise Undeliverable("ill_key") from None
    ours = sender or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(16)
    our_point = point(ours.public_key())
    shared = ours.exchange(ec.ECDH(), theirs)
    basis = _derived(shared, salt=secret, info=b"WebPush: info\0" + receiver + our_point, length=32)
    key = _derived(basis, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = _derived(basis, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
    # 2 ends the last record, zeros fill it up (RFC 8188 section 2)
    filled = min(-(-(len(payload) + 1) // padded_to) * padded_to, LONGEST_PAYLOAD + 1) if padded_to else 0
    record = (payload + b"\x02").ljust(filled, b"\0")
    head = salt + RECORD_SIZE.to_bytes(4, "big") + bytes([len(our_point)]) + our_point
    return head + AESGCM(key).encrypt(nonce, record, None)


def _derived(basis: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(basis)


def _word(key: ec.EllipticCurvePrivateKey, endpoint: str) -> str:
    """Who we are, said to one push service and to no other, for some hours."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((clock.real_now() + WORD_IS_GOOD_FOR).timestamp()),
        "sub": settings.VETTURA_BASE_URL,
    }
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, ECKey.import_key(pem))


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
