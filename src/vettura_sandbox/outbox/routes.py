"""The outbox over HTTP: pages, JSON for tests and scripts, and the SMS provider's interface."""

import hmac
import secrets
from base64 import b64decode
from dataclasses import asdict
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from vettura_sandbox.outbox import pages
from vettura_sandbox.outbox.store import OutboxStore, StoredMail

# The mail's own HTML: no script, nothing from outside, shown only in our own frame.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; form-action 'none'"
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


class OutboxPages:
    """Answers for one store."""

    def __init__(self, store: OutboxStore, *, sms_account: str, sms_token: str) -> None:
        """`sms_account` and `sms_token` are what the platform must send to the SMS provider."""
        self.store, self.sms_account, self.sms_token = store, sms_account, sms_token

    def routes(self) -> list[Route]:
        """Everything below the mount point of the sandbox."""
        return [
            Route("/outbox/", self.outbox),
            Route("/outbox/outbox.css", self.style),
            Route("/outbox/steer", self.steer, methods=["POST"]),
            Route("/outbox/clear", self.clear, methods=["POST"]),
            Route("/outbox/mails/{mail_id:int}/", self.mail),
            Route("/outbox/mails/{mail_id:int}/html", self.mail_html),
            Route("/outbox/mails/{mail_id:int}/files/{number:int}", self.mail_file),
            Route("/outbox/api/mails", self.api_mails),
            Route("/outbox/api/sms", self.api_sms),
            Route("/sms/2010-04-01/Accounts/{account}/Messages.json", self.send_sms, methods=["POST"]),
        ]

    def outbox(self, request: Request) -> Response:
        """Both lists."""
        root = request.scope.get("root_path", "")
        return _page(pages.outbox(self.store.mails(), self.store.sms(), root=root, to_lose=self.store.sms_to_lose()))

    def style(self, request: Request) -> Response:  # noqa: ARG002
        """The style sheet."""
        return FileResponse(Path(__file__).parent / "outbox.css", media_type="text/css")

    async def steer(self, request: Request) -> Response:
        """This will let a number of next SMS not arrive."""
        form = await request.form()
        asked = str(form.get("lose_sms", "0"))
        await run_in_threadpool(self.store.lose_next_sms, int(asked) if asked.isdecimal() else 0)
        return RedirectResponse(f"{request.scope.get('root_path', '')}/outbox/", status_code=303)

    async def clear(self, request: Request) -> Response:
        """This will forget every mail and SMS."""
        await run_in_threadpool(self.store.clear)
        return RedirectResponse(f"{request.scope.get('root_path', '')}/outbox/", status_code=303)

    def mail(self, request: Request) -> Response:
        """One mail."""
        mail = self._mail(request)
        return _page(pages.mail_page(mail, root=request.scope.get("root_path", ""))) if mail else _not_found()

    def mail_html(self, request: Request) -> Response:
        """The mail as a mail program shows it."""
        mail = self._mail(request)
        if mail is None:
            return _not_found()
        return HTMLResponse(pages.framed_html(mail.html), headers={"Content-Security-Policy": MAIL_POLICY})

    def mail_file(self, request: Request) -> Response:
        """An attachment."""
        mail, number = self._mail(request), request.path_params["number"]
        if mail is None or number >= len(mail.files):
            return _not_found()
        file = mail.files[number]
        name = "".join(c if c.isascii() and (c.isalnum() or c in "-._ ") else "_" for c in file.name)
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
        return Response(file.content, media_type=file.media_type, headers=headers)

    def api_mails(self, request: Request) -> Response:
        """`?to=address`: mails as JSON, newest first; files without their bytes."""
        return JSONResponse(
            [
                {
                    **{key: value for key, value in asdict(mail).items() if key != "files"},
                    "files": [{"name": f.name, "media_type": f.media_type, "size": len(f.content)} for f in mail.files],
                }
                for mail in self.store.mails(to=request.query_params.get("to"))
            ]
        )

    def api_sms(self, request: Request) -> Response:
        """`?to=number`: the SMS that arrived as JSON, newest first; with `&lost=1` the lost ones too."""
        with_lost = request.query_params.get("lost") == "1"
        found = self.store.sms(to=request.query_params.get("to"))
        return JSONResponse([asdict(each) for each in found if each.has_arrived or with_lost])

    async def send_sms(self, request: Request) -> Response:
        """The provider's `Messages.json`: basic authentication, `To`, `From` and `Body` as a form."""
        account = request.path_params["account"]
        if not self._is_authentic(request, account):
            return _refused(401, 20003, "Authenticate")
        form = await request.form()
        to, sender, text = (str(form.get(name, "")) for name in ("To", "From", "Body"))
        if not to.startswith("+") or not to[1:].isdigit() or to.endswith("0000"):
            return _refused(400, 21211, "Invalid 'To' Phone Number")
        if not sender:
            return _refused(400, 21603, "A 'From' phone number is required.")
        if not text:
            return _refused(400, 21602, "Message body is required.")
        sid = f"SM{secrets.token_hex(16)}"
        sms = await run_in_threadpool(self.store.add_sms, sid=sid, sender=sender, recipient=to, text=text)
        return JSONResponse(
            {
                "sid": sms.sid,
                "account_sid": account,
                "to": sms.to,
                "from": sms.sender,
                "body": sms.text,
                "status": "queued",
                "error_code": None,
                "error_message": None,
                "date_created": sms.sent_at,
            },
            status_code=201,
        )

    def _is_authentic(self, request: Request, account: str) -> bool:
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        try:
            given = b64decode(encoded, validate=True)
        except ValueError:
            return False
        expected = f"{self.sms_account}:{self.sms_token}".encode()
        return scheme.lower() == "basic" and account == self.sms_account and hmac.compare_digest(given, expected)

    def _mail(self, request: Request) -> StoredMail | None:
        return self.store.mail(request.path_params["mail_id"])


def _page(html: str) -> Response:
    return HTMLResponse(html, headers={"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-store"})


def _not_found() -> Response:
    return Response("There is no such mail.", status_code=404, media_type="text/plain")


def _refused(status: int, code: int, message: str) -> Response:
    return JSONResponse({"code": code, "message": message, "status": status}, status_code=status)
