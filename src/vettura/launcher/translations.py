"""Compiles the translations of every context, from `django.po` to `django.mo` beside it."""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from vettura.launcher.errors import LauncherError

SOURCES = Path(__file__).resolve().parents[2]


def compile_all(folder: Path = SOURCES) -> int:
    """Compile what changed since the last time and return how many files that were. Raises LauncherError for a bad file."""
    done = 0
    for source in sorted(folder.glob("**/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            try:
                catalog = read_po(file, locale=source.parents[1].name, abort_invalid=True)
            except (PoFileError, ValueError) as error:
                raise LauncherError(f"The translation {source} cannot be read: {error}") from error
        with target.open("wb") as file:
            write_mo(file, catalog)
        done += 1
    return done
