"""People become users of a car and stop being users of it."""

import secrets
from datetime import datetime

from django.db import transaction

from vettura.catalog import queries as catalog
from vettura.foundation import outbox
from vettura.foundation.errors import NotFound
from vettura.identity.models import Account
from vettura.vehicles import queries
from vettura.vehicles.errors import VehicleHasMainUser
from vettura.vehicles.events import MainUserAssigned, SecondaryUserAssigned, UsersChanged
from vettura.vehicles.models import Assignment, PairingCode, Role, Vehicle


def lock_vehicle(*, vin: str) -> Vehicle:
    """The car's row, locked until the transaction ends: it owns every decision on users. Raises NotFound."""
    found = Vehicle.objects.select_for_update().filter(vin=vin).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def assign_user(
    *, vehicle: Vehicle, account: Account, role: str, at: datetime, ends_at: datetime | None = None
) -> Assignment:
    """
    This will make a person a user of a car in a role, for good or until a moment; repeating it changes nothing.

    A secondary user can become the main user. Raises VehicleHasMainUser. Checks no invitation: callers do.
    """
    vehicle = lock_vehicle(vin=vehicle.vin)
    current = list(queries.current_assignments().filter(vehicle=vehicle))
    own = next((each for each in current if each.account_id == account.id), None)
    if own and own.role in (role, Role.MAIN_USER):
        return own
    if role == Role.MAIN_USER:
        if any(each.role == Role.MAIN_USER for each in current):
            raise VehicleHasMainUser
        if own:
            own.until = at
            own.ended_because = "promoted"
            own.save(update_fields=["until", "ended_because"])
        # the head unit knows the former main user's code only (C-11)
        vehicle.linked_at = None
        vehicle.save(update_fields=["linked_at"])
    assignment = Assignment.objects.create(vehicle=vehicle, account=account, role=role, since=at, ends_at=ends_at)
    _make_pairing_code(vehicle, account)
    assigned = MainUserAssigned if role == Role.MAIN_USER else SecondaryUserAssigned
    outbox.publish(assigned(vin=vehicle.vin, account_id=account.id, at=at))
    outbox.publish(UsersChanged(vin=vehicle.vin, at=at))
    return assignment


def _make_pairing_code(vehicle: Vehicle, account: Account) -> None:
    """This will give the pair a code that nobody else has for this car (C-11), where the generation needs one."""
    if not catalog.generation(vehicle.generation).needs_pairing_code:
        return
    others = PairingCode.objects.filter(vehicle=vehicle)
    if others.filter(account=account).exists():
        return
    taken = {queries.digits_of(each) for each in others}
    while True:
        code = PairingCode(vehicle=vehicle, account=account, seed=secrets.token_urlsafe(32))
        if queries.digits_of(code) not in taken:
            code.save()
            return
