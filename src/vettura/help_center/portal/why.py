"""\"Why can't I …?\": everything that can be asked about one's car, and the answer from live state with the button that mends it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from vettura.catalog import queries as catalog
from vettura.foundation.diagnosis import SERVICE, UNKNOWN
from vettura.help_center import diagnosis, queries
from vettura.help_center.portal.people import last_step_facts
from vettura.help_center.portal.reader import newest
from vettura.help_center.rules import words_of
from vettura.identity.models import Account
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle
from vettura_pack.help import Article


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Which car is meant: one of the person's, or a generation in a country, or none."""

    own: list[Vehicle]
    car: Vehicle | None
    generation: str
    country: str

    @property
    def query(self) -> dict[str, str]:
        """What was chosen, as it stands in an address."""
        if self.car is not None:
            return {"vin": self.car.vin}
        chosen = {"generation": self.generation, "country": self.country}
        return {name: value for name, value in chosen.items() if value}

    def address(self, *, topic: str, service: str, told: Mapping[str, str] | None = None) -> str:
        """Where it is answered for this car."""
        chosen = self.query
        return diagnosis.address_of(
            topic=topic,
            service=service,
            told=told,
            vin=chosen.get("vin", ""),
            generation=chosen.get("generation", ""),
            country=chosen.get("country", ""),
        )


def _subject(request: HttpRequest) -> Subject:
    """What was chosen, or the person's first car. A car that is not the person's is taken as none: asking for it is refused later."""
    own = vehicles.garage_of(account=request.user) if isinstance(request.user, Account) else []
    vin, generation = request.GET.get("vin", ""), request.GET.get("generation", "")
    wanted = next((each for each in own if each.vin == vin), None)
    first = own[0] if own and not vin and not generation else None
    known = {each.code for each in catalog.generations()}
    places = {each.iso2 for each in catalog.countries()}
    own_country = request.user.country if isinstance(request.user, Account) else ""
    choices = (request.GET.get("country", ""), own_country)
    language = catalog.language_of_pack(get_language())
    return Subject(
        own=own,
        car=wanted or first,
        generation=generation if generation in known else "",
        country=next((each for each in choices if each in places), catalog.home_of(language)),
    )


def _choices() -> dict[str, object]:
    language = catalog.language_of_pack(get_language())
    countries = sorted(((each.iso2, each.names[language]) for each in catalog.countries()), key=lambda pair: pair[1])
    return {"generations": catalog.generations(), "countries": countries}


@newest
def index(request: HttpRequest) -> HttpResponse:
    """Everything that can be asked, by group, for one car; `q` leaves what has these words."""
    if request.GET.get("vin") and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), reverse("identity:signin"))
    subject, question = _subject(request), request.GET.get("q", "").strip()
    words = words_of(question)
    groups = [
        (
            group.name,
            [
                (each, subject.address(topic=each.topic, service=each.service))
                for each in group.items
                if _has(each.title, words)
            ],
        )
        for group in diagnosis.whys()
    ]
    facts = {
        "subject": subject,
        "question": question,
        "groups": [(name, items) for name, items in groups if items],
        **_choices(),
    }
    template = "help_center/_whys.html" if getattr(request, "htmx", False) else "help_center/whys.html"
    return render(request, template, facts)


def _has(title: str, words: list[str]) -> bool:
    known = words_of(title)
    return all(any(each.startswith(word) for each in known) for word in words)


@newest
def topic(request: HttpRequest, topic: str) -> HttpResponse:
    """
    The cause with its button, or the next question. What was answered stands in the address, so "back" takes an answer back.

    Raises NotFound for an unknown topic or service and for a car that is not the person's.
    """
    subject, service = _subject(request), request.GET.get("service", "")
    if request.GET.get("vin") and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), reverse("identity:signin"))
    told = diagnosis.told_of([*request.GET.getlist("answered"), *request.GET.getlist("told")])
    made = diagnosis.diagnosis_of(
        account=request.user if isinstance(request.user, Account) else None,
        topic=topic,
        service=service,
        told=told,
        vin=request.GET.get("vin", "") or subject.query.get("vin", ""),
        generation=subject.generation,
        country="" if subject.car else subject.country,
    )
    found = diagnosis.finding(made)
    facts = {
        "found": found,
        "subject": subject,
        "service": service,
        "topic": topic,
        "stages": list(diagnosis.STAGES.items()),
        "unknown": UNKNOWN,
        "last_step": last_step_facts(
            queries.reader(country=made.inquiry.country),
            kind=found.contact.kind if found.contact else "",
            diagnosis=made,
        ),
        "ask_at": reverse("help_center:why_topic", args=[topic]),
        "again": subject.address(topic=topic, service=service, told=told),
        "anew": subject.address(topic=topic, service=service) if told else "",
        "article_choice": {"car": subject.car.vin} if subject.car else {"car": subject.generation},
        "needs_car": not subject.car and diagnosis.needs_car(topic=topic),
        "needs_generation": topic == SERVICE and not subject.car and not subject.generation,
        **_choices(),
    }
    template = "help_center/_diagnosis.html" if getattr(request, "htmx", False) else "help_center/diagnosis.html"
    return render(request, template, facts)


def href_of_article(article: Article, *, car: str) -> str:
    """Where the question of an article is answered out of live state, for the person's car if it is one; empty where it is not."""
    asked, service = diagnosis.of_article(article)
    return diagnosis.address_of(topic=asked, service=service, vin=car) if asked else ""
