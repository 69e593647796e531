"""What people do in the car: codes, sign-out, remote access, privacy mode, factory settings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from vettura.catalog import queries as catalog
from vettura.foundation import clock, outbox
from vettura.identity.models import Account
from vettura.vehicles import queries, rules
from vettura.vehicles.actions.users import lock_vehicle
from vettura.vehicles.errors import MainUserOnly, NotSignedInInCar
from vettura.vehicles.events import (
    HeadUnitPaired,
    PrivacyModeChanged,
    RemoteAccessGranted,
    RemoteAccessRevoked,
    UsersChanged,
)
from vettura.vehicles.models import Assignment, PairingCode, RemoteAccessGrant, Role, Vehicle

PairingError = Literal["no_data_connection", "code_wrong", "locked"]
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
        _count_wrong_code(vehicle, real_at)
        return PairingOutcome(error="code_wrong")
    if owner.role == Role.SECONDARY_USER and (vehicle.linked_at is None or purpose == "remote_access"):
        return PairingOutcome(error="no_data_connection")
    vehicle.wrong_codes, vehicle.codes_locked_until = 0, None
    vehicle.save(update_fields=["wrong_codes", "codes_locked_until"])
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


def _count_wrong_code(vehicle: Vehicle, real_at: datetime) -> None:
    terms = catalog.terms()
    vehicle.wrong_codes += 1
    if vehicle.wrong_codes >= terms.pairing_code_attempts:
        vehicle.wrong_codes = 0
        vehicle.codes_locked_until = real_at + terms.pairing_code_lock_duration
    vehicle.save(update_fields=["wrong_codes", "codes_locked_until"])


def sign_in_to_car(*, vehicle: Vehicle, account: Account, role: str, at: datetime) -> None:
    """
    This will make the person the head unit's user; the main user links the car.

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
    found = queries.current_assignments().filter(vehicle=vehicle, account_id=account_id).first()
    role = found.role if found else None
    is_paired = vehicle.linked_at is not None and catalog.generation(vehicle.generation).needs_pairing_code
    is_signed_in = vehicle.signed_in_account_id == account_id
    if rules.may_grant_remote_access(role=role, is_signed_in=is_signed_in, is_paired=is_paired):
        return
    if rules.may(role, "grant_remote_access"):
        raise NotSignedInInCar
    raise MainUserOnly


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
    vins = queries.current_assignments().filter(account_id=account_id).values_list("vehicle__vin", flat=True)
    for vin in vins.order_by("vehicle__vin"):
        outbox.publish(UsersChanged(vin=vin, at=at))
