"""Background jobs: sending what was written down."""

from uuid import UUID

from vettura.foundation.jobs import job
from vettura.notifications import actions


@job("notifications.deliver_mail")
def deliver_mail(mail_id: str) -> None:
    """This will send one mail."""
    actions.deliver_mail(mail_id=UUID(mail_id))


@job("notifications.deliver_sms")
def deliver_sms(sms_id: str) -> None:
    """This will send one SMS."""
    actions.deliver_sms(sms_id=UUID(sms_id))


@job("notifications.deliver_push")
def deliver_push(push_id: str) -> None:
    """This will send one note to a phone."""
    actions.deliver_push(push_id=UUID(push_id))
