"""The sandboxes of mail and SMS, running on free ports."""

import asyncio
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from vettura_sandbox.app import create_app


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox: where it listens, and what arrived there."""

    url: str
    smtp_url: str
    imap_url: str

    def mails(self, *, to: str) -> list[dict[str, Any]]:
        """The mails to an address, newest first."""
        return httpx.get(f"{self.url}/outbox/api/mails", params={"to": to}).json()

    def sms(self, *, to: str) -> list[dict[str, Any]]:
        """The SMS that reached a number, newest first."""
        return httpx.get(f"{self.url}/outbox/api/sms", params={"to": to}).json()

    def clear(self) -> None:
        """Forget everything that arrived."""
        httpx.post(f"{self.url}/outbox/clear", follow_redirects=True).raise_for_status()


class RunningSandbox:
    """Runs the sandbox in a thread of its own until it is stopped."""

    def __init__(self, state_dir: Path) -> None:
        self.app = create_app(
            state_dir,
            smtp_url="smtp://127.0.0.1:0",
            sms_account="AC_test",
            sms_token="secret",
            imap_url="imap://mailbox:secret@127.0.0.1:0/INBOX",
        )
        self.server = uvicorn.Server(
            uvicorn.Config(self.app, host="127.0.0.1", port=0, log_level="warning", ws="none", lifespan="on")
        )
        self.thread = threading.Thread(target=lambda: asyncio.run(self.server.serve()), daemon=True)

    def start(self) -> Sandbox:
        self.thread.start()
        while not self.server.started:
            if not self.thread.is_alive():
                raise RuntimeError("the sandbox did not start")
            self.thread.join(0.01)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        return Sandbox(
            f"http://127.0.0.1:{port}",
            f"smtp://127.0.0.1:{self.app.state.smtp_port}",
            f"imap://mailbox:secret@127.0.0.1:{self.app.state.imap_port}/INBOX",
        )

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)
