"""Legal documents of the pack as pages: which country's version, and Markdown made safe."""

import re

import nh3
from django.http import HttpRequest
from django.utils.translation import get_language
from markdown_it import MarkdownIt

from vettura.catalog import queries as catalog

PRIVACY = "privacy"
TERMS_OF_BUSINESS = "terms_of_business"
TERMS_OF_USE = "terms_of_use"

_OWN_TITLE = re.compile(r"\A\s*# [^\n]*\n")
_REGION = re.compile(r"\b[a-z]{2}-([A-Z]{2})\b")
_markdown = MarkdownIt("commonmark").enable("table")


def country_of(request: HttpRequest) -> str:
    """The country whose version is meant: the one asked for, the person's own, the browser's, or one that speaks the language."""
    known = {country.iso2 for country in catalog.countries()}
    language = get_language() or "en"
    wishes = [
        request.GET.get("country", "").upper(),
        str(getattr(request.user, "country", "")),
        *_REGION.findall(request.headers.get("Accept-Language", "")),
        language.upper(),
    ]
    return next(
        (wish for wish in wishes if wish in known),
        min(known, key=lambda iso2: (language not in catalog.country(iso2).languages, iso2)),
    )


def countries_by_name() -> list[tuple[str, str]]:
    """Every country of the pack as (code, name in the current language), by name."""
    language = get_language() or "en"
    named = [(country.iso2, country.names.get(language) or country.iso2) for country in catalog.countries()]
    return sorted(named, key=lambda pair: pair[1])


def as_html(markdown: str) -> str:
    """Markdown as HTML without script and style. The document's own title is left out: the page has it already."""
    html: str = _markdown.render(_OWN_TITLE.sub("", markdown))
    for level in (3, 2):
        html = html.replace(f"<h{level}>", f"<h{level + 1}>").replace(f"</h{level}>", f"</h{level + 1}>")
    return nh3.clean(html)
