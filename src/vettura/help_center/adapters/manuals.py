"""The manuals as documents: composed of the pack's articles, set by Typst, and kept until the pack says something else."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from vettura.catalog import queries as catalog
from vettura.foundation.pdf import FONTS, Standard, render_large_pdf
from vettura.help_center import queries
from vettura.help_center.errors import ManualIsPrinted, ManualNotFound
from vettura.help_center.models import KeptManual
from vettura.help_center.queries import edits
from vettura.help_center.rules import folded
from vettura_pack import manuals
from vettura_pack.answers import CHIP, END, KEY, HeadUnitPath
from vettura_pack.drawings import on_paper
from vettura_pack.menu import MenuNode
from vettura_pack.model import Country, Generation

TEMPLATE = Path(__file__).parent.parent / "templates" / "help_center" / "manual.typ"
# archived as it is (PDF/A) and read aloud in its order (PDF/UA)
STANDARDS: tuple[Standard, ...] = ("a-3a", "ua-1")
# a manual says the same on every day: the date inside is the beginning of the year in which its form was last changed
FORM_OF = datetime(2026, 1, 1, tzinfo=UTC)
Facts = dict[str, Any]  # JSON that the template reads

_PARTS = re.compile(f"([{KEY}{CHIP}][^{END}]*{END}|[{manuals.PHONE}{manuals.MAIL}])")
_BETWEEN_STEPS = re.compile(f"(?<={END}) > (?=[{KEY}{CHIP}])")
_NEXT = "\ue020"
_markdown = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True, kw_only=True)
class ManualOf:
    """One document for one generation in one language."""

    document: str
    generation: Generation
    language: str

    @property
    def title(self) -> str:
        """What it is called."""
        return manuals.title_of(catalog.pack(), self.document, self.language)

    @property
    def file_name(self) -> str:
        """A name to keep it under."""
        return f"{self.generation.code}-{self.document}-{self.language}.pdf".lower()


def documents_for(generation: Generation, language: str) -> list[ManualOf]:
    """The documents of one generation in a language, printed ones too (KB-004)."""
    return [
        ManualOf(document=each, generation=generation, language=language)
        for each in catalog.pack().instructions.manuals
    ]


def every() -> Iterator[ManualOf]:
    """All documents that can be downloaded: by generation, language and kind (MAN-001)."""
    pack = catalog.pack()
    for generation in manuals.digital(pack):
        for language in pack.languages:
            yield from documents_for(generation, language)


def address_of(manual: ManualOf, anchor: str = "") -> str:
    """Where a document is, at a chapter if one is named (KB-005)."""
    address = reverse("help_center:manual", args=[manual.generation.code, manual.language, manual.document])
    return f"{address}#nameddest={anchor}" if anchor else address


def find(*, document: str, generation: str, language: str) -> ManualOf:
    """One document. Raises ManualIsPrinted for a generation without digital ones and ManualNotFound for anything else that there is not."""
    known = catalog.pack().generations.get(generation)
    if known is not None and not known.digital_manual:
        raise ManualIsPrinted(car=catalog.generation_name(known))
    found = (each for each in every() if (each.document, each.language) == (document, language))
    manual = next((each for each in found if each.generation == known), None)
    if manual is None:
        raise ManualNotFound
    return manual


def place(*, document: str, chapter: str, language: str) -> str:
    """`Connect instructions > Apple CarPlay` for a document and one of its chapters, or nothing for one that there is not."""
    pack = catalog.pack()
    if document not in pack.instructions.manuals:
        return ""
    title = manuals.title_of(pack, document, language)
    try:
        return f"{title} > {manuals.chapter_title(pack, document, chapter, language)}" if chapter else title
    except KeyError:
        return ""


@cache
def _edition_of(folder: str) -> str:
    """What all documents are made of as installed: files of the pack, template, fonts and this program."""
    digest = hashlib.sha256()
    kept = [each for each in Path(folder).rglob("*") if each.is_file()]
    program = [TEMPLATE, Path(__file__), Path(manuals.__file__), *FONTS.glob("*.ttf")]
    for file in [*sorted(kept), *sorted(program)]:
        digest.update(f"{file.name}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def edition() -> str:
    """The edition of every document: it changes when anything does that they are made of, what editors publish too."""
    edits.see_edits()
    made_of = f"{_edition_of(str(settings.VETTURA_PACK_DIR))} {edits.edition()}"
    return hashlib.sha256(made_of.encode()).hexdigest()[:16]


def pdf_of(manual: ManualOf) -> bytes:
    """The document: the one that is kept, or made now and kept from then on (MAN-002)."""
    kept = KeptManual.objects.filter(
        document=manual.document, generation=manual.generation.code, language=manual.language, edition=edition()
    ).first()
    return bytes(kept.pdf) if kept else make(manual)


def make(manual: ManualOf) -> bytes:
    """Sets the document and keeps it instead of what was kept before. May run again at any time."""
    made_of = edition()
    pdf = render_large_pdf(
        template=TEMPLATE, facts=facts_of(manual, made_of), at=FORM_OF, fonts=FONTS, standards=STANDARDS
    )
    KeptManual.objects.update_or_create(
        document=manual.document,
        generation=manual.generation.code,
        language=manual.language,
        defaults={"edition": made_of, "pdf": pdf},
    )
    return pdf


def outdated() -> list[ManualOf]:
    """The documents that are not kept in this edition."""
    kept = set(KeptManual.objects.filter(edition=edition()).values_list("document", "generation", "language"))
    return [each for each in every() if (each.document, each.generation.code, each.language) not in kept]


def facts_of(manual: ManualOf, made_of: str) -> Facts:
    """What the template sets: everything already written in the document's language."""
    pack, car, language = catalog.pack(), manual.generation, manual.language
    chapters = manuals.compose(pack, queries.help_of_pack(), manual.document, car, language)
    entries = [entry for chapter in chapters for section in chapter.sections for entry in section.entries]
    told = _Telling(manual, {entry.article for entry in entries})
    line = pack.model_lines[car.model_line]
    with translation.override(language):
        return {
            "language": language,
            "title": manual.title,
            "about": pack.instructions.manuals[manual.document].about[language],
            "maker": catalog.labels(language)["maker"],
            "line": line.name,
            "car": car.name_in(language),
            "models": ", ".join(model.name for model in car.models),
            "edition": made_of[:8],
            "side": _drawing(car.silhouette),
            "dashboard": _drawing(car.dashboard),
            "words": _words(manual),
            "chapters": [
                {
                    "anchor": chapter.anchor,
                    "title": chapter.title,
                    "sections": [told.section(section) for section in chapter.sections],
                }
                for chapter in chapters
            ],
            "trees": [_tree(node, language) for node in pack.head_units[car.head_unit].menu_for(car.code)]
            if manual.document == "vehicle"
            else [],
            "index": _index(entries),
            "countries": [_contact(each, language) for each in _by_name(pack.countries.values(), language)],
        }


def _words(manual: ManualOf) -> Facts:
    labels = catalog.labels(manual.language)
    others = [
        manuals.title_of(catalog.pack(), each, manual.language)
        for each in catalog.pack().instructions.manuals
        if each != manual.document
    ]
    head_unit, support = labels["head_unit"], labels["support"]
    return {
        "contents": _("Contents"),
        "page": _("Page"),
        "page_short": _("p."),
        "edition": _("Edition"),
        "how": _("How to read this document"),
        "how_text": _(
            "Each section answers questions. The sentence in larger type settles the question; what follows says more. What is done in the "
            "{head_unit} is drawn as a path, from left to right:"
        ).format(head_unit=head_unit),
        "how_key": _("a key that you press"),
        "how_chip": _("a word on the screen that you touch"),
        "how_country": _(
            "What differs by country stands beside the names of these countries. Telephone numbers and addresses are listed at the end, country by country."
        ),
        "how_other": _("There is a second document for this vehicle: {title}.").format(title=", ".join(others)),
        "your_car": _("Keys and screen of this vehicle"),
        "in_countries": _("In these countries instead"),
        "not_in": _("Does not apply in"),
        "only_in": _("Applies only in"),
        "unsure": _("This path is taken from the nearest generation; labels may differ slightly in your car."),
        "inferred": _("This is our reading; the maker's text does not say it in so many words."),
        "menus": _("The menus of the {head_unit}").format(head_unit=head_unit),
        "menus_text": _(
            "What stands below what, as the {head_unit} of this vehicle shows it. Some entries appear only when they are of use, for example with a SIM card "
            "in the card reader."
        ).format(head_unit=head_unit),
        "index": _("Index of menu paths"),
        "contacts": _("Contact by country"),
        "contacts_text": _("{support} helps with everything about the connected services.").format(support=support),
        "country": _("Country"),
        "phone": _("Telephone"),
        "mail": _("E-mail"),
        "cost": _("Cost of the call"),
    }


def _drawing(path: str) -> str:
    file: Path = settings.VETTURA_PACK_DIR / path
    return on_paper(file.read_text(encoding="utf-8")) if path and file.is_file() else ""


def _by_name(countries: Iterable[Country], language: str) -> list[Country]:
    return sorted(countries, key=lambda each: folded(each.name[language]))


def _contact(country: Country, language: str) -> Facts:
    cost = catalog.text("contact.toll_free" if country.toll_free else "contact.landline_rate", language)
    return {"name": country.name[language], "phone": country.support_phone, "mail": country.email, "cost": cost}


def _steps(path: HeadUnitPath) -> list[Facts]:
    return [{"kind": "key" if step.kind == "key" else "chip", "label": step.label} for step in path.steps]


def _tree(node: MenuNode, language: str) -> Facts:
    return {
        "kind": node.kind,
        "label": node.label_in(language),
        "children": [_tree(child, language) for child in node.children],
    }


def _index(entries: list[manuals.Entry]) -> list[Facts]:
    """Every path once, in the order of its words, with the articles that tell it."""
    told: dict[tuple[str, ...], tuple[list[Facts], list[Facts]]] = {}
    for entry in entries:
        for path in entry.paths:
            if path.steps:
                words = tuple(step.label for step in path.steps)
                _steps_of, places = told.setdefault(words, (_steps(path), []))
                places.append({"id": entry.article, "question": entry.question})
    ordered = sorted(told.items(), key=lambda pair: [word.casefold() for word in pair[0]])
    return [{"steps": steps, "places": places} for _words_of, (steps, places) in ordered]


class _Telling:
    """Writes the articles of one document as blocks; links within it lead to a page, the others say where to look."""

    def __init__(self, manual: ManualOf, articles: set[str]) -> None:
        self._manual = manual
        self._articles = articles
        self._countries = catalog.pack().countries

    def section(self, section: manuals.SectionOfManual) -> Facts:
        """One section. What all its articles say of the countries stands once, below the title."""
        entries = [self.entry(each) for each in section.entries]
        same = {(each["only_in"], each["not_in"]) for each in entries}
        only_in, not_in = same.pop() if len(same) == 1 and len(entries) > 1 else ("", "")
        if only_in or not_in:
            entries = [{**each, "only_in": "", "not_in": ""} for each in entries]
        head = {"anchor": section.anchor, "title": section.title, "only_in": only_in, "not_in": not_in}
        return {**head, "entries": entries}

    def entry(self, entry: manuals.Entry) -> Facts:
        """One article."""
        absent = set(entry.absent)
        present = set(self._countries) - absent
        only = len(present) < len(absent)
        return {
            "id": entry.article,
            "question": self._neutral(entry.question),
            "variants": [
                {
                    "countries": self._names(each.countries),
                    "lead": self._blocks(each.lead),
                    "body": self._blocks(each.body),
                }
                for each in entry.variants
            ],
            "only_in": self._names(present) if only else "",
            "not_in": "" if only else self._names(absent),
            "path": _steps(entry.path) if entry.path else [],
            "is_unsure": entry.is_unsure,
            "is_inferred": entry.is_inferred,
        }

    def _names(self, codes: Iterable[str]) -> str:
        found = _by_name((self._countries[each] for each in codes), self._manual.language)
        return ", ".join(each.name[self._manual.language] for each in found)

    def _neutral(self, text: str) -> str:
        return text.replace(manuals.COUNTRY, _("your country"))

    def _blocks(self, markdown: str) -> list[Facts]:
        blocks: list[Facts] = []
        kind: Facts = {"kind": "paragraph"}
        numbers: list[int | None] = []
        for token in _markdown.parse(_BETWEEN_STEPS.sub(_NEXT, self._neutral(markdown))):
            if token.type in ("bullet_list_open", "ordered_list_open"):
                numbers.append(0 if token.type == "ordered_list_open" else None)
            elif token.type in ("bullet_list_close", "ordered_list_close"):
                numbers.pop()
            elif token.type == "list_item_open":
                number = numbers[-1]
                numbers[-1] = None if number is None else number + 1
                kind = {"kind": "bullet"} if number is None else {"kind": "step", "number": number + 1}
            elif token.type == "inline":
                blocks.append({**kind, "runs": self._runs(token)})
                kind = {"kind": "paragraph"}
        return blocks

    def _runs(self, token: Token) -> list[Facts]:
        runs: list[Facts] = []
        is_strong, target = False, ""
        for child in token.children or []:
            if child.type in ("strong_open", "strong_close"):
                is_strong = child.type == "strong_open"
            elif child.type == "link_open":
                target = str(child.attrs["href"])
            elif child.type == "link_close":
                runs += self._place(target)
                target = ""
            elif child.type in ("softbreak", "hardbreak"):
                runs.append({"kind": "text", "text": " ", "strong": is_strong})
            elif child.content:
                runs += _pieces(child.content, is_strong)
        return runs

    def _place(self, target: str) -> list[Facts]:
        """What follows the words of a link: the page where it leads, or the title of the other document."""
        kind, _colon, where = target.partition(":")
        if kind == "article" and where in self._articles:
            return [{"kind": "page", "to": f"a-{where}"}]
        if kind != "manual":
            return []
        document, _hash, anchor = where.rpartition("/")[2].partition("#")
        if document == self._manual.document:
            return [{"kind": "page", "to": anchor}] if anchor else []
        pack, language = catalog.pack(), self._manual.language
        title = manuals.chapter_title(pack, document, anchor, language) if anchor else ""
        return [{"kind": "text", "text": f" (→ {title})", "strong": False}] if title else []


def _pieces(text: str, is_strong: bool) -> list[Facts]:
    found: list[Facts] = []
    for piece in _PARTS.split(text.replace(_NEXT, "")):
        if piece.startswith((KEY, CHIP)):
            if found and found[-1]["kind"] in ("key", "chip"):
                found.append({"kind": "next"})
            found.append({"kind": "key" if piece[0] == KEY else "chip", "label": piece[1:-1]})
        elif piece in (manuals.PHONE, manuals.MAIL):
            found.append({"kind": "page", "to": "contacts", "alone": True})
        elif piece:
            found.append({"kind": "text", "text": piece, "strong": is_strong})
    return found
