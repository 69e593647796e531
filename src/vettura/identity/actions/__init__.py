"""Everything that can happen to an account."""

from vettura.identity.actions.accounts import (
    accept_documents,
    change_password,
    choose_language,
    create_account,
    grant_staff_role,
    update_contact,
)
from vettura.identity.actions.people import (
    change_email,
    change_name,
    confirm_email,
    stop_email_change,
    withdraw_email_change,
)
from vettura.identity.actions.phones import confirm_phone_change, request_phone_change
from vettura.identity.actions.pins import change_pin, check_pin, set_pin
from vettura.identity.actions.programs import register_client, revoke_program
from vettura.identity.actions.registration import (
    begin_registration,
    check_sms_code,
    choose_password,
    complete_registration,
    give_name_and_phone,
    open_registration,
    request_registration,
    send_code_again,
)
from vettura.identity.actions.security_codes import (
    CodeError,
    change_security_code,
    check_code_proof,
    forget_security_code,
    reset_security_code,
    set_security_code,
)

__all__ = [
    "CodeError",
    "accept_documents",
    "begin_registration",
    "change_email",
    "change_name",
    "change_password",
    "change_pin",
    "change_security_code",
    "check_code_proof",
    "check_pin",
    "check_sms_code",
    "choose_language",
    "choose_password",
    "complete_registration",
    "confirm_email",
    "confirm_phone_change",
    "create_account",
    "forget_security_code",
    "give_name_and_phone",
    "grant_staff_role",
    "open_registration",
    "register_client",
    "request_phone_change",
    "request_registration",
    "reset_security_code",
    "revoke_program",
    "send_code_again",
    "set_pin",
    "set_security_code",
    "stop_email_change",
    "update_contact",
    "withdraw_email_change",
]
