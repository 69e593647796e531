"""What the help center knows: articles in a language, the path for one car, and the best answers to a question."""

import re
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db import connection

from vettura.catalog import queries as catalog
from vettura.help_center.errors import ArticleNotFound
from vettura_pack.help import Article, Page, load_articles
from vettura_pack.model import Basis

# PostgreSQL's text search configuration per language of the pages
TEXT_SEARCH = {"en": "english", "it": "italian", "de": "german"}
BEST_ANSWERS = 3


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An article in one language: texts with the pack's words and numbers filled in."""

    id: str
    topic: str
    question: str
    answer: str
    steps: tuple[str, ...]
    task: str | None
    contact: str | None
    page: Page | None
    is_by_country: bool
    related: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PathStep:
    """One step through a head unit: a hard key, something on the screen, or what the person types."""

    kind: str
    label: str


@dataclass(frozen=True, kw_only=True)
class HeadUnitPath:
    """
    The way through one generation's head unit, rendered from its menu tree.

    No steps: there is nothing to do, or (basis `none`) no instruction is known and the manual is the place to look.
    """

    steps: tuple[PathStep, ...]
    result: str
    basis: Basis


@cache
def _articles() -> dict[str, Article]:
    return load_articles(settings.VETTURA_PACK_DIR / "help")


def _filled(text: str, language: str) -> str:
    return text.format_map({**catalog.labels(language), "terms": catalog.terms()})


def _in_language(article: Article, language: str) -> Answer:
    return Answer(
        id=article.id,
        topic=_filled(article.topic[language], language),
        question=_filled(article.question[language], language),
        answer=_filled(article.answer[language], language),
        steps=tuple(_filled(step[language], language) for step in article.steps),
        task=article.task,
        contact=article.contact,
        page=article.page,
        is_by_country=article.by_country is not None,
        related=article.related,
    )


def articles(*, language: str) -> list[Answer]:
    """Every article, in the order of the pack."""
    return [_in_language(each, language) for each in _articles().values()]


def article(*, article_id: str, language: str) -> Answer:
    """One article. Raises ArticleNotFound."""
    found = _articles().get(article_id)
    if found is None:
        raise ArticleNotFound
    return _in_language(found, language)


def answer_in(*, article_id: str, country: str, language: str) -> str:
    """What holds in a country, by its switch; empty for articles that say the same everywhere. Raises ArticleNotFound."""
    found = _articles().get(article_id)
    if found is None:
        raise ArticleNotFound
    if found.by_country is None:
        return ""
    is_on = getattr(catalog.country(country), found.by_country.switch)
    return _filled((found.by_country.where_on if is_on else found.by_country.where_off)[language], language)


def path_for(*, task: str, generation: str, language: str) -> HeadUnitPath | None:
    """The way through this generation's head unit (KB-002), or None where the pack does not speak of the task."""
    head_unit = catalog.head_unit(generation)
    found = head_unit.task(task, generation)
    if found is None:
        return None
    steps = tuple(PathStep(kind=node.kind, label=node.label_in(language)) for node in head_unit.walk(task, generation))
    return HeadUnitPath(steps=steps, result=found.result, basis=found.basis)


def search(*, question: str, language: str, limit: int = BEST_ANSWERS) -> list[Answer]:
    """
    The best answers to what was typed so far, best first; the last word may be unfinished.

    Stemming and stop words are PostgreSQL's. No words, no answers.
    """
    words = re.findall(r"\w+", question.lower())
    if not words:
        return []
    known = articles(language=language)
    wanted = " | ".join([f"{word}:*" for word in words])
    configuration = TEXT_SEARCH[language]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id FROM (
                SELECT id, ts_rank(
                    setweight(to_tsvector(%(config)s::regconfig, question), 'A')
                    || setweight(to_tsvector(%(config)s::regconfig, answer), 'C'),
                    to_tsquery(%(config)s::regconfig, %(wanted)s)) AS rank
                FROM unnest(%(ids)s::text[], %(questions)s::text[], %(answers)s::text[]) AS a(id, question, answer)
            ) AS ranked
            WHERE rank > 0 ORDER BY rank DESC, id LIMIT %(limit)s
            """,
            {
                "config": configuration,
                "wanted": wanted,
                "ids": [each.id for each in known],
                "questions": [f"{each.question} {each.topic}" for each in known],
                "answers": [" ".join([each.answer, *each.steps]) for each in known],
                "limit": limit,
            },
        )
        ids = [row[0] for row in cursor.fetchall()]
    by_id = {each.id: each for each in known}
    return [by_id[found] for found in ids]
