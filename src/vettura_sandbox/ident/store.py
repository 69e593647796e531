"""What the provider remembers: attempts with their pictures, encrypted, in one SQLite file."""

import json
import secrets
import sqlite3
import threading
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

Json = dict[str, Any]  # attempts as the provider keeps them

_SCHEMA = """
CREATE TABLE IF NOT EXISTS attempt (number TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, body BLOB NOT NULL, position INTEGER);
CREATE TABLE IF NOT EXISTS picture (code TEXT NOT NULL, kind TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (code, kind));
"""
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


class IdentStore:
    """Attempts by our customer's transaction number and by the code that people type. May be used from several threads."""

    def __init__(self, folder: Path) -> None:
        """This will open or make the file and its key."""
        folder.mkdir(parents=True, exist_ok=True)
        key = folder / "ident.key"
        if not key.exists():
            key.touch(mode=0o600)
            key.write_bytes(Fernet.generate_key())
        self._box = Fernet(key.read_bytes())
        self._lock = threading.RLock()
        self._db = sqlite3.connect(folder / "ident.sqlite3", check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA secure_delete=ON")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """This will close the file."""
        with self._lock:
            self._db.close()

    def create(self, number: str, body: Json) -> Json:
        """This will keep a new attempt; one that is known stays as it is."""
        with self._lock:
            known = self.by_number(number)
            if known is not None:
                return known
            code = "VID-" + "".join(secrets.choice(_LETTERS) for _ in range(5))
            self._db.execute(
                "INSERT INTO attempt VALUES (?, ?, ?, (SELECT COALESCE(MAX(position), 0) + 1 FROM attempt))",
                (number, code, self._sealed({**body, "number": number, "code": code})),
            )
            return self.by_number(number) or {}

    def by_number(self, number: str) -> Json | None:
        """The attempt with a transaction number."""
        return self._read("SELECT body FROM attempt WHERE number = ?", number)

    def by_code(self, code: str) -> Json | None:
        """The attempt with a code."""
        return self._read("SELECT body FROM attempt WHERE code = ?", code.strip().upper())

    def update(self, code: str, **changes: Any) -> Json:  # Any: JSON values
        """This will change an attempt and return it. Raises LookupError."""
        with self._lock:
            found = self.by_code(code)
            if found is None:
                raise LookupError(code)
            found.update(changes)
            self._db.execute("UPDATE attempt SET body = ? WHERE code = ?", (self._sealed(found), code))
            return found

    def latest(self, limit: int = 100) -> list[Json]:
        """The newest attempts."""
        with self._lock:
            rows = self._db.execute("SELECT body FROM attempt ORDER BY position DESC LIMIT ?", (limit,)).fetchall()
        return [self._opened(row[0]) for row in rows]

    def add_picture(self, code: str, kind: str, content: bytes) -> None:
        """This will keep a picture; a second one of its kind replaces the first."""
        with self._lock:
            self._db.execute(
                "INSERT OR REPLACE INTO picture VALUES (?, ?, ?)", (code, kind, self._box.encrypt(content))
            )

    def pictures(self, code: str) -> dict[str, bytes]:
        """The pictures of an attempt by kind."""
        with self._lock:
            rows = self._db.execute("SELECT kind, body FROM picture WHERE code = ? ORDER BY kind", (code,)).fetchall()
        return {kind: self._box.decrypt(body) for kind, body in rows}

    def forget(self, number: str) -> bool:
        """This will delete an attempt with its pictures; False when there is none."""
        with self._lock:
            found = self.by_number(number)
            if found is None:
                return False
            self._db.execute("DELETE FROM picture WHERE code = ?", (found["code"],))
            self._db.execute("DELETE FROM attempt WHERE number = ?", (number,))
            return True

    def _read(self, query: str, value: str) -> Json | None:
        with self._lock:
            row = self._db.execute(query, (value,)).fetchone()
        return None if row is None else self._opened(row[0])

    def _sealed(self, body: Json) -> bytes:
        return self._box.encrypt(json.dumps(body).encode())

    def _opened(self, body: bytes) -> Json:
        return dict(json.loads(self._box.decrypt(body)))
