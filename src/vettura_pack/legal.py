"""The documents of a pack that people accept: `legal/*.md`, each with its version, day and title in front."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from vettura_pack.errors import PackError
from vettura_pack.model import Country, LegalDocument
from vettura_pack.reading import Converter, parse_yaml

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_LEGAL_NAME = re.compile(r"^(terms_of_business|terms_of_use|privacy)(?:@[\w-]+)?\.([a-z]{2})$")


def legal_documents(
    folder: Path, converter: Converter, languages: tuple[str, ...], countries: Mapping[str, Country]
) -> Iterator[LegalDocument]:
    """Every version of every document; those that are over stay, because people accepted them."""
    seen: set[tuple[str | None, str, str, str]] = set()
    for file in sorted(folder.rglob("*.md")):
        name, match = _LEGAL_NAME.match(file.stem), _FRONT_MATTER.match(file.read_text(encoding="utf-8"))
        country = file.parent.name if file.parent.name != "legal" else None
        if name is None or name[2] not in languages or (country and country not in countries):
            raise PackError(
                "This document must be called <kind>.<language>.md or <kind>@<version>.<language>.md, in a country's"
                " folder or none.",
                file=file,
            )
        if match is None:
            raise PackError(
                "This document must begin with its version, valid_from and title between two lines of ---.",
                file=file,
            )
        head = parse_yaml(match[1], file).mapping("The head of the document")
        for part in ("version", "valid_from", "title"):
            if part not in head:
                raise PackError(f"The head of the document lacks “{part}”.", file=file, line=2)
        version: str = converter.convert(head["version"], str, "The version")
        if (country, name[1], version, name[2]) in seen:
            raise PackError("There is another document of this kind, version and language.", file=file)
        seen.add((country, name[1], version, name[2]))
        yield LegalDocument(
            kind=name[1],  # type: ignore[arg-type]  # the pattern admits only the three kinds
            version=version,
            valid_from=converter.convert(head["valid_from"], date, "The day from which it holds"),
            title=converter.convert(head["title"], str, "The title"),
            body_markdown=match[2].strip() + "\n",
            language=name[2],
            country=country,
        )
    _complete(folder, seen, languages)


def _complete(folder: Path, seen: set[tuple[str | None, str, str, str]], languages: tuple[str, ...]) -> None:
    """Refuses a version that lacks a language, and a kind that is missing."""
    for country, kind, version, _ in sorted(seen, key=str):
        for language in languages:
            if (country, kind, version, language) not in seen:
                raise PackError(
                    f"This document is missing. Version {version} is there in other languages.",
                    file=folder / (country or "") / f"{kind}.{language}.md",
                )
    for kind in ("terms_of_business", "terms_of_use", "privacy"):
        if not any((where, what) == (None, kind) for where, what, _, _ in seen):
            raise PackError("This document is missing.", file=folder / f"{kind}.{languages[0]}.md")
