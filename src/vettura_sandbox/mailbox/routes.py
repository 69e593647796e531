"""The page of the mailbox: what waits there, and a form that writes to it."""

import secrets
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import default
from email.utils import format_datetime, localtime
from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from vettura_sandbox.mailbox.store import KeptMail, MailboxStore
from vettura_sandbox.outbox import pages
from vettura_sandbox.outbox.routes import PAGE_POLICY

LARGEST_MAIL_BYTES = 33_554_432
AUTHSERV = "mx.sandbox"


class MailboxPages:
    """Routes of the mailbox."""

    def __init__(self, store: MailboxStore) -> None:
        """The store keeps the mails."""
        self.store = store

    def routes(self) -> list[Route]:
        """Everything below the mount point of the sandbox."""
        return [
            Route("/mailbox/", self.page),
            Route("/mailbox/send", self.send, methods=["POST"]),
            Route("/mailbox/clear", self.clear, methods=["POST"]),
            Route("/mailbox/api/mails", self.take, methods=["POST"]),
        ]

    def page(self, request: Request) -> Response:
        """The form and what waits."""
        root = request.scope.get("root_path", "")
        rows = "".join(_row(mail) for mail in reversed(self.store.mails()))
        body = (
            "<h1>Mailbox</h1><p class='lead'>Write as a customer would: to the address of a country, from the address of"
            " an account. The platform reads this mailbox by IMAP and makes a case of each mail.</p>"
            f"<form method='post' action='{root}/mailbox/send'>"
            "<p><label>From <input name='sender' type='email' required value='owner@example.org'></label></p>"
            "<p><label>To <input name='to' type='email' required></label></p>"
            "<p><label>Subject <input name='subject' value='Widerruf'></label></p>"
            "<p><label>Text <textarea name='text' rows='5'>Hiermit widerrufe ich meine Einwilligung.</textarea></label></p>"
            "<p><label><input type='checkbox' name='is_confirmed'> The mail server confirms the sender's domain</label></p>"
            "<button>Send mail</button></form>"
            f"<h2>Mails</h2><ul class='rows'>{rows or '<li>No mail yet.</li>'}</ul>"
            f"<form method='post' action='{root}/mailbox/clear'><button>Empty the mailbox</button></form>"
        )
        html = pages.page("Mailbox", body, root=root)
        return HTMLResponse(html, headers={"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-store"})

    async def send(self, request: Request) -> Response:
        """This will write the mail of the form into the mailbox, as a mail server would deliver it."""
        form = await request.form()
        given = {name: " ".join(str(form.get(name, "")).split()) for name in ("sender", "to", "subject")}
        message = EmailMessage()
        if form.get("is_confirmed"):
            message["Authentication-Results"] = (
                f"{AUTHSERV}; dmarc=pass header.from={given['sender'].rpartition('@')[2]}"
            )
        message["From"], message["To"], message["Subject"] = given["sender"], given["to"], given["subject"]
        message["Date"] = format_datetime(localtime())
        message["Message-ID"] = f"<{secrets.token_hex(12)}@sandbox>"
        message.set_content(str(form.get("text", "")))
        await run_in_threadpool(self.store.add, message.as_bytes())
        return RedirectResponse(f"{request.scope.get('root_path', '')}/mailbox/", status_code=303)

    async def take(self, request: Request) -> Response:
        """This will keep the body as a mail, whatever it is."""
        raw = await request.body()
        if len(raw) > LARGEST_MAIL_BYTES:
            return JSONResponse({"message": "too large"}, status_code=413)
        return JSONResponse({"uid": await run_in_threadpool(self.store.add, raw)}, status_code=201)

    async def clear(self, request: Request) -> Response:
        """This will forget every mail."""
        await run_in_threadpool(self.store.clear)
        return RedirectResponse(f"{request.scope.get('root_path', '')}/mailbox/", status_code=303)


def _row(mail: KeptMail) -> str:
    head = BytesHeaderParser(policy=default).parsebytes(mail.raw)
    read = "read" if mail.is_seen else "<strong>waits</strong>"
    return (
        f"<li><p>{escape(str(head['Subject'] or 'No subject'))}</p><p>{escape(str(head['From'] or ''))} → "
        f"{escape(str(head['To'] or ''))} <span class='quiet'>{read}</span></p></li>"
    )
