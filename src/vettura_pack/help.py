"""Articles of the help center: `help/*.yaml` of a pack, one list of articles per file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
import yaml

from vettura_pack.errors import PackError
from vettura_pack.values import LocalizedText

TEXTS = ("topic", "question", "answer")
# the pages that an article may lead to: the options of one's car, where the VIN is, adding a car, and so on
Page = Literal["options", "vin", "add", "register", "data", "identification"]
# what a country allows or not, so that an answer differs
Switch = Literal["self_registration"]


@dataclass(frozen=True, kw_only=True)
class ByCountry:
    """The second half of an answer, which depends on a switch of the reader's country."""

    switch: Switch
    where_on: LocalizedText
    where_off: LocalizedText


@dataclass(frozen=True, kw_only=True)
class Article:
    """
    A question and what settles it.

    Texts may name the pack's words (`{account}`, `{store}` …) and numbers (`{terms.pin_length}`). `task` is a task of the head
    units: its path is rendered for the reader's car. `contact` says who helps where the text does not: support or partner.
    `page` is where it is done. `by_country` goes on with what holds in the reader's country.
    `rules` are the rows of docs/rules.md that the article tells.
    """

    id: str
    topic: LocalizedText
    question: LocalizedText
    answer: LocalizedText
    rules: tuple[str, ...]
    steps: tuple[LocalizedText, ...] = ()
    task: str | None = None
    contact: str | None = None
    page: Page | None = None
    by_country: ByCountry | None = None
    related: tuple[str, ...] = ()


class _Sources(msgspec.Struct, forbid_unknown_fields=True):
    topics: dict[str, dict[str, str]]
    articles: list["_Written"]


class _ByCountry(msgspec.Struct, forbid_unknown_fields=True):
    switch: Switch
    where_on: dict[str, str]
    where_off: dict[str, str]


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    topic: str
    question: dict[str, str]
    answer: dict[str, str]
    rules: list[str]
    steps: list[dict[str, str]] = []
    task: str | None = None
    contact: str | None = None
    page: Page | None = None
    by_country: _ByCountry | None = None
    related: list[str] = []


def load_articles(folder: Path) -> dict[str, Article]:
    """
    Every article of a pack by its id, in the order of the files.

    Raises PackError naming the file for an unknown topic, a related article that does not exist, or an id used twice.
    """
    articles: dict[str, Article] = {}
    for file in sorted(folder.glob("*.yaml")):
        try:
            written = msgspec.convert(yaml.safe_load(file.read_text()), _Sources)
        except (msgspec.ValidationError, yaml.YAMLError) as error:
            raise PackError(str(error), file=file) from error
        for each in written.articles:
            if each.id in articles:
                raise PackError(f"the article {each.id} is there twice", file=file)
            if each.topic not in written.topics:
                raise PackError(f"the article {each.id} names the topic {each.topic}, which does not exist", file=file)
            articles[each.id] = _article(each, written.topics[each.topic])
    for article in articles.values():
        missing = [other for other in article.related if other not in articles]
        if missing:
            raise PackError(f"{article.id} is related to {missing[0]}, which does not exist", file=folder)
    return articles


def _article(written: _Written, topic: Mapping[str, str]) -> Article:
    differs = written.by_country
    return Article(
        id=written.id,
        topic=dict(topic),
        question=written.question,
        answer=written.answer,
        rules=tuple(written.rules),
        steps=tuple(written.steps),
        task=written.task,
        contact=written.contact,
        page=written.page,
        by_country=ByCountry(switch=differs.switch, where_on=differs.where_on, where_off=differs.where_off)
        if differs
        else None,
        related=tuple(written.related),
    )
