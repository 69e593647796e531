"""The text of an article as HTML: Markdown, keys and words of the head unit as they look there, links to our own pages."""

import re
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt

from vettura.catalog import queries as catalog
from vettura_pack.answers import CHIP, END, KEY
from vettura_pack.help import Page

register = template.Library()
# where an article leads: the words of the button and the address
PAGES: dict[Page, tuple[str | Promise, str, dict[str, str]]] = {
    "options": (_("Go to my car"), "vehicles:choose", {"purpose": "options"}),
    "vin": (_("Show the three places"), "vehicles:where_is_the_vin", {}),
    "add": (_("Add a vehicle"), "vehicles:add", {}),
    "data": (_("Go to my data"), "identity:data", {}),
    "identification": (_("Go to my identifications"), "identity:identity_checks", {}),
    "register": (_("Register"), "identity:signup", {}),
    "store": (_("Open the store"), "store:catalog", {}),
    "orders": (_("Go to my orders"), "store:orders", {}),
    "invoices": (_("Go to my invoices"), "billing:invoices", {}),
    "cards": (_("Go to my payment cards"), "billing:cards", {}),
    "vehicles": (_("Go to my vehicles"), "vehicles:home", {}),
    "contact": (_("Contact"), "notifications:contact", {}),
    "messages": (_("Go to my messages"), "notifications:messages", {}),
    "privacy": (_("Read the privacy statement"), "portal:privacy", {}),
    "manuals": (_("Open the manuals"), "help_center:manuals", {}),
}
# no HTML of the writer's own, and no images: what an article may hold is what Markdown makes of it
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "heading", "lheading"])
_LINK = re.compile(r"\]\((page|article|manual):([\w./#-]+)\)")
_LABEL = re.compile(f"([{KEY}{CHIP}])([^{END}]*){END}")
_STEP = re.compile(f"{END} &gt; (?=[{KEY}{CHIP}])")


def address_of(page: Page) -> str:
    """Where a page of the portal is."""
    _text, name, facts = PAGES[page]
    return reverse(name, kwargs=facts)


@register.filter
def article_line(markdown: str) -> SafeString:
    """The same of one paragraph, without the element around it."""
    html = article_html(markdown).strip()
    return mark_safe(html.removeprefix("<p>").removesuffix("</p>"))  # noqa: S308 (made of Markdown without HTML)


@register.filter
def article_html(markdown: str) -> SafeString:
    """Markdown of an article as HTML."""
    html = _markdown.render(_LINK.sub(lambda match: f"]({_link(match)})", markdown))
    html = _STEP.sub(f'{END} <span class="path__next" aria-hidden="true">›</span> ', html)
    html = _LABEL.sub(lambda match: f'<span class="{"key" if match[1] == KEY else "chip"}">{match[2]}</span>', html)
    html = html.replace("<ol>", '<ol class="instructions">').replace("<ul>", '<ul class="points">')
    return mark_safe(html)  # noqa: S308 (made of Markdown without HTML)


def _link(match: re.Match[str]) -> str:
    if match[1] == "article":
        return reverse("help_center:article", kwargs={"article_id": match[2]})
    if match[1] == "manual":
        return _manual(match[2])
    return address_of(match[2])  # type: ignore[arg-type]  # the pack's check knows the pages


def _manual(where: str) -> str:
    """The document of the reader's car (`CAY-3/connect#app`), or the library where the car is not known (`connect#app`)."""
    place, _hash, chapter = where.partition("#")
    generation, _slash, document = place.rpartition("/")
    if not generation:
        choice = urlencode({"document": document, **({"chapter": chapter} if chapter else {})})
        return f"{reverse('help_center:manuals')}?{choice}"
    address = reverse("help_center:manual", args=[generation, catalog.language_of_pack(get_language()), document])
    return f"{address}#nameddest={chapter}" if chapter else address
