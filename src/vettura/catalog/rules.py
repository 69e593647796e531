"""What fits a vehicle and what tax is in a price: pure functions of the pack's values."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from vettura.foundation.money import Money, rounded
from vettura_pack.model import Country, Equipment, Generation, Offer, Service, Terms, fitted

Misfit = Literal["country", "generation", "drive", "equipment"]
PictureKind = Literal["sample", "model", "silhouette"]
Availability = Literal["standard", "optional", "unavailable"]


def is_at_least(version: str, minimum: str) -> bool:
    """Whether a version such as 9.3.1 is this one or newer; what is no version is not."""
    parts = [version.split("."), minimum.split(".")]
    if not all(part.isdigit() for each in parts for part in each):
        return False
    given, least = ([int(part) for part in each] for each in parts)
    longest = max(len(given), len(least))
    return given + [0] * (longest - len(given)) >= least + [0] * (longest - len(least))


def missing_equipment(service: Service, equipment: Collection[str], known: Mapping[str, Equipment]) -> tuple[str, ...]:
    """What the vehicle would have to be fitted with as well (STO-042)."""
    has = fitted(equipment, known)
    return tuple(code for code in service.needs_equipment if code not in has)


def misfit(
    service: Service,
    *,
    generation: str,
    drive: str,
    equipment: Collection[str],
    country: str,
    known_equipment: Mapping[str, Equipment],
) -> Misfit | None:
    """
    Why a service cannot be had for such a vehicle in this country; None when it can (STO-029, STO-031, STO-042).

    The first cause that holds, in the order country, generation, drive, equipment: what nobody can change comes first.
    """
    if country not in service.countries:
        return "country"
    if generation not in service.generations:
        return "generation"
    if drive not in service.drives:
        return "drive"
    if missing_equipment(service, equipment, known_equipment):
        return "equipment"
    return None


def fits(
    offer: Offer,
    services: Mapping[str, Service],
    *,
    generation: str,
    drive: str,
    equipment: Collection[str],
    country: str,
    known_equipment: Mapping[str, Equipment],
) -> bool:
    """Whether an offer can be made: it is made in the country and every one of its services fits the vehicle."""
    return country in offer.countries and all(
        misfit(
            services[service_id],
            generation=generation,
            drive=drive,
            equipment=equipment,
            country=country,
            known_equipment=known_equipment,
        )
        is None
        for service_id in offer.services
    )


def generations_for_year(generations: Iterable[Generation], model_year: int) -> list[Generation]:
    """
    The generations that were sold in a model year; two where the years overlap, then a second fact decides (C-01,
    C-02).
    """
    return [generation for generation in generations if model_year in generation.model_years]


def equipment_availability(generation: Generation, equipment: str, country: str) -> Availability:
    """Whether an equipment is standard, optional or not to be had for a generation in a country (STO-043)."""
    if country in generation.standard_equipment.get(equipment, ()):
        return "standard"
    return "optional" if equipment in generation.equipment else "unavailable"


def picture_kind(production_year: int, *, has_model_picture: bool, terms: Terms) -> PictureKind:
    """Which picture a vehicle is shown with (GAR-016 to GAR-018)."""
    if production_year < terms.sample_picture_before_year:
        return "sample"
    return "model" if has_model_picture else "silhouette"


def vat_included(gross: Money, country: Country, on: date) -> Money:
    """
    The tax in a gross price on a day, rounded half up to the currency's smallest unit.

    The net price is `gross - vat_included(…)`, so that both always add up to what is paid.
    """
    percent = country.vat_rate(on)
    return rounded(Money(gross.amount * percent / (Decimal(100) + percent), gross.currency))
