"""The provider's pages as HTML: card form, hosted card page, 3-D Secure, and the page that shows and steers the sandbox."""

import json
from html import escape

from vettura_sandbox.cards import numbers
from vettura_sandbox.cards.ledger import Json, Ledger
from vettura_sandbox.cards.texts import texts


def page(title: str, body: str, *, home: str, language: str = "en", script: str = "", body_class: str = "") -> str:
    """A whole document."""
    loaded = f'<script src="{home}v3/{script}" defer></script>' if script else ""
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f'<link rel="stylesheet" href="{home}v3/cards.css">{loaded}</head><body class="{body_class}">{body}</body></html>'
    )


def _fields(words: Json, *, problem: str = "") -> str:
    return (
        f'<label for="number">{words["number"]} <small id="brand"></small></label>'
        '<input id="number" name="number" inputmode="numeric" autocomplete="cc-number" placeholder="4242 4242 4242 4242" required>'
        f'<div class="row"><div><label for="expiry">{words["expiry"]}</label>'
        '<input id="expiry" name="expiry" inputmode="numeric" autocomplete="cc-exp" required></div>'
        '<div><label for="cvc">CVC</label><input id="cvc" name="cvc" inputmode="numeric" autocomplete="cc-csc" maxlength="4" '
        'aria-describedby="cvc-hint" required></div></div>'
        f'<p class="hint" id="cvc-hint">{words["cvc"]}; American Express: CID, {words["cid"][0].lower()}{words["cid"][1:]}</p>'
        f'<p class="error" role="alert">{escape(problem)}</p>'
    )


def frame(language: str, home: str) -> str:
    """The card form that the shop's page shows in a frame."""
    words = texts(language)
    data = json.dumps({key: words[key] for key in ("cvc", "cid", "errors", "brands")}).replace("<", "\\u003c")
    body = f'<form>{_fields(words)}</form><script type="application/json" id="texts">{data}</script>'
    return page("Card", body, home=home, language=language, script="frame.js", body_class="frame")


def hosted(session: Json, home: str, problem: str = "") -> str:
    """The provider's own page for entering a card; works without scripts."""
    words = texts(session["locale"])
    sentence = words["errors"].get(problem, problem)
    body = (
        f'<main class="narrow"><h1>{words["hosted"]}</h1><p class="quiet">{words["private"]}</p>'
        f'<form method="post">{_fields(words, problem=sentence)}<p><button>{words["save"]}</button></p></form>'
        f'<p><a href="{escape(session["cancel_url"] or "/", quote=True)}">{words["back"]}</a></p></main>'
    )
    return page(words["hosted"], body, home=home, language=session["locale"])


def challenge(intent: Json, home: str, language: str) -> str:
    """The bank's page of a 3-D Secure challenge."""
    words = texts(language)
    amount = (
        f"<p><strong>{intent['amount'] / 100:.2f} {escape(intent['currency'].upper())}</strong></p>"
        if "amount" in intent
        else ""
    )
    body = (
        f'<main class="narrow"><h1>{words["challenge"]}</h1>{amount}<p>{words["challenge_text"]}</p><form method="post" class="row">'
        f'<button name="answer" value="approve">{words["approve"]}</button>'
        f'<button class="quiet" name="answer" value="refuse">{words["refuse"]}</button></form></main>'
    )
    return page(words["challenge"], body, home=home, language=language)


def challenge_over(home: str, language: str) -> str:
    """Shown in the dialog for the moment until it closes."""
    words = texts(language)
    return page(
        words["challenge"],
        f'<main class="narrow"><p>{words["over"]}</p></main>',
        home=home,
        language=language,
        script="done.js",
    )


def overview(ledger: Ledger, home: str) -> str:
    """What happened and what the next payment shall do."""
    deliveries = ledger.deliveries()
    payments = _table(
        ("Payment", "Amount", "Status", "Refunded", "Order", ""),
        [
            (
                f"<code>{p['id']}</code>",
                f"{p['amount'] / 100:.2f} {escape(p['currency'].upper())}",
                escape(p["status"]),
                f"{p['amount_refunded'] / 100:.2f}",
                escape(str(p["metadata"].get("order", ""))),
                _challenge_link(p),
            )
            for p in ledger.latest("payment_intent")
        ],
    )
    events = _table(
        ("Event", "Type", "Delivered", "Attempts"),
        [
            (
                f"<code>{e['id']}</code>",
                escape(e["type"]),
                escape(deliveries.get(e["id"], ("waiting", 0))[0]),
                str(deliveries.get(e["id"], ("", 0))[1]),
            )
            for e in ledger.latest("event", 20)
        ],
    )
    cards = _table(
        ("Number", "Brand", "What it does"), [(f"<code>{c.number}</code>", c.brand, c.means) for c in numbers.CARDS]
    )
    wish = ledger.steering("next") or "what its card number says"
    is_out = ledger.steering("outage") == "on"
    body = (
        f'<header><nav aria-label="Sandbox"><a href="{home}../">Sandbox</a> <a href="{home}../outbox/">Outbox</a> '
        f'<a href="{home}../mailbox/">Mailbox</a> <a href="{home}">Cards</a> <a href="{home}../ident/">Identification</a></nav></header>'
        "<main><h1>Card provider (sandbox)</h1><p>No money moves here. Any future expiry date and any security code of the right "
        "length will do.</p>"
        f'<div class="card"><form method="post" action="{home}steer" class="row"><p>The next payment does: <strong>{escape(wish)}</strong>.</p>'
        '<button name="next" value="decline" class="quiet">Decline it</button>'
        '<button name="next" value="challenge" class="quiet">Ask for 3-D Secure</button>'
        '<button name="next" value="" class="quiet">As its number says</button></form>'
        f'<form method="post" action="{home}steer" class="row"><p>The provider {"<strong>is out of order</strong>" if is_out else "works"}.</p>'
        f'<button name="outage" value="{"off" if is_out else "on"}" class="quiet">{"End the outage" if is_out else "Play an outage"}</button></form></div>'
        f"<h2>Test cards</h2>{cards}<h2>Payments</h2>{payments}<h2>Events to the shop</h2>{events}"
        f'<form method="post" action="{home}steer"><p><button name="resend" value="all" class="quiet">Send undelivered events again</button></p></form></main>'
    )
    return page("Card provider (sandbox)", body, home=home)


def _challenge_link(payment: Json) -> str:
    action = payment["next_action"]
    return f'<a href="{escape(action["redirect_to_url"]["url"], quote=True)}">3-D Secure</a>' if action else ""


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    if not rows:
        return '<p class="quiet">Nothing yet.</p>'
    head = "".join(f"<th>{each}</th>" for each in heads)
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>'
