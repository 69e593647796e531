"""Editors write: drafts by language with the check beside the lines, a preview by car and country, versions, and the file for the pack."""

from collections.abc import Callable
from typing import cast

import yaml
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vettura.catalog import queries as catalog
from vettura.foundation.errors import NotFound, Refusal
from vettura.help_center import actions, errors, queries, rules
from vettura.help_center.models import ArticleVersion
from vettura.help_center.queries import edits, feedback
from vettura.identity.models import Account
from vettura_pack.answers import render as rendered
from vettura_pack.errors import PackError
from vettura_pack.help import Parts

View = Callable[..., HttpResponse]


def _editor(request: HttpRequest) -> Account:
    """Whoever writes articles; for all others there is nothing here."""
    if not isinstance(request.user, Account) or not feedback.is_editor(account=request.user):
        raise NotFound
    edits.see_edits()
    return request.user


def states() -> dict[str, tuple[str, ...]]:
    """What there is to know of articles that editors touched: `draft`, `edited`, `conflict`, `faulty`."""
    found: dict[str, list[str]] = {}
    drafts = edits.drafts()
    for article_id in drafts:
        found.setdefault(article_id, []).append("draft")
    for article_id in edits.laid():
        found.setdefault(article_id, []).append("edited")
    for article_id in edits.faulty():
        found.setdefault(article_id, []).append("faulty")
    for version in edits.current_versions():
        if _is_in_conflict(version):
            found.setdefault(version.article_id, []).append("conflict")
    return {article_id: tuple(each) for article_id, each in found.items()}


def _is_in_conflict(version: ArticleVersion | None) -> bool:
    return bool(version and version.source) and edits.has_conflict(
        pack_source_then=cast("ArticleVersion", version).pack_source,
        source=cast("ArticleVersion", version).source,
        article_id=cast("ArticleVersion", version).article_id,
    )


def begun() -> list[tuple[str, str]]:
    """Articles that are drafts only: id and question."""
    known, language = edits.help_now().articles, catalog.language_of_pack(get_language())
    return [(key, draft.questions.get(language, "")) for key, draft in edits.drafts().items() if key not in known]


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """An article that does not exist yet: its topic, its id, and the words that led to it."""
    editor = _editor(request)
    asked = request.POST if request.method == "POST" else request.GET
    language, question = asked.get("language", ""), asked.get("question", "").strip()[:200]
    refusal: Refusal | None = None
    if request.method == "POST":
        article_id = asked.get("article_id", "").strip()
        try:
            topic, words = asked.get("topic", ""), {language: question}
            actions.begin_article(by=editor, article_id=article_id, topic=topic, questions=words)
            return redirect("help_desk:edit", article_id=article_id)
        except errors.ArticleUnfit as no:
            refusal = no
    own = catalog.language_of_pack(get_language())
    facts = {
        "topics": [(key, names[own]) for key, names in edits.help_now().topics.items()],
        "topic": asked.get("topic", ""),
        "article_id": asked.get("article_id", "") or "-".join(rules.words_of(question)[:6]),
        "question": question,
        "language": language,
        "languages": catalog.pack().languages,
        "refusal": str(refusal) if refusal else "",
    }
    return render(request, "help_center/desk/new.html", facts, status=refusal.status if refusal else 200)


def _typed(request: HttpRequest) -> Parts:
    """What stands in the form."""
    languages = catalog.pack().languages
    return Parts(
        head=request.POST.get("head", ""),
        questions={each: request.POST.get(f"question_{each}", "") for each in languages},
        texts={each: request.POST.get(f"text_{each}", "") for each in languages},
    )


def _revision(request: HttpRequest) -> int:
    said = request.POST.get("revision", "")
    return int(said) if said.isdecimal() and len(said) < 9 else 0


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, article_id: str) -> HttpResponse:
    """The article in pieces, with the sentences of the check; saving keeps every word, publishing asks the check first."""
    editor = _editor(request)
    refusal: Refusal | None = None
    if request.method == "POST":
        parts = _typed(request)
        try:
            saved = actions.save_draft(by=editor, article_id=article_id, parts=parts, revision=_revision(request))
            if "publish" in request.POST:
                actions.publish(by=editor, article_id=article_id, revision=saved.revision)
                messages.info(
                    request, gettext("Published: everybody reads this text now. Search finds it within moments.")
                )
            else:
                messages.info(request, gettext("The draft is kept."))
            return redirect("help_desk:edit", article_id=article_id)
        except (errors.DraftChanged, errors.ArticleFaulty) as no:
            refusal = no
    draft, now = edits.draft(article_id=article_id), edits.parts_now(article_id=article_id)
    if draft is not None:
        topic, shown = draft.topic, edits.parts_of_draft(draft)
    elif now is not None:
        topic, shown = now
    else:
        raise NotFound
    theirs = shown if isinstance(refusal, errors.DraftChanged) else None
    if refusal is not None:
        shown = parts
    if alias := request.GET.get("alias", "")[:100]:
        shown = _with_alias(shown, alias, request.GET.get("language", ""))
    facts = _facts(article_id, topic, shown) | {
        "draft": draft,
        "revision": draft.revision if draft else 0,
        "refusal": str(refusal) if refusal else "",
        "theirs": edits.difference(shown.whole, theirs.whole) if theirs else [],
        "is_alias_added": bool(alias),
        **_preview(request, article_id, topic, shown),
    }
    return render(request, "help_center/desk/edit.html", facts, status=refusal.status if refusal else 200)


def _facts(article_id: str, topic: str, parts: Parts) -> dict[str, object]:
    _, sentences = edits.checked(article_id=article_id, topic=topic, source=parts.whole)
    problems = edits.placed(sentences, parts=parts, file=f"{topic}/{article_id}.md")
    newest = next(iter(edits.versions(article_id=article_id)), None)
    now = edits.pack_source(article_id)
    languages = [
        (each, parts.questions.get(each, ""), parts.texts.get(each, ""), [one for one in problems if one.part == each])
        for each in catalog.pack().languages
    ]
    heard = feedback.heard().get(article_id, feedback.Heard())
    return {
        "article_id": article_id,
        "topic": edits.pack_help().topics.get(topic, {}).get(catalog.language_of_pack(get_language()), topic),
        "head": parts.head,
        "languages": languages,
        "problems": problems,
        "head_problems": [each for each in problems if each.part == "head"],
        "newest": newest,
        "is_published": newest is not None and newest.what != ArticleVersion.What.TAKEN_BACK,
        "conflict": edits.difference(newest.pack_source, now) if newest and _is_in_conflict(newest) else [],
        "faulty": edits.faulty().get(article_id, ()),
        "is_in_pack": bool(now),
        "is_read": article_id in edits.help_now().articles,
        "heard": heard,
        "comments": feedback.comments(article_id=article_id)[:5],
    }


def _with_alias(parts: Parts, alias: str, language: str) -> Parts:
    """The head with one alias more; left as it is where it cannot be read, or has it."""
    try:
        head = yaml.safe_load(parts.head)
        aliases = {key: list(words) for key, words in (head.get("aliases") or {}).items()}
    except (yaml.YAMLError, AttributeError, TypeError):
        return parts
    if language not in parts.texts or alias in aliases.get(language, ()):
        return parts
    aliases.setdefault(language, []).append(alias)
    line = yaml.safe_dump({"aliases": aliases}, default_flow_style=None, allow_unicode=True, width=10_000).strip()
    kept, is_inside = [], False
    for each in parts.head.splitlines():
        is_inside = each.startswith("aliases:") or (is_inside and each.startswith((" ", "\t")))
        if not is_inside:
            kept.append(each)
    return Parts(head="\n".join([*kept, line]), questions=parts.questions, texts=parts.texts)


@login_required
@never_cache
@require_POST
def preview(request: HttpRequest, article_id: str) -> HttpResponse:
    """What the typed text says to a reader with this car in this country; nothing is kept."""
    _editor(request)
    draft, now = edits.draft(article_id=article_id), edits.parts_now(article_id=article_id)
    if draft is None and now is None:
        raise NotFound
    topic = draft.topic if draft else now[0] if now else ""
    parts = _typed(request)
    facts = _preview(request, article_id, topic, parts)
    if getattr(request, "htmx", False):
        return render(request, "help_center/desk/_preview.html", facts)
    page = {"draft": draft, "revision": _revision(request), **_facts(article_id, topic, parts), **facts}
    return render(request, "help_center/desk/edit.html", page)


def _preview(request: HttpRequest, article_id: str, topic: str, parts: Parts) -> dict[str, object]:
    asked, own = request.POST or request.GET, catalog.language_of_pack(get_language())
    countries = {each.iso2: each.names[own] for each in catalog.countries()}
    cars = {each.code: catalog.generation_name(each) for each in catalog.generations()}
    language = asked.get("language", "") if asked.get("language", "") in parts.texts else own
    country = asked.get("country", "") if asked.get("country", "") in countries else catalog.home_of(language)
    car = asked.get("car", "") if asked.get("car", "") in cars else ""
    facts: dict[str, object] = {
        "preview_language": language,
        "preview_country": country,
        "preview_car": car,
        "preview_countries": sorted(countries.items(), key=lambda pair: pair[1]),
        "preview_cars": list(cars.items()),
        "preview_languages": catalog.pack().languages,
    }
    article, sentences = edits.checked(article_id=article_id, topic=topic, source=parts.whole)
    if article is None:
        return facts | {"unreadable": sentences}
    try:
        shown = rendered(catalog.pack(), article, queries.reader(country=country, generation=car), language)
    except PackError as error:
        return facts | {"unreadable": [error.sentence]}
    return facts | {"shown": shown}


@login_required
@never_cache
@require_GET
def history(request: HttpRequest, article_id: str) -> HttpResponse:
    """Every version with who and when; two of them compared, 0 being the pack's text of today."""
    _editor(request)
    found = edits.versions(article_id=article_id)
    if not found and not edits.pack_source(article_id):
        raise NotFound
    texts = {0: edits.pack_source(article_id)} | {each.number: each.source or each.pack_source for each in found}
    before, after = (_number(request.GET.get(name, ""), texts) for name in ("before", "after"))
    if "after" not in request.GET and found:
        after = found[0].number
        before = found[1].number if len(found) > 1 else 0
    facts = {
        "article_id": article_id,
        "versions": found,
        "before": before,
        "after": after,
        "numbers": list(texts),
        "lines": edits.difference(texts[before], texts[after]),
    }
    return render(request, "help_center/desk/history.html", facts)


def _number(said: str, texts: dict[int, str]) -> int:
    return int(said) if said.isdecimal() and len(said) < 9 and int(said) in texts else 0


@login_required
@never_cache
@require_GET
def file(request: HttpRequest, article_id: str) -> HttpResponse:
    """The article as the file that belongs into the pack: the draft if there is one, or what is read now."""
    _editor(request)
    draft, now = edits.draft(article_id=article_id), edits.parts_now(article_id=article_id)
    if draft is not None:
        whole = edits.parts_of_draft(draft).whole
    elif now is not None:
        whole = now[1].whole
    else:
        raise NotFound
    response = HttpResponse(whole, content_type="text/markdown; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{article_id}.md") or "attachment"
    return response


def _act(request: HttpRequest, article_id: str, do: Callable[[Account], object], said: str) -> HttpResponse:
    editor = _editor(request)
    try:
        do(editor)
    except errors.ArticleFaulty as no:
        messages.warning(request, str(no))
    else:
        messages.info(request, said)
        edits.see_edits()
    is_there = edits.parts_now(article_id=article_id) or edits.draft(article_id=article_id)
    return redirect("help_desk:edit", article_id=article_id) if is_there else redirect("help_desk:articles")


@login_required
@require_POST
def revert(request: HttpRequest, article_id: str) -> HttpResponse:
    """This will publish a former version again."""
    said = request.POST.get("number", "")
    number = int(said) if said.isdecimal() and len(said) < 9 else 0

    def do(editor: Account) -> object:
        return actions.revert(by=editor, article_id=article_id, number=number)

    return _act(request, article_id, do, gettext("The former text is read again. Search follows within moments."))


@login_required
@require_POST
def take_back(request: HttpRequest, article_id: str) -> HttpResponse:
    """This will let the pack's text be read again."""

    def do(editor: Account) -> object:
        return actions.take_back(by=editor, article_id=article_id)

    return _act(request, article_id, do, gettext("The text of the pack is read again. Search follows within moments."))


@login_required
@require_POST
def drop(request: HttpRequest, article_id: str) -> HttpResponse:
    """This will throw the draft away."""

    def do(editor: Account) -> object:
        return actions.drop_draft(by=editor, article_id=article_id)

    return _act(request, article_id, do, gettext("The draft is gone."))
