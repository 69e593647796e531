"""
What a search in the help center costs: through the page as one types, through the query, and its bare SQL alone, with many articles in three
languages and readers in every country.
"""

import asyncio
import gc
import re
import shutil
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml

from bench import stage
from bench.commands import Times
from bench.http import Http

ARTICLES = 2_000
SEARCHES = 900
GOAL_MS = 50
# words of a text that may change: no placeholder, no address of a link
_WORD = re.compile(r"\{[^{}]*\}|\]\([^)]*\)|[^\W\d_]{6,}")
_SYLLABLES = ("ba", "de", "fi", "go", "lu", "ma", "ne", "pi", "ro", "su", "ta")


def pack_of(folder: Path, articles: int = ARTICLES) -> Path:
    """The brand pack with so many articles, and how people ask for each: ours, and variants of them of which every third long word is another."""
    pack = folder / "pack"
    shutil.copytree(stage.ROOT / "packs" / "porsche", pack)
    ours = sorted((pack / "help").glob("*/*.md"))
    asked = {
        file.parent: yaml.safe_load(file.read_text(encoding="utf-8")) for file in (pack / "help").glob("*/asked.yaml")
    }
    of_variants: dict[Path, dict[str, Any]] = {topic: {} for topic in asked}
    for number in range(max(0, articles - len(ours))):
        original, variant = ours[number % len(ours)], number // len(ours) + 1
        _, head, text = original.read_text(encoding="utf-8").split("---\n", 2)
        changed = "\n".join(_changed(line, variant) for line in text.split("\n"))
        named = original.with_name(f"{original.stem}-{variant}.md")
        named.write_text(f"---\n{head}---\n{changed}", encoding="utf-8")
        of_variants[original.parent][named.stem] = {
            language: [_changed(each, variant) for each in phrases]
            for language, phrases in asked[original.parent].get(original.stem, {}).items()
        }
    for topic, phrases_of in of_variants.items():
        with (topic / "asked.yaml").open("a", encoding="utf-8") as file:
            yaml.safe_dump(phrases_of, file, allow_unicode=True)
    return pack


def _changed(line: str, variant: int) -> str:
    if line.startswith(":::"):
        return line

    def other(match: re.Match[str]) -> str:
        word = match[0]
        is_to_change = word[0].isalpha() and (sum(map(ord, word)) + variant) % 3 == 0
        return word + _SYLLABLES[variant % len(_SYLLABLES)] * (1 + variant // len(_SYLLABLES)) if is_to_change else word

    return _WORD.sub(other, line)


def measure(world: stage.Stage, *, searches: int = SEARCHES) -> dict[str, Any]:
    """Milliseconds of a search: the page's answers over HTTP, the query, and the same SQL alone; and how many times as long as it each is."""
    from django.db import connection

    from vettura.catalog import queries as catalog
    from vettura.help_center import actions, queries

    began = time.perf_counter()
    articles = actions.fill_index()
    filled = time.perf_counter() - began
    began = time.perf_counter()
    actions.learn()
    learned = time.perf_counter() - began
    asked = list(_questions(searches))
    countries = [each.iso2 for each in catalog.countries()]
    for language, question in asked[:10]:  # what a process reads once
        queries.search(question=question, language=language)
    # as the web process does with what stays
    gc.collect()
    gc.freeze()
    query, alone = Times(), Times()
    for number, (language, question) in enumerate(asked):
        said: list[tuple[str, Any]] = []
        reader = queries.reader(country=countries[number % len(countries)])
        with connection.execute_wrapper(_noting(said)):
            began = time.perf_counter()
            queries.search(question=question, language=language, for_=reader, is_typing=False)
            query.add(time.perf_counter() - began)
        connection.ensure_connection()
        with connection.connection.cursor() as bare:
            began = time.perf_counter()
            for sql, params in said:
                bare.execute(sql, params).fetchall()
            alone.add(time.perf_counter() - began)
    connection.close()
    with stage.web(world):
        stage.wait_until(lambda: stage.answers(world.port), what="the web process does not answer", seconds=180)
        page = asyncio.run(_pages(world, asked, countries))
    return {
        "articles": articles,
        "languages": len(catalog.pack().languages),
        "countries": len(countries),
        "filled_s": round(filled, 1),
        "learned_s": round(learned, 1),
        "page": page.summary(),
        "query": query.summary(),
        "sql_alone": alone.summary(),
        "page_over_sql": round(page.percentile(50) / alone.percentile(50), 2),
        "query_over_sql": round(query.percentile(50) / alone.percentile(50), 2),
    }


def _noting(said: list[tuple[str, Any]]) -> Callable[..., Any]:
    """What notes every statement that is executed."""

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        said.append((sql, params))
        return execute(sql, params, many, context)

    return note


async def _pages(world: stage.Stage, asked: list[tuple[str, str]], countries: list[str]) -> Times:
    times = Times()
    clients = {
        language: Http(world.port, {"HX-Request": "true", "Accept-Language": language})
        for language in {language for language, _ in asked}
    }
    try:
        for number, (language, question) in enumerate(asked):
            address = "/help/?" + urlencode({"q": question, "country": countries[number % len(countries)]})
            began = time.perf_counter()
            status, _answers = await clients[language].request("GET", address)
            if number >= 10:  # what the process reads once
                times.add(time.perf_counter() - began)
            if status != 200:
                raise RuntimeError(f"{address} answers {status}")
    finally:
        for each in clients.values():
            each.close()
    return times


def _questions(count: int) -> Iterator[tuple[str, str]]:
    """The measured questions, typed by one after the other."""
    text = (stage.ROOT / "tests" / "help_center" / "questions.toml").read_text(encoding="utf-8")
    known = tomllib.loads(text)
    rows = [
        (language, row[0])
        for part in sorted(known.keys() - {"off_topic"})
        for language in known[part]
        for row in known[part][language]
    ]
    for number in range(count):
        yield rows[number * 7 % len(rows)]


def lines(found: dict[str, Any]) -> list[str]:
    """As a person reads it."""
    labels = (
        ("search: the page as one types", "page"),
        ("search: the query", "query"),
        ("search: its SQL alone", "sql_alone"),
    )
    return [
        f"{found['articles']} articles, {found['languages']} languages, {found['countries']} countries",
        f"filled in {found['filled_s']} s, learned in {found['learned_s']} s",
        f"{'':44}{'p50 ms':>10}{'p99 ms':>10}",
        *(f"{label:44}{found[name]['p50_ms']:>10}{found[name]['p99_ms']:>10}" for label, name in labels),
        f"  page {found['page_over_sql']} x SQL, query {found['query_over_sql']} x SQL; goal: p99 of the page below {GOAL_MS} ms",
    ]
