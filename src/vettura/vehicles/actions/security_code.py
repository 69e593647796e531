"""Signing in to a car with e-mail address and security code; the car proves the code and never sends it (wire.md)."""

import secrets
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.ids import new_id
from vettura.identity import actions as identity
from vettura.identity import queries as people
from vettura.identity.models import Account
from vettura.vehicles import queries, rules
from vettura.vehicles.actions.head_unit import PairingOutcome, count_wrong_code, forgive_wrong_codes, sign_in_to_car
from vettura.vehicles.actions.users import lock_vehicle
from vettura.vehicles.models import SecurityCodeChallenge, Vehicle
from vettura_wire.security_code import CodeChallenge, CodeProof, challenge_of, is_proven


@dataclass(frozen=True, kw_only=True)
class CodeQuestion:
    """Whose code a car wants to prove: an address that was typed, or a person whom the car knows."""

    email: str = ""
    account_id: UUID | None = None


@transaction.atomic
def begin_code_sign_in(*, vin: str, event_id: str, question: CodeQuestion) -> CodeChallenge | None:
    """
    This will make the challenge with which a car proves a typed code, once and soon (real time); None while the car's
    codes are locked. The same message gets the same challenge; a newer one ends those before it.

    Somebody unknown gets a challenge too, which nothing can answer. Raises NotFound for an unknown VIN.
    """
    vehicle = lock_vehicle(vin=vin)
    at = clock.real_now()
    if vehicle.codes_locked_until is not None and at < vehicle.codes_locked_until:
        return None
    known = SecurityCodeChallenge.objects.filter(vehicle=vehicle, event_id=event_id).first()
    if known is None:
        SecurityCodeChallenge.objects.filter(vehicle=vehicle).delete()
        account = _asked_for(question)
        about = question.email.strip().lower() or str(question.account_id)
        known = SecurityCodeChallenge.objects.create(
            id=new_id(),
            vehicle=vehicle,
            event_id=event_id,
            account=account,
            salt=people.security_code_salt(account=account, about=about),
            seed=secrets.token_bytes(rules.CHALLENGE_SEED_BYTES),
            expires_at=at + rules.CHALLENGE_VALIDITY,
        )
    key, nonce = rules.challenge_secrets(secret=settings.SECRET_KEY, seed=bytes(known.seed))
    return challenge_of(id=str(known.id), salt=bytes(known.salt), nonce=nonce, private=key, expires_at=known.expires_at)


def _asked_for(question: CodeQuestion) -> Account | None:
    if question.account_id is not None:
        return people.account(id=question.account_id)
    return people.find_by_email(email=question.email)


@transaction.atomic
def finish_code_sign_in(*, vin: str, proof: CodeProof) -> PairingOutcome:
    """
    This will sign the person in whose code the car has proven: also somebody who does not belong to the car, whose
    garage stays as it is (TAY-014, TAY-016).

    Wrong codes are counted per car and per account, whoever types them; after too many none is taken for a while (real
    time), longer each time. It returns and never raises for a wrong code, so that the counts are kept. A challenge
    is answered once: another answer is `challenge_spent`. Raises NotFound for an unknown VIN.
    """
    vehicle = lock_vehicle(vin=vin)
    at = clock.real_now()
    if vehicle.codes_locked_until is not None and at < vehicle.codes_locked_until:
        return PairingOutcome(error="locked")
    challenge = _spend(vehicle, proof.challenge)
    if challenge is None or at >= challenge.expires_at:
        return PairingOutcome(error="challenge_spent")
    key, nonce = rules.challenge_secrets(secret=settings.SECRET_KEY, seed=bytes(challenge.seed))
    error = identity.check_code_proof(
        account_id=challenge.account_id,
        is_proven=lambda verifier: is_proven(proof, vin=vin, nonce=nonce, private=key, verifier=verifier),
    )
    account = challenge.account
    if error is not None or account is None:
        terms = catalog.terms()
        count_wrong_code(
            vehicle, at, attempts=terms.security_code_attempts, first_lock=terms.security_code_lock_duration
        )
        return PairingOutcome(error=error or "code_wrong")
    forgive_wrong_codes(vehicle)
    role = queries.role_of(account=account, vehicle=vehicle)
    sign_in_to_car(vehicle=vehicle, account=account, role=role, at=clock.now())
    return PairingOutcome(account=account)


def _spend(vehicle: Vehicle, challenge_id: str) -> SecurityCodeChallenge | None:
    """The challenge, which is gone from now on; None for another car's or one that is gone already."""
    waiting = SecurityCodeChallenge.objects.filter(vehicle=vehicle).select_related("account")
    found = next((each for each in waiting if str(each.id) == challenge_id), None)
    if found is not None:
        SecurityCodeChallenge.objects.filter(id=found.id).delete()
    return found
