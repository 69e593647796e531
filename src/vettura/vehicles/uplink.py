"""The car comes in: what people did at its head unit."""

from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.urls import reverse

from vettura.catalog import queries as catalog
from vettura.foundation.errors import Refusal
from vettura.foundation.uplink import CarEvent, handles
from vettura.vehicles import actions, queries
from vettura_wire.security_code import CodeProof

Reply = dict[str, Any]  # JSON


@handles("pairing_code_entered")
def pairing_code_entered(message: CarEvent) -> Reply:
    """This will take a typed code; the reply says whether it was accepted, and the literal error if not (C-11)."""
    purpose: actions.Purpose = "remote_access" if message.data.get("purpose") == "remote_access" else "sign_in"
    outcome = actions.enter_pairing_code(vin=message.vin, code=str(message.data.get("code", "")), purpose=purpose)
    return {"accepted": outcome.error is None, "error": outcome.error}


@handles("sign_in_requested")
def sign_in_requested(message: CarEvent) -> Reply:
    """
    This will answer with the code to show and where to type it.

    A generation with pairing codes signs in by those only.
    """
    vehicle = queries.vehicle_by_vin(vin=message.vin)
    if catalog.generation(vehicle.generation).needs_pairing_code:
        return {"user_code": None, "error": "pairing_code_needed"}
    sign_in = actions.begin_car_sign_in(vin=message.vin, event_id=message.id)
    url = settings.VETTURA_BASE_URL + reverse("vehicles:car_sign_in")
    return {
        "user_code": sign_in.user_code,
        "verification_url": url,
        "verification_url_complete": f"{url}?code={sign_in.user_code}",
        "expires_at": sign_in.expires_at.isoformat(),
    }


@handles("security_code_requested")
def security_code_requested(message: CarEvent) -> Reply:
    """
    This will answer with the challenge for whoever was named, by address or by id; somebody unknown gets one too.

    A generation with pairing codes signs in by those only.
    """
    if not queries.signs_in_by_security_code(vehicle=queries.vehicle_by_vin(vin=message.vin)):
        return {"accepted": False, "error": "pairing_code_needed"}
    question = actions.CodeQuestion(
        email=str(message.data.get("email") or ""), account_id=_uuid(message.data.get("account_id"))
    )
    challenge = actions.begin_code_sign_in(vin=message.vin, event_id=message.id, question=question)
    if challenge is None:
        return {"accepted": False, "error": "locked"}
    answer: Reply = msgspec.to_builtins(challenge)
    return answer


@handles("security_code_proof")
def security_code_proof(message: CarEvent) -> Reply:
    """This will sign in whoever's code the car has proven; the reply says whether it was accepted, and why not."""
    try:
        proof = msgspec.convert(message.data, CodeProof)
    except msgspec.ValidationError:
        return {"accepted": False, "error": "challenge_spent"}
    outcome = actions.finish_code_sign_in(vin=message.vin, proof=proof)
    return {"accepted": outcome.error is None, "error": outcome.error}


@handles("settings_changed")
def settings_changed(message: CarEvent) -> None:
    """This will keep what the person signed in has set; anybody else's settings are dropped."""
    account_id, changed = _uuid(message.data.get("account_id")), message.data.get("settings")
    if account_id is not None and isinstance(changed, dict):
        actions.change_settings_in_car(vin=message.vin, account_id=account_id, changed=changed, at=message.at)


@handles("unpaired")
def unpaired(message: CarEvent) -> Reply:
    """This will take the tie between head unit and account back, as its main user said."""
    account_id = _uuid(message.data.get("account_id"))
    if account_id is None:
        return {"accepted": False, "error": "vehicles.main_user_only"}
    try:
        actions.unpair(vin=message.vin, account_id=account_id)
    # the reply's shape is part of the wire, as for remote access
    except Refusal as refusal:
        return {"accepted": False, "error": refusal.code}
    return {"accepted": True, "error": None}


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


@handles("signed_out")
def signed_out(message: CarEvent) -> None:
    """This will leave the head unit without a user."""
    actions.sign_out_of_car(vin=message.vin)


@handles("remote_access")
def remote_access(message: CarEvent) -> Reply:
    """
    This will grant or end remote access for the person who said so in the car.

    The reply names a refusal by its code.
    """
    account_id = _uuid(message.data.get("account_id"))
    if account_id is None:
        return {"accepted": False, "error": "vehicles.main_user_only"}
    act = actions.grant_remote_access if message.data.get("granted") is True else actions.revoke_remote_access
    try:
        act(vin=message.vin, account_id=account_id)
    # the reply's shape is part of the wire: a refusal is an answer here, not a failure of the message
    except Refusal as refusal:
        return {"accepted": False, "error": refusal.code}
    return {"accepted": True, "error": None}


@handles("privacy")
def privacy(message: CarEvent) -> None:
    """This will note whether privacy mode is on."""
    actions.set_privacy_mode(vin=message.vin, on=message.data.get("on") is True, at=message.at)


@handles("factory_reset")
def factory_reset(message: CarEvent) -> None:
    """This will switch remote access off and forget who was signed in (REM-004)."""
    actions.forget_head_unit(vin=message.vin)
