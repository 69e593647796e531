"""Signing in to a car without typing a password there: the car shows a code, the person confirms it in the portal."""

import secrets

from django.db import transaction
from django.db.models import Q

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.identity.models import Account
from vettura.vehicles import queries, rules
from vettura.vehicles.actions.head_unit import sign_in_to_car
from vettura.vehicles.actions.users import lock_vehicle
from vettura.vehicles.errors import CarCodeExpired, CarCodesLocked, CarCodeUnknown
from vettura.vehicles.models import CarSignIn, SignInAttempts, Vehicle


@transaction.atomic
def begin_car_sign_in(*, vin: str, event_id: str) -> CarSignIn:
    """
    This will make a code for the car to show (real time); the same message gives the same code.

    A newer code ends older ones that nobody confirmed. Raises NotFound.
    """
    vehicle = lock_vehicle(vin=vin)
    known = CarSignIn.objects.filter(vehicle=vehicle, event_id=event_id).first()
    if known is not None:
        return known
    real_at = clock.real_now()
    CarSignIn.objects.filter(Q(account=None) | Q(expires_at__lte=real_at), vehicle=vehicle).delete()
    return CarSignIn.objects.create(
        vehicle=vehicle,
        event_id=event_id,
        user_code=_unused_code(),
        expires_at=real_at + catalog.terms().car_sign_in_validity,
    )


def _unused_code() -> str:
    while True:
        code = "".join(secrets.choice(rules.CAR_CODE_LETTERS) for _ in range(rules.CAR_CODE_LENGTH))
        if not CarSignIn.objects.filter(user_code=code).exists():
            return code


def find_car_sign_in(*, user_code: str, by: Account) -> CarSignIn:
    """
    This will find the sign-in that a code stands for, so that the person sees which car it is; a wrong code is counted.

    Raises CarCodeUnknown (also for cars that are not the person's), CarCodeExpired, and CarCodesLocked after too many
    wrong ones (real time).
    """
    with transaction.atomic():
        attempts, _ = SignInAttempts.objects.select_for_update().get_or_create(account=by)
        real_at = clock.real_now()
        if attempts.locked_until is not None and real_at < attempts.locked_until:
            left = attempts.locked_until - real_at
            raise CarCodesLocked(minutes=-(-int(left.total_seconds()) // 60))
        found = _own_sign_in(user_code, by)
        terms = catalog.terms()
        if found is None:
            attempts.wrong_codes += 1
            if attempts.wrong_codes >= terms.pairing_code_attempts:
                attempts.wrong_codes = 0
                attempts.locked_until = real_at + terms.pairing_code_lock_duration
        else:
            attempts.wrong_codes, attempts.locked_until = 0, None
        attempts.save()
    # outside the transaction: the count must outlive the refusal
    if found is None:
        raise CarCodeUnknown
    if found.account_id is None and real_at >= found.expires_at:
        raise CarCodeExpired
    return found


def _own_sign_in(user_code: str, by: Account) -> CarSignIn | None:
    found = CarSignIn.objects.filter(user_code=rules.normal_car_code(user_code)).select_related("vehicle").first()
    if found is None or queries.role_of(account=by, vehicle=found.vehicle) is None:
        return None
    return found if found.account_id in (None, by.id) else None


def confirm_car_sign_in(*, user_code: str, by: Account) -> Vehicle:
    """
    This will sign the person in to the car that shows the code; the main user's first sign-in links the car.

    A code works once; confirming again is the same as once. Raises what `find_car_sign_in` raises.
    """
    known = find_car_sign_in(user_code=user_code, by=by)
    with transaction.atomic():
        vehicle = lock_vehicle(vin=known.vehicle.vin)
        sign_in = CarSignIn.objects.select_for_update().get(id=known.id)
        role = queries.role_of(account=by, vehicle=vehicle)
        if role is None or sign_in.account_id not in (None, by.id):
            raise CarCodeUnknown
        if sign_in.account_id is None:
            sign_in.account, sign_in.confirmed_at = by, clock.real_now()
            sign_in.save(update_fields=["account", "confirmed_at"])
            sign_in_to_car(vehicle=vehicle, account=by, role=role, at=clock.now())
    return vehicle
