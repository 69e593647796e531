"""
From YAML to typed values, with the line of every complaint.

YAML is read strictly: only `true` and `false` are booleans (so that `NO` is Norway), a key stands once, and nothing is
converted silently: `718` is a number and `"718"` a text.
"""

import dataclasses
import difflib
import re
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import yaml

from vettura_pack.errors import PackError
from vettura_pack.values import Days, Localized

_BOOLEAN = "tag:yaml.org,2002:bool"
_DURATION_UNITS = ("days", "hours", "minutes", "seconds")


class _StrictLoader(yaml.CSafeLoader):
    """YAML with only `true` and `false` as booleans."""


_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOLEAN]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_StrictLoader.add_implicit_resolver(_BOOLEAN, re.compile(r"^(?:true|false)$"), list("tf"))


@dataclass(frozen=True)
class Entry:
    """A piece of a YAML file that knows where it stands."""

    node: yaml.Node
    file: Path
    languages: tuple[str, ...] = ()

    @property
    def line(self) -> int:
        """The line, counted from 1."""
        return int(self.node.start_mark.line) + 1

    def refuse(self, sentence: str) -> PackError:
        """The error for this place."""
        return PackError(sentence, file=self.file, line=self.line)

    def at(self, node: yaml.Node) -> "Entry":
        """Another piece of the same file."""
        return Entry(node, self.file, self.languages)

    @property
    def is_mapping(self) -> bool:
        """Whether it has named entries."""
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.node, yaml.SequenceNode)

    def mapping(self, what: str) -> dict[str, "Entry"]:
        """Its named entries in order; refuses anything else and a name that stands twice."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.refuse(f"{what} must be a mapping of names to values.")
        found: dict[str, Entry] = {}
        for key_node, value_node in self.node.value:
            key = str(key_node.value)
            if key in found:
                raise self.at(key_node).refuse(f"{what} has “{key}” twice.")
            found[key] = self.at(value_node)
        return found

    def items(self, what: str) -> list["Entry"]:
        """The elements of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.refuse(f"{what} must be a list.")
        return [self.at(node) for node in self.node.value]

    def scalar(self, what: str, wanted: str, *tags: str) -> str:
        """The text of a plain value of one of these YAML kinds."""
        if not isinstance(self.node, yaml.ScalarNode) or self.node.tag.rsplit(":", 1)[-1] not in tags:
            quote = " Put it in quotes." if wanted == "a text" and isinstance(self.node, yaml.ScalarNode) else ""
            raise self.refuse(f"{what} must be {wanted}.{quote}")
        return str(self.node.value)

    @property
    def is_null(self) -> bool:
        """Whether it says `null` or nothing."""
        return isinstance(self.node, yaml.ScalarNode) and self.node.tag.endswith(":null")


def read_yaml(file: Path, languages: tuple[str, ...] = ()) -> Entry:
    """The content of a YAML file. Raises PackError when it is missing, empty or no YAML."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError:
        raise PackError("This file is missing.", file=file) from None
    return parse_yaml(text, file, languages)


def parse_yaml(text: str, file: Path, languages: tuple[str, ...] = ()) -> Entry:
    """The content of a YAML text that stands in `file`."""
    try:
        node = yaml.compose(text, Loader=_StrictLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise PackError(f"This is not valid YAML: {error.problem}.", file=file, line=line) from None
    if node is None:
        raise PackError("This file is empty.", file=file)
    return Entry(node, file, languages)


Special = Callable[[Entry, str], object]


class Converter:
    """Turns entries into values of a type. `special` holds the types that have a notation of their own."""

    def __init__(self, special: Mapping[type, Special] | None = None) -> None:
        """A converter; `special` adds or replaces the reading of single types."""
        self._special = dict(special or {})
        self._plain: dict[Any, Special] = {
            str: lambda e, what: e.scalar(what, "a text", "str"),
            bool: lambda e, what: e.scalar(what, "true or false", "bool") == "true",
            int: lambda e, what: int(e.scalar(what, "a whole number", "int")),
            Decimal: lambda e, what: Decimal(e.scalar(what, "a number", "int", "float")),
            date: lambda e, what: date.fromisoformat(e.scalar(what, "a day such as 2024-07-01", "timestamp")),
            time: _time,
            timedelta: _duration,
            Days: _days,
        }

    # `type_` is any type form (a class, a union, an Annotated …): Python has no narrower name for that before 3.14.
    def convert(self, entry: Entry, type_: Any, what: str) -> Any:
        """The entry as a value of this type; raises PackError with a sentence about `what`."""
        read = self._special.get(type_) or self._plain.get(type_)
        if read is not None:
            return read(entry, what)
        if dataclasses.is_dataclass(type_):
            return self.dataclass(entry, type_, what)
        return self._compound(entry, type_, what)

    # The same type forms as in `convert`.
    def _compound(self, entry: Entry, type_: Any, what: str) -> Any:
        origin, arguments = get_origin(type_), get_args(type_)
        value: object
        if origin is Annotated:
            value = _localized(entry, what) if Localized in arguments else self.convert(entry, arguments[0], what)
        elif origin is Literal:
            value = _choice(entry, arguments, what)
        elif origin in (Union, types.UnionType):
            wanted = next(a for a in arguments if a is not type(None))
            value = None if entry.is_null else self.convert(entry, wanted, what)
        elif origin is tuple:
            # One text stands for a list of one, so that `source: STO-001` and `countries: "*"` read well.
            entries = entry.items(what) if entry.is_list or arguments[0] is not str else [entry]
            value = tuple(self.convert(e, arguments[0], f"{what}, element {n},") for n, e in enumerate(entries, 1))
        elif isinstance(origin, type) and issubclass(origin, Mapping):
            read = {k: self.convert(e, arguments[1], f"{what}.{k}") for k, e in entry.mapping(what).items()}
            value = MappingProxyType(read)
        else:
            raise TypeError(f"A pack cannot hold {type_!r}.")
        return value

    def dataclass(self, entry: Entry, type_: Any, what: str, **given: object) -> Any:
        """The entry as a dataclass; `given` are fields that are not written in the file."""
        hints = get_type_hints(type_, include_extras=True)
        fields = {f.name.rstrip("_"): f for f in dataclasses.fields(type_) if f.name not in given}
        entries = entry.mapping(what)
        for name, found in entries.items():
            if name not in fields:
                raise found.refuse(f"{what} has an unknown entry “{name}”.{_did_you_mean(name, fields)}")
        values = dict(given)
        for name, spec in fields.items():
            if name in entries:
                values[spec.name] = self.convert(entries[name], hints[spec.name], f"{what}: {name}")
            elif spec.default is dataclasses.MISSING and spec.default_factory is dataclasses.MISSING:
                raise entry.refuse(f"{what} lacks the entry “{name}”.")
        return type_(**values)


def _did_you_mean(name: str, known: Mapping[str, object]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f" Did you mean “{close[0]}”?" if close else ""


def _localized(entry: Entry, what: str) -> Mapping[str, str]:
    if not entry.is_mapping:
        text = entry.scalar(what, "a text", "str")
        return MappingProxyType(dict.fromkeys(entry.languages, text))
    texts = {k: e.scalar(f"{what} in “{k}”", "a text", "str").strip() for k, e in entry.mapping(what).items()}
    for language in entry.languages:
        if not texts.get(language):
            raise entry.refuse(f"{what} has no text in “{language}”.")
    for language in texts:
        if language not in entry.languages:
            raise entry.refuse(f"{what} has a text in “{language}”, which is no language of this pack.")
    return MappingProxyType(texts)


def _choice(entry: Entry, choices: tuple[object, ...], what: str) -> str:
    value = entry.scalar(what, "one of " + ", ".join(map(str, choices)), "str")
    if value not in choices:
        raise entry.refuse(f"{what} is “{value}” and must be one of {', '.join(map(str, choices))}.")
    return value


def _duration(entry: Entry, what: str) -> timedelta:
    parts = entry.mapping(what)
    for unit, value in parts.items():
        if unit not in _DURATION_UNITS:
            raise value.refuse(f"{what} has the unit “{unit}”; known are {', '.join(_DURATION_UNITS)}.")
    return timedelta(
        **{unit: int(value.scalar(f"{what} in {unit}", "a whole number", "int")) for unit, value in parts.items()}
    )


def _days(entry: Entry, what: str) -> Days:
    parts = entry.mapping(what)
    if set(parts) != {"days"}:
        raise entry.refuse(f"{what} must be whole days, written {{days: 14}}.")
    return Days(parts["days"].scalar(what, "a whole number of days", "int"))


def _time(entry: Entry, what: str) -> time:
    text = entry.scalar(what, 'a time of day such as "08:00", in quotes', "str")
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise entry.refuse(f'{what} must be a time of day such as "08:00", not “{text}”.') from None
