"""What people do in the car: codes, sign-out, remote access, privacy mode, factory settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from vettura.catalog import queries as catalog
from vettura.foundation import clock, locks, outbox
from vettura.identity.models import Account
from vettura.vehicles import queries, rules
from vettura.vehicles.actions.users import lock_vehicle
from vettura.vehicles.errors import MainUserOnly, NotSignedInInCar
from vettura.vehicles.events import (
    HeadUnitPaired,
    HeadUnitUnpaired,
    PrivacyModeChanged,
    RemoteAccessGranted,
    RemoteAccessRevoked,
    UsersChanged,
)
from vettura.vehicles.models import Assignment, PairingCode, PersonalSetting, RemoteAccessGrant, Role, Vehicle

PairingError = Literal["no_data_connection", "code_wrong", "locked", "challenge_spent"]
Purpose = Literal["sign_in", "remote_access"]


@dataclass(frozen=True, kw_only=True)
class PairingOutcome:
    """What became of a typed code: whose it was, or why it was not taken."""

    account: Account | None = None
    error: PairingError | None = None


@transaction.atomic
def enter_pairing_code(*, vin: str, code: str, purpose: Purpose) -> PairingOutcome:
    """
    This will sign the code's owner in to the head unit; the main user's code links the car (PAI-001, PAI-005).

    A secondary user's code before the main user's, or to grant remote access, gives `no_data_connection` although
    data is up (C-11, PAI-011). Wrong codes are counted per car, whoever types them; after too many every code is
    `locked` for a while (real time). It returns and never raises for a wrong code, so that the count is kept. Raises
    NotFound for an unknown VIN.
    """
    vehicle = lock_vehicle(vin=vin)
    real_at = clock.real_now()
    if vehicle.codes_locked_until is not None and real_at < vehicle.codes_locked_until:
        return PairingOutcome(error="locked")
    owner = _owner_of(vehicle, code)
    if owner is None:
        terms = catalog.terms()
        count_wrong_code(
            vehicle, real_at, attempts=terms.pairing_code_attempts, first_lock=terms.pairing_code_lock_duration
        )
        return PairingOutcome(error="code_wrong")
    if owner.role == Role.SECONDARY_USER and (vehicle.linked_at is None or purpose == "remote_access"):
        return PairingOutcome(error="no_data_connection")
    forgive_wrong_codes(vehicle)
    sign_in_to_car(vehicle=vehicle, account=owner.account, role=owner.role, at=clock.now())
    return PairingOutcome(account=owner.account)


def _owner_of(vehicle: Vehicle, code: str) -> Assignment | None:
    """Who of the car's users owns the code; every code is compared, so that the time tells nothing."""
    users = {
        each.account_id: each
        for each in queries.current_assignments().filter(vehicle=vehicle).select_related("account")
    }
    codes = PairingCode.objects.filter(vehicle=vehicle, account_id__in=users)
    owners = [users[each.account_id] for each in codes if rules.is_same_code(queries.digits_of(each), code)]
    return owners[0] if owners else None


def count_wrong_code(vehicle: Vehicle, real_at: datetime, *, attempts: int, first_lock: timedelta) -> None:
    """
    This will count a wrong pairing or security code of a car; after too many none is taken for a while, longer each
    time.

    Runs in the caller's transaction, with the car locked.
    """
    vehicle.wrong_codes += 1
    if vehicle.wrong_codes >= attempts:
        longest = catalog.terms().longest_code_lock_duration
        duration = locks.lock_duration(locks_before=vehicle.code_locks, first=first_lock, longest=longest)
        vehicle.wrong_codes, vehicle.code_locks = 0, vehicle.code_locks + 1
        vehicle.codes_locked_until = real_at + duration
    vehicle.save(update_fields=["wrong_codes", "code_locks", "codes_locked_until"])


def forgive_wrong_codes(vehicle: Vehicle) -> None:
    """This will begin the count of a car's wrong codes afresh, after a right one."""
    vehicle.wrong_codes, vehicle.code_locks, vehicle.codes_locked_until = 0, 0, None
    vehicle.save(update_fields=["wrong_codes", "code_locks", "codes_locked_until"])


def sign_in_to_car(*, vehicle: Vehicle, account: Account, role: str | None, at: datetime) -> None:
    """
    This will make the person the head unit's user; the main user links the car. A visitor has no role.

    Runs in the caller's transaction, with the car locked.
    """
    is_new = vehicle.signed_in_account_id != account.id
    vehicle.signed_in_account = account
    if role == Role.MAIN_USER and vehicle.linked_at is None:
        vehicle.linked_at = at
        is_new = True
    if is_new:
        vehicle.save(update_fields=["signed_in_account", "linked_at"])
        outbox.publish(HeadUnitPaired(vin=vehicle.vin, account_id=account.id, at=at))
        outbox.publish(UsersChanged(vin=vehicle.vin, at=at))


@transaction.atomic
def sign_out_of_car(*, vin: str) -> None:
    """
    This will leave the head unit without a user; the car stays linked.

    Repeating it changes nothing. Raises NotFound.
    """
    vehicle = lock_vehicle(vin=vin)
    if vehicle.signed_in_account_id is None:
        return
    vehicle.signed_in_account = None
    vehicle.save(update_fields=["signed_in_account"])
    outbox.publish(UsersChanged(vin=vin, at=clock.now()))


@transaction.atomic
def unpair(*, vin: str, account_id: UUID) -> None:
    """
    This will take back the tie between head unit and account, as the main user, signed in there, said in the car: nobody
    is signed in, remote access ends, and the code has to be typed again (C-71).

    Repeating it changes nothing. Raises MainUserOnly, also for a car that is not tied to anybody.
    """
    vehicle = lock_vehicle(vin=vin)
    if vehicle.linked_at is None:
        return
    if (
        not rules.may(_role_in(vehicle, account_id), "grant_remote_access")
        or vehicle.signed_in_account_id != account_id
    ):
        raise MainUserOnly
    at = clock.now()
    _end_remote_access(vehicle, because="unpaired")
    vehicle.signed_in_account, vehicle.linked_at = None, None
    vehicle.save(update_fields=["signed_in_account", "linked_at"])
    outbox.publish(HeadUnitUnpaired(vin=vin, account_id=account_id, at=at))
    outbox.publish(UsersChanged(vin=vin, at=at))


@transaction.atomic
def forget_driver(*, account_id: UUID) -> None:
    """
    This will follow the deletion of an account: no car has the person signed in or keeps a profile of theirs.

    Repeating it changes nothing.
    """
    _sign_out_everywhere(account_id, vins=[each.vin for each in queries.signed_in_to(account_id=account_id)])
    PersonalSetting.objects.filter(account_id=account_id).delete()


@transaction.atomic
def distrust_former_code(*, account_id: UUID) -> None:
    """
    This will follow the reset of a security code: remote access to the person's own cars ends (REM-005), and the person
    is signed out wherever the code, which somebody else may know, opened the head unit (REM-006).

    Repeating it changes nothing.
    """
    own = queries.current_assignments().filter(account_id=account_id, role=Role.MAIN_USER)
    for vin in own.order_by("vehicle__vin").values_list("vehicle__vin", flat=True):
        _end_remote_access(lock_vehicle(vin=vin), because="security_code_reset")
    signed_in = queries.signed_in_to(account_id=account_id)
    opened = [each for each in signed_in if queries.signs_in_by_security_code(vehicle=each)]
    _sign_out_everywhere(account_id, vins=[each.vin for each in opened])


def _sign_out_everywhere(account_id: UUID, *, vins: Sequence[str]) -> None:
    for vin in vins:
        vehicle = lock_vehicle(vin=vin)
        if vehicle.signed_in_account_id == account_id:
            vehicle.signed_in_account = None
            vehicle.save(update_fields=["signed_in_account"])
            outbox.publish(UsersChanged(vin=vin, at=clock.now()))


@transaction.atomic
def grant_remote_access(*, vin: str, account_id: UUID) -> RemoteAccessGrant:
    """
    This will let the platform reach the car's vehicle-related functions, as the main user said in the car (REM-002).

    Granting twice is the same as once. Raises MainUserOnly (USR-017) and NotSignedInInCar. Only the car's own message
    may lead here.
    """
    vehicle = lock_vehicle(vin=vin)
    _check_main_user_in_car(vehicle, account_id)
    at = clock.now()
    grant, is_new = RemoteAccessGrant.objects.get_or_create(
        vehicle=vehicle, revoked_at=None, defaults={"granted_by_id": account_id, "granted_at": at}
    )
    if is_new:
        outbox.publish(RemoteAccessGranted(vin=vin, account_id=account_id, at=at))
        outbox.publish(UsersChanged(vin=vin, at=at))
    return grant


def _check_main_user_in_car(vehicle: Vehicle, account_id: UUID) -> None:
    role = _role_in(vehicle, account_id)
    is_paired = vehicle.linked_at is not None and catalog.generation(vehicle.generation).needs_pairing_code
    is_signed_in = vehicle.signed_in_account_id == account_id
    if rules.may_grant_remote_access(role=role, is_signed_in=is_signed_in, is_paired=is_paired):
        return
    if rules.may(role, "grant_remote_access"):
        raise NotSignedInInCar
    raise MainUserOnly


def _role_in(vehicle: Vehicle, account_id: UUID) -> str | None:
    found = queries.current_assignments().filter(vehicle=vehicle, account_id=account_id).first()
    return found.role if found else None


@transaction.atomic
def revoke_remote_access(*, vin: str, account_id: UUID) -> None:
    """
    This will end remote access, as the main user said in the car.

    Revoking twice is the same as once. Raises MainUserOnly, NotSignedInInCar.
    """
    vehicle = lock_vehicle(vin=vin)
    _check_main_user_in_car(vehicle, account_id)
    _end_remote_access(vehicle, because="main_user")


def _end_remote_access(vehicle: Vehicle, *, because: str) -> bool:
    at = clock.now()
    ended = RemoteAccessGrant.objects.filter(vehicle=vehicle, revoked_at=None).update(
        revoked_at=at, revoked_because=because
    )
    if ended:
        outbox.publish(RemoteAccessRevoked(vin=vehicle.vin, because=because, at=at))
        outbox.publish(UsersChanged(vin=vehicle.vin, at=at))
    return bool(ended)


@transaction.atomic
def forget_head_unit(*, vin: str) -> None:
    """
    This will follow a reset of the head unit to factory settings: remote access is off (REM-004), nobody is signed
    in, and where a code is needed it has to be typed again (C-71).

    Repeating it changes nothing. Raises NotFound.
    """
    vehicle = lock_vehicle(vin=vin)
    _end_remote_access(vehicle, because="factory_reset")
    if vehicle.signed_in_account_id is None and vehicle.linked_at is None:
        return
    vehicle.signed_in_account, vehicle.linked_at = None, None
    vehicle.save(update_fields=["signed_in_account", "linked_at"])
    outbox.publish(UsersChanged(vin=vin, at=clock.now()))


@transaction.atomic
def set_privacy_mode(*, vin: str, on: bool, at: datetime) -> None:
    """
    This will note how privacy mode was set in the car at a moment (world time).

    The latest moment counts: an older message that comes late changes nothing. Raises NotFound.
    """
    vehicle = lock_vehicle(vin=vin)
    if vehicle.privacy_changed_at is not None and at <= vehicle.privacy_changed_at:
        return
    changed = vehicle.privacy_mode_on != on
    vehicle.privacy_mode_on, vehicle.privacy_changed_at = on, at
    vehicle.save(update_fields=["privacy_mode_on", "privacy_changed_at"])
    if changed:
        outbox.publish(PrivacyModeChanged(vin=vin, on=on, at=at))


@transaction.atomic
def change_name(*, account_id: UUID, at: datetime) -> None:
    """
    This will tell every car of a person that the name on its screen has changed.

    Repeating it tells the cars again.
    """
    own = queries.current_assignments().filter(account_id=account_id).values("vehicle")
    cars = Vehicle.objects.filter(Q(id__in=own) | Q(signed_in_account_id=account_id))
    for vin in cars.order_by("vin").values_list("vin", flat=True):
        outbox.publish(UsersChanged(vin=vin, at=at))
