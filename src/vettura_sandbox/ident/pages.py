"""The provider's pages as HTML: the call of the person, the agents' room and desk, the app's door."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape

from vettura_sandbox.ident.store import Json
from vettura_sandbox.ident.texts import texts

KINDS = {
    "IDCARD": "Identity card",
    "PASSPORT": "Passport",
    "DRIVERS_LICENSE": "Driving license",
    "RESIDENCE_PERMIT": "Residence permit",
    "OTHER": "Another document",
}
QUESTIONS = {
    "holograms": "The holographic features change when the document is tilted",
    "face": "The face is the one in the document",
    "data": "Name and data are those of the case",
    "readable": "The document is whole, readable and uncovered",
}
PICTURES = {"idfrontside": "Front of the document", "idbackside": "Back of the document", "userface": "Face"}
PROBLEMS = {
    "ID_NOT_SUPPORTED": "The document is not accepted: its kind or its country.",
    "ID_EXPIRED": "The document has expired, or its date is missing.",
    "ID_SECURITY_FEATURE": "The holographic features were not seen.",
    "FACE_MISMATCH": "The face was not matched.",
    "ID_DATA": "The data were not matched.",
    "ID_BLURRY": "The document was not readable.",
    "idfrontside": "The picture of the front is missing.",
    "idbackside": "The picture of the back is missing.",
    "userface": "The picture of the face is missing.",
}
FURTHER = {
    "ID_GLARE": "Reflections",
    "ID_DAMAGED": "Damaged document",
    "TECHNICAL": "Technical trouble",
    "OTHER": "Other",
}
ENDS = {"": "begun", "CHECK_PENDING": "in the call", "SUCCESS": "passed", "CANCELED": "failed", "ABORTED": "broken off"}


def page(title: str, body: str, *, home: str, language: str = "en", script: str = "", top: str = "") -> str:
    """A whole document; `top` stands above its content."""
    loaded = f'<script src="{home}assets/{script}" defer></script>' if script else ""
    return (
        f'<!doctype html><html lang="{escape(language[:2])}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="{home}assets/ident.css">{loaded}</head>'
        f"<body>{top}<main>{body}</main></body></html>"
    )


def _videos(mine: str, theirs: str) -> str:
    return (
        f'<div class="videos"><figure class="theirs"><video id="theirs" autoplay playsinline></video><figcaption>{theirs}</figcaption></figure>'
        f'<figure class="mine"><video id="mine" autoplay playsinline muted></video><figcaption>{mine}</figcaption></figure></div>'
    )


def call(found: Json, *, home: str, back: str, suits: bool) -> str:
    """The page on which a person waits and speaks."""
    language = str(found["person"].get("preferredLang") or "en")
    words = texts(language)
    head = f'<h1>{words["title"]}</h1><p class="quiet">{words["code"]} <strong class="code">{escape(found["code"])}</strong></p>'
    link = f'<p><a class="button" href="{escape(back, quote=True)}">{words["back"]}</a></p>'
    if found["result"] not in ("", "CHECK_PENDING"):
        return page(words["title"], f"{head}<p>{words['over']}</p>{link}", home=home, language=language)
    if not suits:
        return page(
            words["title"], f'{head}<p class="problem">{words["unsuitable"]}</p>{link}', home=home, language=language
        )
    said = "".join(
        f' data-{name}="{escape(words[name], quote=True)}"' for name in ("waiting", "connected", "left", "denied")
    )
    body = (
        f'{head}<p>{words["lead"]}</p><p id="state" class="state" role="status"{said}>{words["joining"]}</p>'
        f'{_videos(words["you"], words["agent"])}<noscript><p class="problem">{words["noscript"]}</p></noscript>'
        f'<p><a class="button quiet" href="{escape(back, quote=True)}">{words["leave"]}</a></p>'
    )
    return page(
        words["title"],
        f'<div id="call" data-role="person">{body}</div>',
        home=home,
        language=language,
        script="call.js",
    )


def app(*, home: str, code: str, is_wrong: bool = False) -> str:
    """The door of the app: it asks for the code of the case."""
    problem = '<p class="problem" role="alert">There is no case with this code.</p>' if is_wrong else ""
    return page(
        "Identification app",
        "<h1>Identification app</h1><p class='quiet'>This stands in for the provider's app on a phone or tablet.</p>"
        f'{problem}<form method="post"><label for="code">Case code</label><input id="code" name="code" value="{escape(code, quote=True)}"'
        ' autocapitalize="characters" autocomplete="off" required><p><button>Begin</button></p></form>',
        home=home,
    )


def overview(results: Sequence[str], *, home: str) -> str:
    """The page of the sandbox: how many cases stand how."""
    counts = "".join(
        f"<tr><th scope='row'>{escape(ENDS.get(each, each))}</th><td>{results.count(each)}</td></tr>"
        for each in dict.fromkeys(results)
    )
    return page(
        "Video identification",
        "<h1>Video identification</h1><p>Stands in for the provider: its API, the call in the browser and its agents. "
        "Agents come in from the desk, people from their case.</p>"
        f"<table>{counts or '<tr><td>No case yet.</td></tr>'}</table>"
        f'<p><a class="button quiet" href="{home}app/">The app on a phone</a></p>',
        top=(
            f'<header><nav aria-label="Sandbox"><a href="{home}../">Sandbox</a> <a href="{home}../outbox/">Outbox</a>'
            f' <a href="{home}../mailbox/">Mailbox</a> <a href="{home}../cards/">Cards</a> <a href="{home}">Identification</a></nav></header>'
        ),
        home=home,
    )


def room(waiting: Iterable[tuple[Json, bool]], *, home: str, agent: str) -> str:
    """The waiting room of the agents; it is loaded anew every few seconds."""
    rows = "".join(
        f'<li><div><strong>{_name(found)}</strong><p class="quiet">{escape(found["code"])} · '
        f"{'is waiting' if is_here else 'is not here yet'}{' · in the call' if found['result'] else ''}</p></div>"
        f'<a class="button{"" if is_here else " quiet"}" href="{home}agent/{found["code"]}/">Take the call</a></li>'
        for found, is_here in sorted(waiting, key=lambda each: not each[1])
    )
    body = (
        f'<h1>Waiting room</h1><p class="quiet">{escape(agent)}</p>'
        f'<ul class="rows">{rows or "<li>Nobody is waiting. Whoever begins a call appears here by themselves.</li>"}</ul>'
    )
    return page("Waiting room", body, home=home).replace("<title>", '<meta http-equiv="refresh" content="4"><title>', 1)


def _name(found: Json) -> str:
    person = found["person"]
    return escape(f"{person.get('firstname', '')} {person.get('lastname', '')}".strip())


def desk(
    found: Json,
    *,
    taken: Sequence[str],
    home: str,
    today: date,
    answers: Mapping[str, str] | None = None,
    problems: Sequence[str] = (),
) -> str:
    """The agent's desk: the call, the pictures, the check list and the decision."""
    given = answers or {}
    person, here = found["person"], f"{home}agent/{found['code']}"
    listed = "".join(f"<li>{escape(PROBLEMS.get(each, each))}</li>" for each in problems)
    refused = (
        f'<div class="problem" role="alert"><p>This case cannot pass.</p><ul>{listed}</ul></div>' if problems else ""
    )
    address = " ".join(str(person.get(each, "")) for each in ("street", "zipcode", "city", "country"))
    pictures = "".join(
        f'<li><button type="button" class="quiet" data-picture="{kind}">Take: {label}</button>'
        f'<span class="taken" id="taken-{kind}">{"taken" if kind in taken else ""}</span></li>'
        for kind, label in PICTURES.items()
    )
    kinds = "".join(
        f'<option value="{kind}"{" selected" if given.get("kind") == kind else ""}>{label}</option>'
        for kind, label in KINDS.items()
    )
    questions = "".join(
        f'<label class="choice"><input type="checkbox" name="{name}" value="yes"{" checked" if given.get(name) == "yes" else ""}>'
        f"<span>{label}</span></label>"
        for name, label in QUESTIONS.items()
    )
    further = "".join(f'<option value="{code}">{label}</option>' for code, label in FURTHER.items())

    def value(name: str) -> str:
        return escape(given.get(name, ""), quote=True)

    known = " checked" if given.get("country_known") == "yes" else ""
    body = (
        f'<p><a href="{home}agent/">Waiting room</a></p><h1>{_name(found)}</h1>'
        f'<p class="quiet">{escape(found["code"])} · {escape(address)}</p><p id="state" class="state" role="status" '
        'data-waiting="The person is not in the call yet." data-connected="You are in the call." data-left="The person has left the call." '
        'data-denied="Camera or microphone are not allowed in this browser.">Asking for camera and microphone</p>'
        f'<div class="two"><div>{_videos("You", "The person")}<h2>Pictures</h2><ul class="pictures">{pictures}</ul></div>'
        f'<form method="post" action="{here}/decision"><h2>Check list</h2>{refused}'
        f'<label for="kind">Document</label><select id="kind" name="kind">{kinds}</select>'
        f'<label for="country">Issuing country (two letters)</label>'
        f'<input id="country" name="country" maxlength="2" value="{value("country")}" autocapitalize="characters">'
        f'<label class="choice"><input type="checkbox" name="country_known" value="yes"{known}><span>Not on the list, but I know this document</span></label>'
        f'<label for="number">Document number</label><input id="number" name="number" value="{value("number")}" autocomplete="off">'
        f'<label for="valid_until">Valid until (today is {today.isoformat()})</label>'
        f'<input id="valid_until" type="date" name="valid_until" value="{value("valid_until")}">'
        f"<fieldset><legend>Seen in the call</legend>{questions}</fieldset>"
        f'<label for="further">A further reason, when it fails</label><select id="further" name="further"><option value="">None</option>{further}</select>'
        '<p class="decide"><button name="decision" value="pass">Identified</button>'
        '<button class="danger" name="decision" value="fail">Not identified</button>'
        '<button class="quiet" name="decision" value="abort">The call broke off</button></p></form></div>'
    )
    return page(
        f"Call with {found['code']}", f'<div id="call" data-role="agent">{body}</div>', home=home, script="call.js"
    )
