"""What can happen to cases: opened, taken, noted, carried out, closed."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from vettura.assistance import errors, ports, queries, rules
from vettura.assistance.actions.telling import end_call, tell, tell_of_case
from vettura.assistance.models import BreakdownCall, Case, CaseEntry, InboundMail, MailboxWatch
from vettura.catalog import queries as catalog
from vettura.foundation import audit, clock
from vettura.foundation.errors import NotFound
from vettura.foundation.ids import new_id
from vettura.foundation.jobs import defer
from vettura.identity import actions as identity
from vettura.identity import queries as people
from vettura.identity.models import Account
from vettura.notifications import actions as notifications
from vettura.vehicles import actions as vehicles
from vettura.vehicles import queries as cars
from vettura.vehicles.models import Vehicle

MAILS_AT_ONCE = 50
MAILBOX_PAUSE = timedelta(seconds=10)
# nobody gets more answers a day than this, whatever is sent in their name
ANSWERS_A_DAY = 5


@transaction.atomic
def open_case(
    *,
    kind: str,
    channel: str,
    language: str,
    text: str,
    subject: str = "",
    topic: str = Case.Topic.OTHER,
    tried: str = "",
    account: Account | None = None,
    vehicle: Vehicle | None = None,
    sureness: str = Case.Sureness.CONFIRMED,
    sender: str = "",
    country: str = "",
    by: Account | None = None,
    case_id: UUID | None = None,
) -> Case:
    """
    This will open a case with a number and a day by which it is due; `by` a member of staff, or by itself.

    Repeating it opens another.
    """
    at = clock.now()
    terms = catalog.terms()
    due = {
        Case.Kind.CONSENT_WITHDRAWAL.value: terms.withdrawal_case_due.duration,
        Case.Kind.BREAKDOWN.value: terms.breakdown_answered,
    }
    case = Case.objects.create(
        id=case_id or new_id(),
        number=rules.case_number(secrets.token_bytes(5)),
        kind=kind,
        topic=topic,
        channel=channel,
        account=account,
        vehicle=vehicle,
        sureness=sureness,
        sender=sender,
        country=country,
        language=catalog.language_of_pack(language),
        subject=subject,
        text=text,
        tried=tried,
        opened_at=at,
        due_at=at + due.get(kind, terms.case_due.duration),
    )
    note(case, "opened", by=by)
    return case


@transaction.atomic
def open_case_for(
    *,
    by: Account,
    case_id: UUID,
    account_id: UUID,
    kind: str,
    subject: str,
    text: str,
    topic: str = Case.Topic.OTHER,
    vin: str = "",
    is_checked: bool = False,
) -> Case:
    """
    This will open a case for a person who called, perhaps about one of their cars; repeating it returns the same case.

    `case_id` is chosen by the caller, so that a form that is sent twice opens one. `is_checked`: the member of staff made
    sure who called. Raises CaseNotFound, NotFound for a person or car that is not there, TextMissing.
    """
    if not queries.works_here(account=by):
        raise errors.CaseNotFound
    account = people.person_at_desk(by=by, account_id=account_id)
    if not account.is_active:
        raise NotFound
    vehicle = cars.vehicle_for(account=account, vin=vin) if vin else None
    facts: dict[str, str] = {"subject": _words(subject)[: rules.LONGEST_SUBJECT], "text": _words(text)}
    try:
        with transaction.atomic():
            return open_case(
                kind=Case.Kind(kind),
                topic=Case.Topic(topic),
                channel=Case.Channel.PHONE,
                language=account.language,
                account=account,
                vehicle=vehicle,
                sureness=Case.Sureness.CONFIRMED if is_checked else Case.Sureness.UNKNOWN,
                country=account.country,
                by=by,
                case_id=case_id,
                **facts,
            )
    except IntegrityError:
        # the same form was sent before, or is being sent in this moment
        known = Case.objects.filter(id=case_id, account=account).first()
        if known is None:
            raise errors.CaseNotFound from None
        return known


def read_mailbox() -> int:
    """
    This will turn every waiting mail into a case and return how many there were. Raises MailboxUnreachable.

    A mail is marked only after its case is kept: whatever breaks between the two, the mail comes again and is known.
    """
    mailbox = ports.mailbox()
    if mailbox is None:
        return 0
    waiting = mailbox.waiting(limit=MAILS_AT_ONCE)
    for each in waiting:
        take_in_mail(content=each.content)
    mailbox.taken_in([each.id for each in waiting])
    return len(waiting)


@transaction.atomic
def ask_for_mails() -> int:
    """This will have the mailbox read once the pause since the last time is over; returns 1 if so."""
    if not settings.VETTURA_PROVIDERS.imap_url:
        return 0
    at = clock.real_now()
    MailboxWatch.objects.get_or_create(id=1, defaults={"asked_at": at - MAILBOX_PAUSE})
    watch = MailboxWatch.objects.select_for_update().get(id=1)
    if at < watch.asked_at + MAILBOX_PAUSE:
        return 0
    watch.asked_at = at
    watch.save(update_fields=["asked_at"])
    defer("assistance.read_mailbox", lock="assistance.mailbox")
    return 1


@transaction.atomic
def take_in_mail(*, content: bytes) -> Case:
    """
    This will make a mail a case and answer with its number; the same Message-ID again returns the same case.

    The sender is looked up among the accounts and never trusted alone: the case says how sure it is.
    """
    mail = rules.parsed(content, trusted_server=settings.VETTURA_PROVIDERS.mail_authserv)
    known = InboundMail.objects.filter(message_id=mail.message_id).select_related("case").first()
    if known is not None:
        return known.case
    account = people.find_by_email(email=mail.sender) if mail.sender else None
    sureness = Case.Sureness.UNKNOWN
    if account is not None:
        sureness = Case.Sureness.CONFIRMED if mail.is_confirmed else Case.Sureness.ADDRESS_ONLY
    country = _country(mail, account)
    usual = catalog.country(country).languages[0] if country else catalog.pack().default_language
    is_withdrawal = rules.asks_for_withdrawal(mail.subject, mail.text)
    case = open_case(
        kind=Case.Kind.CONSENT_WITHDRAWAL if is_withdrawal else Case.Kind.QUESTION,
        channel=Case.Channel.EMAIL,
        language=rules.language_of(f"{mail.subject} {mail.text}") or usual,
        subject=mail.subject,
        text=mail.text,
        account=account,
        sureness=sureness,
        sender=mail.sender,
        country=country,
    )
    InboundMail.objects.create(message_id=mail.message_id, case=case, taken_in_at=case.opened_at)
    _answer(case, mail)
    return case


def _country(mail: rules.ParsedMail, account: Account | None) -> str:
    """The country whose address was written to; where countries share one, the person's own if it is among them (C-41)."""
    asked = [each.iso2 for each in catalog.countries() if each.email.lower() in mail.recipients]
    if account is not None and (account.country in asked or not asked):
        return account.country
    return asked[0] if asked else ""


def _answer(case: Case, mail: rules.ParsedMail) -> None:
    since = case.opened_at - timedelta(days=1)
    lately = Case.objects.filter(sender=case.sender, opened_at__gt=since).count()
    if mail.is_automatic or not mail.sender or lately > ANSWERS_A_DAY:
        note(case, "not_answered")
        return
    notifications.send_mail(
        recipient_id=case.account_id,
        to=case.sender,
        language=case.language,
        template="assistance/mail/received",
        facts={"number": case.number, "is_withdrawal": case.kind == Case.Kind.CONSENT_WITHDRAWAL},
    )
    note(case, "answered")


@transaction.atomic
def take_case(*, by: Account, case_id: UUID) -> Case:
    """This will make a member of Assistance the one who works on a case; repeating it changes nothing."""
    case = _locked(by, case_id)
    _refuse_closed(case)
    if case.assignee_id != by.id:
        case.assignee = by
        case.save(update_fields=["assignee"])
        note(case, "taken", by=by)
        call = queries.breakdown_of(case=case)
        if call is not None:
            call.case = case
            tell(call)
    return case


@transaction.atomic
def add_note(*, by: Account, case_id: UUID, text: str) -> CaseEntry:
    """This will add a line to the timeline. Raises TextMissing, CaseNotFound."""
    case = _locked(by, case_id)
    return note(case, "note", by=by, text=_words(text))


@transaction.atomic
def answer_case(*, by: Account, case_id: UUID, text: str) -> CaseEntry:
    """
    This will answer whoever asked, in their inbox and on the page of their case. Raises TextMissing, AccountUnknown, CaseClosed, CaseNotFound.
    """
    case = _locked(by, case_id)
    _refuse_closed(case)
    if case.account is None:
        raise errors.AccountUnknown
    entry = note(case, "replied", by=by, text=_words(text))
    tell_of_case(case, "replied", text=entry.text)
    return entry


@audit.explained
@transaction.atomic
def name_account(*, by: Account, case_id: UUID, email: str, reason: str) -> Case:
    """This will say whose account a case is about, and why that is sure. Raises TextMissing, AccountUnknown, CaseClosed."""
    case = _locked(by, case_id)
    _refuse_closed(case)
    account = people.find_by_email(email=email)
    if account is None:
        raise errors.AccountUnknown
    case.account, case.sureness = account, Case.Sureness.ADDRESS_ONLY
    case.save(update_fields=["account", "sureness"])
    note(case, "account_named", by=by, text=f"{account.email}: {_words(reason)}")
    return case


@transaction.atomic
def execute_withdrawal(*, by: Account, case_id: UUID, is_checked: bool) -> Case:
    """
    This will withdraw every consent and every sharing of the account, mail the receipt and close the case (DAT-011).

    A second time it changes nothing. `is_checked`: the member of staff made sure who wrote; needed unless the sender is
    confirmed. Raises CaseNotFound, CaseClosed, AccountUnknown, SenderUnchecked.
    """
    case = _locked(by, case_id)
    if case.executed_at is not None:
        return case
    _refuse_closed(case)
    if case.account is None:
        raise errors.AccountUnknown
    if case.sureness != Case.Sureness.CONFIRMED and not is_checked:
        raise errors.SenderUnchecked
    account = case.account
    withdrawn = identity.withdraw_all_consents(account=account, channel="email", by=by, reason=case.number)
    ended = vehicles.stop_all_sharing(account=account, channel="email", by=by, reason=case.number)
    titles = [
        words.title for each in withdrawn if (words := catalog.consent_words(each.purpose, case.language)) is not None
    ]
    partners = [f"{each.partner.name} ({each.vehicle.vin_end})" for each in ended]
    case.executed_at = clock.now()
    case.save(update_fields=["executed_at"])
    notifications.send_mail(
        recipient_id=account.id,
        to=account.email,
        language=case.language,
        template="assistance/mail/withdrawn",
        facts={
            "number": case.number,
            "titles": titles,
            "partners": partners,
            "url": f"{settings.VETTURA_BASE_URL}/account/consents/",
            "warning": catalog.text("consent.withdrawal_warning", case.language),
        },
    )
    note(case, "executed", by=by, text=", ".join([*titles, *partners]))
    _close(case, by, "")
    return case


@transaction.atomic
def close_case(*, by: Account, case_id: UUID, text: str) -> Case:
    """This will close a case with what came of it; a closed one stays as it is. Raises TextMissing, CaseNotFound."""
    case = _locked(by, case_id)
    if case.status == Case.Status.OPEN:
        _close(case, by, _words(text))
    return case


@transaction.atomic
def reopen_case(*, by: Account, case_id: UUID, text: str) -> Case:
    """This will open a closed case again, with a reason; an open one stays as it is. Raises TextMissing, CaseNotFound."""
    case = _locked(by, case_id)
    if case.status == Case.Status.CLOSED:
        note(case, "reopened", by=by, text=_words(text))
        case.status, case.closed_at = Case.Status.OPEN, None
        case.save(update_fields=["status", "closed_at"])
        # what was handed over is gone; how it goes is said anew
        BreakdownCall.objects.filter(case=case).update(ended_as="")
    return case


def _close(case: Case, by: Account, text: str) -> None:
    end_call(case, BreakdownCall.State.DONE)
    case.status, case.closed_at = Case.Status.CLOSED, clock.now()
    case.save(update_fields=["status", "closed_at"])
    note(case, "closed", by=by, text=text)
    if case.channel == Case.Channel.PORTAL and case.kind != Case.Kind.BREAKDOWN:  # end_call tells of a call for help
        tell_of_case(case, "closed")


def _locked(by: Account, case_id: UUID) -> Case:
    if not queries.works_here(account=by):
        raise errors.CaseNotFound
    found = Case.objects.select_for_update(of=("self",)).select_related("account").filter(id=case_id).first()
    if found is None:
        raise errors.CaseNotFound
    return found


def _refuse_closed(case: Case) -> None:
    if case.status == Case.Status.CLOSED:
        raise errors.CaseClosed


def _words(text: str) -> str:
    if not text.strip():
        raise errors.TextMissing
    return text.strip()[: rules.LONGEST_TEXT]


def note(case: Case, what: str, *, by: Account | None = None, text: str = "") -> CaseEntry:
    """This will add a line to the timeline of a case; for this context's other actions."""
    return CaseEntry.objects.create(case=case, by=by, what=what, text=text, at=clock.now())
