"""
The pages of identity: sign-in, registration, and one's own account.

allauth looks up its own URL names without a namespace, so those of its views that we use stand beside ours.
"""

from django.urls import include, path, re_path

from vettura.identity.portal import (
    account,
    addresses,
    changes,
    consents,
    deletion,
    exports,
    factors,
    identity_checks,
    programs,
    registration,
    security,
    security_code,
    signing_in,
)

_ours = [
    path("signup/", registration.sign_up, name="signup"),
    path("signup/<uuid:registration_id>/", registration.begin, name="registration"),
    path("signup/<uuid:registration_id>/password/", registration.password, name="registration_password"),
    path("signup/<uuid:registration_id>/name/", registration.name, name="registration_name"),
    path("signup/<uuid:registration_id>/code/", registration.code, name="registration_code"),
    path("signup/<uuid:registration_id>/code/again/", registration.code_again, name="registration_code_again"),
    path("signup/<uuid:registration_id>/terms/", registration.documents, name="registration_documents"),
    path("signin/", signing_in.sign_in, name="signin"),
    path("signin/help/", signing_in.forgotten_address, name="forgotten_address"),
    path("signout/", signing_in.sign_out, name="signout"),
    path("password/reset/", signing_in.request_reset, name="password_reset"),
    path("account/", account.overview, name="account"),
    path("account/phone/", account.phone, name="phone"),
    path("account/phone/code/", account.phone_code, name="phone_code"),
    path("account/password/", account.password, name="password_change"),
    path("account/security/", security.overview, name="security"),
    path("account/security/devices/<int:device_id>/end/", security.end_device, name="end_device"),
    path("account/security/devices/end/", security.end_other_devices, name="end_other_devices"),
    path("account/pin/", account.pin, name="pin"),
    path("account/security-code/", security_code.security_code, name="security_code"),
    path("account/security-code/reset/", security_code.reset, name="reset_security_code"),
    path("account/address/<str:token>/", addresses.confirm, name="confirm_email"),
    path("account/address/<str:token>/stop/", addresses.stop, name="stop_email"),
    path("identification/", identity_checks.cases, name="identity_checks"),
    path("identification/webhooks/", identity_checks.notices, name="identity_notices"),
    path("identification/<uuid:check_id>/", identity_checks.case, name="identity_check"),
    path("identification/<uuid:check_id>/start/", identity_checks.start, name="start_identity_check"),
    path("identification/<uuid:check_id>/cancel/", identity_checks.cancel, name="cancel_identity_check"),
    path("account/changes/", changes.changes, name="changes"),
    path("account/consents/", consents.consents, name="consents"),
    path("account/consents/review/", consents.review, name="consents_review"),
    path("account/consents/receipts/<uuid:receipt_id>/", consents.receipt, name="receipt"),
    path("account/consents/<slug:purpose>/", consents.consent, name="consent"),
    path("account/programs/", programs.programs, name="programs"),
    path("account/programs/end/", programs.end_program, name="end_program"),
    path("account/data/", exports.data, name="data"),
    path("account/data/<uuid:export_id>/", exports.archive, name="data_archive"),
    path("account/delete/", deletion.delete_account, name="delete_account"),
    path("account/deleted/", deletion.deleted, name="account_deleted"),
]
_names_that_allauth_knows = [
    path("signin/", signing_in.sign_in, name="account_login"),
    path("signout/", signing_in.sign_out, name="account_logout"),
    path("signup/", registration.sign_up, name="account_signup"),
    path("signin/inactive/", signing_in.inactive, name="account_inactive"),
    path("signin/again/", signing_in.sign_in_again, name="account_reauthenticate"),
    path("password/reset/", signing_in.request_reset, name="account_reset_password"),
    path("password/reset/sent/", signing_in.reset_sent, name="account_reset_password_done"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        signing_in.new_password,
        name="account_reset_password_from_key",
    ),
    path("signin/factor/", factors.authenticate, name="mfa_authenticate"),
    path("signin/passkey/", factors.sign_in_by_passkey, name="mfa_login_webauthn"),
    path("signin/again/code/", factors.confirm_by_code, name="mfa_reauthenticate"),
    path("signin/again/passkey/", factors.confirm_by_passkey, name="mfa_reauthenticate_webauthn"),
    path("account/security/", security.overview, name="mfa_index"),
    path("account/security/passkeys/add/", factors.add_passkey, name="mfa_add_webauthn"),
    path("account/security/passkeys/<int:pk>/name/", factors.rename_passkey, name="mfa_edit_webauthn"),
    path("account/security/passkeys/<int:pk>/remove/", factors.remove_passkey, name="mfa_remove_webauthn"),
    path("account/security/app/add/", factors.add_app, name="mfa_activate_totp"),
    path("account/security/app/remove/", factors.remove_app, name="mfa_deactivate_totp"),
    path("account/security/recovery-codes/", factors.recovery_codes, name="mfa_view_recovery_codes"),
    path("account/security/recovery-codes/new/", factors.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("password/reset/done/", signing_in.reset_done, name="account_reset_password_from_key_done"),
]

urlpatterns = [path("", include((_ours, "identity"))), *_names_that_allauth_knows]
