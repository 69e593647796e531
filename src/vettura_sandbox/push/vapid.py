"""Who sends (VAPID, RFC 8292), checked with nothing but the standard: a signed word for this service, for a day at most."""

import binascii
import json
from base64 import urlsafe_b64decode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

A_DAY = 24 * 60 * 60


class NotSaid(Exception):
    """No sender has said who it is."""


class NotBelieved(Exception):
    """Somebody says to be a sender and is not; says why."""


def sender_of(header: str, *, origin: str, at: float) -> str:
    """The sender's public key from `Authorization`. Raises NotSaid, NotBelieved."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() != "vapid":
        raise NotSaid
    said = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
    word, key = said.get("t", ""), said.get("k", "")
    try:
        head, claims, signature = (_bytes(part) for part in word.split("."))
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(key))
        is_es256 = json.loads(head).get("alg") == "ES256"
        facts = json.loads(claims)
    except (ValueError, binascii.Error) as error:
        raise NotBelieved("ill-formed") from error
    if not is_es256 or len(signature) != 64:
        raise NotBelieved("not ES256")
    numbers = (int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    try:
        public.verify(encode_dss_signature(*numbers), word.rpartition(".")[0].encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise NotBelieved("signature") from error
    if facts.get("aud") != origin:
        raise NotBelieved("for another service")
    if not at < float(facts.get("exp", 0)) <= at + A_DAY:
        raise NotBelieved("too old or good for too long")
    return key


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
