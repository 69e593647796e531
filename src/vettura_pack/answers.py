"""
An article as one reader gets it: the text that holds for their car and country, with every fact filled in.

Pure: a pack, an article and a reader go in. Numbers come from the terms, contacts from the country, menu paths from the head
unit's tree, names and availability from the catalogue; a fact that is not there is an error and never an empty place.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import get_args

from babel.numbers import format_currency, format_decimal

from vettura_pack.errors import PackError
from vettura_pack.help import Article, Atom, Condition, Contact, VerdictKind
from vettura_pack.menu import Basis, NoSuchStep
from vettura_pack.model import Country, Generation, Pack, PhoneFunction
from vettura_pack.terms import Amount, DataVolume
from vettura_pack.values import Days

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
ANSWER = re.compile(r"==(.+?)==", re.DOTALL)
# around the label of a key or of something on the screen: not typed by anybody, and kept by Markdown
KEY, CHIP, END = "\ue000", "\ue001", "\ue002"
_MARKED = re.compile(f"[{KEY}{CHIP}{END}]")
_SIGNS = re.compile(r"([\\`*_\[\]<>#])")
_LINK = re.compile(r"\[([^\]]+)\]\(([a-z]+):([\w./#-]+)\)")
_MANUAL = re.compile(r"\[([^\]]+)\]\(manual:([a-z]+(?:#[\w.-]+)?)\)")
_UNITS = {"days": timedelta(days=1), "hours": timedelta(hours=1), "minutes": timedelta(minutes=1)}
MEGABYTES_OF_A_GIGABYTE = 1000
_OF_COUNTRY = ("country", "contact", "service", "offer")
# what does not hold, said or denied, as long as the car is not known
_NEED_CAR = ("car", "path", "phone")
_OF_CAR = ("car", "path", "screen", "service", "phone")


@dataclass(frozen=True, kw_only=True)
class Reader:
    """For whom an article is rendered. No generation: the car is not known. `device_root`: what its first key is called (C-07)."""

    country: Country
    generation: Generation | None = None
    device_root: str | None = None


@dataclass(frozen=True, kw_only=True)
class PathStep:
    """One step through a head unit: a hard key, something on the screen, or what the person types."""

    kind: str
    label: str


@dataclass(frozen=True, kw_only=True)
class HeadUnitPath:
    """
    The way through one generation's head unit, rendered from its menu tree.

    No steps: there is nothing to do, or (basis `none`) no instruction is known and the manual is the place to look.
    """

    task: str
    steps: tuple[PathStep, ...]
    result: str
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """
    An article for one reader in one language. `answer`: the sentence that settles it, as plain text; `lead` the same and `body` the
    rest, as Markdown in which labels of the head unit stand between `KEY` or `CHIP` and `END`. `facts`: what was filled in.
    `path`: that of the article's task; `named`: those that stand in the text. `in_scope`: whether it is for this reader at all;
    otherwise it has no text.
    """

    id: str
    topic: str
    topic_name: str
    question: str
    in_scope: bool
    answer: str = ""
    lead: str = ""
    body: str = ""
    facts: dict[str, str]
    verdict: VerdictKind | None = None
    path: HeadUnitPath | None = None
    named: tuple[HeadUnitPath, ...] = ()
    contact: Contact | None = None

    @property
    def is_path_told(self) -> bool:
        """Whether the path of its task stands in the text already."""
        return self.path is not None and self.path in self.named

    @property
    def is_unsure(self) -> bool:
        """Whether a path of it is taken from another generation, or told for all alike."""
        every = (*self.named, *((self.path,) if self.path else ()))
        return any(each.steps and each.basis in ("inferred", "generic") for each in every)

    @property
    def text(self) -> str:
        """All of it as plain text, the answer first."""
        return "\n\n".join(each for each in (self.answer, plain(self.body)) if each)


class MissingFact(PackError):
    """An article names a fact that this reader's car or country does not have, or that nobody knows."""


def path_for(
    pack: Pack, task: str, generation: Generation, language: str, root: str | None = None
) -> HeadUnitPath | None:
    """The way through this generation's head unit (KB-002), or None where the pack does not speak of the task."""
    unit = pack.head_units[generation.head_unit]
    found = unit.task(task, generation.code)
    if found is None:
        return None
    return HeadUnitPath(
        task=task,
        steps=tuple(
            PathStep(kind=node.kind, label=node.label_in(language, device_root=root))
            for node in unit.walk(task, generation.code)
        ),
        result=found.result,
        basis=found.basis,
    )


def holds(pack: Pack, condition: Condition, reader: Reader, file: Path) -> bool:
    """Whether all of it holds for this reader. What needs a car does not hold without one, said or denied. Raises PackError."""
    return all(_holds(pack, atom, reader, file) for atom in condition)


def is_for(pack: Pack, article: Article, reader: Reader) -> bool:
    """Whether an article's scope holds for this reader's car and country; without a car, only the country counts."""
    scope, car = article.head.scope, reader.generation
    if scope.countries and reader.country.iso2 not in scope.countries:
        return False
    if scope.generations and car and car.code not in scope.generations:
        return False
    condition = tuple(each for each in article.when if car or each.fact.split(".")[0] not in _NEED_CAR)
    return holds(pack, condition, reader, article.file)


def render(pack: Pack, article: Article, reader: Reader, language: str) -> Rendered:
    """The article for this reader. Raises MissingFact for a fact that is not there and PackError for an article without answer."""
    facts: dict[str, str] = {}
    about = _Filling(pack, reader, language, facts, article)
    question = about.fill(article.question[language])
    name = about.fill(article.topic_name[language])
    if not is_for(pack, article, reader):
        return Rendered(
            id=article.id, topic=article.topic, topic_name=name, question=plain(question), in_scope=False, facts={}
        )
    read = [
        each.markdown
        for each in article.passages[language]
        if holds(pack, each.when, reader, article.file)
        and not any(holds(pack, before, reader, article.file) for before in each.unless)
    ]
    whole = _with_manuals(pack, about.fill("\n\n".join(read)), reader, language)
    answers = ANSWER.findall(whole)
    if len(answers) != 1:
        raise PackError(
            f"{article.id} in “{language}” has {len(answers)} answer sentences (==…==) for {_name(reader)}; it needs one.",
            file=article.file,
        )
    car, head = reader.generation, article.head
    return Rendered(
        id=article.id,
        topic=article.topic,
        topic_name=name,
        question=plain(question),
        in_scope=True,
        answer=plain(answers[0]),
        lead=answers[0],
        body=ANSWER.sub("", whole).strip(),
        facts=facts,
        verdict=_verdict(pack, article, reader),
        path=path_for(pack, head.task, car, language, reader.device_root) if head.task and car else None,
        named=tuple(about.paths.values()),
        contact=head.contact,
    )


def plain(markdown: str) -> str:
    """Markdown of an article as plain text; a menu path reads `SET > Options`."""
    text = _MARKED.sub("", _LINK.sub(r"\1", markdown)).replace("**", "")
    return re.sub(r"\\([\\`*_\[\]<>#])", r"\1", text).strip()


def links(markdown: str) -> Iterator[tuple[str, str, str]]:
    """The links of a text: (words, `page`, `article` or `manual`, where)."""
    for match in _LINK.finditer(markdown):
        yield match[1], match[2], match[3]


def _with_manuals(pack: Pack, text: str, reader: Reader, language: str) -> str:
    """
    Links to a manual as this reader has it (KB-003): `manual:CAY-3/connect#app` where there is a digital one, `manual:connect#app` where
    the car is not known, and no link but the words "printed manual" otherwise.
    """
    car = reader.generation
    if car is None:
        return text
    if car.digital_manual:
        return _MANUAL.sub(rf"[\1](manual:{car.code}/\2)", text)
    return _MANUAL.sub(lambda match: f"{match[1]} ({pack.texts[language]['manual.printed']})", text)


def depends_on(article: Article) -> tuple[bool, bool]:
    """Whether what it says differs by country, and by car: so that a check need not render what is the same."""
    names = {match[1].split(".")[0] for text in _all_text(article) for match in PLACEHOLDER.finditer(text)}
    conditions = [article.when, *(when for when, _ in article.verdicts)]
    for passages in article.passages.values():
        for passage in passages:
            conditions += [passage.when, *passage.unless]
    names |= {atom.fact.split(".")[0] for condition in conditions for atom in condition}
    scope = article.head.scope
    return (
        bool(scope.countries) or not names.isdisjoint(_OF_COUNTRY),
        bool(scope.generations or article.head.task)
        or not names.isdisjoint(_OF_CAR)
        or any(_MANUAL.search(text) for text in _all_text(article)),
    )


def tasks_named(article: Article) -> set[str]:
    """The tasks whose path stands somewhere in its text (`{path.…}`)."""
    names = (match[1] for text in _all_text(article) for match in PLACEHOLDER.finditer(text))
    return {name.removeprefix("path.") for name in names if name.startswith("path.")}


def readers(pack: Pack, article: Article) -> Iterator[Reader]:
    """Every reader for whom the article can differ and is meant, the one whose car is not known included."""
    by_country, by_car = depends_on(article)
    cars = [None, *pack.generations.values()] if by_car else [None]
    for country in pack.countries.values():
        found = [
            each for each in (Reader(country=country, generation=car) for car in cars) if is_for(pack, article, each)
        ]
        yield from found
        if found and not by_country:
            return


def _all_text(article: Article) -> Iterator[str]:
    for language, question in article.question.items():
        yield question
        yield from (passage.markdown for passage in article.passages[language])


def _verdict(pack: Pack, article: Article, reader: Reader) -> VerdictKind:
    for condition, kind in article.verdicts:
        if holds(pack, condition, reader, article.file):
            return kind
    raise PackError(f"{article.id} has no verdict for {_name(reader)}.", file=article.file)


def _name(reader: Reader) -> str:
    return f"{reader.generation.code if reader.generation else 'an unknown car'} in {reader.country.iso2}"


def _holds(pack: Pack, atom: Atom, reader: Reader, file: Path) -> bool:
    kind, _, name = atom.fact.partition(".")
    car = reader.generation
    if kind in _NEED_CAR and car is None:
        return atom.fact == "car" and not atom.among and atom.is_negated
    if atom.among:
        known = pack.generations if kind == "car" else pack.countries
        if unknown := [each for each in atom.among if each not in known]:
            raise PackError(f"“{atom.said}” names {unknown[0]}, which does not exist.", file=file)
        found = (car.code if car and kind == "car" else reader.country.iso2) in atom.among
    elif kind == "service":
        found = _has_service(pack, atom, name, reader, file)
    elif kind == "path" and car is not None:
        found = _has_path(pack, atom, name, car, file)
    elif kind == "phone" and car is not None:
        found = _has_phone_function(atom, name, car, file)
    else:
        found = not name or _is_so(atom, name, car if kind == "car" else reader.country, file)
    return found != atom.is_negated


def _has_service(pack: Pack, atom: Atom, name: str, reader: Reader, file: Path) -> bool:
    service, car = pack.services.get(name), reader.generation
    if service is None:
        raise PackError(f"“{atom.said}” names a service that does not exist.", file=file)
    return reader.country.iso2 in service.countries and (car is None or car.code in service.generations)


def _has_path(pack: Pack, atom: Atom, task: str, car: Generation, file: Path) -> bool:
    path = pack.head_units[car.head_unit].task(task, car.code)
    if path is None:
        raise PackError(f"“{atom.said}” names a task of which the pack does not speak for {car.code}.", file=file)
    return bool(path.path)


def _has_phone_function(atom: Atom, name: str, car: Generation, file: Path) -> bool:
    if name not in get_args(PhoneFunction):
        raise PackError(f"“{atom.said}” names a function of phones that does not exist.", file=file)
    return name in car.phone_functions


def _is_so(atom: Atom, name: str, thing: Generation | Country | None, file: Path) -> bool:
    if not hasattr(thing, name):
        raise PackError(f"“{atom.said}” names a fact that does not exist.", file=file)
    value = getattr(thing, name)
    if not atom.value and not isinstance(value, bool):
        raise PackError(f"“{atom.said}” is neither true nor false; write “{atom.fact}=value”.", file=file)
    return str(value) == atom.value if atom.value else bool(value)


class _Filling:
    """Fills the placeholders of one article for one reader, and notes what it filled in."""

    def __init__(self, pack: Pack, reader: Reader, language: str, facts: dict[str, str], article: Article) -> None:
        self._pack = pack
        self._reader = reader
        self._language = language
        self._facts = facts
        self._article = article
        self.paths: dict[str, HeadUnitPath] = {}

    def fill(self, text: str) -> str:
        """The text with every placeholder replaced."""
        return PLACEHOLDER.sub(self._filled, text)

    def _filled(self, match: re.Match[str]) -> str:
        name = match[1]
        try:
            value = self._value(name)
        except (KeyError, AttributeError, LookupError, NoSuchStep):
            raise self._missing(name, "which does not exist") from None
        if not value.strip():
            raise self._missing(name, f"which is empty for {_name(self._reader)}")
        label = f"label.{name}"
        if label not in self._pack.texts[self._language]:
            self._facts[name] = _MARKED.sub("", value)
        return value if name.startswith(("path.", "screen.")) else _SIGNS.sub(r"\\\1", value)

    def _missing(self, name: str, why: str) -> MissingFact:
        return MissingFact(
            f"{self._article.id} in “{self._language}” names “{{{name}}}”, {why}.", file=self._article.file
        )

    def _value(self, name: str) -> str:
        texts = self._pack.texts[self._language]
        if f"label.{name}" in texts:
            return texts[f"label.{name}"]
        kind, _, rest = name.partition(".")
        read = getattr(self, f"_of_{kind}", None)
        if read is None:
            raise KeyError(name)
        return str(read(rest))

    def _of_terms(self, rest: str) -> str:
        name, _, unit = rest.partition(".")
        if name not in self._pack.term_entries:
            raise KeyError(name)
        value = getattr(self._pack.terms, name)
        if isinstance(value, Amount):
            return str(format_currency(value.amount, value.currency, locale=self._language))
        if isinstance(value, tuple) and unit:
            return self._row(value, unit)
        if isinstance(value, timedelta):
            number, left = divmod(value, _UNITS[unit])
            if left:
                raise self._missing(f"terms.{rest}", f"which is no whole number of {unit}")
            return str(format_decimal(number, locale=self._language))
        if isinstance(value, int) and name.endswith("_year") and not unit:
            return str(value)  # a year is no amount: it has no thousands
        if isinstance(value, int | Days | Decimal) and not unit:
            return str(format_decimal(int(value) if isinstance(value, int) else value, locale=self._language))
        if isinstance(value, str | time) and not unit:
            return value if isinstance(value, str) else f"{value:%H:%M}"
        raise KeyError(rest)

    def _row(self, rows: tuple[DataVolume, ...], rest: str) -> str:
        """`2.km` or `2.volume` of a table of data volumes, counted from 1."""
        number, _, what = rest.partition(".")
        row = {str(place): row for place, row in enumerate(rows, 1)}[number]
        km = row.up_to_km_a_year
        volumes = dict.fromkeys(self._data(each) for each in (row.least_megabytes, row.most_megabytes))
        return {"km": format_decimal(km, locale=self._language) if km else "", "volume": " – ".join(volumes)}[what]

    def _data(self, megabytes: int) -> str:
        if megabytes < MEGABYTES_OF_A_GIGABYTE:
            return f"{format_decimal(megabytes, locale=self._language)} MB"
        return f"{format_decimal(Decimal(megabytes) / MEGABYTES_OF_A_GIGABYTE, locale=self._language)} GB"

    def _of_contact(self, rest: str) -> str:
        country = self._reader.country
        if rest == "cost":
            return self._pack.texts[self._language][
                "contact.toll_free" if country.toll_free else "contact.landline_rate"
            ]
        return {"phone": country.support_phone, "email": country.email}[rest]

    def _of_country(self, rest: str) -> str:
        country = self._reader.country
        return {"": country.name[self._language], "currency": country.currency}[rest]

    def _of_car(self, rest: str) -> str:
        car = self._generation(rest)
        if rest == "app":
            return next(app.name for app in self._pack.apps.values() if car.code in app.generations)
        return {"": car.name_in(self._language)}[rest]

    def _of_path(self, task: str) -> str:
        root = self._reader.device_root
        path = path_for(self._pack, task, self._generation(task), self._language, root)
        if path is None:
            raise KeyError(task)
        self.paths[task] = path
        return " > ".join(f"{KEY if step.kind == 'key' else CHIP}{step.label}{END}" for step in path.steps)

    def _of_screen(self, node_id: str) -> str:
        car = self._generation(node_id)
        node = next(
            each
            for each in self._pack.head_units[car.head_unit].nodes(car.code)
            if each.id == node_id or each.id.endswith(f".{node_id}")
        )
        label = node.label_in(self._language, device_root=self._reader.device_root)
        return f"{KEY if node.kind == 'key' else CHIP}{label}{END}"

    def _of_service(self, rest: str) -> str:
        return self._pack.services[rest].name[self._language]

    def _of_offer(self, rest: str) -> str:
        name, _, what = rest.partition(".")
        if what != "price":
            raise KeyError(rest)
        price = self._pack.offers[name].price_for(self._reader.country)
        return str(format_currency(price.amount, price.currency.code, locale=self._language))

    def _of_countries(self, rest: str) -> str:
        """Where a service is, or a switch of the country is on, by name."""
        service = self._pack.services.get(rest)
        found = [
            each.name[self._language]
            for each in self._pack.countries.values()
            if (each.iso2 in service.countries if service else getattr(each, rest) is True)
        ]
        return ", ".join(sorted(found))

    def _of_cars(self, rest: str) -> str:
        """The generations that have a service or a quality, by name."""
        service = self._pack.services.get(rest)
        return ", ".join(
            each.name_in(self._language)
            for each in self._pack.generations.values()
            if (each.code in service.generations if service else getattr(each, rest) is True)
        )

    def _generation(self, what: str) -> Generation:
        if self._reader.generation is None:
            raise self._missing(what, "which needs a car: put it between “::: if car” and “:::”")
        return self._reader.generation
