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
    identity_checks,
    programs,
    registration,
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
    path("password/reset/done/", signing_in.reset_done, name="account_reset_password_from_key_done"),
]

urlpatterns = [path("", include((_ours, "identity"))), *_names_that_allauth_knows]
