"""Personal settings: changed in a car, kept with the account, found in the next car."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from vettura.foundation import clock, outbox
from vettura.identity.models import Account
from vettura.vehicles import queries, rules
from vettura.vehicles.actions.users import lock_vehicle
from vettura.vehicles.errors import SettingUnfit
from vettura.vehicles.events import PersonalSettingsChanged
from vettura.vehicles.models import PersonalSetting, Vehicle
from vettura_wire import settings as wire


@transaction.atomic
def change_settings_in_car(*, vin: str, account_id: UUID, changed: Mapping[str, Any], at: datetime) -> bool:
    """
    This will keep what the person who is signed in to the car has set there, at a moment (world time), and tell the other
    cars in which the same person is signed in (TAY-012, TAY-013).

    Of each setting the latest change counts. Settings that the wire does not know are left out. It says whether the car
    may say so: not for anybody but the person who is signed in, and not for a guest (TAY-005, TAY-006). Raises
    NotFound for an unknown VIN.
    """
    vehicle = lock_vehicle(vin=vin)
    if vehicle.signed_in_account_id != account_id:
        return False
    known = {name: value for name, value in changed.items() if wire.fits(name, value)}
    _keep(vehicle, account_id, known, at)
    return True


@transaction.atomic
def change_settings(*, by: Account, vin: str, changed: Mapping[str, Any]) -> None:
    """
    This will keep what a person chose in the portal for a car of theirs; a car in which the person is signed in hears of
    it at once, every other one when the person signs in or types the code there (PAI-003, USR-003).

    Raises NotFound for strangers, what `queries.require` raises, and SettingUnfit.
    """
    vehicle = queries.vehicle_for(account=by, vin=vin)
    queries.require(account=by, vehicle=vehicle, permission="configure_own_services")
    unfit = [name for name, value in changed.items() if not wire.fits(name, value)]
    if unfit:
        raise SettingUnfit(name=unfit[0])
    _keep(lock_vehicle(vin=vin), by.id, changed, clock.now())


def _keep(vehicle: Vehicle, account_id: UUID, changed: Mapping[str, Any], at: datetime) -> None:
    own = None if queries.keeps_profiles_in_account(vehicle=vehicle) else vehicle
    known = {
        each.name: each
        for each in PersonalSetting.objects.select_for_update()
        .filter(account_id=account_id, vehicle=own, name__in=list(changed))
        .order_by("id")
    }
    taken = [
        PersonalSetting(account_id=account_id, vehicle=own, name=name, value=value, changed_at=at)
        for name, value in changed.items()
        if rules.is_taken(changed_at=known[name].changed_at if name in known else None, at=at)
    ]
    if taken:
        PersonalSetting.objects.bulk_create(
            taken,
            update_conflicts=True,
            update_fields=["value", "changed_at"],
            unique_fields=["account", "vehicle", "name"],
        )
        _tell_cars(vehicle, account_id, at)


def _tell_cars(changed_in: Vehicle, account_id: UUID, at: datetime) -> None:
    for car in queries.signed_in_to(account_id=account_id):
        if car.id == changed_in.id or queries.keeps_profiles_in_account(vehicle=car):
            outbox.publish(PersonalSettingsChanged(vin=car.vin, account_id=account_id, at=at))


@transaction.atomic
def forget_settings(*, vin: str, account_id: UUID) -> None:
    """
    This will delete the profile that a car of its own kept of a person who no longer uses it; what is kept in the
    account for every car stays. Repeating it changes nothing.
    """
    PersonalSetting.objects.filter(account_id=account_id, vehicle__vin=vin).delete()
