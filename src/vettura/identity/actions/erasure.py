"""A person's data are erased: asked for through a partner or Assistance, carried out by Assistance (DAT-020, DAT-021)."""

from dataclasses import asdict
from uuid import UUID

from django.db import transaction

from vettura.catalog import queries as catalog
from vettura.foundation import audit, clock, erasing
from vettura.foundation.erasing import Line
from vettura.identity import errors, queries
from vettura.identity.models import Account, ErasureRequest
from vettura.notifications import actions as notifications


@audit.explained
@transaction.atomic
def request_erasure(*, by: Account, account_id: UUID, reason: str, partner_name: str = "") -> ErasureRequest:
    """
    This will record that a person wants their data erased; until it is carried out everything stays as it is.

    For Assistance, who may name the partner that passed it on, and for the partner whose customer it is. While one
    request is open, it is answered with that one. Raises NotFound for everybody else's customers, OwnAccount,
    ReasonMissing, AlreadyErased.
    """
    queries.person_at_desk(by=by, account_id=account_id)
    if by.id == account_id:
        raise errors.OwnAccount
    if not (why := reason.strip()):
        raise errors.ReasonMissing
    person = Account.objects.select_for_update().get(id=account_id)
    if person.erased_at is not None:
        raise errors.AlreadyErased
    if (known := queries.erasure_of(account=person)) is not None:
        return known
    employer = None if queries.looks_after_everybody(account=by) else queries.employer_of(account=by)
    partner_id, name = employer or (None, partner_name.strip()[:120])
    at = clock.now()
    return ErasureRequest.objects.create(
        account=person,
        channel=ErasureRequest.Channel.PARTNER if name else ErasureRequest.Channel.ASSISTANCE,
        partner_id=partner_id,
        partner_name=name,
        asked_by=by,
        reason=why,
        asked_at=at,
        due_at=catalog.erasure_due(at=at, country=person.country),
    )


@audit.explained
@transaction.atomic
def take_back_erasure(*, by: Account, request_id: UUID, reason: str) -> ErasureRequest:
    """
    This will end a request that is no longer wanted; nothing was erased. Twice is the same as once.

    Raises NotFound for all but Assistance, ReasonMissing, ErasureDone.
    """
    queries.erasure_request(by=by, request_id=request_id)
    if not reason.strip():
        raise errors.ReasonMissing
    found = ErasureRequest.objects.select_for_update().get(id=request_id)
    if found.done_at is not None:
        raise errors.ErasureDone
    if found.taken_back_at is None:
        found.taken_back_at = clock.now()
        found.save(update_fields=["taken_back_at"])
    return found


@transaction.atomic
def carry_out_erasure(*, by: Account, request_id: UUID) -> ErasureRequest:
    """
    This will erase what is known of a person, for good; what a law wants kept stays, with nothing else, for its time.

    Before the address goes, the person is told there. The request becomes the proof of what was done. Twice is the same
    as once. Only Assistance does it, once the account is deleted by its holder and everything that was begun is over.
    Raises NotFound for everybody else, OwnAccount, ErasureTakenBack, ErasureHindered.
    """
    found = queries.erasure_request(by=by, request_id=request_id)
    person = Account.objects.select_for_update().get(id=found.account_id)
    found = ErasureRequest.objects.select_for_update().get(id=request_id)
    if found.done_at is not None:
        return found
    if person.id == by.id:
        raise errors.OwnAccount
    if found.taken_back_at is not None:
        raise errors.ErasureTakenBack
    subject = queries.subject_of(account=person)
    if first := erasing.obstacles(subject):
        raise errors.ErasureHindered(first=first[0].sentence)
    lines = erasing.plan(subject)
    ends = [line.until for line in lines if line.until is not None]
    _tell(person, lines)
    person.status, person.erased_at = Account.Status.DELETED, subject.at
    person.deleted_at = person.deleted_at or subject.at
    person.save(update_fields=["status", "erased_at", "deleted_at"])
    found.done_at, found.done_by = subject.at, by
    found.kept = [_record(line) for line in lines]
    found.kept_until = max(ends, default=None)
    found.save(update_fields=["done_at", "done_by", "kept", "kept_until"])
    erasing.carry_out(subject)
    found.refresh_from_db()
    return found


def _record(line: Line) -> dict[str, object]:
    """What stands in the proof: no words, for they are made in the language of whoever reads it."""
    facts = {name: value for name, value in asdict(line).items() if name in ("code", "fate", "count")}
    return {**facts, "until": line.until.isoformat() if line.until is not None else None}


def _tell(person: Account, lines: list[Line]) -> None:
    """The last letter: what is gone, what stays and until when."""
    ends = [line.until for line in lines if line.until is not None]
    notifications.send_mail(
        recipient_id=None,
        to=person.address,
        language=person.language,
        template="identity/mail/erased",
        facts={
            "name": person.given_name,
            "kept_until": max(ends, default=None),
            "support_phone": catalog.country(person.country).support_phone,
        },
        is_farewell=True,
    )
