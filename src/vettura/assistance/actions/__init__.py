"""What can happen to cases and to calls for help."""

from vettura.assistance.actions.breakdowns import (
    call_for_help,
    cancel_call,
    cancel_call_of_car,
    take_call_of_car,
)
from vettura.assistance.actions.cases import (
    ANSWERS_A_DAY,
    MAILBOX_PAUSE,
    add_note,
    answer_case,
    ask_for_mails,
    close_case,
    execute_withdrawal,
    name_account,
    open_case,
    open_case_for,
    read_mailbox,
    reopen_case,
    take_case,
    take_in_mail,
)
from vettura.assistance.actions.questions import QUESTIONS_A_DAY, add_words, ask_assistance

__all__ = [
    "ANSWERS_A_DAY",
    "MAILBOX_PAUSE",
    "QUESTIONS_A_DAY",
    "add_note",
    "add_words",
    "answer_case",
    "ask_assistance",
    "ask_for_mails",
    "call_for_help",
    "cancel_call",
    "cancel_call_of_car",
    "close_case",
    "execute_withdrawal",
    "name_account",
    "open_case",
    "open_case_for",
    "read_mailbox",
    "reopen_case",
    "take_call_of_car",
    "take_case",
    "take_in_mail",
]
