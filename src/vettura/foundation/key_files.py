"""Private keys as files. Needs no Django, so that keys can be made before anything starts."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes


def ensure_key(path: Path, generate: Callable[[], PrivateKeyTypes]) -> None:
    """This will write a new key to `path` as PEM, readable by its owner only; one that is there stays, also when two begin at once."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.touch(mode=0o600)
    unfinished.write_bytes(pem)
    # a link and not a rename: whoever came first wins, and nobody reads half a key
    with suppress(FileExistsError):
        os.link(unfinished, path)
    unfinished.unlink()
