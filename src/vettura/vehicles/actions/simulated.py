"""Cars that are programs, for whoever builds with our API and has none at hand."""

import secrets

from django.db import transaction

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.identity.models import Account
from vettura.vehicles import queries, rules
from vettura.vehicles.actions.head_unit import grant_remote_access, sign_in_to_car
from vettura.vehicles.actions.parting import remove_vehicle
from vettura.vehicles.actions.registration import CarFacts, register_vehicle
from vettura.vehicles.errors import GenerationDoesNotFit, TooManySimulatedCars
from vettura.vehicles.models import Assignment, Role, Vehicle


@transaction.atomic
def create_simulated_car(*, by: Account, generation: str, model: str) -> Vehicle:
    """
    This will put a simulated car into the person's garage, as if that person had signed in there and granted remote access.

    Its VIN says what it is. Raises GenerationDoesNotFit and TooManySimulatedCars.
    """
    known = [(each, kind) for each in catalog.generations() for kind in each.models]
    found = next((pair for pair in known if (pair[0].code, pair[1].name) == (generation, model)), None)
    if found is None:
        raise GenerationDoesNotFit(what=model, generation=generation)
    wanted, kind = found
    # two at once wait for one another as soon as the person has a car
    list(Assignment.objects.select_for_update().filter(account_id=by.id, until=None).order_by("id"))
    if len(queries.simulated_cars_of(account=by)) >= rules.MOST_SIMULATED_CARS:
        raise TooManySimulatedCars(limit=rules.MOST_SIMULATED_CARS)
    country = (
        by.country
        if by.country in {each.iso2 for each in catalog.countries()}
        else next(iter(catalog.countries())).iso2
    )
    car = CarFacts(
        vin=_unused_vin(),
        model_line=wanted.model_line,
        generation=wanted.code,
        model_name=kind.name,
        model_year=wanted.model_years.last or max(clock.now().year, wanted.model_years.first or 0),
        drive=kind.drive,
        equipment=wanted.equipment,
        country=country,
    )
    vehicle = register_vehicle(car=car, main_user=by)
    Vehicle.objects.filter(id=vehicle.id).update(is_simulated=True)
    vehicle.is_simulated = True
    sign_in_to_car(vehicle=vehicle, account=by, role=Role.MAIN_USER, at=clock.now())
    if wanted.grants_remote_access_in_car:
        grant_remote_access(vin=vehicle.vin, account_id=by.id)
    return vehicle


def _unused_vin() -> str:
    while True:
        vin = f"{rules.SIMULATED_VIN}{secrets.randbelow(10**6):06d}"
        if not Vehicle.objects.filter(vin=vin).exists():
            return vin


@transaction.atomic
def delete_simulated_car(*, by: Account, vin: str) -> None:
    """
    This will take a simulated car out of the person's garage for good, with what was kept of its use. Twice is once.

    Raises NotFound for a car that is not simulated, and whatever keeps a car from being removed.
    """
    vehicle = queries.vehicle_by_vin(vin=vin)
    if not vehicle.is_simulated:
        raise NotFound
    remove_vehicle(by=by, vin=vin)
