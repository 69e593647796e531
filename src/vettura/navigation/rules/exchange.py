"""Entries as files: CSV (RFC 4180) and GPX 1.1. Reading says of every line what it is or what is wrong with it, and loses none."""

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any
from xml.parsers import expat  # declarations are refused before anything is expanded, see _GpxReader

from vettura.navigation.rules import Draft, problems_with
from vettura_wire import destinations as wire

COLUMNS = ("name", "address", "latitude", "longitude", "note", "category", "kind")
ALIASES = {"lat": "latitude", "lon": "longitude", "lng": "longitude", "description": "note", "type": "category"}
DELIMITERS = (";", "\t", ",")
NAMESPACE = "https://vettura.example/gpx/1"
GPX = "http://www.topografix.com/GPX/1/1"
BOM = "\ufeff"


@dataclass(frozen=True, kw_only=True)
class Line:
    """
    One entry of a file, at a line counted from 1. `problem` is a key of `errors.PROBLEMS`; `text` is the entry as a line of
    CSV in our own columns, to be mended.
    """

    number: int
    text: str
    draft: Draft | None = None
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a file says. `problem`: why nothing of it can be read, at `line` if known; `passed_over`: what has no place here."""

    lines: list[Line] = field(default_factory=list)
    problem: str = ""
    line: int | None = None
    passed_over: tuple[str, ...] = ()


def read(data: bytes) -> Reading:
    """Every entry of a file, CSV or GPX as its first character says."""
    try:
        text = data.decode("utf-8").removeprefix(BOM)
    except UnicodeDecodeError:
        return Reading(problem="not_text")
    return _read_gpx(text) if text.lstrip().startswith("<") else _read_csv(text)


# -- CSV ---------------------------------------------------------------------------------------------------------------


def write_csv(drafts: Iterable[Draft]) -> str:
    """Entries as CSV, the columns named in the first line."""
    return ",".join(COLUMNS) + "\r\n" + "".join(csv_line(draft) + "\r\n" for draft in drafts)


def csv_line(draft: Draft) -> str:
    """One entry as a line of CSV."""
    return _line_of({name: _written(getattr(draft, name)) for name in COLUMNS})


def _read_csv(text: str) -> Reading:
    first = text.splitlines()[0] if text.strip() else ""
    delimiter = next((each for each in DELIMITERS if each in first), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines: list[Line] = []
    header: list[str] = []
    number = 1
    try:
        header = [ALIASES.get(name, name) for name in (each.strip().casefold() for each in next(reader, []))]
        if "name" not in header:
            return Reading(problem="no_name_column", line=1)
        number = reader.line_num + 1
        for record in reader:
            if any(each.strip() for each in record):
                lines.append(_line_of_csv(number, header, record, has_decimal_comma=delimiter != ","))
            number = reader.line_num + 1
    except csv.Error:
        return Reading(problem="unreadable", line=number)
    return Reading(lines=lines, passed_over=tuple(name for name in header if name and name not in COLUMNS))


def _line_of_csv(number: int, header: list[str], record: list[str], *, has_decimal_comma: bool) -> Line:
    cells = dict(zip(header, (each.strip() for each in record), strict=False))
    if len(record) > len(header):
        cells["note"] = " ".join([cells.get("note", ""), *(each.strip() for each in record[len(header) :])]).strip()
        return Line(number=number, text=_line_of(cells), problem="columns")
    if has_decimal_comma:
        cells |= {name: cells[name].replace(",", ".") for name in ("latitude", "longitude") if name in cells}
    return _judged(number, cells)


def _judged(number: int, cells: Mapping[str, str]) -> Line:
    text = _line_of(cells)
    position: dict[str, float | None] = {}
    for name in ("latitude", "longitude"):
        try:
            position[name] = float(cells[name]) if cells.get(name) else None
        except ValueError:
            return Line(number=number, text=text, problem=f"{name}_unfit")
        if not math.isfinite(position[name] or 0):
            return Line(number=number, text=text, problem=f"{name}_unfit")
    words = {name: cells[name] for name in ("name", "address", "note") if cells.get(name)}
    chosen = {name: cells[name].casefold() for name in ("category", "kind") if cells.get(name)}
    draft = Draft(**(words | chosen), latitude=position["latitude"], longitude=position["longitude"]).tidy()
    problems = problems_with(draft)
    if problems:
        return Line(number=number, text=text, problem=problems[0].code)
    return Line(number=number, text=text, draft=draft)


def _line_of(cells: Mapping[str, str]) -> str:
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator="\r\n").writerow([cells.get(name, "") for name in COLUMNS])
    return target.getvalue().removesuffix("\r\n")


def _written(value: object) -> str:
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)


# -- GPX ---------------------------------------------------------------------------------------------------------------


def write_gpx(drafts: Iterable[Draft]) -> str:
    """Entries with a position as waypoints; GPX has no place for others."""
    return "".join(_gpx_of(drafts))


def _gpx_of(drafts: Iterable[Draft]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<gpx version="1.1" creator="Vettura" xmlns="{GPX}" xmlns:vettura="{NAMESPACE}">\n'
    for draft in drafts:
        if draft.latitude is None or draft.longitude is None:
            continue
        yield f'  <wpt lat="{draft.latitude!r}" lon="{draft.longitude!r}">\n    <name>{escape(draft.name)}</name>\n'
        # the order of the schema: cmt, desc, type
        for tag, text in (("cmt", draft.address), ("desc", draft.note), ("type", draft.category)):
            if text:
                yield f"    <{tag}>{escape(text)}</{tag}>\n"
        yield f"    <extensions><vettura:kind>{escape(draft.kind)}</vettura:kind></extensions>\n  </wpt>\n"
    yield "</gpx>\n"


class _DeclarationsFound(Exception):
    """The file declares entities of its own."""


class _GpxReader:
    """Waypoints as they come; a file with a DOCTYPE is not read further, so that nothing it declares is ever expanded."""

    PARTS = {"name": "name", "cmt": "address", "desc": "note", "type": "category", "kind": "kind"}

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.passed_over: set[str] = set()
        self._cells: dict[str, str] | None = None
        self._number = 0
        self._text: list[str] | None = None
        # what of the file is open now, outermost first
        self._open: list[str] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._data
        self._parser.StartDoctypeDeclHandler = self._declared

    def read(self, text: str) -> None:
        self._parser.Parse(text, True)

    def _declared(self, *_: Any) -> None:  # Any: what expat tells of a declaration
        raise _DeclarationsFound

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        self._open.append(tag)
        if tag == "wpt":
            self._number = self._parser.CurrentLineNumber
            self._cells = {"latitude": attributes.get("lat", ""), "longitude": attributes.get("lon", "")}
        elif tag in ("rte", "trk"):
            self.passed_over.add(tag)
        elif self._cells is not None and tag in self.PARTS and self._open[-2] in ("wpt", "extensions"):
            self._text = []

    def _data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _end(self, _name: str) -> None:
        tag = self._open.pop()
        if self._cells is None:
            return
        if self._text is not None and tag in self.PARTS:
            self._cells[self.PARTS[tag]] = " ".join("".join(self._text).split())
            self._text = None
        if tag == "wpt":
            self.lines.append(_judged(self._number, _ours(self._cells)))
            self._cells = None


def _ours(cells: dict[str, str]) -> dict[str, str]:
    """A foreign waypoint in our words: it is a point of interest, and a type that we do not know stays in its note."""
    found = {"kind": wire.POI, **{name: text for name, text in cells.items() if text}}
    category = found.get("category", "")
    if category and category.casefold() not in wire.CATEGORIES:
        found["category"] = "other"
        found["note"] = f"{found.get('note', '')} ({category})".strip()
    return found


def _read_gpx(text: str) -> Reading:
    reader = _GpxReader()
    try:
        reader.read(text)
    except _DeclarationsFound:
        return Reading(problem="declarations")
    except expat.ExpatError as error:
        return Reading(problem="unreadable", line=error.lineno)
    return Reading(lines=reader.lines, passed_over=tuple(sorted(reader.passed_over)))
