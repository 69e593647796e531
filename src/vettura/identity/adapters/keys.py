"""The key that signs ID tokens. Needs no Django, so that keys can be made before anything starts."""

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

KEY_BITS = 3072


def ensure_oidc_key(path: Path) -> None:
    """This will make an RSA key at `path`, readable by its owner only; a key that is there stays."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.touch(mode=0o600)
    unfinished.write_bytes(pem)
    try:
        # a link and not a rename: whoever came first wins, and nobody reads half a key
        os.link(unfinished, path)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()
