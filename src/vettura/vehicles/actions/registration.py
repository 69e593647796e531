"""Cars become known to the platform."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from vettura.catalog import queries as catalog
from vettura.foundation import clock, outbox
from vettura.foundation.errors import NotFound
from vettura.identity.models import Account
from vettura.partners import queries as partners
from vettura.partners.models import Partner
from vettura.vehicles import queries, rules
from vettura.vehicles.actions.invitations import invite
from vettura.vehicles.actions.users import assign_user
from vettura.vehicles.errors import (
    CountryNotServed,
    GenerationDoesNotFit,
    SoldByAnotherPartner,
    VehicleHasMainUser,
    VinMalformed,
)
from vettura.vehicles.events import VehicleRegistered
from vettura.vehicles.models import Invitation, Role, Vehicle


@dataclass(frozen=True, kw_only=True)
class CarFacts:
    """
    What a car is when it becomes known: its line, generation, model and drive by the pack's words, the country (ISO 3166 code) that it is sold
    in, and the codes of its equipment.
    """

    vin: str
    model_line: str
    generation: str
    model_name: str
    model_year: int
    drive: str
    equipment: Collection[str]
    country: str


@dataclass(frozen=True, kw_only=True)
class RegisteredForPartner:
    """A car that a partner sells, and its own invitation that waits for the buyer already, if there is one."""

    vehicle: Vehicle
    partner: Partner
    waiting: Invitation | None


@transaction.atomic
def register_sold_vehicle(
    *,
    by: Account,
    car: CarFacts,
    buyer_email: str,
    buyer_language: str,
) -> Invitation:
    """
    This will record a sale by the partner that `by` works for, and invite the buyer by e-mail (ID-004, ID-028).

    Registering the same sale again changes nothing and sends nothing; with another buyer's address the former invitation
    is void. Raises what `register_for_partner` raises.
    """
    sold = register_for_partner(by=by, car=car)
    if sold.waiting is not None and sold.waiting.email == buyer_email.lower():
        return sold.waiting
    return invite(
        vehicle=sold.vehicle,
        role=Role.MAIN_USER,
        by=by,
        partner=sold.partner,
        email=buyer_email,
        language=buyer_language,
    )


def register_for_partner(
    *,
    by: Account,
    car: CarFacts,
) -> RegisteredForPartner:
    """
    This will make a car known that the partner sells for whom `by` works, which is stored with it (APT-004).

    Runs in the caller's transaction and leaves the car locked. Raises NotFound for people who work for no partner,
    VinMalformed, GenerationDoesNotFit, CountryNotServed, VehicleHasMainUser, and SoldByAnotherPartner.
    """
    partner = partners.partner_of_staff(account=by)
    if partner is None:
        raise NotFound
    vehicle = register_vehicle(car=car, saved_partner=partner)
    waiting = _invitation_that_waits(vehicle=vehicle, partner=partner)
    if vehicle.saved_partner_id != partner.id:
        vehicle.saved_partner = partner
        vehicle.save(update_fields=["saved_partner"])
    return RegisteredForPartner(vehicle=vehicle, partner=partner, waiting=waiting)


def _invitation_that_waits(*, vehicle: Vehicle, partner: Partner) -> Invitation | None:
    """
    The partner's own invitation that waits for the buyer, if there is one.

    Raises VehicleHasMainUser, and SoldByAnotherPartner while somebody else's buyer is invited.
    """
    if queries.main_user_of(vehicle=vehicle) is not None:
        raise VehicleHasMainUser
    waiting = Invitation.objects.filter(vehicle=vehicle, role=Role.MAIN_USER, used_at=None, voided_at=None).first()
    if waiting is None or waiting.state(clock.now()) == "expired":
        return None
    if waiting.partner_id != partner.id:
        raise SoldByAnotherPartner
    return waiting


@transaction.atomic
def register_vehicle(
    *,
    car: CarFacts,
    production_year: int | None = None,
    plate: str = "",
    device_root: str = "",
    saved_partner: Partner | None = None,
    main_user: Account | None = None,
) -> Vehicle:
    """
    This will make a car known, with a main user if one is given; a known VIN is returned as it is, locked.

    The generation is named and never guessed from the year (C-01, C-02); what is named must agree. Raises VinMalformed,
    GenerationDoesNotFit, CountryNotServed and, for a main user of a car that has another one, VehicleHasMainUser.
    """
    vin = rules.normal_vin(car.vin)
    if not rules.is_vin(vin):
        raise VinMalformed(vin=vin)
    if car.country not in {each.iso2 for each in catalog.countries()}:
        raise CountryNotServed(country=car.country)
    check_generation(car.model_line, car.generation, car.model_year, car.drive, car.equipment)
    at = clock.now()
    vehicle, is_new = Vehicle.objects.select_for_update(of=("self",)).get_or_create(
        vin=vin,
        defaults={
            "model_line": car.model_line,
            "generation": car.generation,
            "model_name": car.model_name,
            "model_year": car.model_year,
            "production_year": production_year or car.model_year,
            "drive": car.drive,
            "country": car.country,
            "equipment": sorted(set(car.equipment)),
            "plate": plate,
            "device_root": device_root,
            "saved_partner": saved_partner,
            "registered_at": at,
        },
    )
    if is_new:
        outbox.publish(VehicleRegistered(vin=vin, country=car.country, at=at))
    if main_user is not None:
        assign_user(vehicle=vehicle, account=main_user, role=Role.MAIN_USER, at=at)
        vehicle.refresh_from_db()
    return vehicle


def check_generation(line: str, code: str, year: int, drive: str, equipment: Collection[str]) -> None:
    """This will refuse what does not belong together (C-01, C-02). Raises GenerationDoesNotFit."""
    generation = catalog.generation(code)
    name = catalog.generation_name(generation)
    if generation.model_line != line:
        raise GenerationDoesNotFit(what=line, generation=name)
    if year not in generation.model_years:
        raise GenerationDoesNotFit(what=year, generation=name)
    if drive not in generation.drives:
        raise GenerationDoesNotFit(what=drive, generation=name)
    unknown = sorted(set(equipment) - set(generation.equipment))
    if unknown:
        raise GenerationDoesNotFit(what=", ".join(unknown), generation=name)
