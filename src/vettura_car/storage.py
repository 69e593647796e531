"""Files of a car: written whole or not at all, so that a pulled plug leaves the old or the new content."""

import os
from pathlib import Path


def write_atomically(path: Path, content: bytes) -> None:
    """This will replace the file's content; after it returns, the content survives a crash of the machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
