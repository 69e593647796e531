"""The mailbox by IMAP4rev1 (RFC 3501) at `VETTURA_IMAP_URL`: imaps://user:password@host/folder, or imap:// with STARTTLS."""

import imaplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from django.conf import settings

from vettura.assistance.ports import MailboxUnreachable, Waiting

TIMEOUT_SECONDS = 10
LARGEST_MAIL_BYTES = 2_097_152
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class ImapMailbox:
    """Reads one folder. A password never crosses a network without TLS."""

    def __init__(self, url: str | None = None, *, trust: ssl.SSLContext | None = None) -> None:
        """The mailbox of the settings, or the one given; `trust` is whom to believe to be the server."""
        self.url = urlsplit(url or settings.VETTURA_PROVIDERS.imap_url)
        self.folder = unquote(self.url.path.strip("/")) or "INBOX"
        self.trust = trust or ssl.create_default_context()

    def waiting(self, *, limit: int) -> list[Waiting]:
        """The oldest unseen mails; of a very large one only the beginning. Raises MailboxUnreachable."""
        with self._open() as server:
            _, found = server.uid("SEARCH", "UNSEEN")
            ids = (found[0] or b"").split()[:limit]
            return [Waiting(uid.decode(), self._content(server, uid)) for uid in ids]

    def taken_in(self, ids: Sequence[str]) -> None:
        """This will set the flag \\Seen. Raises MailboxUnreachable."""
        if not ids:
            return
        with self._open() as server:
            server.uid("STORE", ",".join(ids), "+FLAGS", "(\\Seen)")

    @staticmethod
    def _content(server: imaplib.IMAP4, uid: bytes) -> bytes:
        # PEEK: fetching alone must not mark it, or a mail would be lost when we fail after this
        _, parts = server.uid("FETCH", uid.decode(), f"(BODY.PEEK[]<0.{LARGEST_MAIL_BYTES}>)")
        return next((bytes(part[1]) for part in parts if isinstance(part, tuple)), b"")

    @contextmanager
    def _open(self) -> Iterator[imaplib.IMAP4]:
        try:
            with self._connect() as server:
                server.login(unquote(self.url.username or ""), unquote(self.url.password or ""))
                answer, _ = server.select(self.folder)
                if answer != "OK":
                    raise MailboxUnreachable("no_such_folder")
                yield server
        except (OSError, imaplib.IMAP4.error) as problem:
            raise MailboxUnreachable(type(problem).__name__) from None

    def _connect(self) -> imaplib.IMAP4:
        host = self.url.hostname or "localhost"
        if self.url.scheme == "imaps":
            return imaplib.IMAP4_SSL(host, self.url.port or 993, ssl_context=self.trust, timeout=TIMEOUT_SECONDS)
        server = imaplib.IMAP4(host, self.url.port or 143, timeout=TIMEOUT_SECONDS)
        if host not in LOOPBACK:
            server.starttls(ssl_context=self.trust)  # raises where the server does not offer it
        return server
