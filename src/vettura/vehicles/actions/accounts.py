"""What a person's end with the platform means for the cars."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from vettura.vehicles import queries
from vettura.vehicles.actions.leases import end_lease_of_driver
from vettura.vehicles.actions.parting import end_assignments, part_main_user
from vettura.vehicles.actions.users import lock_vehicle
from vettura.vehicles.models import Assignment, OwnershipClaim, Role


@transaction.atomic
def end_all_of(*, account_id: UUID, at: datetime) -> None:
    """
    This will end a person's time with every car, because the account is no more (ID-037); a leased car goes back.

    Repeating it changes nothing.
    """
    vins = queries.current_assignments().filter(account_id=account_id).values_list("vehicle__vin", flat=True)
    for vin in vins.order_by("vehicle__vin"):
        vehicle = lock_vehicle(vin=vin)
        own = Assignment.objects.filter(vehicle=vehicle, account_id=account_id, until=None)
        if own.filter(role=Role.MAIN_USER).exists():
            part_main_user(vehicle=vehicle, because="account_deleted", at=at)
            end_lease_of_driver(vehicle=vehicle, driver_id=account_id, at=at)
        else:
            end_assignments(vehicle, own, because="account_deleted", at=at)
    OwnershipClaim.objects.filter(account_id=account_id, status=OwnershipClaim.Status.PENDING).update(
        status=OwnershipClaim.Status.WITHDRAWN, document=None, decided_at=at
    )
