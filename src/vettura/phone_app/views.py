"""What the app is made of, the same for everybody: its page, words, drawings, manifest and the program that keeps it offline."""

import hashlib
import json
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import get_language, override
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from vettura.catalog import queries as catalog
from vettura.phone_app import words as texts
from vettura.phone_app.program import ADDRESS, CLIENT_ID, SCOPES

VIEWS = ("side", "top")
MODULES = (
    "main",
    "access",
    "api",
    "kept",
    "page",
    "car",
    "controls",
    "help",
    "schedule",
    "alarms",
    "why",
    "notes",
    "places",
    "account",
)
# what stands in the page before anybody is known: fetched once, kept by the worker
SHELL = (
    "phone_app/app.css",
    "phone_app/mark.svg",
    "fonts/instrument-sans-latin.woff2",
    "fonts/barlow-semi-condensed-latin-600.woff2",
)
ICONS = (
    "battery", "bell", "car", "check", "chevron-right", "climate", "clock", "eye-off", "fuel", "horn", "info", "key", "light", "lock", "logout",
    "map-pin", "phone", "plug", "plus", "refresh", "settings", "signal", "trash", "trunk", "unlock", "user", "warning", "x", "minus",
)  # fmt: skip
# modules import each other by their plain names, so they are served by them
PROGRAMS = tuple(f"phone_app/{name}.js" for name in MODULES)
AN_HOUR = "public, max-age=3600"


def _policy() -> str:
    """Ourselves only; no form leads anywhere, nobody may frame it. Tiles of a map where an operator has named a server."""
    tiles = settings.MAP_TILES if settings.MAP_TILES.startswith("http") else ""
    tiles = "/".join(tiles.split("/")[:3])
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": f"'self' data: blob: {tiles}".rstrip(),
        "font-src": "'self'",
        "connect-src": f"'self' {tiles}".rstrip(),
        "manifest-src": "'self'",
        "worker-src": "'self' blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _language(wanted: str) -> str:
    if wanted not in dict(settings.LANGUAGES):
        raise Http404
    return wanted


@gzip_page
@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The page: empty but for its frame, so that it can be kept and shown without a connection."""
    language = get_language() or "en"
    facts = {
        "language": language,
        "icons": ICONS,
        "program": f"{settings.STATIC_URL}{PROGRAMS[0]}",
        "name": catalog.labels(language)["app"],
        "client_id": CLIENT_ID,
        "scopes": " ".join(SCOPES),
        "address": ADDRESS,
        "languages": " ".join(code for code, _ in settings.LANGUAGES),
        "tiles": settings.MAP_TILES,
        "attribution": settings.MAP_ATTRIBUTION,
    }
    response = render(request, "phone_app/shell.html", facts)
    response.headers["Content-Security-Policy"] = _policy()
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
def manifest(request: HttpRequest, language: str) -> HttpResponse:
    """What a phone reads to install it, in a language."""
    with override(_language(language)):
        labels = catalog.labels(language)
        icons = [
            {"src": static("phone_app/icon-192.png"), "sizes": "192x192", "type": "image/png", "purpose": "any"},
            {"src": static("phone_app/icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any"},
            {"src": static("phone_app/icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        ]
        body = {
            "id": ADDRESS,
            "name": labels["app"],
            "short_name": labels["maker"],
            "description": str(texts.DESCRIPTION),
            "lang": language,
            "dir": "ltr",
            "start_url": ADDRESS,
            "scope": ADDRESS,
            "display": "standalone",
            "orientation": "portrait",
            "background_color": "#0f1214",
            "theme_color": "#0f1214",
            "icons": icons,
        }
    return JsonResponse(body, content_type="application/manifest+json", headers={"Cache-Control": AN_HOUR})


@gzip_page
@require_safe
def words(request: HttpRequest, language: str) -> HttpResponse:
    """Every word of the app in a language, by key."""
    with override(_language(language)):
        body = {key: str(text) for key, text in texts.WORDS.items()}
    labels = catalog.labels(language)
    body |= {f"label_{name}": labels[name] for name in texts.LABELS}
    return JsonResponse(body, headers={"Cache-Control": AN_HOUR}, json_dumps_params={"ensure_ascii": False})


@gzip_page
@require_safe
def picture(request: HttpRequest, generation: str, view: str) -> HttpResponse:
    """The drawing of a generation, whose parts the app sets to how the car stands."""
    known = {each.code: each for each in catalog.generations()}.get(generation)
    if known is None or view not in VIEWS:
        raise Http404
    name = known.top if view == "top" else known.silhouette
    path = Path(settings.VETTURA_PACK_DIR) / name
    if not name or not path.is_file():
        raise Http404
    return HttpResponse(path.read_bytes(), content_type="image/svg+xml", headers={"Cache-Control": AN_HOUR})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The program that keeps the app's own files. Another version of any of them is another program, so browsers see it."""
    program = files("vettura.phone_app").joinpath("worker.js").read_text(encoding="utf-8")
    languages = [code for code, _ in settings.LANGUAGES]
    shell_files = [
        ADDRESS,
        *(static(name) for name in SHELL),
        *(f"{settings.STATIC_URL}{name}" for name in PROGRAMS),
        *(f"{ADDRESS}{code}/words.json" for code in languages),
    ]
    facts = {"VERSION": _version(), "SHELL": shell_files, "ICON": static("phone_app/icon-192.png")}
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in facts.items())
    policy = "default-src 'none'; connect-src 'self'; img-src 'self'"
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": policy}
    return HttpResponse(head + program, content_type="text/javascript; charset=utf-8", headers=headers)


@lru_cache(maxsize=1)
def _version() -> str:
    """What changes with any file of the app; files do not change while a process lives."""
    digest = hashlib.sha256()
    for name in (*SHELL, *PROGRAMS):
        found = finders.find(name)
        if found:
            digest.update(name.encode() + Path(str(found)).read_bytes())
    for path in (Path(__file__), Path(texts.__file__), Path(__file__).with_name("worker.js")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
