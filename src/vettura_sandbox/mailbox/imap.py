"""As much of IMAP4rev1 (RFC 3501) as a reader of one folder needs. Refuses everything else in the protocol's own way."""

import asyncio
import hmac
import re
import shlex
from urllib.parse import unquote, urlsplit

from vettura_sandbox.mailbox.store import KeptMail, MailboxStore

LONGEST_LINE = 8192
UID_VALIDITY = 1
_SECTION = re.compile(r"BODY(?:\.PEEK)?\[\](?:<0\.(\d+)>)?", re.IGNORECASE)


class Session:
    """One connection: greets, takes a line, answers it."""

    def __init__(self, store: MailboxStore, user: str, password: str) -> None:
        """Who may enter."""
        self.store, self.user, self.password = store, user, password
        self.is_known = self.is_selected = self.is_over = False

    def answer(self, line: str) -> list[bytes]:
        """The lines that answer a command; the last one is tagged."""
        tag, _, rest = line.partition(" ")
        name, _, arguments = rest.partition(" ")
        if name.upper() == "UID":
            name, _, arguments = arguments.partition(" ")
            name = f"UID_{name}"
        handler = getattr(self, f"do_{name.lower()}", None)
        if handler is None:
            return [f"{tag} BAD Unknown command".encode()]
        if name.upper() not in ("CAPABILITY", "NOOP", "LOGIN", "LOGOUT") and not self.is_known:
            return [f"{tag} NO Log in first".encode()]
        if name.upper().startswith("UID_") and not self.is_selected:
            return [f"{tag} BAD Select a folder first".encode()]
        try:
            lines, verdict = handler(arguments)
        except ValueError:
            return [f"{tag} BAD Cannot read the arguments".encode()]
        return [*lines, f"{tag} {verdict}".encode()]

    def do_capability(self, _arguments: str) -> tuple[list[bytes], str]:
        """What the server can."""
        return [b"* CAPABILITY IMAP4rev1"], "OK Done"

    def do_noop(self, _arguments: str) -> tuple[list[bytes], str]:
        """Nothing."""
        return [], "OK Done"

    def do_login(self, arguments: str) -> tuple[list[bytes], str]:
        """User and password."""
        user, password = shlex.split(arguments)
        self.is_known = hmac.compare_digest(f"{user}:{password}".encode(), f"{self.user}:{self.password}".encode())
        return [], "OK Welcome" if self.is_known else "NO [AUTHENTICATIONFAILED] Wrong user or password"

    def do_logout(self, _arguments: str) -> tuple[list[bytes], str]:
        """Good-bye."""
        self.is_over = True
        return [b"* BYE See you"], "OK Done"

    def do_select(self, arguments: str) -> tuple[list[bytes], str]:
        """The only folder."""
        if arguments.strip(' "').upper() != "INBOX":
            return [], "NO There is only INBOX"
        self.is_selected = True
        mails = self.store.mails()
        return [
            f"* {len(mails)} EXISTS".encode(),
            b"* 0 RECENT",
            b"* FLAGS (\\Seen)",
            f"* OK [UIDVALIDITY {UID_VALIDITY}]".encode(),
        ], "OK [READ-WRITE] Selected"

    def do_close(self, _arguments: str) -> tuple[list[bytes], str]:
        """Leaves the folder."""
        self.is_selected = False
        return [], "OK Done"

    def do_uid_search(self, arguments: str) -> tuple[list[bytes], str]:
        """ALL, SEEN or UNSEEN."""
        wanted = arguments.strip().upper()
        if wanted not in ("ALL", "SEEN", "UNSEEN"):
            raise ValueError(wanted)
        found = [m.uid for m in self.store.mails() if wanted == "ALL" or m.is_seen == (wanted == "SEEN")]
        return [" ".join(["* SEARCH", *map(str, found)]).encode()], "OK Done"

    def do_uid_fetch(self, arguments: str) -> tuple[list[bytes], str]:
        """The whole mail, or its first bytes; without PEEK it counts as read."""
        numbers, _, what = arguments.partition(" ")
        section = _SECTION.search(what)
        if section is None:
            raise ValueError(what)
        chosen = self._chosen(numbers)
        if "PEEK" not in what.upper():
            self.store.mark_seen([mail.uid for _, mail in chosen])
        limit = int(section[1]) if section[1] else None
        name = "BODY[]<0>" if section[1] else "BODY[]"
        lines = []
        for position, mail in chosen:
            raw = mail.raw[:limit]
            head = f"* {position} FETCH (UID {mail.uid} {name} {{{len(raw)}}}\r\n".encode()
            lines.append(head + raw + b")")
        return lines, "OK Done"

    def do_uid_store(self, arguments: str) -> tuple[list[bytes], str]:
        """+FLAGS (\\Seen)."""
        numbers, _, what = arguments.partition(" ")
        if not what.upper().startswith("+FLAGS") or "\\SEEN" not in what.upper():
            raise ValueError(what)
        chosen = self._chosen(numbers)
        self.store.mark_seen([mail.uid for _, mail in chosen])
        if ".SILENT" in what.upper():
            return [], "OK Done"
        return [f"* {position} FETCH (UID {mail.uid} FLAGS (\\Seen))".encode() for position, mail in chosen], "OK Done"

    def _chosen(self, numbers: str) -> list[tuple[int, KeptMail]]:
        wanted = {int(each) for each in numbers.split(",")}
        return [(at, mail) for at, mail in enumerate(self.store.mails(), 1) if mail.uid in wanted]


async def start_server(store: MailboxStore, imap_url: str) -> asyncio.Server | None:
    """
    This will listen where the platform reads its mails, or return None when that is another machine's server, or none.

    Raises OSError when the port is taken.
    """
    parts = urlsplit(imap_url)
    if parts.scheme != "imap" or parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        return None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session(store, user, password)
        writer.write(b"* OK IMAP4rev1 sandbox\r\n")
        try:
            while not session.is_over and (line := await reader.readline()):
                text = line.decode("utf-8", "replace").strip()
                for each in await asyncio.to_thread(session.answer, text):
                    writer.write(each + b"\r\n")
                await writer.drain()
        except (ConnectionError, ValueError):  # gone, or a line without end
            pass
        finally:
            writer.close()

    host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname
    return await asyncio.start_server(serve, host, 143 if parts.port is None else parts.port, limit=LONGEST_LINE)
