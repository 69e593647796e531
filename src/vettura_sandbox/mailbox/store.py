"""The mails of the mailbox, in a SQLite file."""

import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path

MOST_KEPT = 2000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS mail (uid INTEGER PRIMARY KEY AUTOINCREMENT, raw BLOB NOT NULL, seen INTEGER NOT NULL DEFAULT 0);
"""


@dataclass(frozen=True)
class KeptMail:
    """A mail with its number in the folder, and whether it was read."""

    uid: int
    raw: bytes
    is_seen: bool


class MailboxStore:
    """Keeps the mails of one folder. May be used from several threads; the newest 2000 stay."""

    def __init__(self, path: Path) -> None:
        """This will open the file or make it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """This will close the file."""
        with self._lock:
            self._db.close()

    def add(self, raw: bytes) -> int:
        """This will keep a mail and return its number."""
        with self._lock:
            uid = int(self._db.execute("INSERT INTO mail (raw) VALUES (?)", (raw,)).lastrowid or 0)
            self._db.execute("DELETE FROM mail WHERE uid <= ?", (uid - MOST_KEPT,))
        return uid

    def mails(self) -> list[KeptMail]:
        """Every mail, oldest first: the position in this list is its sequence number."""
        with self._lock:
            rows = self._db.execute("SELECT uid, raw, seen FROM mail ORDER BY uid").fetchall()
        return [KeptMail(row[0], row[1], bool(row[2])) for row in rows]

    def mark_seen(self, uids: list[int]) -> None:
        """This will note that mails were read."""
        with self._lock:
            self._db.executemany("UPDATE mail SET seen = 1 WHERE uid = ?", [(uid,) for uid in uids])

    def clear(self) -> None:
        """This will forget every mail; numbers are not used again."""
        with self._lock:
            self._db.execute("DELETE FROM mail")
