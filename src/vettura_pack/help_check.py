"""What is wrong with the articles of a pack: every one is rendered for every reader that it claims, in every language."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from vettura_pack.answers import PLACEHOLDER, Reader, is_for, links, readers, render
from vettura_pack.errors import PackError
from vettura_pack.help import Article, Help, Page, load_help
from vettura_pack.manuals import anchors, chapter_title, digital
from vettura_pack.menu import normal_label
from vettura_pack.model import Pack

_RULE_ROW = re.compile(r"^\| ([A-Z]+-\d{2,3}) \|", re.MULTILINE)
_NUMBERED = re.compile(r"^\s*\d+\. ", re.MULTILINE)
_DIGITS = re.compile(r"\S*\d\S*")
_MAIL = re.compile(r"[\w.+-]+@[\w.-]*\w")
_QUOTES = re.compile(r"[“”„«»\"*.,=]")
_MOST_WORDS = 6  # of a label
# where a link into a manual may lead: by document and generation
Chapters = Mapping[tuple[str, str], set[str]]
PAGES: tuple[str, ...] = Page.__args__  # type: ignore[attr-defined]  # a Literal has its values there


def help_problems(pack: Pack, path: Path, docs: Path | None) -> list[str]:
    """One sentence for each; empty when all articles can be read by everybody for whom they are."""
    try:
        known = load_help(path / "help", pack.languages)
    except PackError as error:
        return [str(error)]
    rules = rules_of(docs) if docs else None
    found: list[str] = [*_manuals(pack, known, path)]
    there = _Existing(rules, _labels(pack), _chapters(pack, known))
    for article in known.articles.values():
        found += _of_article(pack, known, article, there)
    return [*dict.fromkeys(found)]


def rules_of(docs: Path) -> set[str]:
    """The ids of all rows of rules.md."""
    return set(_RULE_ROW.findall((docs / "rules.md").read_text(encoding="utf-8")))


def article_problems(pack: Pack, known: Help, article: Article, rules: set[str] | None) -> list[str]:
    """The same for one article that stands among the known ones, or would; `rules`: the ids that exist, None where nobody knows."""
    found = [
        f"{article.file} is related to {each}, which does not exist."
        for each in article.head.related
        if each not in known.articles
    ]
    found += _of_article(pack, known, article, _Existing(rules, _labels(pack), _chapters(pack, known)))
    return [*dict.fromkeys(found)]


def _chapters(pack: Pack, known: Help) -> Chapters:
    return {
        (document, each.code): anchors(pack, known, document, each)
        for document in pack.instructions.manuals
        for each in digital(pack)
    }


class _Existing(NamedTuple):
    """What a text may name: rules (None where nobody knows them), words printed somewhere, and chapters of the manuals."""

    rules: set[str] | None
    printed: set[str]
    chapters: Chapters


def _of_article(pack: Pack, known: Help, article: Article, there: _Existing) -> Iterator[str]:
    yield from _facts(pack, known, article, there.rules, there.chapters)
    yield from _written(pack, article, there.printed)
    yield from _rendered(pack, article)


def _facts(pack: Pack, known: Help, article: Article, rules: set[str] | None, chapters: Chapters) -> Iterator[str]:
    head = article.head
    if not head.rules:
        yield f"{article.file} tells no rule."
    tasks = {task.task for unit in pack.head_units.values() for task in unit.tasks}
    understood = {each for car in pack.generations.values() for drive in car.drives for each in car.commands_of(drive)}
    for kind, named, all_of in (
        ("rule", head.rules, rules),
        ("generation", head.scope.generations, pack.generations),
        ("country", head.scope.countries, pack.countries),
        ("language", (*head.aliases, *((head.original,) if head.original else ())), pack.languages),
        ("task", (head.task,) if head.task else (), tasks),
        ("command", head.commands, understood),
    ):
        for each in named:
            if all_of is not None and each not in all_of:
                yield f"{article.file} names the {kind} {each}, which does not exist."
    for passages in article.passages.values():
        for passage in passages:
            for _, kind, where in links(passage.markdown):
                if kind == "manual":
                    yield from _link_to_manual(pack, article, where, chapters)
                elif where not in {"page": PAGES, "article": known.articles}.get(kind, ()):
                    yield f"{article.file} links to {kind}:{where}, which does not exist."


def _link_to_manual(pack: Pack, article: Article, where: str, chapters: Chapters) -> Iterator[str]:
    """A link to a manual must arrive for every car that has a digital one and for which the article is (KB-005)."""
    document, _hash, anchor = where.partition("#")
    if document not in pack.instructions.manuals:
        yield f"{article.file} links to manual:{where}, which does not exist."
        return
    for generation in digital(pack):
        readers_of = (Reader(country=each, generation=generation) for each in pack.countries.values())
        is_meant = any(is_for(pack, article, each) for each in readers_of)
        if anchor and is_meant and anchor not in chapters[document, generation.code]:
            yield f"{article.file} links to manual:{where}, a chapter that the manual of {generation.code} does not have."


def _manuals(pack: Pack, known: Help, path: Path) -> Iterator[str]:
    """The manuals: articles that exist, each once in a document or in none for a reason, and every chapter that a pointer names."""
    file = path / "instructions.yaml"
    for name, manual in pack.instructions.manuals.items():
        for each in manual.articles:
            if each not in known.articles:
                yield f"{file}: the manual {name} holds the article {each}, which does not exist."
            elif manual.articles.count(each) > 1:
                yield f"{file}: the manual {name} holds the article {each} twice."
    if not pack.instructions.manuals:
        if any(each.digital_manual for each in pack.generations.values()):
            yield f"{file}: a generation has a digital manual, and there is none."
        return
    yield from _unprinted(pack, known, file)
    for pointer in pack.instructions.pointers:
        document = pointer.place.removesuffix("_instructions")
        if pointer.chapter and document in pack.instructions.manuals:
            titles = {
                chapter_title(pack, document, f"{chapter.id}.{section.id}", language)
                for chapter in pack.instructions.manuals[document].chapters
                for section in chapter.sections
                for language in pack.languages
            }
            if pointer.chapter not in titles:
                yield f"{file}: {pointer.id} names the chapter “{pointer.chapter}”, which the manual {document} does not have."


def _unprinted(pack: Pack, known: Help, file: Path) -> Iterator[str]:
    """No article is left out of the manuals by oversight: one that stands in none is named with the reason."""
    printed = {each for manual in pack.instructions.manuals.values() for each in manual.articles}
    for each in sorted(known.articles.keys() - printed - pack.instructions.unprinted.keys()):
        yield f"{file}: no manual holds the article {each}. Put it into a section, or say under unprinted why it is in none."
    for each in pack.instructions.unprinted:
        if each not in known.articles:
            yield f"{file}: unprinted names the article {each}, which does not exist."
        elif each in printed:
            yield f"{file}: unprinted names the article {each}, which stands in a manual."


def _written(pack: Pack, article: Article, printed: set[str]) -> Iterator[str]:
    """What stands there as plain text and should come from the pack; and languages that do not say the same."""
    shapes, facts = {}, {}
    for language, passages in article.passages.items():
        shapes[language] = [(each.when, each.unless) for each in passages]
        text = "\n".join([article.question[language], *(each.markdown for each in passages)])
        facts[language] = {name for name in PLACEHOLDER.findall(text) if "." in name}
        text = _NUMBERED.sub("", PLACEHOLDER.sub("", text))
        for word in article.head.as_written:
            text = text.replace(word, "")
        for number in _DIGITS.findall(text):
            yield f"{article.file} in “{language}” has “{number}” as plain text: name the fact, or list it under as_written."
        for address in _MAIL.findall(text):
            yield f"{article.file} in “{language}” has the address “{address}” as plain text: write {{contact.email}}."
        if copied := _copied_path(text, printed):
            yield f"{article.file} in “{language}” has the path “{copied}” as plain text: write {{path.…}}."
    first = pack.default_language
    for language in pack.languages:
        if shapes[language] != shapes[first]:
            yield f"{article.file} has other conditions in “{language}” than in “{first}”."
        if facts[language] != facts[first]:
            differ = ", ".join(sorted(facts[language] ^ facts[first]))
            yield f"{article.file} names other facts in “{language}” than in “{first}”: {differ}."


def _copied_path(text: str, printed: set[str]) -> str:
    """Two labels of a menu with > between them, or nothing."""
    parts = [_QUOTES.sub("", part).split() for part in text.split(" > ")]
    for before, after in pairwise(parts):
        lengths = range(1, _MOST_WORDS + 1)
        first = next((" ".join(before[-n:]) for n in lengths if normal_label(" ".join(before[-n:])) in printed), "")
        second = next((" ".join(after[:n]) for n in lengths if normal_label(" ".join(after[:n])) in printed), "")
        if first and second:
            return f"{first} > {second}"
    return ""


def _labels(pack: Pack) -> set[str]:
    """Every word that is printed on a screen or key, to recognise a path that somebody copied."""
    return {
        normal_label(label)
        for unit in pack.head_units.values()
        for node in unit.nodes()
        if node.is_printed
        for label in (node.label, *node.labels.values(), *node.aliases)
    }


def _rendered(pack: Pack, article: Article) -> Iterator[str]:
    """Renders it for everybody; the first failure of each language is enough."""
    is_for_somebody = False
    for language in pack.languages:
        try:
            for reader in readers(pack, article):
                is_for_somebody = True
                render(pack, article, reader, language)
        except PackError as error:
            yield str(error)
            is_for_somebody = True
    if not is_for_somebody:
        yield f"{article.file} is for nobody: no generation and country is in its scope."
