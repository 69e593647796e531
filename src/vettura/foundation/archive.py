"""
What a person's archive is made of: parts by name, each a JSON file of rows with its schema (decision 0013).

A context names its parts in `<context>/privacy.py` with `@exports`, and with `not_exported` the models about people that
are in no archive, and why. A test walks all models and fails for one that is in neither.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, TypeVar

import msgspec
from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from vettura.foundation.privacy import Person

T = TypeVar("T")
Rows = Callable[[Person], Iterable[Any]]  # instances of the part's row class
Files = Callable[[Person], Mapping[str, bytes]]


@dataclass(frozen=True)
class Price:
    """An amount of money."""

    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Part:
    """One file of the archive: rows of one dataclass. `files` are those that its rows mention by name."""

    name: str
    title: str | Promise
    row: type
    models: tuple[type[Model], ...]
    rows: Rows
    files: Files | None = None

    def to_json(self, person: Person) -> bytes:
        """The rows as JSON, indented for people."""
        return msgspec.json.format(msgspec.json.encode(list(self.rows(person))), indent=2)

    def schema(self) -> bytes:
        """The JSON Schema (2020-12) of the file."""
        described = msgspec.json.schema(list[self.row])  # type: ignore[name-defined]  # a class known at run time
        head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": self.name}
        return msgspec.json.format(msgspec.json.encode({**head, **described}), indent=2)


_parts: dict[str, Part] = {}
_left_out: dict[type[Model], str] = {}


def exports(
    name: str, *, title: str | Promise, row: type, of: tuple[type[Model], ...], files: Files | None = None
) -> Callable[[Rows], Rows]:
    """This will put the function's rows, which tell of the models in `of`, into every archive as `<name>.json`."""

    def register(rows: Rows) -> Rows:
        _parts[name] = Part(name, title, row, of, rows, files)
        return rows

    return register


def not_exported(*models: type[Model], because: str) -> None:
    """This will note that models about people are in no archive, and why."""
    _left_out.update(dict.fromkeys(models, because))


def parts() -> list[Part]:
    """The parts of an archive, by name."""
    return [_parts[name] for name in sorted(_parts)]


def left_out() -> dict[type[Model], str]:
    """The models about people that are in no archive, and why."""
    return dict(_left_out)


def read(row: type[T], found: QuerySet[Any], **lookups: str) -> Iterator[T]:
    """The rows of a query as instances of a dataclass: its fields are columns of that name, or what `lookups` says."""
    names = [lookups.get(each.name, each.name) for each in fields(row)]  # type: ignore[arg-type]  # a dataclass
    for values in found.values_list(*names):
        yield row(*values)
