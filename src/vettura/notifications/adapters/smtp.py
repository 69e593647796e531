"""Mail by SMTP (RFC 5321) to the server of `VETTURA_SMTP_URL`: smtp:// or smtps://, with user and password if any."""

import smtplib
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from django.conf import settings

from vettura.foundation import clock
from vettura.notifications.ports import Letter, TryAgain, Undeliverable

TIMEOUT_SECONDS = 10


class SmtpMail:
    """Hands mails to one server. STARTTLS is used where the server offers it; a password never goes without it."""

    def __init__(self, url: str | None = None) -> None:
        """The server of the settings, or the one given."""
        self.url = urlsplit(url or settings.VETTURA_PROVIDERS.smtp_url)

    def send(self, letter: Letter) -> str:
        """This will deliver to the server and return the Message-ID. Raises TryAgain, Undeliverable."""
        message = compose(letter)
        try:
            with self._connect() as server:
                server.send_message(message, to_addrs=[letter.to])
        except smtplib.SMTPRecipientsRefused as refused:
            code = next(iter(refused.recipients.values()))[0]
            raise _verdict(code) from None
        except smtplib.SMTPResponseException as refused:
            raise _verdict(refused.smtp_code) from None
        except (OSError, smtplib.SMTPException) as unreachable:
            raise TryAgain(type(unreachable).__name__) from None
        return str(message["Message-ID"])

    def _connect(self) -> smtplib.SMTP:
        host, port = self.url.hostname or "localhost", self.url.port
        if self.url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_SECONDS)
            is_secure = True
        else:
            server = smtplib.SMTP(host, port or 25, timeout=TIMEOUT_SECONDS)
            server.ehlo()
            is_secure = server.has_extn("starttls")
            if is_secure:
                server.starttls()
        if self.url.username:
            if not is_secure:
                server.close()
                raise Undeliverable("no_encryption_for_password")
            server.login(unquote(self.url.username), unquote(self.url.password or ""))
        return server


def _verdict(code: int) -> Exception:
    """RFC 5321 section 4.2.1: 4xx may heal, 5xx does not."""
    reason = f"smtp_{code}"
    return TryAgain(reason) if 400 <= code < 500 else Undeliverable(reason)


def compose(letter: Letter) -> EmailMessage:
    """The mail as it goes out: plain text, the same as HTML, and the attachments."""
    message = EmailMessage()
    message["From"] = letter.sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(clock.real_now())
    message["Message-ID"] = f"<{letter.id}@{parseaddr(letter.sender)[1].rpartition('@')[2] or 'localhost'}>"
    message["Content-Language"] = letter.language
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    for attachment in letter.attachments:
        maintype, _, subtype = attachment.media_type.partition("/")
        message.add_attachment(attachment.content, maintype=maintype, subtype=subtype, filename=attachment.name)
    return message
