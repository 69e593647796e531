"""Subscriptions and the notes that wait for them, in a SQLite file."""

import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path

MOST_KEPT = 2000

_SCHEMA = """
CREATE TABLE IF NOT EXISTS subscription (
  id TEXT PRIMARY KEY, receiver TEXT NOT NULL UNIQUE, sender_key TEXT NOT NULL, is_gone INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS note (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, subscription TEXT NOT NULL, topic TEXT NOT NULL, urgency TEXT NOT NULL,
  ttl INTEGER NOT NULL, expires_at REAL NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS answer (number INTEGER PRIMARY KEY, status INTEGER NOT NULL);
"""


@dataclass(frozen=True)
class Subscription:
    """A browser's subscription: where senders send (`id`), where the browser listens (`receiver`), and whose key is accepted."""

    id: str
    receiver: str
    sender_key: str
    is_gone: bool


@dataclass(frozen=True)
class Note:
    """A note that waits, sealed."""

    id: str
    topic: str
    urgency: str
    ttl: int
    body: bytes


class PushStore:
    """Keeps what was sent. May be used from several threads; the newest 2000 notes stay."""

    def __init__(self, path: Path) -> None:
        """This will open the file or make it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """This will close the file."""
        with self._lock:
            self._db.close()

    def subscribe(self, *, id: str, receiver: str, sender_key: str) -> None:
        """This will begin a subscription; an empty key accepts every sender."""
        with self._lock:
            self._db.execute(
                "INSERT INTO subscription (id, receiver, sender_key) VALUES (?, ?, ?)", (id, receiver, sender_key)
            )

    def unsubscribe(self, *, receiver: str) -> None:
        """This will end a subscription for good, with what waits for it."""
        with self._lock:
            self._db.execute("UPDATE subscription SET is_gone = 1 WHERE receiver = ?", (receiver,))
            self._db.execute(
                "DELETE FROM note WHERE subscription IN (SELECT id FROM subscription WHERE receiver = ?)", (receiver,)
            )

    def subscription(self, *, id: str = "", receiver: str = "") -> Subscription | None:
        """The subscription that senders, or its browser, name."""
        with self._lock:
            row = self._db.execute(
                "SELECT id, receiver, sender_key, is_gone FROM subscription WHERE id = ? OR receiver = ?",
                (id, receiver),
            ).fetchone()
        return Subscription(row[0], row[1], row[2], bool(row[3])) if row else None

    def keep(self, note: Note, *, subscription: str, at: float) -> None:
        """This will keep a note until its time is over; one of the same topic that was not fetched yet goes (RFC 8030 section 5.4)."""
        with self._lock:
            if note.topic:
                self._db.execute("DELETE FROM note WHERE subscription = ? AND topic = ?", (subscription, note.topic))
            self._db.execute(
                "INSERT INTO note (id, subscription, topic, urgency, ttl, expires_at, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (note.id, subscription, note.topic, note.urgency, note.ttl, at + note.ttl, note.body),
            )
            self._db.execute("DELETE FROM note WHERE number <= (SELECT max(number) FROM note) - ?", (MOST_KEPT,))

    def waiting(self, *, subscription: str, at: float) -> list[Note]:
        """What waits for a browser, the oldest first; what is too old is gone."""
        with self._lock:
            self._db.execute("DELETE FROM note WHERE expires_at < ?", (at,))
            rows = self._db.execute(
                "SELECT id, topic, urgency, ttl, body FROM note WHERE subscription = ? ORDER BY number", (subscription,)
            ).fetchall()
        return [Note(*row) for row in rows]

    def acknowledge(self, *, id: str) -> bool:
        """This will drop a note that its browser has; whether there was one."""
        with self._lock:
            return self._db.execute("DELETE FROM note WHERE id = ?", (id,)).rowcount > 0

    def answer_next(self, statuses: list[int]) -> None:
        """This will let the next notes be answered so instead of taken."""
        with self._lock:
            self._db.executemany("INSERT INTO answer (status) VALUES (?)", [(each,) for each in statuses])

    def next_answer(self) -> int | None:
        """The answer that somebody wants the next note to get, once."""
        with self._lock:
            row = self._db.execute(
                "DELETE FROM answer WHERE number = (SELECT min(number) FROM answer) RETURNING status"
            ).fetchone()
        return int(row[0]) if row else None

    def counts(self) -> tuple[int, int]:
        """How many subscriptions there are, and how many notes wait."""
        with self._lock:
            living = self._db.execute("SELECT count(*) FROM subscription WHERE is_gone = 0").fetchone()[0]
            return int(living), int(self._db.execute("SELECT count(*) FROM note").fetchone()[0])
