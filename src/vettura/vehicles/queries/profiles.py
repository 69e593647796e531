"""Who is signed in to which car, and the settings that come along."""

from typing import Any
from uuid import UUID

from vettura.catalog import queries as catalog
from vettura.identity.models import Account
from vettura.vehicles.models import PersonalSetting, RemoteAccessGrant, Role, Vehicle
from vettura.vehicles.queries.cars import current_assignments
from vettura_wire.settings import LISTS


def keeps_profiles_in_account(*, vehicle: Vehicle) -> bool:
    """
    Whether people sign in to the car with their account alone, so that their profile follows them from car to car
    (TAY-012 to TAY-014). Where a pairing code ties a person to one car, each car has a profile of its own (C-25).
    """
    return not catalog.generation(vehicle.generation).needs_pairing_code


def signs_in_by_security_code(*, vehicle: Vehicle) -> bool:
    """Whether the car takes e-mail address and security code of anybody (TAY-014); others take pairing codes."""
    return not catalog.generation(vehicle.generation).needs_pairing_code


def profile_of(*, account_id: UUID, vehicle: Vehicle) -> dict[str, Any]:  # a setting is a number or a list of texts
    """A person's own settings as this car is to have them, by name; nobody else's (USR-003, USR-009)."""
    own = None if keeps_profiles_in_account(vehicle=vehicle) else vehicle
    found = PersonalSetting.objects.filter(account_id=account_id, vehicle=own).order_by("name")
    return dict(found.values_list("name", "value"))


def lists_used_in(*, vehicle: Vehicle) -> list[str]:
    """The lists of a profile that services of this car use, whether they are ordered yet or not."""
    services = catalog.services_for(
        generation=vehicle.generation, drive=vehicle.drive, equipment=vehicle.equipment, country=vehicle.country
    )
    known = {service.id for service in services}
    return [name for name, service in LISTS.items() if service in known]


def settings_of(*, account: Account) -> list[PersonalSetting]:
    """Everything that is kept in a person's profiles, those of the account first, then car by car."""
    found = PersonalSetting.objects.filter(account=account).select_related("vehicle")
    return sorted(found, key=lambda each: (each.vehicle.vin if each.vehicle else "", each.name))


def settings_document(*, vehicle: Vehicle) -> dict[str, Any]:  # JSON
    """What the car is told of the profile of whoever is signed in; nothing while nobody is."""
    account_id = vehicle.signed_in_account_id
    if account_id is None:
        return {"account_id": None, "settings": {}}
    return {"account_id": str(account_id), "settings": profile_of(account_id=account_id, vehicle=vehicle)}


def signed_in_to(*, account_id: UUID) -> list[Vehicle]:
    """The cars in which a person is signed in now, their own or not."""
    return list(Vehicle.objects.filter(signed_in_account_id=account_id).order_by("vin"))


def cars_with_remote_access(*, account: Account) -> list[Vehicle]:
    """The cars whose main user the person is and in which remote access is granted."""
    own = current_assignments().filter(account=account, role=Role.MAIN_USER).values("vehicle")
    granted = RemoteAccessGrant.objects.filter(revoked_at=None).values("vehicle")
    return list(Vehicle.objects.filter(id__in=own).filter(id__in=granted).order_by("model_name", "vin"))
