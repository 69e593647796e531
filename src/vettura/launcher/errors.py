"""What the launcher refuses, in sentences that say what to do."""

from __future__ import annotations


class LauncherError(Exception):
    """Something on this machine stops us; its text is a whole sentence for the person at the terminal."""
