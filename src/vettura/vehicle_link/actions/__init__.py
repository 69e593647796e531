"""What can happen on the link."""

from vettura.vehicle_link.actions.certificates import revoke_certificate
from vettura.vehicle_link.actions.commands import (
    resend_commands,
    send_command,
    send_unanswered,
)
from vettura.vehicle_link.actions.documents import acknowledge_document, send_missing_documents, set_clock, set_document
from vettura.vehicle_link.actions.endings import end_commands_of, expire_commands, forget_car, forget_place
from vettura.vehicle_link.actions.history import (
    forget_history,
    forget_old_history,
    note_privacy,
    thin_history,
)
from vettura.vehicle_link.actions.reports import (
    UnusableMessage,
    note_certificates,
    park_message,
    record_event,
    record_hello,
    record_hellos,
    record_offline,
    record_presence,
    record_results,
    record_settings,
    record_states,
    register_link,
)
from vettura.vehicle_link.actions.sending import notify
from vettura.vehicle_link.actions.watching import watch

__all__ = [
    "UnusableMessage",
    "acknowledge_document",
    "end_commands_of",
    "expire_commands",
    "forget_car",
    "forget_history",
    "forget_old_history",
    "forget_place",
    "note_certificates",
    "note_privacy",
    "notify",
    "park_message",
    "record_event",
    "record_hello",
    "record_hellos",
    "record_offline",
    "record_presence",
    "record_results",
    "record_settings",
    "record_states",
    "register_link",
    "resend_commands",
    "revoke_certificate",
    "send_command",
    "send_missing_documents",
    "send_unanswered",
    "set_clock",
    "set_document",
    "thin_history",
    "watch",
]
