"""
What editors published, laid over the articles of the pack (decision 0029).

A process keeps what it read; `see_edits` asks with one small question whether there is something newer. Ways in call it before they show anything.
"""

import dataclasses
import difflib
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db.models import Max

from vettura.catalog import queries as catalog
from vettura.help_center.models import ArticleDraft, ArticleVersion
from vettura_pack.errors import PackError
from vettura_pack.help import Article, Help, Parts, article_of, load_help, parts_of
from vettura_pack.help_check import article_problems, rules_of

log = logging.getLogger(__name__)
_QUOTED = re.compile("“([^”]+)”")


@dataclass(frozen=True, kw_only=True)
class Laid:
    """What lies over the pack's articles as of one version: articles by id, and those that no longer pass, with the sentences."""

    newest: int = 0
    articles: Mapping[str, Article] = field(default_factory=dict)
    faulty: Mapping[str, Sequence[str]] = field(default_factory=dict)
    whole: Help | None = None


class _Known:
    """What this process read last."""

    laid = Laid()


def pack_help() -> Help:
    """The articles of the pack as its files say."""
    return _help_of(str(settings.VETTURA_PACK_DIR))


@cache
def _help_of(folder: str) -> Help:
    return load_help(Path(folder) / "help", catalog.pack().languages)


def help_now() -> Help:
    """The articles as they are read: the pack's, and over them what editors published."""
    return _Known.laid.whole or pack_help()


def faulty() -> Mapping[str, Sequence[str]]:
    """What was published and no longer passes the check, so that the pack's text is read; with the sentences."""
    return _Known.laid.faulty


def laid() -> Mapping[str, Article]:
    """The articles that come from editors."""
    return _Known.laid.articles


def edition() -> int:
    """The number of what was published last, as this process knows it; nothing published is 0."""
    return _Known.laid.newest


def see_edits() -> None:
    """After this, what this process shows is what was published last, by whichever process."""
    newest = ArticleVersion.objects.aggregate(Max("id"))["id__max"] or 0
    if newest != _Known.laid.newest:
        _Known.laid = _read(newest)


def _read(newest: int) -> Laid:
    pack, found, wrong = pack_help(), {}, {}
    for version in current_versions():
        if version.what == ArticleVersion.What.TAKEN_BACK or version.source == pack_source(version.article_id):
            continue
        article, problems = checked(article_id=version.article_id, topic=version.topic, source=version.source)
        if article is None or problems:
            log.warning("the published article %s no longer passes the check and is left out", version.article_id)
            wrong[version.article_id] = problems
        else:
            # how people ask for it is not written at the desk
            of_pack = pack.articles.get(version.article_id)
            found[version.article_id] = dataclasses.replace(article, asked=of_pack.asked) if of_pack else article
    by_topic = {**pack.articles, **found}
    ordered = {each.id: each for topic in pack.topics for each in by_topic.values() if each.topic == topic}
    whole = dataclasses.replace(pack, articles=ordered) if found else None
    return Laid(newest=newest, articles=found, faulty=wrong, whole=whole)


def current_versions() -> list[ArticleVersion]:
    """The newest version of each article that was ever published here."""
    return list(ArticleVersion.objects.order_by("article_id", "-number").distinct("article_id"))


def versions(*, article_id: str) -> list[ArticleVersion]:
    """Every version of an article, the newest first."""
    return list(ArticleVersion.objects.filter(article_id=article_id).select_related("by").order_by("-number"))


def drafts() -> dict[str, ArticleDraft]:
    """By article."""
    return {each.article_id: each for each in ArticleDraft.objects.all()}


def draft(*, article_id: str) -> ArticleDraft | None:
    """What is being written of an article."""
    return ArticleDraft.objects.filter(article_id=article_id).select_related("by").first()


def parts_of_draft(draft: ArticleDraft) -> Parts:
    """The pieces of a draft, its languages in the order of the pack: the database keeps none."""
    languages = catalog.pack().languages
    return Parts(
        head=draft.head,
        questions={each: draft.questions.get(each, "") for each in languages},
        texts={each: draft.texts.get(each, "") for each in languages},
    )


@cache
def _source_of(file: Path) -> str:
    return parts_of(file.read_text(encoding="utf-8")).whole


def pack_source(article_id: str) -> str:
    """The text of an article's file in the pack; empty where it has none."""
    found = pack_help().articles.get(article_id)
    return _source_of(found.file) if found else ""


def parts_now(*, article_id: str) -> tuple[str, Parts] | None:
    """Topic and pieces of an article as it is read now; None where there is none."""
    found = help_now().articles.get(article_id)
    if found is None:
        return None
    if article_id in laid():
        newest = ArticleVersion.objects.filter(article_id=article_id).latest("number")
        return newest.topic, parts_of(newest.source)
    return found.topic, parts_of(pack_source(article_id))


def has_conflict(*, pack_source_then: str, source: str, article_id: str) -> bool:
    """Whether the pack's text is another one than when this text was made from it, and not this text itself."""
    now = pack_source(article_id)
    return now not in (pack_source_then, source)


@cache
def _rules() -> frozenset[str] | None:
    docs = Path(__file__).resolve().parents[4] / "docs"
    return frozenset(rules_of(docs)) if (docs / "rules.md").is_file() else None


def checked(*, article_id: str, topic: str, source: str) -> tuple[Article | None, list[str]]:
    """An article out of its text, and what `make pack-check` says to it. None: it cannot be read at all."""
    pack, known = catalog.pack(), pack_help()
    file = Path(topic) / f"{article_id}.md"
    if topic not in known.topics:
        return None, [f"{file} stands in a topic that does not exist."]
    try:
        article = article_of(source, file, topic=topic, topic_name=known.topics[topic], languages=pack.languages)
    except PackError as error:
        return None, [str(error)]
    among = dataclasses.replace(known, articles={**known.articles, **laid(), article_id: article})
    rules = _rules()
    return article, article_problems(pack, among, article, set(rules) if rules else None)


@dataclass(frozen=True)
class Problem:
    """A sentence of the check, and where it belongs: `head` or a language, with the line counted from 1 where it is known."""

    part: str
    line: int | None
    sentence: str


def placed(problems: Sequence[str], *, parts: Parts, file: str) -> list[Problem]:
    """The sentences of the check beside what they are about."""
    return [_placed(each, parts, file) for each in problems]


def _placed(sentence: str, parts: Parts, file: str) -> Problem:
    quoted = _QUOTED.findall(sentence)
    part = next((each for each in quoted if each in parts.texts), "")
    words = [each for each in quoted if each not in parts.texts]
    told = sentence.removeprefix(f"{file} ")
    said = f"The article {told}" if told != sentence else re.sub(rf"^{re.escape(file)}(:\d+)?: ", "", sentence)
    for name, text in [(part, parts.texts[part])] if part else [*parts.texts.items(), ("head", parts.head)]:
        for number, line in enumerate(text.split("\n"), 1):
            if any(word in line for word in words):
                return Problem(name, number, said)
    return Problem(part or "head", None, said)


def difference(before: str, after: str) -> list[tuple[str, str]]:
    """Line by line: (` ` stays, `-` is gone, `+` is new, `…` where equal lines are left out; the line)."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
    found = [(line[0], line[1:]) for line in lines if not line.startswith(("---", "+++"))]
    return [("…", "") if sign == "@" else (sign, line) for sign, line in found]
