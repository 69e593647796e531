"""
Proving a security code that was typed in a car, without sending it.

The platform answers with a challenge: the salt of the person's code, a nonce, and an X25519 key made for this once. The car
stretches what was typed (scrypt), agrees on a secret with a key of its own made for this once, and sends a MAC over the
challenge, its VIN and both keys, under a key made of both. The code does not travel and is not kept; whoever reads the wire or
a disk cannot try codes against the MAC, because the agreed secret is gone on both sides. The challenge comes in a
signed reply, so nobody else can put a key of their own into it.
"""

import base64
import hashlib
import hmac
from datetime import datetime

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

COST, BLOCK, LANES = 2**14, 8, 1
"""scrypt's n, r and p (RFC 7914): 16 MiB and some hundredths of a second."""
SALT_BYTES, NONCE_BYTES, KEY_BYTES = 16, 32, 32
CONTEXT = b"vettura-security-code-1"


class CodeChallenge(msgspec.Struct, frozen=True, kw_only=True):
    """Answer to ``security_code_requested``: what the car needs to prove a code, and until when (real time)."""

    challenge: str
    salt: str
    nonce: str
    key: str
    expires_at: datetime


class CodeProof(msgspec.Struct, frozen=True, kw_only=True):
    """Data of ``security_code_proof``: which challenge is answered, the car's key, and the MAC."""

    challenge: str
    key: str
    proof: str


def stretched(code: str, salt: bytes) -> bytes:
    """This will make of a code what both sides work with: 32 bytes that take time to make."""
    return hashlib.scrypt(code.encode(), salt=salt, n=COST, r=BLOCK, p=LANES, dklen=KEY_BYTES)


def public_key(private: bytes) -> bytes:
    """This will give the X25519 public key of 32 private bytes."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def prove(challenge: CodeChallenge, *, vin: str, code: str, private: bytes) -> CodeProof:
    """
    This will answer a challenge for a typed code; ``private`` are 32 fresh random bytes, to be forgotten afterwards.

    Refuses (ValueError) a challenge that is not one.
    """
    salt, nonce, theirs = _unb64(challenge.salt), _unb64(challenge.nonce), _unb64(challenge.key)
    mine = public_key(private)
    agreed = X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(theirs))
    said = [challenge.challenge.encode(), vin.encode(), nonce, theirs, mine]
    return CodeProof(
        challenge=challenge.challenge, key=_b64(mine), proof=_b64(_mac(agreed, stretched(code, salt), said))
    )


def is_proven(proof: CodeProof, *, vin: str, nonce: bytes, private: bytes, verifier: bytes) -> bool:
    """This will tell whether a proof is that of the code behind ``verifier`` (see ``stretched``), for this very challenge."""
    try:
        theirs = _unb64(proof.key)
        agreed = X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(theirs))
        given = _unb64(proof.proof)
    except ValueError:
        return False
    said = [proof.challenge.encode(), vin.encode(), nonce, public_key(private), theirs]
    return hmac.compare_digest(_mac(agreed, verifier, said), given)


def challenge_of(*, id: str, salt: bytes, nonce: bytes, private: bytes, expires_at: datetime) -> CodeChallenge:
    """This will write a challenge; ``private`` stays with the platform and is forgotten once it is answered."""
    return CodeChallenge(
        challenge=id, salt=_b64(salt), nonce=_b64(nonce), key=_b64(public_key(private)), expires_at=expires_at
    )


def _mac(agreed: bytes, verifier: bytes, said: list[bytes]) -> bytes:
    key = hmac.digest(CONTEXT, agreed + verifier, hashlib.sha256)
    # each part with its length: no two lists of parts give the same bytes
    return hmac.digest(key, b"".join(len(part).to_bytes(2) + part for part in said), hashlib.sha256)


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
