"""
"Why can't I …?" as people, staff and programs ask it: who may ask about which car, and what was found in a form that can be shown.

The checks stand in the contexts (`foundation.diagnosis`); here is one door to them (decision 0026). Words are in the active language.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation import diagnosis as engine
from vettura.foundation.diagnosis import SERVICE, Cause, Diagnosis, Evidence, Fine, Inquiry, Question, Stage
from vettura.foundation.errors import NotFound, Refusal
from vettura.help_center import actions, queries
from vettura.help_center.errors import CustomerSharesNothing
from vettura.help_center.queries import Contact
from vettura.identity.models import Account
from vettura.partners import queries as partners
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle
from vettura_pack.answers import HeadUnitPath
from vettura_pack.help import Article

STAGES: dict[Stage, Promise] = {
    Stage.OFFERED: _("Offered"),
    Stage.PERSON: _("You"),
    Stage.SWITCHED_OFF: _("Switched off"),
    Stage.CONNECTION: _("Connection"),
    Stage.CONTRACT: _("Contract"),
    Stage.CONDITIONS: _("At the moment"),
}
# how many answers an address may carry, and how long one may be
MOST_TOLD = 20
LONGEST_TOLD = 80


@dataclass(frozen=True, kw_only=True)
class Why:
    """One thing that can be asked: its question in the first person, and what it is asked by."""

    topic: str
    title: str
    service: str = ""


@dataclass(frozen=True, kw_only=True)
class WhyGroup:
    """Things that can be asked, under one heading."""

    name: str
    items: list[Why]


@dataclass(frozen=True, kw_only=True)
class Checked:
    """Something that was looked at and is not the cause; `is_skipped`: the person could not tell."""

    name: str
    text: str
    evidence: tuple[Evidence, ...]
    is_skipped: bool


@dataclass(frozen=True, kw_only=True)
class Finding:
    """
    What was found, as it is shown: the cause or the next question, or neither. `stage`: how far it came, None when all was looked at. `href`: the
    page that mends it. `path`: the way through the head unit that mends it. `article`: id and question of the one that explains it. `told`: what
    was answered so far.
    """

    title: str
    diagnosis: Diagnosis
    cause: Cause | None
    question: Question | None
    stage: Stage | None
    checked: list[Checked]
    href: str
    path: HeadUnitPath | None
    article: tuple[str, str] | None
    contact: Contact | None
    told: list[str]


def _language() -> str:
    return catalog.language_of_pack(get_language())


def title_of(*, topic: str, service: str = "") -> str:
    """The question in the first person. Raises NotFound for an unknown topic or service."""
    if topic == SERVICE:
        return gettext("Why can't I use “{service}”?").format(service=catalog.service(service).name[_language()])
    found = engine.topic_of(topic)
    if found is None:
        raise NotFound
    return str(found.title)


def needs_car(*, topic: str) -> bool:
    """Whether the question is about a car."""
    found = engine.topic_of(topic)
    return topic == SERVICE or found is None or found.needs_car


def whys() -> list[WhyGroup]:
    """Everything that can be asked: what contexts brought, then every service of the catalogue by group."""
    language, words = _language(), catalog.pack().service_groups
    services: dict[str, list[Why]] = {key: [] for key in words}
    for each in catalog.services():
        services[each.group].append(Why(topic=SERVICE, service=each.id, title=title_of(topic=SERVICE, service=each.id)))
    general = [Why(topic=each.code, title=str(each.title)) for each in engine.topics()]
    groups = [WhyGroup(name=words[key][language], items=items) for key, items in services.items()]
    return [each for each in (WhyGroup(name=gettext("Car, account and store"), items=general), *groups) if each.items]


def told_of(answers: Iterable[str]) -> dict[str, str]:
    """Answers as an address carries them, `question:value`, by question; the last one counts. What is not of this form is left out."""
    pairs = [each.partition(":") for each in list(answers)[:MOST_TOLD] if len(each) <= LONGEST_TOLD]
    return {code: value for code, sign, value in pairs if sign and code and value}


def address_of(
    *,
    topic: str,
    vin: str = "",
    service: str = "",
    generation: str = "",
    country: str = "",
    told: Mapping[str, str] | None = None,
) -> str:
    """The page that answers "why?"."""
    facts = {"vin": vin, "service": service, "generation": generation, "country": country}
    query = [(name, value) for name, value in facts.items() if value]
    query += [("told", f"{code}:{value}") for code, value in (told or {}).items()]
    page = reverse("help_center:why_topic", kwargs={"topic": topic})
    return f"{page}?{urlencode(query)}" if query else page


def api_address_of(*, topic: str, vin: str, service: str = "") -> str:
    """The same for programs."""
    page = f"/api/v1/vehicles/{vin}/diagnosis/{topic}"
    return f"{page}?{urlencode({'service': service})}" if service else page


def of_refusal(refusal: Refusal) -> tuple[str, str]:
    """By which topic and service it is asked why something was refused; twice empty where there is no cause to look for."""
    service = str(refusal.facts.get("service", ""))
    if refusal.why and service in catalog.pack().services:
        return SERVICE, service
    return (refusal.why, "") if refusal.why and engine.topic_of(refusal.why) else ("", "")


def of_article(article: Article) -> tuple[str, str]:
    """By which topic and service an article's question is looked at for a car: `store`, or `service.remote_lock`; twice empty where it is not."""
    topic, _dot, service = (article.head.diagnosis or "").partition(".")
    return topic, service


def _inquiry(*, topic: str, service: str, told: Mapping[str, str] | None) -> Inquiry:
    title_of(topic=topic, service=service)
    if service:
        catalog.service(service)
    return Inquiry(topic=topic, service=service, told=told or {}, country="", at=clock.now())


def diagnosis_of(
    *,
    account: Account | None,
    topic: str,
    vin: str = "",
    service: str = "",
    told: Mapping[str, str] | None = None,
    country: str = "",
    generation: str = "",
) -> Diagnosis:
    """
    Why somebody cannot do something: with one of their cars, or with a generation in a country, for whoever has none.

    The country is the car's; without one it is the given one, then the person's. Raises NotFound for an unknown topic, service, country or
    generation, and for a car that is not the person's.
    """
    asked = _inquiry(topic=topic, service=service, told=told)
    if vin:
        if account is None:
            raise NotFound
        car = vehicles.vehicle_for(account=account, vin=vin)
        return _with_car(asked, car, account=account, role=car.role or "")
    known = catalog.pack().countries
    own = account.country if account and account.country in known else ""
    place = catalog.country(country or own or catalog.home_of(_language())).iso2
    built = catalog.generation(generation).code if generation else ""
    account_id = account.id if account else None
    return engine.diagnose(replace(asked, country=place, generation=built, account_id=account_id))


def diagnosis_for_staff(
    *, by: Account, vin: str, topic: str, service: str = "", told: Mapping[str, str] | None = None
) -> Diagnosis:
    """
    The same as the customer would see it, for Assistance, and for the selling partner whom the customer shares data with (DAT-009). Who looked
    at what is written down first.

    Raises NotFound for everybody else and for an unknown topic or service, and CustomerSharesNothing.
    """
    asked = _inquiry(topic=topic, service=service, told=told)
    car, customer = car_for_staff(by=by, vin=vin)
    actions.note_look(vehicle=car, customer=customer, topic=topic, service=service)
    return _with_car(asked, car, account=customer, role="main_user" if customer else "")


def car_for_staff(*, by: Account, vin: str) -> tuple[Vehicle, Account | None]:
    """A car that staff may look into, with its main user. Raises NotFound, and CustomerSharesNothing for a partner (DAT-009)."""
    partner = partners.partner_of_staff(account=by)
    if partner is None and not by.has_staff_role("assistance"):
        raise NotFound
    car = vehicles.sold_vehicle(partner=partner, vin=vin, at=clock.now()).vehicle
    if partner is None:
        return car, vehicles.main_user_of(vehicle=car)
    customer = vehicles.main_user_shared_with(partner=partner, vehicle=car)
    if customer is None:
        raise CustomerSharesNothing
    return car, customer


def _with_car(asked: Inquiry, car: Vehicle, *, account: Account | None, role: str) -> Diagnosis:
    inquiry = replace(
        asked,
        country=car.country,
        vin=car.vin,
        generation=car.generation,
        account_id=account.id if account else None,
        role=role,
    )
    return engine.diagnose(inquiry)


def finding(diagnosis: Diagnosis, *, sees: Callable[[str], bool] = lambda _scope: True) -> Finding:
    """What was found, fit to be shown. `sees`: whether a scope is open to the program that asks; it gets no evidence of anything else."""
    asked, cause, question = diagnosis.inquiry, diagnosis.cause, diagnosis.question
    settled: Cause | Question | None = cause or question
    article = settled.article if settled else ""
    contact = cause.contact if cause else None if question else "support"
    if cause is not None:
        cause = replace(cause, evidence=_seen(cause.evidence, sees))
    return Finding(
        title=title_of(topic=asked.topic, service=asked.service),
        diagnosis=diagnosis,
        cause=cause,
        question=question,
        stage=diagnosis.steps[-1].stage if settled else None,
        checked=[
            Checked(
                name=each.check,
                text=each.outcome.text,
                evidence=_seen(each.outcome.evidence, sees) if isinstance(each.outcome, Fine) else (),
                is_skipped=each.is_skipped,
            )
            for each in diagnosis.steps
            if each.is_skipped or isinstance(each.outcome, Fine)
        ],
        href=_href(cause) if cause else "",
        path=_path(cause.task, asked) if cause and cause.task else None,
        article=(article, queries.title_of(article_id=article, language=_language())) if article else None,
        contact=_contact(contact, asked),
        told=[f"{code}:{value}" for code, value in asked.told.items()],
    )


def _seen(evidence: tuple[Evidence, ...], sees: Callable[[str], bool]) -> tuple[Evidence, ...]:
    return tuple(each for each in evidence if sees(each.scope))


def _contact(kind: str | None, asked: Inquiry) -> Contact | None:
    return queries.contact(kind, queries.reader(country=asked.country), _language()) if kind else None


def _href(cause: Cause) -> str:
    if cause.remedy is None:
        return ""
    page = reverse(cause.remedy.page, kwargs=dict(cause.remedy.arguments))
    return f"{page}?{urlencode(cause.remedy.query)}" if cause.remedy.query else page


def _path(task: str, asked: Inquiry) -> HeadUnitPath | None:
    if not asked.generation:
        return None
    return queries.path_for(task=task, generation=asked.generation, language=_language())
