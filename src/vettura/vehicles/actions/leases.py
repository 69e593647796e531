"""Leasing: the car belongs to a lessor, the driver is its main user meanwhile (decision 0008)."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.identity.models import Account
from vettura.vehicles import queries, rules
from vettura.vehicles.actions.invitations import invite
from vettura.vehicles.actions.parting import part_main_user
from vettura.vehicles.actions.users import assign_user, lock_vehicle
from vettura.vehicles.errors import CarIsBeingSold, DayIsOver, LeasedToOneself
from vettura.vehicles.models import Invitation, Lease, Role, Vehicle


@transaction.atomic
def offer_lease(*, by: Account, vin: str, driver_email: str, last_day: date, language: str) -> Lease:
    """
    This will invite a driver to use the car as its main user until a day; `by` becomes the lessor when the driver accepts.

    Offering again before that changes driver and day and sends a new link. Raises MainUserOnly, NotFound,
    CarIsBeingSold, DayIsOver and LeasedToOneself.
    """
    vehicle = lock_vehicle(vin=vin)
    queries.require(account=by, vehicle=vehicle, permission="lease_out")
    if queries.open_sale_of(vehicle=vehicle) is not None:
        raise CarIsBeingSold
    at = clock.now()
    ends_at = rules.end_of_day(last_day, catalog.country(vehicle.country).timezone)
    if ends_at <= at:
        raise DayIsOver
    email = driver_email.strip().lower()
    if email == by.email.lower():
        raise LeasedToOneself
    lease, is_new = Lease.objects.get_or_create(
        vehicle=vehicle,
        ended_at=None,
        defaults={"lessor": by, "driver_email": email, "offered_at": at, "ends_at": ends_at},
    )
    if not is_new:
        lease.driver_email, lease.ends_at = email, ends_at
        lease.save(update_fields=["driver_email", "ends_at"])
    invite(vehicle=vehicle, role=Role.MAIN_USER, by=by, partner=None, email=email, language=language, lease=lease)
    return lease


@transaction.atomic
def end_lease(*, by: Account, lease_id: UUID) -> Lease:
    """
    This will return the car to its lessor now; an offer that nobody accepted is taken back.

    For the lessor and the driver; others get NotFound. Ending twice is the same as once.
    """
    known = Lease.objects.filter(id=lease_id).select_related("vehicle").first()
    if known is None or by.id not in (known.lessor_id, known.driver_id):
        raise NotFound
    return _end(known, because="driver" if by.id == known.driver_id else "lessor", at=clock.now())


@transaction.atomic
def end_due_lease(*, lease_id: UUID, at: datetime) -> bool:
    """This will return a car whose lease is over (world time); returns whether it did."""
    known = Lease.objects.filter(id=lease_id, ended_at=None, ends_at__lte=at).select_related("vehicle").first()
    if known is None:
        return False
    _end(known, because="term", at=at)
    return True


def end_lease_of_driver(*, vehicle: Vehicle, driver_id: UUID, at: datetime) -> None:
    """This will return the car of a driver whose account is no more. Runs in the caller's transaction, with the car locked."""
    lease = Lease.objects.filter(vehicle=vehicle, driver_id=driver_id, ended_at=None).select_related("vehicle").first()
    if lease is not None:
        _end(lease, because="account", at=at)


def _end(known: Lease, *, because: str, at: datetime) -> Lease:
    vehicle = lock_vehicle(vin=known.vehicle.vin)
    lease = Lease.objects.select_for_update(of=("self",)).select_related("lessor").get(id=known.id)
    if lease.ended_at is not None:
        return lease
    lease.ended_at, lease.ended_because = at, because
    lease.save(update_fields=["ended_at", "ended_because"])
    Invitation.objects.filter(lease=lease, used_at=None, voided_at=None).update(voided_at=at)
    if lease.began_at is not None:
        main_user = queries.main_user_of(vehicle=vehicle)
        if main_user is not None and main_user.id != lease.lessor_id:
            part_main_user(vehicle=vehicle, because="returned", at=at)
        if lease.lessor.is_active:
            assign_user(vehicle=vehicle, account=lease.lessor, role=Role.MAIN_USER, at=at)
    return lease
