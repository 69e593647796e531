"""The SMTP server of the outbox: takes every mail, delivers none."""

import asyncio
from urllib.parse import urlsplit

from aiosmtpd.smtp import SMTP, Envelope, Session

from vettura_sandbox.outbox.store import OutboxStore

LARGEST_MAIL_BYTES = 33_554_432
# A magic address: whoever writes to it learns how a refused recipient looks.
REFUSED_LOCAL_PART = "no-such-mailbox"


class Handler:
    """Puts what arrives into the store."""

    def __init__(self, store: OutboxStore) -> None:
        """The store takes the mails."""
        self.store = store

    async def handle_RCPT(  # noqa: N802 (aiosmtpd calls it so)
        self,
        server: SMTP,  # noqa: ARG002
        session: Session,  # noqa: ARG002
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],  # noqa: ARG002
    ) -> str:
        """Every recipient is welcome, but for the magic address."""
        if address.partition("@")[0] == REFUSED_LOCAL_PART:
            return "550 5.1.1 There is no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 (as above)
        """One row for each recipient."""
        content = envelope.content
        raw = content.encode() if isinstance(content, str) else content or b""
        for recipient in envelope.rcpt_tos:
            await asyncio.to_thread(self.store.add_mail, recipient=recipient, raw=raw)
        return "250 OK"


async def start_server(store: OutboxStore, smtp_url: str) -> asyncio.Server | None:
    """
    This will listen where the platform sends its mails, or return None when that is another machine's server.

    Raises OSError when the port is taken.
    """
    parts = urlsplit(smtp_url)
    if parts.scheme != "smtp" or parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        return None
    host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname
    loop = asyncio.get_running_loop()
    return await loop.create_server(
        lambda: SMTP(
            Handler(store),
            hostname="sandbox",
            ident="sandbox",
            enable_SMTPUTF8=True,
            data_size_limit=LARGEST_MAIL_BYTES,
        ),
        host,
        2525 if parts.port is None else parts.port,
    )
