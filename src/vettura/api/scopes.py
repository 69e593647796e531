"""
Which scope opens which operation to programs. What is not named here needs the scope of everything (`vehicles`), so an
operation that nobody thought of is shut.

Commands and signals are finer than their operations: their contexts ask `identity.require_scope` for each.
"""

import re
from functools import cache

from django.http import HttpRequest

from vettura.identity.queries import Allowed

API_SCOPE = "vehicles"
CAR = (
    "status",
    "trips",
    "climate",
    "charging",
    "access",
    "alarms",
    "destinations",
    "calendar",
    "drivers",
    "roadside",
    "location",
)
COMMANDS = ("status", "climate", "charging", "access", "location", "alarms", "roadside")
# what a stranger may read too, as on the website; a car that is named needs a sign-in (the operations see to that)
FOR_ANYBODY = frozenset({"list_articles", "get_article", "search_help", "ask_help", "list_manuals"})
# any one of them is enough; an empty row is open to every program with a scope of this API
SCOPES: dict[str, tuple[str, ...]] = {
    "vettura_identity_api_me": (*CAR, "store_read", "store", "messages", "webhooks"),
    "list_vehicles": CAR,
    "get_vehicle": CAR,
    "get_state": ("status", "location"),
    "get_app": CAR,
    "get_settings": ("status", "climate", "charging", "alarms"),
    "get_setting": ("status", "climate", "charging", "alarms"),
    "change_setting": ("climate", "charging", "alarms"),
    "list_alarms": ("alarms",),
    "get_history": ("trips",),
    "list_trips": ("trips",),
    "watch_vehicle": ("status", "location", "climate", "charging", "access"),
    "request_command": ("climate", "charging", "access", "location", "alarms", "roadside"),
    "ask_for_passkey": ("climate", "charging", "access", "location", "alarms", "roadside"),
    "list_commands": COMMANDS,
    "list_controls": COMMANDS,
    "get_command": COMMANDS,
    "call_for_help": ("roadside",),
    "list_calls_for_help": ("roadside",),
    "cancel_call_for_help": ("roadside",),
    "bring_calendar": ("calendar",),
    "get_calendar": ("calendar",),
    "take_calendar_away": ("calendar",),
    "list_destinations": ("destinations",),
    "add_destination": ("destinations",),
    "get_destination_release": ("destinations",),
    "release_destinations": ("destinations",),
    "get_destination": ("destinations",),
    "change_destination": ("destinations",),
    "delete_destination": ("destinations",),
    "list_users": ("drivers",),
    "invite_user": ("drivers",),
    "ask_for_passkey_to_invite": ("drivers",),
    "remove_user": ("drivers",),
    "list_contracts": ("store_read", "store"),
    "list_offers": ("store_read", "store"),
    "list_orders": ("store_read", "store"),
    "get_order": ("store_read", "store"),
    "place_order": ("store",),
    "withdraw_order": ("store",),
    # nothing of a person but the country; a car that is named must be open to the program
    **dict.fromkeys(FOR_ANYBODY, (*CAR, "store_read", "store", "messages")),
    # evidence of a state comes only with the scope that opens the state
    "list_diagnoses": CAR,
    "get_diagnosis": CAR,
    "list_webhooks": ("webhooks",),
    "create_webhook": ("webhooks",),
    "get_webhook": ("webhooks",),
    "change_webhook": ("webhooks",),
    "delete_webhook": ("webhooks",),
    "verify_webhook": ("webhooks",),
    "rotate_webhook_secret": ("webhooks",),
    "list_deliveries": ("webhooks",),
    "replay_delivery": ("webhooks",),
    "list_push_subscriptions": ("messages",),
    "subscribe_to_push": ("messages",),
    "unsubscribe_from_push": ("messages",),
    "vettura_notifications_api_messages": ("messages",),
    "vettura_notifications_api_message": ("messages",),
    "vettura_notifications_api_attachment": ("messages",),
    "mark_message_read": ("messages",),
}
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@cache
def _operations() -> dict[tuple[str, str], str]:
    """The ids of operations by method and address. The description does not change while a process lives."""
    from vettura.api.shell import api  # the shell imports this file

    return {
        (method.upper(), path): operation["operationId"]
        for path, methods in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items()
        for method, operation in methods.items()
    }


def operation_of(request: HttpRequest) -> str:
    """The id of the operation that a request is for; empty where there is none."""
    match = request.resolver_match
    if match is None or request.method is None:
        return ""
    return _operations().get((request.method, _PARAMETER.sub(r"{\1}", f"/{match.route}")), "")


def missing(operation: str, allowed: Allowed) -> str | None:
    """What a program would need for an operation and was not granted, as a list of scopes; None where it may."""
    wanted = SCOPES.get(operation, ())
    return None if allowed.may(*wanted) else " ".join((*wanted, API_SCOPE))
