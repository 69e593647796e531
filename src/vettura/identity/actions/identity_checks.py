"""
Identity checks: opened where telecom law asks for one, held by video at the provider, decided once.

What we ask the provider is asked outside a transaction and recorded under the case's lock, so that a button, a webhook and a
repetition at once are one.
"""

import base64
import hashlib
import logging
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from vettura.catalog import queries as catalog
from vettura.foundation import clock, jobs, outbox
from vettura.foundation.errors import NotFound
from vettura.identity import errors, events, ports, queries, rules
from vettura.identity.models import Account, IdentityCheck, IdentityCheckNotice, IdentityCheckPicture
from vettura.notifications import actions as notifications

log = logging.getLogger(__name__)
Status = IdentityCheck.Status


@transaction.atomic
def require_identity_check(*, account: Account, country: str) -> IdentityCheck | None:
    """
    Open a case where the country's law asks for one, and write to the person; None where nothing is to be done (IDV-001).

    Repeating it returns the case that is open.
    """
    Account.objects.select_for_update().get(id=account.id)
    if not queries.must_be_identified(account=account, country=country):
        return None
    known = queries.open_identity_check(account=account, country=country)
    if known is not None:
        return known
    at = clock.now()
    case = IdentityCheck.objects.create(
        account=account,
        country=country,
        opened_at=at,
        expires_at=at + catalog.terms().identification_case_validity,
    )
    _tell(case, "opened")
    return case


def start_identity_check(*, by: Account, check_id: UUID, user_agent: str) -> IdentityCheck:
    """
    Let an attempt begin: the case waits for an agent, with the address of the call and the code for the app (IDV-009).

    While an attempt waits, repeating it returns that one. Calls the provider, so it runs outside a transaction. Raises
    NotFound, IdentityCheckOver, NoAttemptLeft, IdentificationClosed, BrowserNotSuitable, IdentificationUnavailable.
    """
    case = queries.identity_check(account=by, check_id=check_id)
    _refuse_start(case, user_agent)
    if case.status in (Status.WAITING, Status.IN_CALL):
        return case
    attempt = case.attempts + 1
    person = ports.Person(
        given_name=by.given_name,
        family_name=by.family_name,
        street=by.street,
        postal_code=by.postal_code,
        city=by.city,
        country=by.country,
        email=by.email,
        phone=by.phone,
        language=by.language,
    )
    try:
        begun = ports.identity_check_provider().begin(
            transaction=f"{case.id}-{attempt}", case=str(case.id), person=person
        )
    except (ports.ProviderUnavailable, ports.ProviderRefused) as reason:
        log.warning("identity check %s: the provider did not begin (%s)", check_id, reason)
        raise errors.IdentificationUnavailable from None
    return _note_begun(case.id, attempt, begun)


def _refuse_start(case: IdentityCheck, user_agent: str) -> None:
    terms = catalog.terms()
    at = clock.now()
    if case.status in rules.CHECK_FINAL or at >= case.expires_at:
        raise errors.IdentityCheckOver
    if not rules.identification_is_open(at):
        raise errors.IdentificationClosed(
            opens=f"{terms.identification_opens_at:%H:%M}", closes=f"{terms.identification_closes_at:%H:%M}"
        )
    device = rules.device_of(user_agent)
    # on a phone or tablet the attempt is begun for the app: its code is shown, the call's page is not (IDV-020, IDV-021)
    if not device.is_mobile and not device.is_compatible:
        raise errors.BrowserNotSuitable
    if case.status in (Status.OPENED, Status.FAILED) and case.attempts >= terms.identification_attempts:
        raise errors.NoAttemptLeft(attempts=case.attempts)


@transaction.atomic
def _note_begun(check_id: UUID, attempt: int, begun: ports.BegunCheck) -> IdentityCheck:
    case = IdentityCheck.objects.select_for_update().get(id=check_id)
    if case.attempts >= attempt or not rules.may_check_become(case.status, Status.WAITING):
        return case
    case.status, case.attempts, case.reasons = Status.WAITING, attempt, []
    case.code, case.call_url, case.started_at = begun.code, begun.url, clock.now()
    case.save()
    return case


@transaction.atomic
def receive_identity_notice(*, body: bytes, signature: str) -> IdentityCheckNotice:
    """
    Note a webhook and let a job ask the provider what happened; its content is not believed, nor kept.

    The same webhook again is the same notice. Raises NotFound for one that is not genuine.
    """
    try:
        number = ports.identity_check_provider().read_notice(body=body, signature=signature)
    except ports.NoticeNotGenuine:
        raise NotFound from None
    digest = hashlib.sha256(body).hexdigest()
    notice, is_new = IdentityCheckNotice.objects.get_or_create(
        digest=digest, defaults={"transaction_number": number[:60], "received_at": clock.now()}
    )
    if is_new:
        jobs.defer("identity.handle_identity_notice", lock=f"identity:{number}", notice_id=str(notice.id))
    return notice


def handle_identity_notice(*, notice_id: UUID) -> None:
    """Learn from the provider how an attempt stands. Runs outside a transaction; raises ProviderUnavailable to come again."""
    notice = IdentityCheckNotice.objects.get(id=notice_id)
    refresh_identity_check(transaction_number=notice.transaction_number)
    IdentityCheckNotice.objects.filter(id=notice_id).update(handled_at=clock.now())


def refresh_identity_check(*, transaction_number: str) -> None:
    """
    Ask the provider how an attempt stands and record it; an attempt that is over or not ours changes nothing.

    Runs outside a transaction and may be repeated. Raises ProviderUnavailable, ProviderRefused.
    """
    case = _case_of(transaction_number)
    if case is None or case.transaction_number != transaction_number or case.status in rules.CHECK_FINAL:
        return
    provider = ports.identity_check_provider()
    result = provider.result(transaction=transaction_number)
    is_passed = result.state == "verified" and not _faults(result)
    pictures = provider.pictures(transaction=transaction_number) if is_passed and result.has_pictures else []
    _record(case.id, transaction_number, result, pictures)


def _case_of(transaction_number: str) -> IdentityCheck | None:
    try:
        return IdentityCheck.objects.filter(id=UUID(transaction_number.rpartition("-")[0])).first()
    except ValueError:
        return None


def _faults(result: ports.CheckResult) -> list[str]:
    zone = catalog.terms().identification_time_zone
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    return rules.document_faults(kind=result.document_kind, valid_until=result.valid_until, on=today)


@transaction.atomic
def _record(check_id: UUID, transaction_number: str, result: ports.CheckResult, pictures: list[ports.Picture]) -> None:
    case = IdentityCheck.objects.select_for_update().select_related("account").get(id=check_id)
    faults = _faults(result) if result.state == "verified" else []
    status = Status.OPENED if result.state == "aborted" else Status(result.state)
    if faults:
        status = Status.FAILED
    if case.transaction_number != transaction_number or not rules.may_check_become(case.status, status):
        return
    at = clock.now()
    case.status, case.reasons = status, [*result.reasons, *faults]
    case.document_kind, case.document_country = result.document_kind, result.document_country
    if result.state == "aborted":
        case.reasons = ["ABORTED"]
    if status in (Status.VERIFIED, Status.FAILED):
        case.decided_at = at
        case.evidence_until = at + catalog.terms().identification_evidence_kept
    if status == Status.VERIFIED:
        case.sealed_document = rules.sealed(text=result.document_number, secret=settings.SECRET_KEY)
        for picture in pictures:
            text = base64.b64encode(picture.content).decode()
            IdentityCheckPicture.objects.update_or_create(
                check_case=case,
                kind=picture.kind,
                defaults={
                    "media_type": picture.media_type,
                    "sealed": rules.sealed(text=text, secret=settings.SECRET_KEY),
                },
            )
    case.save()
    if status == Status.VERIFIED:
        outbox.publish(
            events.IdentityVerified(account_id=case.account_id, check_id=case.id, country=case.country, at=at)
        )
        _tell(case, "verified")
    elif status == Status.FAILED:
        _announce_failure(case, at, is_final=False)
        _tell(case, "failed")


@transaction.atomic
def cancel_identity_check(*, by: Account, check_id: UUID) -> IdentityCheck:
    """
    End a case that the person does not want to finish; what waits for it ends too. Twice is the same as once.

    Raises NotFound, IdentityCheckOver once it was decided or while the call goes on.
    """
    case = IdentityCheck.objects.select_for_update().select_related("account").filter(id=check_id, account=by).first()
    if case is None:
        raise NotFound
    if case.status == Status.CANCELED:
        return case
    if not rules.may_check_become(case.status, Status.CANCELED):
        raise errors.IdentityCheckOver
    _end(case, Status.CANCELED, clock.now())
    return case


@transaction.atomic
def expire_identity_checks(*, at: datetime) -> int:
    """This will end every case that was not finished in time, and say so; returns how many."""
    due = IdentityCheck.objects.select_for_update(skip_locked=True, of=("self",)).select_related("account")
    cases = list(due.filter(expires_at__lte=at).exclude(status__in=rules.CHECK_FINAL))
    for case in cases:
        _end(case, Status.EXPIRED, at)
        _tell(case, "expired")
    return len(cases)


@transaction.atomic
def end_identity_checks(*, account: Account, at: datetime) -> None:
    """
    This will cancel every case of an account that is not decided, also during the call, and forget what was seen of documents.

    For an account that is deleted: nobody is written to. Doing it again changes nothing.
    """
    cases = IdentityCheck.objects.select_for_update(of=("self",)).filter(account=account).order_by("id")
    for case in cases:
        if case.status not in rules.CHECK_FINAL:
            _end(case, Status.CANCELED, at)
        if case.attempts and case.evidence_deleted_at is None:
            forget_identity_evidence(case=case, at=at)


def _end(case: IdentityCheck, status: Status, at: datetime) -> None:
    case.status, case.decided_at = status, at
    if case.attempts and case.evidence_until is None:
        case.evidence_until = at + catalog.terms().identification_evidence_kept
    case.save()
    _announce_failure(case, at, is_final=True)


def _announce_failure(case: IdentityCheck, at: datetime, *, is_final: bool) -> None:
    outbox.publish(
        events.IdentityCheckFailed(
            account_id=case.account_id,
            check_id=case.id,
            country=case.country,
            because=case.status,
            is_final=is_final,
            at=at,
        )
    )


@transaction.atomic
def delete_identity_evidence(*, at: datetime) -> int:
    """This will delete pictures and document numbers whose date has come, here and at the provider; returns how many cases."""
    due = IdentityCheck.objects.select_for_update(skip_locked=True).filter(
        evidence_until__lte=at, evidence_deleted_at=None
    )
    cases = list(due)
    for case in cases:
        forget_identity_evidence(case=case, at=at)
    return len(cases)


@transaction.atomic
def forget_identity_evidence(*, case: IdentityCheck, at: datetime) -> None:
    """This will delete the pictures and the document's number of a case now, and let the provider do the same."""
    case.pictures.all().delete()
    case.sealed_document, case.document_kind, case.document_country = None, "", ""
    case.call_url, case.code = "", ""
    # a case that is tried again gets a new date with its next decision
    case.evidence_deleted_at = at if case.status in rules.CHECK_FINAL else None
    case.evidence_until = case.evidence_until if case.status in rules.CHECK_FINAL else None
    case.save()
    for attempt in range(1, case.attempts + 1):
        jobs.defer("identity.forget_identity_attempt", transaction_number=f"{case.id}-{attempt}")


def forget_identity_attempt(*, transaction_number: str) -> None:
    """Make the provider forget an attempt. Runs outside a transaction; raises ProviderUnavailable to come again."""
    ports.identity_check_provider().forget(transaction=transaction_number)


def picture_of_case(*, by: Account, check_id: UUID, picture_id: UUID) -> tuple[bytes, str]:
    """A picture and its media type, for identity agents only. Raises NotFound for everybody else, and once it is deleted."""
    row = IdentityCheckPicture.objects.filter(id=picture_id, check_case_id=check_id).first()
    if row is None or not by.has_staff_role("ident"):
        raise NotFound
    text = rules.unsealed(data=bytes(row.sealed), secret=settings.SECRET_KEY)
    if text is None:
        raise NotFound
    return base64.b64decode(text), row.media_type


def _tell(case: IdentityCheck, what: str) -> None:
    """Mail and inbox: what is the case, and the page that helps."""
    account = case.account
    url = f"{settings.VETTURA_BASE_URL}{reverse('identity:identity_check', args=[case.id])}"
    notifications.send_mail(
        recipient_id=account.id,
        to=account.email,
        language=account.language,
        template=f"identity/mail/identity_{what}",
        facts={"name": account.name, "url": url},
    )
    with translation.override(account.language):
        subject, body = {
            "opened": (gettext("Please identify yourself"), gettext("Your order waits until you are identified.")),
            "verified": (gettext("You are identified"), gettext("Your order goes on by itself.")),
            "failed": (gettext("The identification did not succeed"), gettext("The page of the case says why.")),
            "expired": (gettext("The identification was not done in time"), gettext("Nothing was charged.")),
        }[what]
    notifications.post_message(
        recipient_id=account.id,
        language=account.language,
        subject=subject,
        body=f"{body}\n\n{url}",
        kind="identity",
    )
