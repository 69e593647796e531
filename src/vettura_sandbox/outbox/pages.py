"""The outbox's pages as HTML."""

import re
from collections.abc import Sequence
from html import escape

from vettura_sandbox.outbox.store import StoredMail, StoredSms

_ADDRESS = re.compile(r"https?://[^\s<>\"']+")


def page(title: str, body: str, *, root: str) -> str:
    """A whole page in the frame of the sandbox."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)} · Sandbox</title>"
        f'<link rel="stylesheet" href="{root}/outbox/outbox.css"></head>'
        f'<body><header><nav aria-label="Sandbox"><a href="{root}/">Sandbox</a> <a href="{root}/outbox/">Outbox</a>'
        f' <a href="{root}/mailbox/">Mailbox</a> <a href="{root}/cards/">Cards</a> <a href="{root}/ident/">Identification</a>'
        f' <a href="{root}/push/">Push</a></nav></header>'
        f"<main>{body}</main></body></html>"
    )


def index(*, root: str, mail_address: str) -> str:
    """What there is in the sandbox."""
    return page(
        "Outside parties",
        "<h1>Outside parties</h1>"
        "<p class='lead'>Local servers that stand in for providers. They speak the providers'"
        " protocols, keep everything on this machine, and can be steered.</p><ul class='rows'>"
        f"<li><a href='{root}/outbox/'>Outbox</a><p>Every mail and text message that was sent.</p></li>"
        f"<li><a href='{root}/mailbox/'>Mailbox</a><p>Where customers write to; send a mail to it.</p></li>"
        f"<li><a href='{root}/cards/'>Cards</a><p>The card provider: test cards, challenges, payments.</p></li>"
        f"<li><a href='{root}/ident/'>Identification</a><p>The video identification provider: calls and agents.</p></li>"
        f"<li><a href='{root}/push/'>Push service</a><p>Takes notes to phones and browsers that subscribed there.</p></li></ul>"
        f"<p class='quiet'>Mails are taken at <code>{escape(mail_address)}</code>.</p>",
        root=root,
    )


def outbox(mails: Sequence[StoredMail], sms: Sequence[StoredSms], *, root: str, to_lose: int) -> str:
    """Both lists, newest first."""
    mail_rows = "".join(
        f"<li><a href='{root}/outbox/mails/{mail.id}/'>{escape(mail.subject) or 'No subject'}</a>"
        f"<p>{escape(mail.to)} <span class='quiet'>{escape(mail.date)}"
        f"{' · ' + str(len(mail.files)) + ' attached' if mail.files else ''}</span></p></li>"
        for mail in mails
    )
    sms_rows = "".join(
        f"<li><p>{linked(each.text)}</p>"
        f"<p>{escape(each.to)} <span class='quiet'>{escape(each.sent_at)}</span>"
        f"{'' if each.has_arrived else ' <strong>did not arrive</strong>'}</p></li>"
        for each in sms
    )
    state = f"The next {to_lose} SMS will not arrive." if to_lose else "Every SMS arrives."
    return page(
        "Outbox",
        "<h1>Outbox</h1><div class='columns'><section aria-labelledby='mails'><h2 id='mails'>Mails</h2>"
        f"<ul class='rows'>{mail_rows or '<li>No mail yet.</li>'}</ul></section>"
        "<section aria-labelledby='sms'><h2 id='sms'>Text messages</h2>"
        f"<form method='post' action='{root}/outbox/steer'><p>{state}</p>"
        "<button name='lose_sms' value='1'>Let the next SMS not arrive</button> "
        "<button name='lose_sms' value='0'>Let every SMS arrive</button></form>"
        f"<ul class='rows'>{sms_rows or '<li>No text message yet.</li>'}</ul></section></div>"
        f"<form method='post' action='{root}/outbox/clear'><button>Empty the outbox</button></form>"
        "<p class='quiet'>Numbers that end in 0000 are refused as invalid; mails to no-such-mailbox@… are refused.</p>",
        root=root,
    )


def mail_page(mail: StoredMail, *, root: str) -> str:
    """A mail as people see it, its text, and its files."""
    here = f"{root}/outbox/mails/{mail.id}"
    files = "".join(
        f"<li><a href='{here}/files/{number}'>{escape(file.name)}</a> <span class='quiet'>{escape(file.media_type)},"
        f" {len(file.content)} bytes</span></li>"
        for number, file in enumerate(mail.files)
    )
    shown = (
        f"<iframe title='The mail' src='{here}/html' sandbox='allow-popups allow-popups-to-escape-sandbox"
        " allow-top-navigation-by-user-activation'></iframe>"
        if mail.html
        else ""
    )
    return page(
        mail.subject or "Mail",
        f"<h1>{escape(mail.subject) or 'No subject'}</h1><dl><dt>To</dt><dd>{escape(mail.to)}</dd><dt>From</dt>"
        f"<dd>{escape(mail.sender)}</dd><dt>Sent</dt><dd>{escape(mail.date)}</dd></dl>"
        f"{f'<h2>Attachments</h2><ul class=rows>{files}</ul>' if files else ''}{shown}"
        f"<details{'' if mail.html else ' open'}><summary>Plain text</summary><pre>{linked(mail.text)}</pre></details>",
        root=root,
    )


def linked(text: str) -> str:
    """Text as HTML, with its addresses as links."""
    parts, end = [], 0
    for found in _ADDRESS.finditer(text):
        address = escape(found.group())
        parts += [escape(text[end : found.start()]), f"<a href='{address}'>{address}</a>"]
        end = found.end()
    return "".join(parts) + escape(text[end:])


def framed_html(html: str) -> str:
    """The HTML of a mail so that its links open the page around it."""
    return re.sub(r"(<head[^>]*>)", r'\1<base target="_top">', html, count=1, flags=re.IGNORECASE)
