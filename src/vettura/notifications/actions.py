"""Mail, SMS, inbox and notes to phones: everything that reaches people."""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from vettura.catalog import queries as catalog
from vettura.foundation import clock, outbound
from vettura.foundation.jobs import RETRY, defer
from vettura.notifications import ports, queries, rules
from vettura.notifications.errors import MessageNotFound, PushEndpointUnfit, PushUnavailable, TextTooLong
from vettura.notifications.models import (
    Delivery,
    Mail,
    Message,
    MessageAttachment,
    Outgoing,
    Push,
    PushKind,
    PushSubscription,
    Sms,
)
from vettura.notifications.ports import Attachment

__all__ = [
    "Attachment",
    "deliver_mail",
    "deliver_push",
    "deliver_sms",
    "mark_read",
    "post_message",
    "send_mail",
    "send_sms",
    "subscribe_to_push",
    "unsubscribe_from_push",
    "unsubscribe_grants",
    "unsubscribe_person",
]


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
    _hand_over(Mail, mail, lambda: ports.mail_transport().send(letter))
    Mail.objects.filter(id=mail_id, is_farewell=True).exclude(status=Delivery.QUEUED).delete()


def deliver_sms(*, sms_id: UUID) -> None:
    """This will hand a queued SMS to the provider; otherwise as `deliver_mail`."""
    sms = Sms.objects.filter(id=sms_id).first()
    if sms is None or sms.status != Delivery.QUEUED or sms.sealed_content is None:
        return
    text = rules.unsealed_text(data=bytes(sms.sealed_content), secret=settings.SECRET_KEY)
    _hand_over(Sms, sms, lambda: ports.sms_transport().send(to=sms.to, text=text))


def _hand_over(kind: type[Outgoing], row: Outgoing, send: Callable[[], str]) -> Exception | None:
    """This will send and note what became of it; what stood against it comes back. Raises TryAgain while attempts are left."""
    is_last_attempt = row.attempts + 1 >= (RETRY.max_attempts or 1)
    try:
        reference = send()
    except ports.TryAgain as problem:
        _note_failure(kind, row, reason=str(problem), is_final=is_last_attempt)
        if not is_last_attempt:
            raise
        return problem
    except ports.Undeliverable as problem:
        _note_failure(kind, row, reason=str(problem), is_final=True)
        return problem
    _note_success(kind, row, reference=reference)
    return None


def _note_success(kind: type[Outgoing], row: Outgoing, *, reference: str) -> None:
    # what was sent is no longer ours to keep: links and codes in it are keys
    kind._default_manager.filter(id=row.id).update(
        status=Delivery.SENT,
        attempts=F("attempts") + 1,
        problem="",
        provider_reference=reference[:200],
        finished_at=clock.now(),
        sealed_content=None,
    )


def _note_failure(kind: type[Outgoing], row: Outgoing, *, reason: str, is_final: bool) -> None:
    rows = kind._default_manager.filter(id=row.id)
    rows.update(attempts=F("attempts") + 1, problem=reason[:200])
    if is_final:
        rows.update(status=Delivery.FAILED, finished_at=clock.now(), sealed_content=None)


@transaction.atomic
def subscribe_to_push(
    *,
    recipient_id: UUID,
    endpoint: str,
    p256dh: str,
    auth: str,
    kinds: Collection[str],
    client_id: str = "",
    grant_id: UUID | None = None,
) -> tuple[PushSubscription, bool]:
    """
    This will have a browser told of these kinds of messages; saying it again changes what it is told of. Returns whether it is new.

    A browser where somebody else was signed in before is theirs no longer. Of too many the one that was told longest ago goes.
    Raises PushUnavailable and PushEndpointUnfit.
    """
    if ports.push_transport().public_key() is None:
        raise PushUnavailable
    why = outbound.problem_with(endpoint, may_be_plain=settings.VETTURA_PRIVATE_WEBHOOKS)
    if not why and not rules.is_browser_key(p256dh, auth):
        why = gettext("its key is none.")
    if why:
        raise PushEndpointUnfit(why=why)
    PushSubscription.objects.filter(endpoint=endpoint).exclude(recipient_id=recipient_id).delete()
    facts = {
        "recipient_id": recipient_id,
        "client_id": client_id,
        "grant_id": grant_id,
        "p256dh": p256dh,
        "sealed_auth": rules.sealed_text(text=auth, secret=settings.SECRET_KEY),
        "kinds": [kind for kind in PushKind.values if kind in kinds],
    }
    row, is_new = PushSubscription.objects.update_or_create(
        endpoint=endpoint, defaults=facts, create_defaults=facts | {"created_at": clock.now()}
    )
    own = PushSubscription.objects.filter(recipient_id=recipient_id).exclude(id=row.id)
    newest_first = own.order_by(Coalesce("told_at", "created_at").desc(), "-id").values_list("id", flat=True)
    PushSubscription.objects.filter(id__in=list(newest_first[rules.MOST_SUBSCRIPTIONS - 1 :])).delete()
    return row, is_new


@transaction.atomic
def unsubscribe_from_push(*, recipient_id: UUID, subscription_id: UUID, client_id: str = "") -> None:
    """This will tell a browser nothing more. Raises PushSubscriptionNotFound, also for somebody else's; a program sees its own."""
    queries.push_subscription(recipient_id=recipient_id, subscription_id=subscription_id, client_id=client_id).delete()


def unsubscribe_grants(*, grant_ids: Collection[UUID]) -> None:
    """This will tell nothing more where these sign-ins of programs have ended."""
    PushSubscription.objects.filter(grant_id__in=list(grant_ids)).delete()


def unsubscribe_person(*, recipient_id: UUID) -> None:
    """This will tell a person's browsers nothing more."""
    PushSubscription.objects.filter(recipient_id=recipient_id).delete()


def deliver_push(*, push_id: UUID) -> None:
    """
    This will hand a note to the browser's push service; otherwise as `deliver_mail`. A browser that is gone is forgotten; a note that
    is not worth carrying any more is given up.
    """
    push = Push.objects.select_related("subscription").filter(id=push_id).first()
    if push is None or push.status != Delivery.QUEUED or push.sealed_content is None:
        return
    subscription = push.subscription
    left = rules.ttl(push.kind) - (clock.real_now() - push.queued_at)
    if left <= timedelta(0):
        _note_failure(Push, push, reason="too_old", is_final=True)
        return
    bell = ports.Bell(
        endpoint=subscription.endpoint,
        p256dh=subscription.p256dh,
        auth=rules.unsealed_text(data=bytes(subscription.sealed_auth), secret=settings.SECRET_KEY),
        payload=rules.unsealed_text(data=bytes(push.sealed_content), secret=settings.SECRET_KEY).encode(),
        ttl_seconds=int(left.total_seconds()),
        topic=push.topic,
        is_urgent=push.kind == PushKind.ALARM,
    )
    problem = _hand_over(Push, push, lambda: ports.push_transport().send(bell))
    if isinstance(problem, ports.Gone):
        subscription.delete()
    elif problem is None:
        PushSubscription.objects.filter(id=subscription.id).update(told_at=clock.now())


def _push(message: Message) -> None:
    """Notes of a message to the browsers that want to know of its kind, sent once the transaction commits."""
    kind = rules.push_kind(message.kind)
    wanting = PushSubscription.objects.filter(recipient_id=message.recipient_id, kinds__contains=[kind])
    body, link = rules.parted(message.body, own=settings.VETTURA_BASE_URL)
    for subscription in wanting.order_by("id"):
        payload = rules.note(
            subject=message.subject,
            text=body,
            address=link or f"{settings.VETTURA_BASE_URL}/messages/{message.id}/",
            language=message.language,
            tag=message.id.hex,
        )
        push = Push.objects.create(
            recipient_id=message.recipient_id,
            to=(urlsplit(subscription.endpoint).hostname or "")[:254],
            language=message.language,
            subscription=subscription,
            kind=kind,
            topic=message.id.hex,
            queued_at=clock.real_now(),
            sealed_content=rules.sealed_text(text=payload.decode(), secret=settings.SECRET_KEY),
        )
        defer("notifications.deliver_push", push_id=str(push.id))


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
    """
    This will put a message into somebody's inbox (MSG-002) and tell it to their phones, where a tap opens the page of ours that ends
    the body, or the message. The body is plain text; repeating it posts another.
    """
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
    _push(message)
    return message


def mark_read(*, recipient_id: UUID, message_id: UUID) -> None:
    """This will note that the recipient opened the message, the first time. Raises MessageNotFound."""
    rows = Message.objects.filter(id=message_id, recipient_id=recipient_id)
    if not rows.filter(read_at=None).update(read_at=clock.now()) and not rows.exists():
        raise MessageNotFound
