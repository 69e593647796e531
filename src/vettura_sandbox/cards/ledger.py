"""What the provider remembers: its objects, answers by idempotency key, and events, in one SQLite file."""

import json
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vettura_wire import clock

Json = dict[str, Any]  # objects as the provider's API shows them, of any shape

_SCHEMA = """
CREATE TABLE IF NOT EXISTS object (id TEXT PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL, position INTEGER);
CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, request TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS delivery (event_id TEXT PRIMARY KEY, status TEXT NOT NULL, attempts INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS steering (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


def seconds_now() -> int:
    """Now, as the provider counts: whole seconds since 1970."""
    return int(clock.real_now().timestamp())


class Ledger:
    """Objects by id. One request at a time holds the lock, so a request sees and leaves a whole state."""

    def __init__(self, path: Path) -> None:
        """This will open or create the file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.executescript(_SCHEMA)
        self._lock = threading.RLock()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """This will keep everything written inside, or nothing when it raises."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def new_id(self, prefix: str) -> str:
        """An id as the provider makes them, e.g. `pi_3f…`."""
        return f"{prefix}_{secrets.token_hex(12)}"

    def save(self, body: Json) -> Json:
        """This will keep an object under its id."""
        with self._lock:
            self._connection.execute(
                "INSERT INTO object VALUES (?, ?, ?, (SELECT COALESCE(MAX(position), 0) + 1 FROM object)) "
                "ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                (body["id"], body["object"], json.dumps(body)),
            )
        return body

    def find(self, object_id: str) -> Json | None:
        """The object, if there is one."""
        with self._lock:
            row = self._connection.execute("SELECT body FROM object WHERE id = ?", (object_id,)).fetchone()
        return None if row is None else dict(json.loads(row[0]))

    def latest(self, kind: str, limit: int = 50) -> list[Json]:
        """The newest objects of a kind."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT body FROM object WHERE kind = ? ORDER BY position DESC LIMIT ?", (kind, limit)
            ).fetchall()
        return [dict(json.loads(row[0])) for row in rows]

    def with_value(self, kind: str, name: str, value: str) -> list[Json]:
        """The objects of a kind whose member of that name has this value."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT body FROM object WHERE kind = ? AND json_extract(body, '$.' || ?) = ? ORDER BY position",
                (kind, name, value),
            ).fetchall()
        return [dict(json.loads(row[0])) for row in rows]

    def forget_answers_about(self, object_id: str) -> None:
        """This will let nothing be repeated that was answered with this object itself."""
        with self._lock:
            self._connection.execute("DELETE FROM answer WHERE json_extract(body, '$.id') = ?", (object_id,))

    def answer(self, key: str) -> tuple[str, int, Json] | None:
        """The request, status and body that a key was used for."""
        with self._lock:
            row = self._connection.execute("SELECT request, status, body FROM answer WHERE key = ?", (key,)).fetchone()
        return None if row is None else (row[0], row[1], dict(json.loads(row[2])))

    def keep_answer(self, key: str, request: str, status: int, body: Json) -> None:
        """This will let the key repeat this answer."""
        with self._lock:
            self._connection.execute("INSERT INTO answer VALUES (?, ?, ?, ?)", (key, request, status, json.dumps(body)))

    def record_delivery(self, event_id: str, status: str) -> None:
        """This will count one attempt to deliver an event."""
        with self._lock:
            self._connection.execute(
                "INSERT INTO delivery VALUES (?, ?, 1) ON CONFLICT (event_id) "
                "DO UPDATE SET status = excluded.status, attempts = attempts + 1",
                (event_id, status),
            )

    def deliveries(self) -> dict[str, tuple[str, int]]:
        """Status and attempts by event."""
        with self._lock:
            rows = self._connection.execute("SELECT event_id, status, attempts FROM delivery").fetchall()
        return {row[0]: (row[1], row[2]) for row in rows}

    def steer(self, name: str, value: str) -> None:
        """This will set a switch of the sandbox page."""
        with self._lock:
            self._connection.execute(
                "INSERT INTO steering VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )

    def steering(self, name: str) -> str:
        """The switch, empty when it was never set."""
        with self._lock:
            row = self._connection.execute("SELECT value FROM steering WHERE name = ?", (name,)).fetchone()
        return "" if row is None else str(row[0])

    def close(self) -> None:
        """This will close the file."""
        with self._lock:
            self._connection.close()
