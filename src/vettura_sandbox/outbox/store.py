"""The mails and SMS that arrived, in a SQLite file."""

import sqlite3
import threading
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

MOST_KEPT = 2000

_SCHEMA = """
CREATE TABLE IF NOT EXISTS mail (id INTEGER PRIMARY KEY, recipient TEXT NOT NULL, raw BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS mail_recipient ON mail (recipient);
CREATE TABLE IF NOT EXISTS sms (
  id INTEGER PRIMARY KEY, sid TEXT NOT NULL UNIQUE, sender TEXT NOT NULL, recipient TEXT NOT NULL, text TEXT NOT NULL,
  sent_at TEXT NOT NULL, has_arrived INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS sms_recipient ON sms (recipient);
CREATE TABLE IF NOT EXISTS steering (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""


@dataclass(frozen=True)
class StoredFile:
    """A file that came with a mail."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class StoredMail:
    """A mail as a mail program shows it."""

    id: int
    to: str
    sender: str
    subject: str
    date: str
    text: str
    html: str
    files: tuple[StoredFile, ...]


@dataclass(frozen=True)
class StoredSms:
    """A text message, and whether it reached the phone."""

    id: int
    sid: str
    sender: str
    to: str
    text: str
    sent_at: str
    has_arrived: bool


class OutboxStore:
    """Keeps what arrived. May be used from several threads; the newest 2000 of each kind stay."""

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

    def add_mail(self, *, recipient: str, raw: bytes) -> None:
        """This will keep a mail for one recipient."""
        with self._lock:
            self._db.execute("INSERT INTO mail (recipient, raw) VALUES (?, ?)", (recipient.lower(), raw))
            self._db.execute("DELETE FROM mail WHERE id <= (SELECT max(id) FROM mail) - ?", (MOST_KEPT,))

    def add_sms(self, *, sid: str, sender: str, recipient: str, text: str) -> StoredSms:
        """This will keep an SMS; it does not arrive if that was asked for the next one."""
        with self._lock:
            sent_at: str = self._db.execute("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')").fetchone()[0]
            is_lost = self._db.execute(
                "UPDATE steering SET value = value - 1 WHERE name = 'lose_sms' AND value > 0 RETURNING 1"
            ).fetchone()
            cursor = self._db.execute(
                "INSERT INTO sms (sid, sender, recipient, text, sent_at, has_arrived) VALUES (?, ?, ?, ?, ?, ?)",
                (sid, sender, recipient, text, sent_at, not is_lost),
            )
            self._db.execute("DELETE FROM sms WHERE id <= (SELECT max(id) FROM sms) - ?", (MOST_KEPT,))
        return StoredSms(cursor.lastrowid or 0, sid, sender, recipient, text, sent_at, not is_lost)

    def lose_next_sms(self, how_many: int) -> None:
        """This will let that many next SMS not arrive; 0 lets all arrive."""
        with self._lock:
            self._db.execute(
                "INSERT OR REPLACE INTO steering (name, value) VALUES ('lose_sms', ?)", (max(0, how_many),)
            )

    def sms_to_lose(self) -> int:
        """How many next SMS will not arrive."""
        with self._lock:
            row = self._db.execute("SELECT value FROM steering WHERE name = 'lose_sms'").fetchone()
        return int(row[0]) if row else 0

    def mails(self, *, to: str | None = None, limit: int = 200) -> list[StoredMail]:
        """The newest mails first, of everybody or one address."""
        with self._lock:
            rows = self._db.execute(
                "SELECT id, recipient, raw FROM mail WHERE ?1 IS NULL OR recipient = ?1 ORDER BY id DESC LIMIT ?2",
                (to.lower() if to else None, limit),
            ).fetchall()
        return [_read(*row) for row in rows]

    def mail(self, mail_id: int) -> StoredMail | None:
        """One mail."""
        with self._lock:
            row = self._db.execute("SELECT id, recipient, raw FROM mail WHERE id = ?", (mail_id,)).fetchone()
        return _read(*row) if row else None

    def sms(self, *, to: str | None = None, limit: int = 200) -> list[StoredSms]:
        """The newest SMS first, of everybody or one number."""
        with self._lock:
            rows = self._db.execute(
                "SELECT id, sid, sender, recipient, text, sent_at, has_arrived FROM sms"
                " WHERE ?1 IS NULL OR recipient = ?1 ORDER BY id DESC LIMIT ?2",
                (to, limit),
            ).fetchall()
        return [StoredSms(r[0], r[1], r[2], r[3], r[4], r[5], bool(r[6])) for r in rows]

    def clear(self) -> None:
        """This will forget every mail and SMS."""
        with self._lock:
            self._db.executescript("DELETE FROM mail; DELETE FROM sms;")


def _read(mail_id: int, recipient: str, raw: bytes) -> StoredMail:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    files = [_file(part) for part in message.iter_attachments() if isinstance(part, EmailMessage)]
    return StoredMail(
        id=mail_id,
        to=recipient,
        sender=str(message["From"] or ""),
        subject=str(message["Subject"] or ""),
        date=str(message["Date"] or ""),
        text=text.get_content() if text else "",
        html=html.get_content() if html else "",
        files=tuple(files),
    )


def _file(part: EmailMessage) -> StoredFile:
    content = part.get_payload(decode=True)
    return StoredFile(
        part.get_filename() or "file", part.get_content_type(), content if isinstance(content, bytes) else b""
    )
