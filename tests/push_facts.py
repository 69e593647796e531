"""A browser that wants to be told: with keys of its own, a subscription at the sandbox's push service, and eyes for what came."""

import json
import os
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode

import httpx
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def base64url(data: bytes) -> str:
    """As browsers write keys."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def unbase64url(text: str) -> bytes:
    """The bytes again."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _hmac(key: bytes, data: bytes) -> bytes:
    made = HMAC(key, hashes.SHA256())
    made.update(data)
    return made.finalize()


class Browser:
    """Subscribes at a push service (`url`) and reads its notes: RFC 8291 as its section 3.4 writes it, step by step."""

    def __init__(self, url: str = "", *, sender_key: str = "") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)
        self.endpoint = "https://push.example/p/1"
        if url:
            answer = httpx.post(f"{url}/push/subscribe", json={"vapid": sender_key})
            self.receiver = answer.headers["Location"]
            self.endpoint = answer.headers["Link"].split(">")[0].lstrip("<")

    @property
    def point(self) -> bytes:
        """The public key."""
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def subscription(self, **more: object) -> dict:
        """What `PushSubscription.toJSON()` gives."""
        keys = {"p256dh": base64url(self.point), "auth": base64url(self.auth)}
        return {"endpoint": self.endpoint, "keys": keys, **more}

    def waiting(self) -> list[dict]:
        """What the push service holds for it, sealed."""
        return httpx.get(self.receiver).json()

    def notes(self) -> list[dict]:
        """What was told."""
        return [json.loads(self.opened(b64decode(each["body"]))) for each in self.waiting()]

    def leave(self) -> None:
        """The browser was uninstalled."""
        httpx.delete(self.receiver)

    def opened(self, body: bytes) -> bytes:
        """The payload of a sealed body."""
        salt, length = body[:16], body[20]
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
        basis = _hmac(_hmac(self.auth, shared), b"WebPush: info\0" + self.point + theirs + b"\x01")
        secret = _hmac(salt, basis)
        key = _hmac(secret, b"Content-Encoding: aes128gcm\0\x01")[:16]
        nonce = _hmac(secret, b"Content-Encoding: nonce\0\x01")[:12]
        record = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
        assert record[-1] == 2
        return record[:-1]
