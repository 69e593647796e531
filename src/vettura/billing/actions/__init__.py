"""What can happen to money."""

from vettura.billing.actions.cards import (
    announce_expiry,
    begin_card,
    begin_hosted_card,
    delete_card,
    finish_card,
    forget_card,
    refuse_card_change,
    save_billing_address,
)
from vettura.billing.actions.deletion import remove_cards_of_deleted_account
from vettura.billing.actions.erasure import (
    drop_kept_records,
    forget_at_provider,
    forget_customer,
    keep_invoices,
    keep_payments,
)
from vettura.billing.actions.invoices import BilledLine, cancel_invoice, publish_invoice, request_invoice
from vettura.billing.actions.notices import handle_notice, receive_notice
from vettura.billing.actions.payments import (
    capture_later,
    carry_out_refund,
    carry_out_release,
    expire_payments,
    postpone_check,
    request_payment,
    request_refund,
    settle_or_wait,
    settle_payment,
)

__all__ = [
    "BilledLine",
    "announce_expiry",
    "begin_card",
    "begin_hosted_card",
    "cancel_invoice",
    "capture_later",
    "carry_out_refund",
    "carry_out_release",
    "delete_card",
    "drop_kept_records",
    "expire_payments",
    "finish_card",
    "forget_at_provider",
    "forget_card",
    "forget_customer",
    "handle_notice",
    "keep_invoices",
    "keep_payments",
    "postpone_check",
    "publish_invoice",
    "receive_notice",
    "refuse_card_change",
    "remove_cards_of_deleted_account",
    "request_invoice",
    "request_payment",
    "request_refund",
    "save_billing_address",
    "settle_or_wait",
    "settle_payment",
]
