"""
The manuals of a vehicle, composed of the help center's own articles: two documents, each in chapters and sections.

Pure: a pack and its articles go in, the text of one document for one generation in one language comes out. What differs by country is told
for each, contacts stand in a table of their own; docs/decisions/0028 says why so.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from vettura_pack.answers import HeadUnitPath, Reader, Rendered, depends_on, is_for, render
from vettura_pack.help import Article, Help
from vettura_pack.model import Country, Generation, Pack

# what stands where a country's own name, number and address would: the reader finds them in the table of the manual
COUNTRY, PHONE, MAIL, COST = "\ue010", "\ue011", "\ue012", "\ue013"
_COST_ALONE = re.compile(rf" \({COST}\)|[,;] {COST}")
_COUNTRY_ALONE = re.compile(rf" \({COUNTRY}\)")
_SENTENCE = re.compile(r"(?<=[.!?]) +(?=[^a-z])")
_BY_COUNTRY = re.compile(r"\{(?:offer\.|country\.)")
_LABEL = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, kw_only=True)
class Variant:
    """What an article says in some countries, by ISO code; no countries: everywhere else. `lead` and `body` as in `Rendered`."""

    lead: str
    body: str
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One article in a manual: the variant of most countries first. `absent`: where it does not apply, by ISO code."""

    article: str
    question: str
    variants: tuple[Variant, ...]
    absent: tuple[str, ...]
    paths: tuple[HeadUnitPath, ...]
    path: HeadUnitPath | None
    is_unsure: bool
    is_inferred: bool


@dataclass(frozen=True, kw_only=True)
class SectionOfManual:
    """A section and its articles. `anchor` is the name of the place in the document: `carplay.wireless`."""

    anchor: str
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class ChapterOfManual:
    """A chapter that has something to say of this generation."""

    anchor: str
    title: str
    sections: tuple[SectionOfManual, ...]


def digital(pack: Pack) -> list[Generation]:
    """The generations whose manuals can be downloaded; the others have printed ones (MAN-001)."""
    return [each for each in pack.generations.values() if each.digital_manual]


def title_of(pack: Pack, manual: str, language: str) -> str:
    """What a document is called."""
    return _said(pack, pack.instructions.manuals[manual].name, language)


def chapter_title(pack: Pack, manual: str, anchor: str, language: str) -> str:
    """`Apple CarPlay > Apple CarPlay in the head unit` for an anchor, or only the chapter's title. Raises KeyError for an unknown one."""
    chapter_id, _, section_id = anchor.partition(".")
    chapter = next((each for each in pack.instructions.manuals[manual].chapters if each.id == chapter_id), None)
    if chapter is None:
        raise KeyError(anchor)
    titles = [_said(pack, chapter.title, language)]
    if section_id:
        section = next((each for each in chapter.sections if each.id == section_id), None)
        if section is None:
            raise KeyError(anchor)
        titles.append(_said(pack, section.title, language))
    return " > ".join(titles)


def anchors(pack: Pack, known: Help, manual: str, generation: Generation) -> set[str]:
    """The places of a document to which a link may lead for this generation: chapters and sections with something in them."""
    found = set[str]()
    for chapter in pack.instructions.manuals[manual].chapters:
        for section in chapter.sections:
            held = (known.articles[each] for each in section.articles if each in known.articles)
            if any(_places(pack, each, generation) for each in held):
                found |= {chapter.id, f"{chapter.id}.{section.id}"}
    return found


def compose(pack: Pack, known: Help, manual: str, generation: Generation, language: str) -> tuple[ChapterOfManual, ...]:
    """One document for one generation in one language; chapters and sections without an article for it are left out."""
    neutral = _neutral(pack)
    chapters = []
    for chapter in pack.instructions.manuals[manual].chapters:
        sections = []
        for section in chapter.sections:
            anchor = f"{chapter.id}.{section.id}"
            held = [known.articles[each] for each in section.articles]
            entries = tuple(_entries(neutral, held, generation, language, f"{manual}#{anchor}"))
            if entries:
                title = _said(pack, section.title, language)
                sections.append(SectionOfManual(anchor=anchor, title=title, entries=entries))
        if sections:
            title = _said(pack, chapter.title, language)
            chapters.append(ChapterOfManual(anchor=chapter.id, title=title, sections=tuple(sections)))
    return tuple(chapters)


def _said(pack: Pack, text: Mapping[str, str], language: str) -> str:
    return _LABEL.sub(lambda match: pack.texts[language][f"label.{match[1]}"], text[language])


def _neutral(pack: Pack) -> Pack:
    """The pack with the same words for what a call costs in every country: only what really differs is left."""
    texts = {
        language: {**known, "contact.toll_free": COST, "contact.landline_rate": COST}
        for language, known in pack.texts.items()
    }
    return replace(pack, texts=texts)


def _unnamed(pack: Pack, country: Country) -> Country:
    return replace(country, name=dict.fromkeys(pack.languages, COUNTRY), support_phone=PHONE, email=MAIL)


def _places(pack: Pack, article: Article, generation: Generation) -> list[Country]:
    """Where the article is for this generation."""
    by_country, _ = depends_on(article)
    every = list(pack.countries.values())
    found = [each for each in every if is_for(pack, article, Reader(country=each, generation=generation))]
    return every if found and not by_country else found


def _differs(article: Article) -> bool:
    """Whether it says something else by country, apart from the facts that the manual has in its table."""
    conditions = [article.when]
    for passages in article.passages.values():
        for passage in passages:
            conditions += [passage.when, *passage.unless]
            if _BY_COUNTRY.search(passage.markdown):
                return True
    return any(atom.fact.startswith(("country", "service")) for condition in conditions for atom in condition)


def _entries(
    pack: Pack, articles: Iterable[Article], generation: Generation, language: str, here: str
) -> Iterator[Entry]:
    for article in articles:
        places = _places(pack, article, generation)
        if not places:
            continue
        told: dict[tuple[str, str], list[str]] = {}
        shown: Rendered | None = None
        for country in places if _differs(article) else places[:1]:
            reader = Reader(country=_unnamed(pack, country), generation=generation)
            shown = render(pack, article, reader, language)
            text = (_own(shown.lead, here), _own(shown.body, here))
            told.setdefault(text, []).append(country.iso2)
        if shown is None:
            continue
        ordered = sorted(told.items(), key=lambda pair: -len(pair[1]))
        yield Entry(
            article=article.id,
            question=_COUNTRY_ALONE.sub("", shown.question),
            variants=tuple(
                Variant(lead=lead, body=body, countries=tuple(codes) if place else ())
                for place, ((lead, body), codes) in enumerate(ordered)
            ),
            absent=tuple(sorted(set(pack.countries) - {each.iso2 for each in places})),
            paths=tuple({path.task: path for path in (*shown.named, *((shown.path,) if shown.path else ()))}.values()),
            path=None if shown.is_path_told else shown.path,
            is_unsure=shown.is_unsure,
            is_inferred=article.head.basis == "inferred",
        )


def _own(text: str, here: str) -> str:
    """The text without the sentences that lead to the very place where it stands, and without what a country's own facts leave behind."""
    manual, _, anchor = here.partition("#")
    chapter, _, section = anchor.partition(".")
    own = re.compile(rf"\]\(manual:[\w-]+/{manual}(?:#{chapter}(?:\.{section})?)?\)")
    kept = []
    for line in text.split("\n"):
        sentences = _SENTENCE.split(line)
        left = [each for each in sentences if not own.search(each)]
        if left or not line.strip():
            kept.append(" ".join(left) if len(left) < len(sentences) else line)
    return _COST_ALONE.sub("", _COUNTRY_ALONE.sub("", "\n".join(kept))).strip()
