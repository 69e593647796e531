"""
`python -m vettura_pack.check PACK …`: says in sentences what a pack still lacks.

Loading already refuses a pack that is incomplete or names what does not exist. This program adds what a running
platform can live with and a maintainer cannot: a number without a valid source, a text that does not render, a picture
that is missing.
"""

import dataclasses
import re
import string
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from vettura_pack.errors import PackError
from vettura_pack.help_check import help_problems
from vettura_pack.loader import load_pack
from vettura_pack.model import Country, Pack

_RULE = re.compile(r"^(?:[A-Z]{2,3}-\d{2,3}|C-\d{2}|N-\d{2}|IMP-\d{2})$")
_LAW = re.compile(r"^law: .{4,}")
_ASSUMED = re.compile(r"^assumed: decisions/(\d{4})$")
# A country's entries that need a source in `sources`; its VAT rates carry their own, its names need none.
_SOURCED = tuple(
    field.name
    for field in dataclasses.fields(Country)
    if field.name not in ("iso2", "name", "aliases", "vat", "sources")
)
_RULE_ROW = re.compile(r"^\| ([A-Z]+-\d{2,3}) \|", re.MULTILINE)


def problems(path: Path, *, docs: Path | None) -> list[str]:
    """
    What is wrong with the pack in this folder, one sentence each; empty when all is well.

    `docs` is the documentation folder with rules.md and decisions/; without it, sources are checked by their form only.
    """
    try:
        pack = load_pack(path)
    except PackError as error:
        return [str(error)]
    found = [*_sources(pack, path, docs), *_texts(pack, path), *_consents(pack, path), *_pictures(pack, path)]
    return [*found, *help_problems(pack, path, docs)]


def sources(pack: Pack) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Everything that must say where it was read, with what it says."""
    for entry in pack.term_entries.values():
        yield f"terms.yaml:{entry.line}: {entry.name}", entry.source
    for country in pack.countries.values():
        where = f"countries/{country.iso2.lower()}.yaml"
        for name in _SOURCED:
            yield f"{where}: {name}", country.sources.get(name, country.sources.get("default", ()))
        for rate in country.vat:
            yield f"{where}: the VAT rate since {rate.since}", rate.source
    for generation in pack.generations.values():
        where = f"model_lines/{generation.model_line}.yaml: {generation.code}"
        yield f"{where}: model years", generation.model_years.source
        yield where, generation.source
    for unit in pack.head_units.values():
        for task in unit.tasks:
            yield f"head_units/{unit.name}.yaml: {task.task}", task.source
    for folder, things in (
        ("services", pack.services),
        ("offers", pack.offers),
        ("consents", pack.consents),
        ("apps", pack.apps),
    ):
        for name, thing in things.items():
            yield f"{folder}/{name}.yaml", thing.source
    yield from _more_sources(pack)


def _more_sources(pack: Pack) -> Iterator[tuple[str, tuple[str, ...]]]:
    for pointer in pack.instructions.pointers:
        yield f"instructions.yaml: {pointer.id}", pointer.rules
    if pack.map_data is not None:
        yield "maps/data.yaml", pack.map_data.source
    for name, sheet in pack.map_sheets.items():
        yield f"maps/sheets/{name}.yaml", sheet.source


def placeholders(template: str) -> set[str]:
    """The facts that a text names in braces: of `{history_kept.days}` it is `history_kept`."""
    return {name.partition(".")[0] for _, name, _, _ in string.Formatter().parse(template) if name}


def _sources(pack: Pack, path: Path, docs: Path | None) -> Iterator[str]:
    rules = set(_RULE_ROW.findall((docs / "rules.md").read_text(encoding="utf-8"))) if docs else None
    decisions = docs / "decisions" if docs else None
    for what, given in sources(pack):
        if not given:
            yield f"{path / what} has no source: name a rule, a law or a decision."
        for source in given:
            assumed = _ASSUMED.match(source)
            if assumed:
                if decisions and decisions.is_dir() and not list(decisions.glob(f"{assumed[1]}-*.md")):
                    yield f"{path / what} is assumed by decision {assumed[1]}, which does not exist."
            elif _RULE.match(source):
                if rules is not None and source not in rules:
                    yield f"{path / what} names the rule {source}, which does not exist."
            elif not _LAW.match(source):
                yield f"{path / what} has the source “{source}”, which is no rule, law or decision."


def _texts(pack: Pack, path: Path) -> Iterator[str]:
    for key, first in pack.texts[pack.default_language].items():
        try:
            wanted = placeholders(first)
            for language in pack.languages:
                if placeholders(pack.texts[language][key]) != wanted:
                    yield f"{path}: the text “{key}” in “{language}” names other facts than its siblings."
        except ValueError as error:
            yield f"{path}: the text “{key}” cannot be filled in: {error}."
    known = {"country", "withdrawal_address", *pack.term_entries}
    known |= {f"label_{key.removeprefix('label.').replace('.', '_')}" for key in pack.texts[pack.default_language]}
    for document in pack.legal:
        try:
            unknown = placeholders(document.title + document.body_markdown) - known
        except ValueError as error:
            yield f"{path}: the document {document.kind} in “{document.language}” cannot be filled in: {error}."
        else:
            for name in sorted(unknown):
                yield f"{path}: the document {document.kind} in “{document.language}” names the unknown fact “{name}”."


def _consents(pack: Pack, path: Path) -> Iterator[str]:
    known = {*pack.term_entries}
    known |= {f"label_{key.removeprefix('label.').replace('.', '_')}" for key in pack.texts[pack.default_language]}
    for consent in pack.consents.values():
        for text in consent.versions:
            for language in pack.languages:
                said = "".join(each[language] for each in (text.title, text.data, text.purpose, text.manner))
                for name in sorted(placeholders(said) - known):
                    yield f"{path}: the consent {consent.id} in “{language}” names the unknown fact “{name}”."


def _pictures(pack: Pack, path: Path) -> Iterator[str]:
    for generation in pack.generations.values():
        for picture in (generation.silhouette, generation.top, generation.dashboard):
            if not (path / picture).is_file():
                yield f"{path / picture}: the picture of {generation.code} is missing."


def main(arguments: Sequence[str]) -> int:
    """Check the packs in these folders; 0 when all are well, 1 with sentences otherwise."""
    if not arguments:
        print("Say which packs to check: python -m vettura_pack.check packs/plain", file=sys.stderr)
        return 2
    found = [problem for folder in arguments for problem in problems(Path(folder), docs=_docs(Path(folder)))]
    _print(found)
    if not found:
        print(f"{len(arguments)} packs are complete.")
    return 1 if found else 0


def _docs(pack: Path) -> Path | None:
    """The documentation beside packs/, where there is one."""
    docs = pack.resolve().parent.parent / "docs"
    return docs if (docs / "rules.md").is_file() else None


def _print(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        print(sentence)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
