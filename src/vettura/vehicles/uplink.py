"""The car comes in: what people did at its head unit."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from vettura.catalog import queries as catalog
from vettura.foundation.errors import Refusal
from vettura.foundation.uplink import CarEvent, handles
from vettura.vehicles import actions, queries

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
    try:
        account_id = UUID(str(message.data.get("account_id")))
    except ValueError:
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
