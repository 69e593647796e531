"""How a person's time with a car ends: removed, left, run out, sold, returned, or with the account."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from vettura.foundation import audit, clock, outbox
from vettura.foundation.errors import NotFound
from vettura.identity.models import Account, Channel
from vettura.vehicles import queries
from vettura.vehicles.actions.sharing import decide_sharing
from vettura.vehicles.actions.users import assign_user, lock_vehicle
from vettura.vehicles.events import (
    MainUserParted,
    RemoteAccessRevoked,
    UserRemoved,
    UsersChanged,
)
from vettura.vehicles.models import (
    Assignment,
    CarSignIn,
    Invitation,
    Lease,
    PairingCode,
    PersonalSetting,
    RemoteAccessGrant,
    Role,
    Sale,
    SecurityCodeChallenge,
    Vehicle,
)

# how a decision reached us that follows from parting, by the way in that parted the car
CHANNELS = {"web": Channel.PORTAL, "desk": Channel.DESK, "api": Channel.API}


@transaction.atomic
def remove_vehicle(*, by: Account, vin: str) -> None:
    """
    This will take a car out of the main user's garage for good (GAR-007, GAR-012, GAR-019).

    Everybody's rights end with it, contracts stay with the car. Only a partner or Assistance brings it back (GAR-008).
    Removing it twice is the same as once. Raises MainUserOnly for secondary users, LeasedCar, and NotFound.
    """
    vehicle = lock_vehicle(vin=vin)
    if queries.was_main_user(account=by, vehicle=vehicle) and queries.role_of(account=by, vehicle=vehicle) is None:
        return
    queries.require(account=by, vehicle=vehicle, permission="remove")
    part_main_user(vehicle=vehicle, because="removed", at=clock.now())


@transaction.atomic
def remove_secondary_user(*, by: Account, vin: str, account_id: UUID) -> None:
    """
    This will end a secondary user's rights at once (USR-010).

    Removing somebody twice is the same as once. Raises MainUserOnly, and NotFound for strangers and for people who
    never were secondary users of this car.
    """
    vehicle = lock_vehicle(vin=vin)
    queries.require(account=by, vehicle=vehicle, permission="remove_users")
    ever = Assignment.objects.filter(vehicle=vehicle, account_id=account_id, role=Role.SECONDARY_USER)
    if not ever.exists():
        raise NotFound
    end_assignments(vehicle, ever.filter(until=None), because="removed", at=clock.now())


@transaction.atomic
def leave_vehicle(*, by: Account, vin: str) -> None:
    """
    This will end a secondary user's time with a car, as that person wishes.

    Leaving twice is the same as once. Raises NotFound for people who never used the car, and NotAllowed for its main
    user, who removes it.
    """
    vehicle = lock_vehicle(vin=vin)
    ever = Assignment.objects.filter(vehicle=vehicle, account_id=by.id, role=Role.SECONDARY_USER)
    if queries.role_of(account=by, vehicle=vehicle) is None:
        if ever.exists():
            return
        raise NotFound
    queries.require(account=by, vehicle=vehicle, permission="leave")
    end_assignments(vehicle, ever.filter(until=None), because="left", at=clock.now())


@transaction.atomic
def end_due_user(*, assignment_id: UUID, at: datetime) -> bool:
    """This will end a secondary user's time whose last day is over; returns whether it did."""
    known = Assignment.objects.filter(id=assignment_id).select_related("vehicle").first()
    if known is None:
        return False
    vehicle = lock_vehicle(vin=known.vehicle.vin)
    due = Assignment.objects.filter(id=assignment_id, until=None, ends_at__lte=at, role=Role.SECONDARY_USER)
    return end_assignments(vehicle, due, because="term", at=at) > 0


def part_main_user(*, vehicle: Vehicle, because: str, at: datetime) -> None:
    """
    This will part a car from its main user: nothing of that person's is left with it, and nothing of it with the person.

    Every user's rights end, pairing codes are gone, nobody is signed in, remote access and sharing with partners end,
    open invitations of secondary users are void. Contracts are untouched: they are the car's (STO-002). Runs in the
    caller's transaction, with the car locked; a car without a main user is left as it is.
    """
    main_user = queries.main_user_of(vehicle=vehicle)
    if main_user is None:
        return
    end_assignments(vehicle, Assignment.objects.filter(vehicle=vehicle, until=None), because=because, at=at)
    if because != "leased":
        _call_off_plans(vehicle, at)
    Invitation.objects.filter(vehicle=vehicle, role=Role.SECONDARY_USER, used_at=None, voided_at=None).update(
        voided_at=at
    )
    PairingCode.objects.filter(vehicle=vehicle).delete()
    CarSignIn.objects.filter(vehicle=vehicle).delete()
    SecurityCodeChallenge.objects.filter(vehicle=vehicle).delete()
    if RemoteAccessGrant.objects.filter(vehicle=vehicle, revoked_at=None).update(
        revoked_at=at, revoked_because=because
    ):
        outbox.publish(RemoteAccessRevoked(vin=vehicle.vin, because=because, at=at))
    _end_sharing(main_user, vehicle)
    # the plate is the person's in most countries; a code typed by that person links nobody else (C-71)
    vehicle.plate, vehicle.linked_at, vehicle.signed_in_account = "", None, None
    vehicle.wrong_codes, vehicle.codes_locked_until = 0, None
    vehicle.save(update_fields=["plate", "linked_at", "signed_in_account", "wrong_codes", "codes_locked_until"])
    outbox.publish(MainUserParted(vin=vehicle.vin, account_id=main_user.id, because=because, at=at))


def begin_lease(*, lease_id: UUID, vehicle: Vehicle, driver: Account, at: datetime) -> None:
    """
    This will make the driver the main user, in the place of the lessor.

    Runs in the caller's transaction, with the car locked. The lessor's own data are parted as in a sale.
    """
    lease = Lease.objects.select_for_update().get(id=lease_id)
    part_main_user(vehicle=vehicle, because="leased", at=at)
    assign_user(vehicle=vehicle, account=driver, role=Role.MAIN_USER, at=at)
    lease.driver, lease.began_at = driver, at
    lease.save(update_fields=["driver", "began_at"])


def _end_sharing(account: Account, vehicle: Vehicle) -> None:
    """A permission was for this car in this person's hands; the proof that it was given stays."""
    for shared in queries.sharing_of(account=account):
        if shared.vehicle_id == vehicle.id:
            decide_sharing(
                account=account,
                partner=shared.partner,
                vehicle=vehicle,
                decision=False,
                language=account.language,
                channel=CHANNELS.get(audit.channel(), Channel.OPERATOR),
            )


def end_assignments(vehicle: Vehicle, which: Iterable[Assignment], *, because: str, at: datetime) -> int:
    """
    This will end rights at once: the assignment, the person's pairing code, the settings for this car, the sign-in in it.
    Returns how many.

    Runs in the caller's transaction, with the car locked.
    """
    ended = list(which)
    for each in ended:
        each.until, each.ended_because = at, because
        each.save(update_fields=["until", "ended_because"])
        # a former user's code opens nothing, also if the person is invited again
        PairingCode.objects.filter(vehicle=vehicle, account_id=each.account_id).delete()
        PersonalSetting.objects.filter(vehicle=vehicle, account_id=each.account_id).delete()
        if vehicle.signed_in_account_id == each.account_id:
            vehicle.signed_in_account = None
            vehicle.save(update_fields=["signed_in_account"])
        outbox.publish(UserRemoved(vin=vehicle.vin, account_id=each.account_id, role=each.role, at=at))
    if ended:
        outbox.publish(UsersChanged(vin=vehicle.vin, at=at))
    return len(ended)


def _call_off_plans(vehicle: Vehicle, at: datetime) -> None:
    """What the main user had begun to do with the car and no longer can: a sale, the offer of a lease."""
    Sale.objects.filter(vehicle=vehicle, released_at=None, called_off_at=None).update(called_off_at=at)
    offers = Lease.objects.filter(vehicle=vehicle, began_at=None, ended_at=None)
    Invitation.objects.filter(lease__in=offers, used_at=None, voided_at=None).update(voided_at=at)
    offers.update(ended_at=at, ended_because="called_off")
