"""
Articles of the help center: `help/<topic>/<id>.md` of a pack, one file per article with all its languages.

How one is written stands in docs/guides/help-articles.md, why so in docs/decisions/0024. What a text says of a car or a
country is rendered by `vettura_pack.answers`; what is wrong with an article is said by `vettura_pack.help_check`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal

from vettura_pack.errors import PackError
from vettura_pack.reading import Converter, parse_yaml, read_yaml
from vettura_pack.values import LocalizedText

# the pages that an article may lead to; the portal knows the address of each
Page = Literal[
    "options",
    "vin",
    "add",
    "register",
    "data",
    "identification",
    "store",
    "orders",
    "invoices",
    "cards",
    "vehicles",
    "contact",
    "messages",
    "privacy",
    "manuals",
]
Contact = Literal["support", "partner", "other"]
Role = Literal["main_user", "secondary_user", "guest", "no_vehicle"]
VerdictKind = Literal[
    "allow",
    "refuse",
    "expected",
    "cause",
    "path",
    "value",
    "advice",
    "contact:support",
    "contact:partner",
    "contact:other",
]
Kind = Literal["answer", "instruction"]

_FRONT_MATTER = re.compile(r"\A---\n(.*?\n)---\n(.*)\Z", re.DOTALL)
_LANGUAGE = re.compile(r"^# ([a-z]{2}): (.+)$", re.MULTILINE)
_FENCE = re.compile(r"^:::[ ]*(.*)$")
_ATOM = re.compile(
    r"^(?:(?P<fact>(?:(?:car|country|service|phone)\.[a-z_]+|path\.[A-Z_]+))(?:=(?P<value>\w+))?"
    r"|(?P<kind>car|country) in (?P<among>[\w -]+)|(?P<car>car))$"
)


@dataclass(frozen=True, kw_only=True)
class Atom:
    """
    One thing that holds for a reader or not: `car.guest_mode`, `car.symbol_corner=top_right`, `country.fod`, `car in TAY CAY-3`,
    `service.remote_lock` (it exists for this car here), `phone.carplay` (a phone can do that in this car, if it is fitted for it),
    `path.ROAMING_ON` (this car has that path), or `car` (the car is known).
    """

    said: str
    is_negated: bool
    fact: str
    value: str = ""
    among: tuple[str, ...] = ()


Condition = tuple[Atom, ...]


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A piece of an article's text, and what must hold for it to be read: every one of `when`, none of `unless`."""

    markdown: str
    when: Condition = ()
    unless: tuple[Condition, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scope:
    """
    For whom an article is: spelled out, or by a condition (`if: country.fod`). Empty is everybody.
    """

    generations: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    if_: str = ""


@dataclass(frozen=True, kw_only=True)
class ArticleHead:
    """
    What stands at the head of an article.

    `rules`: the rows of docs/rules.md that it tells. `verdict`: what its answer is to the question, one kind, or by
    condition in order (`{country.fod: allow, else: refuse}`). `task`: a task of the head units; its path stands below the
    answer. `tasks`: further ones that the text names by `{path.…}` are found there, none need be listed here. `contact`: who
    helps where the text does not. `page`: where it is done. `aliases`: other words for the question, by language.
    `as_written`: words with digits or signs that are no facts of the pack ("3G", "https://"). `basis`: how sure the text
    is. `review_on`: from this day on it may no longer be true. `uncertain`: the question was reconstructed and may have been another.
    `original`: the language in which the source text says it, where that is not the language of the rest of it; the other texts are translations.
    `commands`: remote commands that do for the reader's car what the text explains. `diagnosis`: the question "why not?" that live state answers.
    """

    rules: tuple[str, ...]
    verdict: Mapping[str, VerdictKind]
    kind: Kind = "answer"
    scope: Scope = field(default_factory=Scope)
    task: str | None = None
    contact: Contact | None = None
    page: Page | None = None
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    related: tuple[str, ...] = ()
    as_written: tuple[str, ...] = ()
    basis: Literal["stated", "inferred"] = "stated"
    review_on: date | None = None
    uncertain: bool = False
    original: str | None = None
    commands: tuple[str, ...] = ()
    diagnosis: str | None = None


@dataclass(frozen=True, kw_only=True)
class Article:
    """
    An article as written: its head, and by language the question and the passages of the text. `asked`: how people ask for it, by language;
    that is searched and never shown.
    """

    id: str
    topic: str
    topic_name: LocalizedText
    file: Path
    head: ArticleHead
    question: LocalizedText
    passages: Mapping[str, tuple[Passage, ...]]
    when: Condition
    verdicts: tuple[tuple[Condition, VerdictKind], ...]
    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Help:
    """
    Everything that a pack says to people who ask: articles by id in the order of topics, groups of words that mean the
    same by language, and the rules that need no article, each with the reason. `little` and `negations`: words by language that say little
    about what is meant, and those without which a question means something else. `abroad`: the word for which a country's name stands;
    `places`: what people call a country, by ISO code. `first`: the articles that most people look for, shown before the others of their topic.
    `nothing`: what people ask that no article answers, by language.
    """

    articles: Mapping[str, Article]
    topics: Mapping[str, LocalizedText]
    synonyms: Mapping[str, tuple[tuple[str, ...], ...]]
    internal: Mapping[str, str]
    little: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    negations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    abroad: LocalizedText = field(default_factory=dict)
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first: tuple[str, ...] = ()
    nothing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The text of an article's file in the pieces in which people write it: its head (YAML), and by language its question and its text."""

    head: str
    questions: Mapping[str, str]
    texts: Mapping[str, str]

    @property
    def whole(self) -> str:
        """The text of the file, in the one form in which two texts can be compared."""
        pieces = [f"---\n{_tidy(self.head)}\n---\n"]
        for language, question in self.questions.items():
            pieces.append(f"# {language}: {' '.join(question.split())}\n\n{_tidy(self.texts.get(language, ''))}\n")
        return "\n".join(pieces)


def parts_of(text: str) -> Parts:
    """The pieces of an article's file. Raises ValueError for a text that has no head."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        raise ValueError("no head")
    found = _LANGUAGE.split(match[2])
    return Parts(
        head=_tidy(match[1]),
        questions={language: question.strip() for language, question in zip(found[1::3], found[2::3], strict=True)},
        texts={language: _tidy(words) for language, words in zip(found[1::3], found[3::3], strict=True)},
    )


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip("\n").split("\n"))


@dataclass(frozen=True, kw_only=True)
class _About:
    """help/help.yaml: topics in their order, synonyms, and rules that are internal (an id, an area or `A-001..A-009`)."""

    topics: Mapping[str, LocalizedText]
    synonyms: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    internal: Mapping[str, str] = field(default_factory=dict)
    little: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    negations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    abroad: LocalizedText = field(default_factory=dict)
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first: tuple[str, ...] = ()


def condition(said: str, file: Path) -> Condition:
    """`not car.guest_mode and country in DE AT` as atoms. Raises PackError for what is no condition."""
    atoms = []
    for part in said.split(" and "):
        words = part.strip()
        is_negated = words.startswith("not ")
        match = _ATOM.match(words.removeprefix("not ").strip())
        if match is None:
            raise PackError(f"“{said}” is no condition.", file=file)
        atoms.append(
            Atom(
                said=words,
                is_negated=is_negated,
                fact=match["fact"] or match["kind"] or match["car"],
                value=match["value"] or "",
                among=tuple((match["among"] or "").split()),
            )
        )
    return tuple(atoms)


def load_help(folder: Path, languages: tuple[str, ...]) -> Help:
    """
    Every article of a pack's folder `help`.

    Raises PackError naming the file for a missing language, an unknown topic or entry, a block that is not closed, a related
    article that does not exist, or an id that is used twice.
    """
    convert = Converter()
    about: _About = convert.dataclass(read_yaml(folder / "help.yaml", languages), _About, "The help")
    files: dict[str, list[Path]] = {topic: [] for topic in about.topics}
    for file in sorted(folder.rglob("*.md")):
        if file.parent.parent != folder or file.parent.name not in files:
            raise PackError("This article must stand in the folder of a topic of help.yaml.", file=file)
        files[file.parent.name].append(file)
    articles: dict[str, Article] = {}
    for topic, of_topic in files.items():
        for file in of_topic:
            if file.stem in articles:
                raise PackError(f"The article {file.stem} is there twice.", file=file)
            text = file.read_text(encoding="utf-8")
            name = about.topics[topic]
            articles[file.stem] = article_of(text, file, topic=topic, topic_name=name, languages=languages)
    articles |= _asked(folder, articles, languages, convert)
    unknown = [each for each in about.first if each not in articles]
    if unknown:
        raise PackError(f"{unknown[0]} is to be shown first and does not exist.", file=folder / "help.yaml")
    for article in articles.values():
        missing = [other for other in article.head.related if other not in articles]
        if missing:
            raise PackError(f"{article.id} is related to {missing[0]}, which does not exist.", file=article.file)
    return Help(
        articles=articles,
        topics=about.topics,
        synonyms=about.synonyms,
        internal=about.internal,
        little=about.little,
        negations=about.negations,
        abroad=about.abroad,
        places=about.places,
        first=about.first,
        nothing=_nothing(folder, languages, convert),
    )


def _nothing(folder: Path, languages: tuple[str, ...], convert: Converter) -> Mapping[str, tuple[str, ...]]:
    """`nothing.yaml`: what people ask that no article answers; a pack need not say."""
    file = folder / "nothing.yaml"
    if not file.exists():
        return {}
    read: Mapping[str, tuple[str, ...]] = convert.convert(
        read_yaml(file), Mapping[str, tuple[str, ...]], "What nothing answers"
    )
    if not set(read) <= set(languages):
        raise PackError("What nothing answers is said in a language that this pack does not have.", file=file)
    return read


def _asked(
    folder: Path, articles: Mapping[str, Article], languages: tuple[str, ...], convert: Converter
) -> dict[str, Article]:
    """The articles for which `<topic>/asked.yaml` says how people ask, with that; a topic need not say."""
    found: dict[str, Article] = {}
    for topic in dict.fromkeys(each.topic for each in articles.values()):
        file = folder / topic / "asked.yaml"
        if not file.exists():
            continue
        read: Mapping[str, Mapping[str, tuple[str, ...]]] = convert.convert(
            read_yaml(file), Mapping[str, Mapping[str, tuple[str, ...]]], "What people ask"
        )
        for id_, asked in read.items():
            if id_ not in articles or articles[id_].topic != topic or not set(asked) <= set(languages):
                raise PackError(
                    f"What people ask for {id_} is for no article of this topic or no language of this pack.", file=file
                )
            found[id_] = replace(articles[id_], asked=asked)
    return found


def article_of(
    written: str, file: Path, *, topic: str, topic_name: LocalizedText, languages: tuple[str, ...]
) -> Article:
    """An article out of the text of its file, whose name is the article's id. Raises PackError for what cannot be read."""
    convert = Converter()
    match = _FRONT_MATTER.match(written)
    if match is None:
        raise PackError("This article must begin with its head between two lines of ---.", file=file)
    entry = parse_yaml(match[1], file, languages)
    verdict = entry.mapping("The head").get("verdict")
    if verdict is not None and not verdict.is_mapping:  # one kind for everybody is written without a mapping
        spelled_out = re.sub(r"^verdict: *(\S+) *$", r"verdict: {else: \1}", match[1], flags=re.MULTILINE)
        entry = parse_yaml(spelled_out, file, languages)
    head: ArticleHead = convert.dataclass(entry, ArticleHead, "The head")
    questions, passages = {}, {}
    parts = _LANGUAGE.split(match[2])
    if parts[0].strip():
        raise PackError("Before the first language (“# en: the question”) stands text that nobody reads.", file=file)
    for language, question, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        if language not in languages or language in questions:
            raise PackError(f"“{language}” is there twice or no language of this pack.", file=file)
        questions[language] = question.strip()
        passages[language] = tuple(_passages(text, file))
    for language in languages:
        if not passages.get(language):
            raise PackError(f"The article has no text in “{language}”.", file=file)
    return Article(
        id=file.stem,
        topic=topic,
        topic_name=topic_name,
        file=file,
        head=head,
        question=questions,
        passages=passages,
        when=condition(head.scope.if_, file) if head.scope.if_ else (),
        verdicts=tuple((() if said == "else" else condition(said, file), kind) for said, kind in head.verdict.items()),
    )


def _passages(text: str, file: Path) -> Iterator[Passage]:
    """The text in pieces: `::: if …`, `::: else if …`, `::: else` and `:::` stand on lines of their own and do not nest."""
    lines: list[str] = []
    when: Condition = ()
    before: list[Condition] = []
    is_inside = False
    for line in text.splitlines():
        fence = _FENCE.match(line)
        if fence is None:
            lines.append(line)
            continue
        if any(each.strip() for each in lines):
            yield Passage(markdown="\n".join(lines).strip(), when=when, unless=tuple(before))
        lines, said = [], fence[1].strip()
        if said.startswith("if ") and not is_inside:
            is_inside, when, before = True, condition(said.removeprefix("if "), file), []
        elif said.startswith("else if ") and is_inside:
            before, when = [*before, when], condition(said.removeprefix("else if "), file)
        elif said == "else" and is_inside and when:
            before, when = [*before, when], ()
        elif not said and is_inside:
            is_inside, when, before = False, (), []
        else:
            raise PackError(f"“{line}” does not fit here: a block begins with “::: if” and ends with “:::”.", file=file)
    if is_inside:
        raise PackError("A block that begins with “::: if” does not end with “:::”.", file=file)
    if any(each.strip() for each in lines):
        yield Passage(markdown="\n".join(lines).strip())
