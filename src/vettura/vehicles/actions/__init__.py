"""Everything that can happen to cars and their people."""

from vettura.vehicles.actions.accounts import end_all_of
from vettura.vehicles.actions.claims import approve_claim, check_addable, claim_vehicle, refuse_claim, withdraw_claim
from vettura.vehicles.actions.desk import (
    add_again,
    call_off_delivery,
    invite_main_user,
    plan_delivery,
    send_due_invitation,
)
from vettura.vehicles.actions.head_unit import (
    PairingOutcome,
    Purpose,
    change_name,
    distrust_former_code,
    enter_pairing_code,
    forget_driver,
    forget_head_unit,
    grant_remote_access,
    revoke_remote_access,
    set_privacy_mode,
    sign_out_of_car,
    unpair,
)
from vettura.vehicles.actions.invitations import (
    accept_invitation,
    ask_for_passkey_to_invite,
    change_invitation_email,
    check_inviter,
    invite_driver,
    invite_secondary_user,
    open_invitation,
    remove_user_or_invitation,
    resend_invitation,
    void_invitation,
)
from vettura.vehicles.actions.leases import end_due_lease, end_lease, offer_lease
from vettura.vehicles.actions.parting import (
    end_due_user,
    leave_vehicle,
    remove_secondary_user,
    remove_vehicle,
)
from vettura.vehicles.actions.registration import CarFacts, register_sold_vehicle, register_vehicle
from vettura.vehicles.actions.sales import begin_sale, call_off_sale, release_sold_vehicle
from vettura.vehicles.actions.security_code import CodeQuestion, begin_code_sign_in, finish_code_sign_in
from vettura.vehicles.actions.settings import change_settings, change_settings_in_car, forget_settings
from vettura.vehicles.actions.sharing import (
    share_with_partner,
    sharing_receipt_pdf,
    stop_all_sharing,
    stop_sharing,
)
from vettura.vehicles.actions.sign_in import begin_car_sign_in, confirm_car_sign_in, find_car_sign_in
from vettura.vehicles.actions.simulated import create_simulated_car, delete_simulated_car
from vettura.vehicles.actions.users import assign_user

__all__ = [
    "CarFacts",
    "CodeQuestion",
    "PairingOutcome",
    "Purpose",
    "accept_invitation",
    "add_again",
    "approve_claim",
    "ask_for_passkey_to_invite",
    "assign_user",
    "begin_car_sign_in",
    "begin_code_sign_in",
    "begin_sale",
    "call_off_delivery",
    "call_off_sale",
    "change_invitation_email",
    "change_name",
    "change_settings",
    "change_settings_in_car",
    "check_addable",
    "check_inviter",
    "claim_vehicle",
    "confirm_car_sign_in",
    "create_simulated_car",
    "delete_simulated_car",
    "distrust_former_code",
    "end_all_of",
    "end_due_lease",
    "end_due_user",
    "end_lease",
    "enter_pairing_code",
    "find_car_sign_in",
    "finish_code_sign_in",
    "forget_driver",
    "forget_head_unit",
    "forget_settings",
    "grant_remote_access",
    "invite_driver",
    "invite_main_user",
    "invite_secondary_user",
    "leave_vehicle",
    "offer_lease",
    "open_invitation",
    "plan_delivery",
    "refuse_claim",
    "register_sold_vehicle",
    "register_vehicle",
    "release_sold_vehicle",
    "remove_secondary_user",
    "remove_user_or_invitation",
    "remove_vehicle",
    "resend_invitation",
    "revoke_remote_access",
    "send_due_invitation",
    "set_privacy_mode",
    "share_with_partner",
    "sharing_receipt_pdf",
    "sign_out_of_car",
    "stop_all_sharing",
    "stop_sharing",
    "unpair",
    "void_invitation",
    "withdraw_claim",
]
