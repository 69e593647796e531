"""What the help center knows: articles in a language, the path for one car, and the best answers to a question."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from babel.lists import format_list
from django.utils import translation
from django.utils.translation import gettext

from vettura.catalog import queries as catalog
from vettura.help_center import rules
from vettura.help_center.errors import ArticleNotFound
from vettura.help_center.queries import index
from vettura.help_center.queries.edits import help_now
from vettura.identity.models import Account
from vettura.vehicles import queries as vehicles
from vettura_pack.answers import HeadUnitPath, Reader, Rendered, depends_on, is_for, plain, render, tasks_named
from vettura_pack.answers import path_for as path_in
from vettura_pack.help import Article, Help, VerdictKind
from vettura_pack.model import Country, Generation
from vettura_pack.show import Demonstration, demonstration

BEST_ANSWERS = 3
# how much of the score of the best article one for the reader must have to be taken for it; found with tests/help_center/questions.toml
AS_WELL = 0.97
# of cars or countries in a sentence
MOST_NAMED = 8
_YEAR = re.compile(r"20[0-3][0-9]")


def help_of_pack() -> Help:
    """The articles as they are read: the pack's, and over them what editors published as of the last `see_edits`."""
    return help_now()


def written(article_id: str) -> Article:
    """One article as written. Raises ArticleNotFound."""
    found = help_of_pack().articles.get(article_id)
    if found is None:
        raise ArticleNotFound
    return found


def reader(*, country: str, generation: str = "", device_root: str = "") -> Reader:
    """Somebody with this car, if it is known, in this country. Raises UnknownEntry."""
    return Reader(
        country=catalog.country(country),
        generation=catalog.generation(generation) if generation else None,
        device_root=device_root or None,
    )


def reader_of(*, account: Account | None, vin: str, language: str, country: str = "", generation: str = "") -> Reader:
    """
    A person with one of their cars, or anybody with this car, or with one of a generation. The country is the one given, the person's, the
    car's, or that of the language.

    Raises NotFound for an unknown country or generation and for a car that does not exist or is not the person's.
    """
    car = None
    if vin:
        car = vehicles.vehicle_for(account=account, vin=vin) if account else vehicles.vehicle_by_vin(vin=vin)
    known = catalog.pack().countries
    wishes = (account.country if account else "", car.country if car else "")
    place = country or next((each for each in wishes if each in known), catalog.home_of(language))
    if car is None:
        return reader(country=place, generation=generation)
    return reader(country=place, generation=car.generation, device_root=car.device_root)


def _somebody(language: str) -> Reader:
    return reader(country=catalog.home_of(language))


def article(*, article_id: str, language: str, for_: Reader | None = None) -> Rendered:
    """One article as this reader gets it, or as somebody whose car is not known. Raises ArticleNotFound."""
    return render(catalog.pack(), written(article_id), for_ or _somebody(language), language)


def articles(*, language: str, for_: Reader | None = None) -> list[Rendered]:
    """Every article as this reader gets it, in the order of the topics."""
    return [
        article(article_id=article_id, language=language, for_=for_ or _somebody(language))
        for article_id in help_of_pack().articles
    ]


def title_of(*, article_id: str, language: str) -> str:
    """The question of an article, without its text. Raises ArticleNotFound."""
    words: Mapping[str, str] = catalog.labels(language)
    question = written(article_id).question[language]
    return plain(re.sub(r"\{(\w+)\}", lambda match: words.get(match[1], match[0]), question))


def differs(*, article_id: str) -> tuple[bool, bool]:
    """Whether an article says something else by country, and by car. Raises ArticleNotFound."""
    return depends_on(written(article_id))


def generations_for(*, article_id: str, country: str) -> list[Generation]:
    """The generations for which an article is in a country. Raises ArticleNotFound and UnknownEntry."""
    found, place = written(article_id), catalog.country(country)
    return [
        each for each in catalog.generations() if is_for(catalog.pack(), found, Reader(country=place, generation=each))
    ]


def countries_for(*, article_id: str, generation: str) -> list[Country]:
    """The countries in which an article is for a generation, or for any car. Raises ArticleNotFound and UnknownEntry."""
    found = written(article_id)
    car = catalog.generation(generation) if generation else None
    return [each for each in catalog.countries() if is_for(catalog.pack(), found, Reader(country=each, generation=car))]


def path_for(*, task: str, generation: str, language: str) -> HeadUnitPath | None:
    """The way through this generation's head unit (KB-002), or None where the pack does not speak of the task."""
    return path_in(catalog.pack(), task, catalog.generation(generation), language)


def demonstrations(*, shown: Rendered, for_: Reader, language: str, start: str) -> list[Demonstration]:
    """
    The tasks of an article, shown on the reader's head unit: that of the article first, then those that its text names. None for a reader
    whose car is not known. `start` is the word for the start screen.
    """
    car = for_.generation
    if car is None or not shown.in_scope:
        return []
    tasks = dict.fromkeys(each.task for each in (*((shown.path,) if shown.path else ()), *shown.named) if each.steps)
    drawn = [demonstration(catalog.pack(), task, car, language, start=start, root=for_.device_root) for task in tasks]
    return [each for each in drawn if each is not None]


def is_shown(*, article_id: str, generation: str) -> bool:
    """Whether an article has something to show on the head unit of a generation. Raises ArticleNotFound and UnknownEntry."""
    found, car = written(article_id), catalog.generation(generation)
    tasks = {found.head.task, *tasks_named(found)} - {None}
    paths = [catalog.pack().head_units[car.head_unit].task(task, car.code) for task in tasks if task]
    return any(each is not None and each.path for each in paths)


def search(
    *, question: str, language: str, for_: Reader | None = None, limit: int = BEST_ANSWERS, is_typing: bool = True
) -> list[Rendered]:
    """
    The best answers to a question, best first: articles for this reader before others. `is_typing`: the last word may be unfinished.

    Stems, typing errors, accents and words that mean the same are seen to; a rare word says more than a frequent one. No words, no answers.
    """
    fitting = _fitting(question, language, for_ or _somebody(language), limit=limit, is_typing=is_typing)
    return [
        article(article_id=each.id, language=language, for_=fitting.for_)
        for each in _for_the_reader_first(fitting.found)[:limit]
    ]


@dataclass(frozen=True, kw_only=True)
class _Fit:
    """An article, how well it fits, and whether it is for the reader."""

    id: str
    score: float
    in_scope: bool


@dataclass(frozen=True, kw_only=True)
class _Fitting:
    """The articles that fit a question, best first; and for whom, with what the question names."""

    for_: Reader
    found: list[_Fit]


def _fitting(question: str, language: str, for_: Reader, *, limit: int, is_typing: bool) -> _Fitting:
    words = rules.words_of(question[: rules.LONGEST_QUESTION])[: rules.MOST_WORDS]
    help_, named = help_of_pack(), rules.named_in(words, _names())
    found = index.find(
        words=rules.without_names(words, named, rules.folded(help_.abroad.get(language, ""))),
        language=language,
        help_=help_,
        is_typing=is_typing,
        limit=limit * 4,
    )
    reader_ = _as_named(for_, named, words)
    return _Fitting(
        for_=reader_,
        found=[
            _Fit(id=each.id, score=each.score, in_scope=is_for(catalog.pack(), help_.articles[each.id], reader_))
            for each in found
            if each.id in help_.articles
        ],
    )


def _for_the_reader_first(found: Sequence[_Fit]) -> list[_Fit]:
    return sorted(found, key=lambda each: not each.in_scope)


def _as_named(for_: Reader, named: Sequence[rules.Named], words: Sequence[str]) -> Reader:
    """The reader with the country and the car that the question names, where their own car is not known."""
    if for_.generation is not None:
        return for_
    country = next((each.code for each in named if each.kind == "country"), for_.country.iso2)
    lines = [each.code for each in named if each.kind == "car"]
    years = [int(word) for word in words if _YEAR.fullmatch(word)]
    fitting = [each.code for line in lines[:1] for each in _generations_of(line, years)]
    return reader(country=country, generation=fitting[0] if len(fitting) == 1 else "")


def _generations_of(line: str, years: Sequence[int]) -> list[Generation]:
    """Those that a model line had in the year that was named, or has had at all."""
    if years:
        return catalog.generations_for(model_line=line, model_year=years[0])
    return [catalog.generation(code) for code in catalog.model_line(line).generations]


@cache
def _names() -> dict[tuple[str, ...], tuple[Literal["country", "car"], str]]:
    """What countries and model lines are called, in every language: nobody types in one language only."""
    known = catalog.pack()
    names: dict[tuple[str, ...], tuple[Literal["country", "car"], str]] = {}
    for country in catalog.countries():
        for name in (*country.names.values(), *help_of_pack().places.get(country.iso2, ())):
            names[tuple(rules.words_of(name))] = ("country", country.iso2)
    for line in known.model_lines.values():
        names[tuple(rules.words_of(line.name))] = ("car", line.id)
    return names


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Who helps: by name, and for Assistance where it is reached from this country and what that costs."""

    kind: str
    name: str
    phone: str = ""
    email: str = ""
    cost: str = ""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a question in one's own words gets: an article's own sentence with the reader's facts. No article: nothing fits."""

    question: str
    lang: str
    article: str | None
    title: str
    verdict: VerdictKind
    answer: str
    facts: dict[str, str]
    path: tuple[str, ...]
    contact: Contact | None
    alternatives: tuple[str, ...]


def ask(*, question: str, language: str, for_: Reader) -> Asked:
    """
    The answer to a question, out of our own articles only; nothing is composed. Where the best article is not for the reader's car or country,
    the answer says so, and for what it is: another article in its place would answer another question.
    """
    fitting = _fitting(question, language, for_, limit=BEST_ANSWERS, is_typing=False)
    fits = _best(fitting.found)
    if fits is None:
        with translation.override(language):
            answer = gettext("No article answers this. {support} helps.").format(
                support=catalog.labels(language)["support"]
            )
        return Asked(
            question=question,
            lang=language,
            article=None,
            title="",
            verdict="contact:support",
            answer=answer,
            facts={},
            path=(),
            contact=contact("support", for_, language),
            alternatives=(),
        )
    best = article(article_id=fits.id, language=language, for_=fitting.for_)
    others = [each.id for each in _for_the_reader_first(fitting.found) if each.id != best.id]
    alternatives = tuple(others[: BEST_ANSWERS - 1])
    if best.verdict is None:
        return Asked(
            question=question,
            lang=language,
            article=best.id,
            title=best.question,
            verdict="refuse",
            answer=not_for(article_id=best.id, language=language, for_=fitting.for_),
            facts={},
            path=(),
            contact=None,
            alternatives=alternatives,
        )
    kind = best.verdict.partition(":")[2] or best.contact or ""
    path = next(iter(best.named), None) or best.path
    return Asked(
        question=question,
        lang=language,
        article=best.id,
        title=best.question,
        verdict=best.verdict,
        answer=best.answer,
        facts=best.facts,
        path=tuple(step.label for step in path.steps) if path else (),
        contact=contact(kind, for_, language),
        alternatives=alternatives,
    )


def _best(found: Sequence[_Fit]) -> _Fit | None:
    """The article that answers: the best one, or one for this reader that fits as well."""
    if not found:
        return None
    return next((each for each in found if each.in_scope and each.score >= AS_WELL * found[0].score), found[0])


def not_for(*, article_id: str, language: str, for_: Reader) -> str:
    """That an article is not for this reader, and for whom it is, in two sentences. Raises ArticleNotFound."""
    car, country = for_.generation, for_.country
    cars = generations_for(article_id=article_id, country=country.iso2) if car else []
    places = [] if cars else countries_for(article_id=article_id, generation=car.code if car else "")
    if car and not cars and not places:
        places = countries_for(article_id=article_id, generation="")
        cars = generations_for(article_id=article_id, country=places[0].iso2) if places else []
    about = {"car": car.name_in(language) if car else "", "country_name": country.names[language]}
    which = {
        "cars": _listed([each.name_in(language) for each in cars], language),
        "countries": _listed([each.names[language] for each in places], language),
    }
    with translation.override(language):
        said = (
            gettext("This is not for %(car)s in %(country_name)s.")
            if car
            else gettext("This is not for %(country_name)s.")
        )
        if cars and places:
            told = gettext("It is for %(cars)s in %(countries)s.")
        else:
            told = gettext("It is for %(cars)s.") if cars else gettext("It is for %(countries)s.")
        return f"{said % about} {told % which}"


def _listed(names: Sequence[str], language: str) -> str:
    """`A, B and C`; of many the first ones and how many more."""
    shown = [*names[:MOST_NAMED]]
    if len(names) > MOST_NAMED:
        with translation.override(language):
            shown.append(gettext("%(count)s more") % {"count": len(names) - MOST_NAMED})
    return format_list(shown, locale=language)


def contact(kind: str, for_: Reader, language: str) -> Contact | None:
    """Who helps, by kind: Assistance with what is known of the reader's country (SUP-002, SUP-004, SUP-005), others by name (SUP-007)."""
    labels = catalog.labels(language)
    if kind == "support":
        country = for_.country
        cost = catalog.text("contact.toll_free" if country.toll_free else "contact.landline_rate", language)
        return Contact(kind=kind, name=labels["support"], phone=country.support_phone, email=country.email, cost=cost)
    if kind == "operator":
        with translation.override(language):
            return Contact(kind=kind, name=gettext("Your mobile operator"))
    return Contact(kind=kind, name=labels.get(kind, "")) if kind else None
