"""Mail, SMS and inbox: everything that reaches people."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import translation

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.jobs import RETRY, defer
from vettura.notifications import ports, rules
from vettura.notifications.errors import MessageNotFound, TextTooLong
from vettura.notifications.models import Delivery, Mail, Message, MessageAttachment, Outgoing, Sms
from vettura.notifications.ports import Attachment

__all__ = ["Attachment", "deliver_mail", "deliver_sms", "mark_read", "post_message", "send_mail", "send_sms"]


@transaction.atomic
def send_mail(
    *,
    recipient_id: UUID | None,
    to: str,
    language: str,
    template: str,
    facts: dict[str, Any],  # Any: whatever the template names
    attachments: Sequence[Attachment] = (),
    is_farewell: bool = False,
) -> Mail:
    """
    This will write a mail and send it once the transaction commits.

    `template` names three files: `<template>.subject.txt`, `.txt` and `.html`. Besides `facts` they know `labels`,
    `terms` and `base_url`. Of a farewell nothing stays once it is sent or given up. Repeating it sends another mail.
    """
    known = {
        "labels": catalog.labels(language),
        "terms": catalog.terms(),
        "base_url": settings.VETTURA_BASE_URL,
        "language": language,
        **facts,
    }
    with translation.override(language):
        subject = rules.one_line(render_to_string(f"{template}.subject.txt", known))
        text = render_to_string(f"{template}.txt", known).strip() + "\n"
        html = render_to_string(f"{template}.html", {**known, "subject": subject})
    content = rules.sealed_mail(text=text, html=html, attachments=attachments, secret=settings.SECRET_KEY)
    mail = Mail.objects.create(
        recipient_id=recipient_id,
        to=to,
        language=language,
        template=template,
        subject=subject,
        sealed_content=content,
        queued_at=clock.now(),
        is_farewell=is_farewell,
    )
    defer("notifications.deliver_mail", mail_id=str(mail.id))
    return mail


@transaction.atomic
def send_sms(*, recipient_id: UUID | None, to: str, language: str, text: str) -> Sms:
    """This will send an SMS once the transaction commits. `to` is E.164. Raises TextTooLong. Again: another one."""
    if len(text) > rules.LONGEST_SMS:
        raise TextTooLong
    sms = Sms.objects.create(
        recipient_id=recipient_id,
        to=to,
        language=language,
        sealed_content=rules.sealed_text(text=text, secret=settings.SECRET_KEY),
        queued_at=clock.now(),
    )
    defer("notifications.deliver_sms", sms_id=str(sms.id))
    return sms


def deliver_mail(*, mail_id: UUID) -> None:
    """
    This will hand a queued mail to the mail server; a mail that was sent, given up or erased is left alone.

    Raises TryAgain when it may work later, until the queue's attempts are used up; then the mail is failed.
    """
    mail = Mail.objects.filter(id=mail_id).first()
    if mail is None or mail.status != Delivery.QUEUED or mail.sealed_content is None:
        return
    text, html, attachments = rules.unsealed_mail(data=bytes(mail.sealed_content), secret=settings.SECRET_KEY)
    letter = ports.Letter(
        id=str(mail.id),
        sender=settings.MAIL_FROM or "",
        to=mail.to,
        language=mail.language,
        subject=mail.subject,
        text=text,
        html=html,
        attachments=attachments,
    )
    try:
        reference = ports.mail_transport().send(letter)
    except ports.TryAgain as problem:
        _note_failure(Mail, mail, reason=str(problem), is_final=mail.attempts + 1 >= _most_attempts())
        if mail.attempts + 1 < _most_attempts():
            raise
    except ports.Undeliverable as problem:
        _note_failure(Mail, mail, reason=str(problem), is_final=True)
    else:
        _note_success(Mail, mail, reference=reference)
    Mail.objects.filter(id=mail_id, is_farewell=True).exclude(status=Delivery.QUEUED).delete()


def deliver_sms(*, sms_id: UUID) -> None:
    """This will hand a queued SMS to the provider; otherwise as `deliver_mail`."""
    sms = Sms.objects.filter(id=sms_id).first()
    if sms is None or sms.status != Delivery.QUEUED or sms.sealed_content is None:
        return
    text = rules.unsealed_text(data=bytes(sms.sealed_content), secret=settings.SECRET_KEY)
    try:
        reference = ports.sms_transport().send(to=sms.to, text=text)
    except ports.TryAgain as problem:
        _note_failure(Sms, sms, reason=str(problem), is_final=sms.attempts + 1 >= _most_attempts())
        if sms.attempts + 1 < _most_attempts():
            raise
    except ports.Undeliverable as problem:
        _note_failure(Sms, sms, reason=str(problem), is_final=True)
    else:
        _note_success(Sms, sms, reference=reference)


def _most_attempts() -> int:
    return RETRY.max_attempts or 1


def _note_success(kind: type[Mail] | type[Sms], row: Outgoing, *, reference: str) -> None:
    # what was sent is no longer ours to keep: links and codes in it are keys
    kind.objects.filter(id=row.id).update(
        status=Delivery.SENT,
        attempts=F("attempts") + 1,
        problem="",
        provider_reference=reference[:200],
        finished_at=clock.now(),
        sealed_content=None,
    )


def _note_failure(kind: type[Mail] | type[Sms], row: Outgoing, *, reason: str, is_final: bool) -> None:
    rows = kind.objects.filter(id=row.id)
    rows.update(attempts=F("attempts") + 1, problem=reason[:200])
    if is_final:
        rows.update(status=Delivery.FAILED, finished_at=clock.now(), sealed_content=None)


@transaction.atomic
def post_message(
    *,
    recipient_id: UUID,
    language: str,
    subject: str,
    body: str,
    attachments: Sequence[Attachment] = (),
    kind: str,
) -> Message:
    """This will put a message into somebody's inbox (MSG-002). The body is plain text; repeating it posts another."""
    message = Message.objects.create(
        recipient_id=recipient_id,
        kind=kind,
        language=language,
        subject=rules.one_line(subject),
        body=body,
        posted_at=clock.now(),
    )
    MessageAttachment.objects.bulk_create(
        MessageAttachment(message=message, name=each.name, media_type=each.media_type, content=each.content)
        for each in attachments
    )
    return message


def mark_read(*, recipient_id: UUID, message_id: UUID) -> None:
    """This will note that the recipient opened the message, the first time. Raises MessageNotFound."""
    rows = Message.objects.filter(id=message_id, recipient_id=recipient_id)
    if not rows.filter(read_at=None).update(read_at=clock.now()) and not rows.exists():
        raise MessageNotFound
