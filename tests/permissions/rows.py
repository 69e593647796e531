"""
The permission matrix: every address, and what each person gets there.

`in`: the address answers, be it with a question about the form. `sign_in`: who are you? `hidden`: there is nothing here,
which is what strangers are told of everything that is not theirs. `refused`: it is there, and not for this person.
"""

from tests.permissions.world import ACTORS

Row = dict[str, str]


def row(otherwise: str, *, anonymous: str = "sign_in", **more: str) -> Row:
    """What everybody gets, and who gets something else."""
    return dict.fromkeys(ACTORS, otherwise) | {"anonymous": anonymous} | more


EVERYBODY = row("in", anonymous="in")
# whoever is signed in, about themselves
ONESELF = row("in")
# somebody else's order, invoice, message or card does not exist
OWNER = row("hidden", main_user="in")
USERS_OF_THE_CAR = row("hidden", main_user="in", secondary_user="in")
MAIN_USER = row("hidden", main_user="in", secondary_user="refused")
SELLING_PARTNER = row("hidden", seller="in")
IDENTITY_AGENTS = row("hidden", identity_agent="in")
PARTNERS = row("hidden", seller="in", other_partner="in")
# partners for their own cars, Assistance for all
DESK = SELLING_PARTNER | {"assistance": "in"}

ASSISTANCE_ONLY = row("hidden", assistance="in")
EDITORS = row("hidden", editor="in")
HELP_STAFF = row("hidden", assistance="in", editor="in")

PAGES: dict[str, Row] = {
    # cases exist for Assistance only
    "assistance_desk:cases": ASSISTANCE_ONLY,
    "assistance_desk:open_case": ASSISTANCE_ONLY,
    "assistance_desk:case": ASSISTANCE_ONLY,
    "assistance_desk:step": ASSISTANCE_ONLY,
    "assistance_desk:contacts": ASSISTANCE_ONLY,
    "assistance:breakdown": USERS_OF_THE_CAR,
    "assistance:cancel_call": USERS_OF_THE_CAR,
    # pages for all
    "api-docs": EVERYBODY,
    "portal:design": EVERYBODY,
    # the phone app is the same for everybody; whose cars it shows is a matter of the API
    "phone_app:shell": EVERYBODY,
    "phone_app:worker": EVERYBODY,
    "phone_app:manifest": EVERYBODY,
    "phone_app:words": EVERYBODY,
    "phone_app:picture": EVERYBODY,
    "portal:privacy": EVERYBODY,
    "portal:terms": EVERYBODY,
    "portal:set_language": EVERYBODY,
    "portal:set_theme": EVERYBODY,
    "help_center:index": EVERYBODY,
    # Assistance for every car; a partner for those whose users share their data
    "why_desk:list": ASSISTANCE_ONLY | {"seller": "in"},
    "why_desk:topic": ASSISTANCE_ONLY | {"seller": "in"},
    "help_center:why": EVERYBODY,
    "help_center:why_topic": EVERYBODY,
    "help_center:article": EVERYBODY,
    "help_center:text": EVERYBODY,
    "help_center:show": EVERYBODY,
    "help_center:do": USERS_OF_THE_CAR,
    "help_center:done": USERS_OF_THE_CAR,
    "help_center:feedback": EVERYBODY,
    # whoever is not signed in reads whom to call; a case is opened after signing in
    "help_center:people": row("in", anonymous="in/sign_in"),
    # somebody else's case does not exist
    "assistance:cases": ONESELF,
    "assistance:case": OWNER,
    "help_center:sitemap": EVERYBODY,
    "help_center:manuals": EVERYBODY,
    "help_center:manual": EVERYBODY,
    "notifications:contact": EVERYBODY,
    "vehicles:home": EVERYBODY,
    "vehicles:where_is_the_vin": EVERYBODY,
    "store:catalog": EVERYBODY,
    "store:service": EVERYBODY,
    "store:cart": EVERYBODY,
    "store:remove": EVERYBODY,
    # whoever has no car of their own puts things into a visitor's cart
    "store:add": row("in", anonymous="in", secondary_user="refused"),
    # ways in, and whoever holds the link that was mailed
    "identity:signin": EVERYBODY,
    "account_login": EVERYBODY,
    "identity:forgotten_address": EVERYBODY,
    # a device answers there; whoever has none goes back, and whoever is signed in on
    "mfa_login_webauthn": row("in", anonymous="sign_in"),
    # the second step of a sign-in that nobody here has begun
    "mfa_authenticate": ONESELF,
    "identity:signout": EVERYBODY,
    "account_logout": EVERYBODY,
    "account_inactive": EVERYBODY,
    "identity:signup": EVERYBODY,
    "account_signup": EVERYBODY,
    "identity:registration": EVERYBODY,
    "identity:registration_password": EVERYBODY,
    "identity:registration_name": EVERYBODY,
    "identity:registration_code": EVERYBODY,
    "identity:registration_code_again": EVERYBODY,
    "identity:registration_documents": EVERYBODY,
    "identity:password_reset": EVERYBODY,
    "account_reset_password": EVERYBODY,
    "account_reset_password_done": EVERYBODY,
    "account_reset_password_from_key": EVERYBODY,
    "account_reset_password_from_key_done": row("sign_in"),
    "identity:confirm_email": EVERYBODY,
    "identity:stop_email": EVERYBODY,
    # the link is for the invited address: whoever is signed in as somebody else is told so
    "vehicles:invitation": row("refused", anonymous="in"),
    "vehicles:register": EVERYBODY,
    "vehicles:accept_invitation": row("refused"),
    # programs: those that speak for themselves prove it by what they send
    "idp:oidc:configuration": EVERYBODY,
    "idp:oidc:oauth_configuration": EVERYBODY,
    "idp:oidc:jwks": EVERYBODY,
    # whoever asks for nothing that can be read is told so, before anybody has to sign in
    "idp:oidc:authorization": EVERYBODY,
    "idp:oidc:device_authorization": ONESELF,
    "idp:oidc:former_device_authorization": EVERYBODY,
    # nobody to sign out: the way leads to the sign-in page
    "idp:oidc:logout": ONESELF,
    "idp:oidc:token": EVERYBODY,
    "idp:oidc:revoke": EVERYBODY,
    "idp:oidc:introspect": EVERYBODY,
    "idp:oidc:device_code": row("sign_in"),
    "idp:oidc:userinfo": row("sign_in"),
    "billing:card_notices": EVERYBODY,
    # a webhook without the provider's signature does not exist
    "identity:identity_notices": row("hidden", anonymous="hidden"),
    # one's own account
    "account_reauthenticate": ONESELF,
    "identity:security": ONESELF,
    "identity:end_other_devices": ONESELF,
    # a device of somebody else does not exist
    "identity:end_device": OWNER,
    "mfa_index": ONESELF,
    # asks first again who it is; somebody else's factor does not exist
    "mfa_add_webauthn": row("sign_in"),
    "mfa_edit_webauthn": row("sign_in"),
    "mfa_remove_webauthn": row("sign_in"),
    "mfa_activate_totp": row("sign_in"),
    "mfa_deactivate_totp": row("hidden"),
    "mfa_view_recovery_codes": row("hidden"),
    "mfa_generate_recovery_codes": row("sign_in"),
    "mfa_reauthenticate": row("sign_in"),
    "mfa_reauthenticate_webauthn": row("sign_in"),
    "identity:account": ONESELF,
    "identity:phone": ONESELF,
    "identity:phone_code": ONESELF,
    "identity:password_change": ONESELF,
    "identity:pin": ONESELF,
    "identity:security_code": ONESELF,
    "identity:reset_security_code": ONESELF,
    "identity:changes": ONESELF,
    "identity:data": ONESELF,
    "identity:data_archive": OWNER,
    "identity:delete_account": ONESELF,
    "identity:account_deleted": EVERYBODY,
    "identity:programs": ONESELF,
    "identity:foreign_apps": ONESELF,
    "identity:refuse_foreign_apps": ONESELF,
    "identity:new_app_password": ONESELF,
    "identity:mqtt": ONESELF,
    "identity:new_mqtt_password": ONESELF,
    # whose certificate a listener has is no secret, but nobody else needs it
    "identity:mqtt_authority": ONESELF,
    # somebody else's app password does not exist
    "identity:end_app_password": OWNER,
    # apps of other makers prove who they are by what they send; a page about a question nobody asked
    "compat:authorize": EVERYBODY,
    "compat:identifier": row("sign_in"),
    "compat:password": EVERYBODY,
    "compat:resume": row("sign_in"),
    "compat:passkey": row("sign_in"),
    "compat:token": row("sign_in"),
    # they come with a token of their own, and no cookie of ours counts
    **{
        f"{namespace}:{name}": row("sign_in")
        for namespace in ("compat", "compat-doubled")
        for name in ("vehicles", "overview", "pictures", "commands", "command")
    },
    "compat:picture": EVERYBODY,
    "identity:identity_checks": ONESELF,
    "identity:identity_check": OWNER,
    "identity:start_identity_check": OWNER,
    "identity:cancel_identity_check": OWNER,
    "identity:consents": ONESELF,
    "identity:consents_review": ONESELF,
    "identity:consent": ONESELF,
    "identity:receipt": OWNER,
    "vehicles:share": MAIN_USER,
    # whoever shares nothing with this partner has nothing to end
    "vehicles:stop_sharing": OWNER,
    "vehicles:sharing_receipt": OWNER,
    "identity:end_program": ONESELF,
    "identity:end_program_car": ONESELF,
    "developers:overview": ONESELF,
    "developers:add_program": ONESELF,
    # what others have made does not exist
    "developers:remove_program": OWNER,
    "developers:add_car": ONESELF,
    # a car that is not simulated is not deleted here, not even by its main user
    "developers:delete_car": row("hidden"),
    "developers:add_webhook": ONESELF,
    "developers:verify_webhook": OWNER,
    "developers:rotate_secret": OWNER,
    "developers:delete_webhook": OWNER,
    "developers:replay": OWNER,
    "notifications:messages": ONESELF,
    "notifications:message": OWNER,
    "notifications:attachment": OWNER,
    "billing:cards": ONESELF,
    "billing:begin_card": ONESELF,
    "billing:hosted_card": ONESELF,
    "billing:card_entered": OWNER,
    # shows nothing: it leads to one's own cards
    "billing:card": ONESELF,
    "billing:delete_card": OWNER,
    "billing:address": ONESELF,
    "billing:invoices": ONESELF,
    "billing:invoice": OWNER,
    "store:orders": ONESELF,
    "store:order": OWNER,
    "store:confirmation": OWNER,
    "store:returned": OWNER,
    "store:withdraw": OWNER,
    "store:checkout": MAIN_USER,
    "store:checkout_address": MAIN_USER,
    "store:checkout_payment": MAIN_USER,
    "store:checkout_overview": MAIN_USER,
    "store:place": OWNER,
    # cars
    "vehicles:garage": ONESELF,
    "vehicles:vehicle": USERS_OF_THE_CAR,
    "vehicles:own_settings": USERS_OF_THE_CAR,
    "vehicles:all": ONESELF,
    "vehicles:choose": ONESELF,
    "vehicles:add": ONESELF,
    "vehicles:withdraw_claim": OWNER,
    "vehicles:remove": MAIN_USER,
    "vehicles:leave": row("hidden", main_user="refused", secondary_user="in"),
    "vehicles:sale": MAIN_USER,
    "vehicles:release": MAIN_USER,
    "vehicles:call_off_sale": MAIN_USER,
    "vehicles:lease": MAIN_USER,
    # what a seller or a lessor is told of a car that somebody else uses
    "vehicles:sold": OWNER,
    "vehicles:leased_out": OWNER,
    "vehicles:end_lease": OWNER,
    "vehicles:invite_driver": MAIN_USER,
    "vehicles:remove_driver": MAIN_USER,
    # whoever did not invite does not know that somebody is invited
    "vehicles:resend_invitation": OWNER,
    "vehicles:void_invitation": OWNER,
    "vehicles:car_sign_in": ONESELF,
    "vehicles:confirm_car_sign_in": USERS_OF_THE_CAR,
    "vehicle_link:history": USERS_OF_THE_CAR,
    "remote_services:condition": USERS_OF_THE_CAR,
    "remote_services:climate": USERS_OF_THE_CAR,
    "remote_services:charging": USERS_OF_THE_CAR,
    "remote_services:alarms": USERS_OF_THE_CAR,
    "remote_services:take_alarm_back": USERS_OF_THE_CAR,
    "remote_services:alarm_history": USERS_OF_THE_CAR,
    "remote_services:controls": USERS_OF_THE_CAR,
    "remote_services:picture": USERS_OF_THE_CAR,
    "remote_services:position": USERS_OF_THE_CAR,
    "remote_services:command": USERS_OF_THE_CAR,
    "remote_services:pin": USERS_OF_THE_CAR,
    "navigation:destinations": USERS_OF_THE_CAR,
    "navigation:add": USERS_OF_THE_CAR,
    "navigation:import": USERS_OF_THE_CAR,
    "navigation:release": USERS_OF_THE_CAR,
    "navigation:export_csv": USERS_OF_THE_CAR,
    "navigation:export_gpx": USERS_OF_THE_CAR,
    # nobody but its own person knows an entry, the car's other users neither
    "navigation:edit": OWNER,
    "navigation:delete": OWNER,
    "navigation:put_back": OWNER,
    # the desk
    "desk:home": PARTNERS | {"assistance": "in", "identity_agent": "in", "editor": "in"},
    # what readers say of articles is for those who write them and those who answer instead of them
    "help_desk:articles": HELP_STAFF,
    "help_desk:comments": HELP_STAFF,
    "help_desk:words": HELP_STAFF,
    # whoever writes articles; the one of the matrix is in the pack and not edited, so there is nothing to take back
    "help_desk:new": EDITORS,
    "help_desk:edit": EDITORS,
    "help_desk:preview": EDITORS,
    "help_desk:history": EDITORS,
    "help_desk:file": EDITORS,
    "help_desk:drop": EDITORS,
    "help_desk:revert": row("hidden"),
    "help_desk:take_back": row("hidden"),
    "desk:audit": row("hidden", assistance="in"),
    "identity_desk:people": PARTNERS | {"assistance": "in"},
    # the customers of the partner that sold the car
    "identity_desk:person": SELLING_PARTNER | {"assistance": "in"},
    "identity_desk:name": SELLING_PARTNER | {"assistance": "in"},
    "identity_desk:email": SELLING_PARTNER | {"assistance": "in"},
    # Assistance alone lets people in who lost every sign-in factor
    "identity_desk:reset_sign_in": row("hidden", assistance="in"),
    "identity_desk:stop_email": SELLING_PARTNER | {"assistance": "in"},
    "identity_desk:ask_erasure": SELLING_PARTNER | {"assistance": "in"},
    # what an erasure would do shows more of a person than a partner may know, and only Assistance carries it out
    "erasure_desk:requests": PARTNERS | {"assistance": "in"},
    "erasure_desk:request": ASSISTANCE_ONLY,
    "erasure_desk:take_back": ASSISTANCE_ONLY,
    "vehicles_desk:list": PARTNERS | {"assistance": "in"},
    "vehicles_desk:register": PARTNERS,
    "vehicles_desk:vehicle": DESK,
    "vehicles_desk:add_again": DESK,
    "vehicles_desk:invite_holder": DESK,
    "vehicles_desk:call_off_delivery": SELLING_PARTNER,
    "vehicles_desk:resend": DESK,
    "vehicles_desk:change_email": DESK,
    "vehicles_desk:void": DESK,
    "vehicles_desk:proofs": PARTNERS | {"assistance": "in"},
    # the person who sent it chose this partner
    "vehicles_desk:proof": DESK,
    "vehicles_desk:document": DESK,
    "identification_desk:queue": IDENTITY_AGENTS,
    "identification_desk:waiting_room": IDENTITY_AGENTS,
    "identification_desk:case": IDENTITY_AGENTS,
    "identification_desk:picture": IDENTITY_AGENTS,
    "partners_desk:partner": PARTNERS,
}

OPERATIONS: dict[str, Row] = {
    "vettura_identity_api_me": ONESELF,
    "get_contact": ONESELF,
    "change_contact": ONESELF,
    "list_consents": ONESELF,
    "decide_consent": ONESELF,
    "list_vehicles": ONESELF,
    "get_vehicle": USERS_OF_THE_CAR,
    "list_users": MAIN_USER,
    "invite_user": MAIN_USER,
    "ask_for_passkey_to_invite": MAIN_USER,
    # a secondary user leaves by the own id
    "remove_user": USERS_OF_THE_CAR,
    "request_command": USERS_OF_THE_CAR,
    "call_for_help": USERS_OF_THE_CAR,
    "list_calls_for_help": USERS_OF_THE_CAR,
    # whoever did not call does not know that somebody did
    "cancel_call_for_help": OWNER,
    "ask_for_passkey": USERS_OF_THE_CAR,
    "list_commands": USERS_OF_THE_CAR,
    "list_controls": USERS_OF_THE_CAR,
    "get_command": USERS_OF_THE_CAR,
    "get_state": USERS_OF_THE_CAR,
    "get_app": USERS_OF_THE_CAR,
    "get_settings": USERS_OF_THE_CAR,
    "get_setting": USERS_OF_THE_CAR,
    "change_setting": USERS_OF_THE_CAR,
    "list_alarms": USERS_OF_THE_CAR,
    "list_trips": USERS_OF_THE_CAR,
    # streams are answered beside Django: who gets one is proven in tests/vehicle_link/test_stream.py
    "watch_vehicle": row("hidden", anonymous="hidden"),
    "get_history": USERS_OF_THE_CAR,
    "list_contracts": USERS_OF_THE_CAR,
    "bring_calendar": USERS_OF_THE_CAR,
    "get_calendar": USERS_OF_THE_CAR,
    "take_calendar_away": USERS_OF_THE_CAR,
    "list_destinations": USERS_OF_THE_CAR,
    "add_destination": USERS_OF_THE_CAR,
    "get_destination_release": USERS_OF_THE_CAR,
    "release_destinations": USERS_OF_THE_CAR,
    "get_destination": OWNER,
    "change_destination": OWNER,
    "delete_destination": OWNER,
    # help is for everybody, as on the website; a car that is named is not
    "list_manuals": EVERYBODY,
    "list_articles": EVERYBODY,
    "get_article": EVERYBODY,
    "search_help": EVERYBODY,
    "ask_help": EVERYBODY,
    "list_diagnoses": USERS_OF_THE_CAR,
    "get_diagnosis": USERS_OF_THE_CAR,
    "list_webhooks": ONESELF,
    # only for cars that one uses
    "create_webhook": USERS_OF_THE_CAR,
    "get_webhook": OWNER,
    "change_webhook": OWNER,
    "delete_webhook": OWNER,
    "verify_webhook": OWNER,
    "rotate_webhook_secret": OWNER,
    "list_deliveries": OWNER,
    "replay_delivery": OWNER,
    "list_offers": ONESELF,
    "place_order": MAIN_USER,
    "list_orders": ONESELF,
    "get_order": OWNER,
    "withdraw_order": OWNER,
    "list_push_subscriptions": ONESELF,
    "subscribe_to_push": ONESELF,
    "unsubscribe_from_push": OWNER,
    "vettura_notifications_api_messages": ONESELF,
    "vettura_notifications_api_message": OWNER,
    "vettura_notifications_api_attachment": OWNER,
    "mark_message_read": OWNER,
}
