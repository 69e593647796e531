"""
The keys that sign ID tokens. Needs no Django, so that keys can be made before anything starts.

One key signs; the next one is published long before, so that programs know it on the day it signs; the one before stays
published until the next change, so that what it signed can still be checked.
"""

import os
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa

from vettura.foundation.key_files import ensure_key

KEY_BITS = 3072


def ensure_oidc_key(path: Path) -> None:
    """This will make an RSA key at `path` and the one that follows it, readable by their owner only; what is there stays."""
    for each in (path, next_key(path)):
        _ensure(each)


def rotate_oidc_key(path: Path) -> bool:
    """
    This will let the next key sign from now on; the present one is published until the next change.

    False, and a next key to wait for, where none was published before: programs must have read it first.
    """
    following = next_key(path)
    if not following.exists():
        _ensure(following)
        return False
    # the present key stays where it is until the next one takes its place: there is one at every moment
    spare = path.with_suffix(f".{os.getpid()}")
    os.link(path, spare)
    spare.replace(previous_key(path))
    following.replace(path)
    _ensure(following)
    return True


def published_keys(path: Path) -> list[str]:
    """The key that signs, the next and the previous one, as PEM, as far as they exist. Read again when a file changes."""
    found = []
    for each in (path, next_key(path), previous_key(path)):
        try:
            found.append(_read(each, each.stat().st_mtime_ns, each.stat().st_ino))
        except FileNotFoundError:
            continue
    return found if path.exists() else []


def next_key(path: Path) -> Path:
    """Where the key lies that signs after the next change."""
    return path.with_stem(f"{path.stem}-next")


def previous_key(path: Path) -> Path:
    """Where the key lies that signed before the last change."""
    return path.with_stem(f"{path.stem}-previous")


@lru_cache(maxsize=16)
def _read(path: Path, changed_at: int, inode: int) -> str:  # they make a changed file another one
    return path.read_text()


def _ensure(path: Path) -> None:
    ensure_key(path, lambda: rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS))
