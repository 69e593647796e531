"""All sandboxes as one application, to mount at `/sandbox`."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route

from vettura_sandbox.cards.app import create_app as create_cards_app
from vettura_sandbox.ident.app import create_app as create_ident_app
from vettura_sandbox.mailbox.imap import start_server as start_imap_server
from vettura_sandbox.mailbox.routes import MailboxPages
from vettura_sandbox.mailbox.store import MailboxStore
from vettura_sandbox.outbox import pages
from vettura_sandbox.outbox.routes import PAGE_POLICY, OutboxPages
from vettura_sandbox.outbox.smtp import start_server
from vettura_sandbox.outbox.store import OutboxStore
from vettura_sandbox.push.app import create_app as create_push_app


def create_app(
    state_dir: Path,
    *,
    smtp_url: str | None = None,
    sms_account: str | None = None,
    sms_token: str | None = None,
    cards: Starlette | None = None,
    ident: Starlette | None = None,
    imap_url: str | None = None,
) -> Starlette:
    """
    This will make the outbox (mail, SMS), the mailbox, the card provider, the identification provider and the push service,
    with their state in `state_dir`.

    What is not given comes from the environment variables that the platform reads too. The SMTP server listens while
    the application's lifespan runs; a mount does not run it by itself. Raises RuntimeError in production.
    """
    environment = os.environ.get
    if environment("VETTURA_PROFILE") in ("production", "cluster"):
        raise RuntimeError("The sandbox refuses to run in production: it shows everybody's mail.")
    address = smtp_url or environment("VETTURA_SMTP_URL") or "smtp://127.0.0.1:2525"
    store = OutboxStore(Path(state_dir) / "outbox.sqlite3")
    outbox = OutboxPages(
        store,
        sms_account=sms_account or environment("VETTURA_SMS_ACCOUNT") or "AC_sandbox",
        sms_token=sms_token or environment("VETTURA_SMS_TOKEN") or "sandbox",
    )
    mailbox = MailboxStore(Path(state_dir) / "mailbox.sqlite3")
    imap_address = imap_url or environment("VETTURA_IMAP_URL") or ""
    cards_app = cards or create_cards_app(Path(state_dir))
    ident_app = ident or create_ident_app(Path(state_dir))

    def index(request: Request) -> Response:
        root = request.scope.get("root_path", "")
        html = pages.index(root=root, mail_address=address.rpartition("@")[2].removeprefix("smtp://"))
        return HTMLResponse(html, headers={"Content-Security-Policy": PAGE_POLICY})

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.callback(store.close)
            stack.callback(mailbox.close)
            await stack.enter_async_context(cards_app.router.lifespan_context(cards_app))
            await stack.enter_async_context(ident_app.router.lifespan_context(ident_app))
            server = await start_server(store, address)
            if server is not None:
                app.state.smtp_port = server.sockets[0].getsockname()[1]
                stack.callback(server.close)
            imap = await start_imap_server(mailbox, imap_address)
            if imap is not None:
                app.state.imap_port = imap.sockets[0].getsockname()[1]
                stack.callback(imap.close)
            yield

    mounts = [Mount("/cards", cards_app), Mount("/ident", ident_app), Mount("/push", create_push_app(Path(state_dir)))]
    return Starlette(
        routes=[Route("/", index), *outbox.routes(), *MailboxPages(mailbox).routes(), *mounts], lifespan=lifespan
    )
