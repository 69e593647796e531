"""Everything that can happen to cars and their people."""

from vettura.vehicles.actions.head_unit import (
    PairingOutcome,
    Purpose,
    change_name,
    enter_pairing_code,
    forget_head_unit,
    grant_remote_access,
    revoke_remote_access,
    set_privacy_mode,
    sign_out_of_car,
)
from vettura.vehicles.actions.invitations import (
    accept_invitation,
    change_invitation_email,
    invite_secondary_user,
    open_invitation,
    remove_user_or_invitation,
    resend_invitation,
    void_invitation,
)
from vettura.vehicles.actions.registration import register_sold_vehicle, register_vehicle
from vettura.vehicles.actions.sign_in import begin_car_sign_in, confirm_car_sign_in, find_car_sign_in
from vettura.vehicles.actions.users import assign_user, remove_secondary_user

__all__ = [
    "PairingOutcome",
    "Purpose",
    "accept_invitation",
    "assign_user",
    "begin_car_sign_in",
    "change_invitation_email",
    "change_name",
    "confirm_car_sign_in",
    "enter_pairing_code",
    "find_car_sign_in",
    "forget_head_unit",
    "grant_remote_access",
    "invite_secondary_user",
    "open_invitation",
    "register_sold_vehicle",
    "register_vehicle",
    "remove_secondary_user",
    "remove_user_or_invitation",
    "resend_invitation",
    "revoke_remote_access",
    "set_privacy_mode",
    "sign_out_of_car",
    "void_invitation",
]
