"""Help for people: one field, the best answers as one types, an article with the path of *your* head unit."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from vettura.catalog import queries as catalog
from vettura.help_center import queries
from vettura.identity.models import Account
from vettura.vehicles import queries as vehicles
from vettura_pack.help import Page

app_name = "help_center"
# where an article leads: the words of the button and the address
PAGES: dict[Page, tuple[str | Promise, str, dict[str, str]]] = {
    "options": (_("Go to my car"), "vehicles:choose", {"purpose": "options"}),
    "vin": (_("Show the three places"), "vehicles:where_is_the_vin", {}),
    "add": (_("Add a vehicle"), "vehicles:add", {}),
    "data": (_("Go to my data"), "identity:data", {}),
    "identification": (_("Go to my identifications"), "identity:identity_checks", {}),
    "register": (_("Register"), "identity:signup", {}),
}


class Car(NamedTuple):
    """A choice in the list of cars: one's own by VIN, or a generation."""

    value: str
    name: str
    generation: str


def _language() -> str:
    return (get_language() or "en")[:2]


def _cars_of(request: HttpRequest) -> list[Car]:
    own = (
        [
            Car(vehicle.vin, f"{vehicle.model_name} · {vehicle.vin[-6:]}", vehicle.generation)
            for vehicle in vehicles.garage_of(account=request.user)
        ]
        if isinstance(request.user, Account)
        else []
    )
    return own or [Car(each.code, each.name, each.code) for each in catalog.generations()]


def _page_of(answer: queries.Answer) -> tuple[str | Promise, str] | None:
    """The button of an article that leads to the page where it is done."""
    if answer.page is None:
        return None
    text, name, facts = PAGES[answer.page]
    return text, reverse(name, kwargs=facts)


def _country(request: HttpRequest) -> str:
    """The country that was chosen, the person's own, or the one to begin with."""
    known = {each.iso2 for each in catalog.countries()}
    own = request.user.country if isinstance(request.user, Account) else ""
    chosen = request.GET.get("country", "")
    return next((each for each in (chosen, own) if each in known), catalog.home_of(_language()))


def _by_country(request: HttpRequest, article_id: str) -> dict[str, object]:
    """The part of an article that differs by country, and the countries to choose from."""
    code, language = _country(request), _language()
    return {
        "country_code": code,
        "countries": sorted(((c.iso2, c.names[language]) for c in catalog.countries()), key=lambda choice: choice[1]),
        "here": queries.answer_in(article_id=article_id, country=code, language=language),
    }


def index(request: HttpRequest) -> HttpResponse:
    """The field, and all articles by topic; with `q` the best answers. htmx asks for the answers alone."""
    question = request.GET.get("q", "").strip()
    found = queries.search(question=question, language=_language()) if question else []
    if getattr(request, "htmx", False):
        return render(request, "help_center/_answers.html", {"question": question, "found": found})
    topics: dict[str, list[queries.Answer]] = {}
    for each in queries.articles(language=_language()):
        topics.setdefault(each.topic, []).append(each)
    return render(request, "help_center/index.html", {"question": question, "found": found, "topics": topics})


def article(request: HttpRequest, article_id: str) -> HttpResponse:
    """One article; where it names a task, the path for the chosen car."""
    shown = queries.article(article_id=article_id, language=_language())
    cars = _cars_of(request) if shown.task else []
    wanted = request.GET.get("car")
    car = next((each for each in cars if each.value == wanted), cars[0] if cars else None)
    by_country = _by_country(request, article_id) if shown.is_by_country else {}
    return render(
        request,
        "help_center/article.html",
        {
            "article": shown,
            **by_country,
            "page": _page_of(shown),
            "cars": cars,
            "car": car,
            "path": queries.path_for(task=shown.task, generation=car.generation, language=_language())
            if shown.task and car
            else None,
            "related": [queries.article(article_id=each, language=_language()) for each in shown.related],
        },
    )


urlpatterns = [
    path("", index, name="index"),
    path("<slug:article_id>/", article, name="article"),
]
