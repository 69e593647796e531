"""
The key that push services know us by (VAPID, RFC 8292). Needs no Django, so that it can be made before anything starts.

Browsers bind what they subscribe to this key: with another one nobody is told anything until they subscribe anew.
"""

import base64
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from vettura.foundation.key_files import ensure_key


def ensure_push_key(path: Path) -> None:
    """This will make a P-256 key at `path`, readable by its owner only; one that is there stays."""
    ensure_key(path, lambda: ec.generate_private_key(ec.SECP256R1()))


def push_key(path: Path) -> ec.EllipticCurvePrivateKey | None:
    """The key; None where none was made yet. Read again when the file changes."""
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return None


def public_part(key: ec.EllipticCurvePrivateKey) -> str:
    """What browsers and push services are told of it: the uncompressed point, base64url."""
    return base64.urlsafe_b64encode(point(key.public_key())).rstrip(b"=").decode()


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as 65 bytes (X9.62, uncompressed)."""
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


@lru_cache(maxsize=4)
def _read(path: Path, changed_at: int) -> ec.EllipticCurvePrivateKey:  # a changed file is another one
    found = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(found, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} is no P-256 key.")
    return found
