"""What the help center knows: articles in a language, the path for one car, and the best answers to a question."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection

from vettura.catalog import queries as catalog
from vettura.help_center.errors import ArticleNotFound
from vettura_pack.answers import HeadUnitPath, Reader, Rendered, depends_on, is_for, plain, render
from vettura_pack.answers import path_for as path_in
from vettura_pack.help import Article, Help, load_help
from vettura_pack.model import Country, Generation

# PostgreSQL's text search configuration per language of the pages
TEXT_SEARCH = {"en": "english", "it": "italian", "de": "german"}
BEST_ANSWERS = 3


@cache
def _help_of(folder: str) -> Help:
    return load_help(Path(folder) / "help", catalog.pack().languages)


def help_of_pack() -> Help:
    """The articles of the pack as written."""
    return _help_of(str(settings.VETTURA_PACK_DIR))


def written(article_id: str) -> Article:
    """One article as written. Raises ArticleNotFound."""
    found = help_of_pack().articles.get(article_id)
    if found is None:
        raise ArticleNotFound
    return found


def reader(*, country: str, generation: str = "", device_root: str = "") -> Reader:
    """Somebody with this car, if it is known, in this country. Raises UnknownEntry."""
    return Reader(
        country=catalog.country(country),
        generation=catalog.generation(generation) if generation else None,
        device_root=device_root or None,
    )


def _somebody(language: str) -> Reader:
    return reader(country=catalog.home_of(language))


def article(*, article_id: str, language: str, for_: Reader | None = None) -> Rendered:
    """One article as this reader gets it, or as somebody whose car is not known. Raises ArticleNotFound."""
    return render(catalog.pack(), written(article_id), for_ or _somebody(language), language)


def articles(*, language: str, for_: Reader | None = None) -> list[Rendered]:
    """Every article as this reader gets it, in the order of the topics."""
    return [
        article(article_id=article_id, language=language, for_=for_ or _somebody(language))
        for article_id in help_of_pack().articles
    ]


def title_of(*, article_id: str, language: str) -> str:
    """The question of an article, without its text. Raises ArticleNotFound."""
    words: Mapping[str, str] = catalog.labels(language)
    question = written(article_id).question[language]
    return plain(re.sub(r"\{(\w+)\}", lambda match: words.get(match[1], match[0]), question))


def differs(*, article_id: str) -> tuple[bool, bool]:
    """Whether an article says something else by country, and by car. Raises ArticleNotFound."""
    return depends_on(written(article_id))


def generations_for(*, article_id: str, country: str) -> list[Generation]:
    """The generations for which an article is in a country. Raises ArticleNotFound and UnknownEntry."""
    found, place = written(article_id), catalog.country(country)
    return [
        each for each in catalog.generations() if is_for(catalog.pack(), found, Reader(country=place, generation=each))
    ]


def countries_for(*, article_id: str, generation: str) -> list[Country]:
    """The countries in which an article is for a generation, or for any car. Raises ArticleNotFound and UnknownEntry."""
    found = written(article_id)
    car = catalog.generation(generation) if generation else None
    return [each for each in catalog.countries() if is_for(catalog.pack(), found, Reader(country=each, generation=car))]


def path_for(*, task: str, generation: str, language: str) -> HeadUnitPath | None:
    """The way through this generation's head unit (KB-002), or None where the pack does not speak of the task."""
    return path_in(catalog.pack(), task, catalog.generation(generation), language)


def search(*, question: str, language: str, limit: int = BEST_ANSWERS) -> list[Rendered]:
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
                "questions": [f"{each.question} {each.topic_name}" for each in known],
                "answers": [each.text for each in known],
                "limit": limit,
            },
        )
        ids = [row[0] for row in cursor.fetchall()]
    by_id = {each.id: each for each in known}
    return [by_id[found] for found in ids]
