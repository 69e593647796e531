"""
Signatures of what goes down: compact JWS (RFC 7515) with EdDSA over Ed25519 (RFC 8037).

The header is ``{"alg":"EdDSA","kid":…,"typ":"vettura-command"}``; ``typ`` keeps a signed reply from passing for a
command. A key's id is its RFC 7638 thumbprint. Signing stands in the path of every command, so it is written
directly on the primitive: a JOSE library added 40 to 70 % to its time (and reads and checks our messages in the tests).
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeVar, overload

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from vettura_wire.errors import BadSignature
from vettura_wire.payloads import Command, Document, Reply, Signed, decode, encode

S = TypeVar("S", Command, Document, Reply)
PublicKey = Ed25519PublicKey | str | bytes
"""A key as an object or as PEM."""

TYPES: dict[type[msgspec.Struct], str] = {
    Command: "vettura-command",
    Document: "vettura-document",
    Reply: "vettura-reply",
}


def sign(payload: Signed, private_pem: str | bytes, kid: str | None = None) -> bytes:
    """
    This will write and sign a payload; the same payload and key always give the same bytes.

    ``kid`` names the key for the reader and defaults to the key's own id. The PEM is parsed once per process.
    """
    key, own_id = _private(private_pem)
    signing_input = _header(TYPES[type(payload)], kid or own_id) + b"." + _b64(encode(payload))
    return signing_input + b"." + _b64(key.sign(signing_input))


@overload
def verify(token: bytes, public_keys: Mapping[str, PublicKey], kind: type[S]) -> S: ...
@overload
def verify(token: bytes, public_keys: Mapping[str, PublicKey]) -> Signed: ...
def verify(token: bytes, public_keys: Mapping[str, PublicKey], kind: type[S] | None = None) -> Signed:
    """
    This will read a signed payload if one of the keys (by id) signed it, and return it typed.

    Refuses (BadSignature) any other algorithm, key, kind or a changed byte, and (MalformedPayload) a well-signed
    payload that is not of its kind. It does not check VIN, counter or expiry: the reader must.
    """
    try:
        head, body, signature = token.split(b".")
        header: dict[str, Any] = json.loads(_unb64(head))  # free form until the checks below
        algorithm, kid, typ = header["alg"], header["kid"], header["typ"]
        key = public_keys[kid]
        raw, signed = _unb64(signature), _unb64(body)
    except (ValueError, KeyError, TypeError) as error:
        raise BadSignature("not a signed message of a known key") from error
    if algorithm != "EdDSA" or "crit" in header:
        raise BadSignature(f"algorithm {algorithm}")
    named = next((struct for struct, name in TYPES.items() if name == typ), None)
    if named is None or (kind is not None and named is not kind):
        raise BadSignature(f"a message of type {typ}")
    try:
        _public(key).verify(raw, head + b"." + body)
    except InvalidSignature as error:
        raise BadSignature("the signature does not fit") from error
    payload = decode(signed, named)
    if not isinstance(payload, Command | Document | Reply):
        raise BadSignature(f"a message of type {typ}")
    return payload


def read_unverified(token: bytes) -> bytes:
    """
    This will take the payload out without believing it: only good for naming a message that is being refused.

    Refuses (BadSignature) what is not a compact JWS at all.
    """
    try:
        _head, body, _signature = token.split(b".")
        return _unb64(body)
    except ValueError as error:
        raise BadSignature("not a signed message") from error


def request_hash(command_jws: bytes | str) -> str:
    """This will name the very bytes of a signed command: SHA-256 in lower-case hex."""
    data = command_jws.encode() if isinstance(command_jws, str) else command_jws
    return hashlib.sha256(data).hexdigest()


def key_id(public_key: PublicKey) -> str:
    """This will name a public key by its RFC 7638 thumbprint."""
    x = _b64(_public(public_key).public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
    canonical = f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'
    return _b64(hashlib.sha256(canonical.encode()).digest()).decode()


def write_keys(public_keys: list[PublicKey]) -> bytes:
    """This will write public keys as a JWK Set: the content of a car's ``platform-keys.json``."""
    keys = [
        {
            "kty": "OKP",
            "crv": "Ed25519",
            "alg": "EdDSA",
            "use": "sig",
            "kid": key_id(key),
            "x": _b64(_public(key).public_bytes(Encoding.Raw, PublicFormat.Raw)).decode(),
        }
        for key in public_keys
    ]
    return json.dumps({"keys": keys}, indent=2).encode() + b"\n"


def read_keys(data: bytes | str) -> dict[str, Ed25519PublicKey]:
    """
    This will read ``platform-keys.json``: a JWK Set, or an object ``{key id: PEM}``.

    Refuses (BadSignature) anything that is neither: a car without keys must not start.
    """
    try:
        content = json.loads(data)
        if "keys" in content:
            return {
                entry["kid"]: Ed25519PublicKey.from_public_bytes(_unb64(entry["x"].encode()))
                for entry in content["keys"]
                if entry["kty"] == "OKP" and entry["crv"] == "Ed25519"
            }
        return {kid: _public(pem) for kid, pem in content.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadSignature("not a set of public keys") from error


@lru_cache(maxsize=16)
def _private(pem: str | bytes) -> tuple[Ed25519PrivateKey, str]:
    key = load_pem_private_key(pem.encode() if isinstance(pem, str) else pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise BadSignature("not an Ed25519 key")
    return key, key_id(key.public_key())


def _public(key: PublicKey) -> Ed25519PublicKey:
    return key if isinstance(key, Ed25519PublicKey) else _public_of_pem(key)


@lru_cache(maxsize=16)
def _public_of_pem(pem: str | bytes) -> Ed25519PublicKey:
    key = load_pem_public_key(pem.encode() if isinstance(pem, str) else pem)
    if not isinstance(key, Ed25519PublicKey):
        raise BadSignature("not an Ed25519 key")
    return key


@lru_cache(maxsize=64)
def _header(typ: str, kid: str) -> bytes:
    return _b64(json.dumps({"alg": "EdDSA", "kid": kid, "typ": typ}, separators=(",", ":")).encode())


def _b64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _unb64(data: bytes) -> bytes:
    decoded = base64.b64decode(data + b"=" * (-len(data) % 4), altchars=b"-_", validate=True)
    # two texts for the same bytes would give one command two request hashes
    if _b64(decoded) != data:
        raise ValueError("not canonical base64url")
    return decoded
