"""For whom a page of help is: the person's own cars and country, or those that were chosen and stand in the address."""

from collections.abc import Callable
from functools import wraps
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from vettura.catalog import queries as catalog
from vettura.help_center import queries
from vettura.help_center.queries import edits
from vettura.identity.models import Account
from vettura.vehicles import queries as vehicles
from vettura_pack.answers import Reader

View = Callable[..., HttpResponse]


def newest(view: View) -> View:
    """The page shows what editors published last, by whichever process."""

    @wraps(view)
    def seeing(request: HttpRequest, **named: str) -> HttpResponse:
        edits.see_edits()
        return view(request, **named)

    return seeing


class Car(NamedTuple):
    """A choice in the list of cars: one's own by VIN, or a generation."""

    value: str
    name: str
    generation: str
    device_root: str = ""
    role: str = ""
    drive: str = ""


def language_of_page() -> str:
    """The language of the page, as the pack knows it."""
    return catalog.language_of_pack(get_language())


def own_cars(request: HttpRequest) -> list[Car]:
    """The cars of whoever is signed in."""
    if not isinstance(request.user, Account):
        return []
    return [
        Car(
            each.vin,
            f"{each.model_name} · {each.vin[-6:]}",
            each.generation,
            each.device_root,
            each.role or "",
            each.drive,
        )
        for each in vehicles.garage_of(account=request.user)
    ]


def country_of(request: HttpRequest) -> str:
    """The country that was chosen, the person's own, or the one to begin with."""
    known = {each.iso2 for each in catalog.countries()}
    own = request.user.country if isinstance(request.user, Account) else ""
    chosen = request.GET.get("country", "")
    return next((each for each in (chosen, own) if each in known), catalog.home_of(language_of_page()))


def car_of(request: HttpRequest, own: list[Car]) -> Car | None:
    """The car that was chosen, by VIN or generation, or the person's first one. Nobody's car is guessed."""
    wanted = request.GET.get("car", "")
    all_of = [*own, *(Car(each.code, catalog.generation_name(each), each.code) for each in catalog.generations())]
    return next((each for each in all_of if each.value == wanted), own[0] if own else None)


def reader_of(country: str, car: Car | None) -> Reader:
    """Somebody with this car in this country."""
    return queries.reader(
        country=country, generation=car.generation if car else "", device_root=car.device_root if car else ""
    )


def choice(country: str, car: Car | None) -> str:
    """Country and car as they stand in an address."""
    return urlencode({"country": country, **({"car": car.value} if car else {})})
