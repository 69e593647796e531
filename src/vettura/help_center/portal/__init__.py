"""Help for people: one field, the best answers as one types, an article with the path of *your* head unit."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.help_center import actions, queries
from vettura.help_center.models import UnansweredSearch
from vettura.help_center.portal import doing, feedback, manuals, people, showing, why
from vettura.help_center.portal.reader import (
    car_of,
    choice,
    country_of,
    language_of_page,
    newest,
    own_cars,
    reader_of,
)
from vettura.help_center.templatetags.articles import PAGES, address_of
from vettura_pack.answers import Reader, Rendered
from vettura_pack.help import Article

app_name = "help_center"
# so many articles of a topic are seen without unfolding it
SHOWN_OF_A_TOPIC = 5
# what may not stand in a script element, whatever the text
_UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}


def _countries() -> list[tuple[str, str]]:
    return sorted(
        ((each.iso2, each.names[language_of_page()]) for each in catalog.countries()), key=lambda pair: pair[1]
    )


def _button(written: Article) -> tuple[str | Promise, str] | None:
    """The button of an article that leads to the page where it is done."""
    page = written.head.page
    return (PAGES[page][0], address_of(page)) if page else None


def _original(written: Article, shown: Rendered, for_: Reader) -> Rendered | None:
    """What the source text says in another language than the rest of it, where the reader gets a translation of that (KB-008)."""
    language = written.head.original
    if not language or language == language_of_page() or not shown.in_scope:
        return None
    return queries.article(article_id=written.id, language=language, for_=for_)


def _structured(shown: Rendered) -> SafeString:
    """The article as FAQPage of schema.org, for whoever reads pages by program."""
    answer = {"@type": "Answer", "text": shown.text}
    entity = {"@type": "Question", "name": shown.question, "acceptedAnswer": answer}
    page = {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "inLanguage": language_of_page(),
        "mainEntity": [entity],
    }
    return mark_safe(json.dumps(page, ensure_ascii=False).translate(_UNSAFE))  # noqa: S308 (escaped as JSON)


@dataclass(frozen=True, kw_only=True)
class _Topic:
    """A topic with the articles that are seen at once, and those that are unfolded."""

    id: str
    name: str
    articles: Sequence[Rendered]
    more: Sequence[Rendered]


@newest
def index(request: HttpRequest) -> HttpResponse:
    """The field, and all articles by topic; with `q` the best answers. htmx asks for the answers alone."""
    question = request.GET.get("q", "").strip()
    found: list[Rendered] = []
    last_step: dict[str, object] = {}
    if question:
        for_ = reader_of(country_of(request), car_of(request, own_cars(request)))
        last_step = people.last_step_facts(for_, question=question)
        found = queries.search(question=question, language=language_of_page(), for_=for_)
    is_typing = getattr(request, "htmx", False)
    # whoever still looks at "nothing found" after some seconds has finished typing: the page says so by `stayed`
    if question and not any(each.in_scope for each in found) and (not is_typing or "stayed" in request.GET):
        feedback.count_unanswered(request, question, UnansweredSearch.Way.PAGE, language_of_page())
    if is_typing:
        return render(
            request, "help_center/_answers.html", {"question": question, "found": found, "last_step": last_step}
        )
    return render(
        request,
        "help_center/index.html",
        {"question": question, "found": found, "topics": _topics(request), "last_step": last_step},
    )


def _topics(request: HttpRequest) -> list[_Topic]:
    """Everything there is for this country by topic, what most people look for before the rest."""
    found: dict[str, list[Rendered]] = {}
    for each in queries.articles(language=language_of_page(), for_=queries.reader(country=country_of(request))):
        if each.in_scope:
            found.setdefault(each.topic, []).append(each)
    ranks = {article_id: rank for rank, article_id in enumerate(queries.help_of_pack().first)}
    topics = []
    for id_, articles in found.items():
        ordered = sorted(articles, key=lambda each: ranks.get(each.id, len(ranks)))
        topics.append(
            _Topic(
                id=id_, name=ordered[0].topic_name, articles=ordered[:SHOWN_OF_A_TOPIC], more=ordered[SHOWN_OF_A_TOPIC:]
            )
        )
    return topics


@newest
def article(request: HttpRequest, article_id: str) -> HttpResponse:
    """One article for one car and country: the person's own, or those that were chosen and stand in the address."""
    written, language = queries.written(article_id), language_of_page()
    own, country = own_cars(request), country_of(request)
    car = car_of(request, own)
    shown = queries.article(article_id=article_id, language=language, for_=reader_of(country, car))
    differs_by_country, differs_by_car = queries.differs(article_id=article_id)
    scope = written.head.scope
    if request.method == "GET" and not getattr(request, "htmx", False):
        actions.count_view(article_id=article_id, language=language)
    return render(
        request,
        "help_center/article.html",
        {
            **feedback.facts(request, article_id, choice(country, car)),
            "article": shown,
            "original": _original(written, shown, reader_of(country, car)),
            "last_step": people.last_step_facts(
                # without an answer nobody is named in it
                reader_of(country, car),
                kind=(written.head.contact or "") if shown.in_scope else "",
                article_id=article_id,
            ),
            "head": written.head,
            "button": _button(written),
            "car": car,
            "own": own,
            "country_code": country,
            "country_name": catalog.country(country).names[language],
            "countries": _countries() if differs_by_country else [],
            "cars": catalog.generations() if differs_by_car and not own else [],
            "choices": own if differs_by_car else [],
            "not_for": ""
            if shown.in_scope
            else queries.not_for(article_id=article_id, language=language, for_=reader_of(country, car)),
            "is_other_role": bool(scope.roles and car and car.role and car.role not in scope.roles),
            "is_due": bool(written.head.review_on and written.head.review_on <= clock.now().date()),
            "as_text": f"{reverse('help_center:text', args=[article_id])}?{choice(country, car)}",
            "show_address": f"{reverse('help_center:show', args=[article_id])}?{choice(country, car)}"
            if any(each.steps for each in (*((shown.path,) if shown.path else ()), *shown.named))
            else "",
            "deeds": doing.deeds(article_id=article_id, car=car, own=own),
            "must_sign_in": bool(written.head.commands) and not request.user.is_authenticated,
            "why_href": why.href_of_article(written, car=car.value if car and car in own else ""),
            "structured": _structured(shown) if shown.in_scope else "",
            "related": [(each, queries.title_of(article_id=each, language=language)) for each in written.head.related],
        },
    )


@newest
def text(request: HttpRequest, article_id: str) -> HttpResponse:
    """The same as plain text, for a terminal, a braille line or a printer."""
    car, language = car_of(request, own_cars(request)), language_of_page()
    for_ = reader_of(country_of(request), car)
    shown = queries.article(article_id=article_id, language=language, for_=for_)
    not_for = "" if shown.in_scope else queries.not_for(article_id=article_id, language=language, for_=for_)
    parts = [shown.question, shown.text or not_for]
    if shown.path and shown.path.steps:
        parts.append(f"{car.name if car else ''}: {' > '.join(step.label for step in shown.path.steps)}")
    return HttpResponse("\n\n".join(parts) + "\n", content_type="text/plain; charset=utf-8")


@newest
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every article's address, for search engines."""
    addresses = [
        request.build_absolute_uri(reverse("help_center:article", args=[each]))
        for each in queries.help_of_pack().articles
    ]
    return render(request, "help_center/sitemap.xml", {"addresses": addresses}, content_type="application/xml")


urlpatterns = [
    *showing.urlpatterns,
    *doing.urlpatterns,
    path("", index, name="index"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("people/", people.people, name="people"),
    path("why/", why.index, name="why"),
    path("why/<slug:topic>/", why.topic, name="why_topic"),
    path("manuals/", manuals.library, name="manuals"),
    path("manuals/<slug:generation>/<slug:language>/<slug:document>.pdf", manuals.document, name="manual"),
    path("<slug:article_id>/", article, name="article"),
    path("<slug:article_id>/text/", text, name="text"),
    path("<slug:article_id>/feedback/", feedback.give_feedback, name="feedback"),
]
