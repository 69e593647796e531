"""What staff change about a person: the name and the e-mail address, each with a reason (ID-020, ID-031)."""

import secrets
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from vettura.catalog import queries as catalog
from vettura.foundation import audit, clock, outbox
from vettura.foundation.errors import NotFound
from vettura.identity import events, queries, rules
from vettura.identity.errors import (
    AddressLinkOver,
    AddressTaken,
    AddressUnchanged,
    NameMissing,
    OwnAccount,
    ReasonMissing,
)
from vettura.identity.models import Account, AddressChange, StaffChange
from vettura.notifications import actions as notifications

LINK_BYTES = 24


@audit.explained
@transaction.atomic
def change_name(*, by: Account, account_id: UUID, given_name: str, family_name: str, reason: str) -> Account:
    """
    This will change a customer's name, announce it and tell the person by mail; the same name again changes nothing.

    For Assistance and for the partner whose customer it is (ID-031). Raises NotFound for everybody else's customers,
    OwnAccount, ReasonMissing, NameMissing.
    """
    person, why = look_after(by, account_id, reason)
    given_name, family_name = given_name.strip(), family_name.strip()
    if not given_name or not family_name:
        raise NameMissing
    if (person.given_name, person.family_name) == (given_name, family_name):
        return person
    at, before = clock.now(), person.name
    person.given_name, person.family_name = given_name, family_name
    person.save(update_fields=["given_name", "family_name"])
    StaffChange.objects.create(
        account=person, by=by, kind=StaffChange.Kind.NAME, before=before, after=person.name, reason=why, at=at
    )
    outbox.publish(events.NameChanged(account_id=person.id, given_name=given_name, family_name=family_name, at=at))
    _mail(person, person.email, "identity/mail/name_changed", {"new_name": person.name})
    return person


@audit.explained
@transaction.atomic
def change_email(*, by: Account, account_id: UUID, email: str, reason: str) -> AddressChange:
    """
    This will mail a link to the new address; it takes over once its holder has agreed there (`confirm_email`).

    The former address is told and can stop it. Entering another one stops the one before. An address that has an account already is
    told so by mail, and nobody at a partner learns of it: whoever may not look for everybody guesses no addresses here. Raises
    NotFound, OwnAccount, ReasonMissing, AddressUnchanged, and AddressTaken to whoever finds everybody anyway.
    """
    person, why = look_after(by, account_id, reason)
    email = email.strip().lower()
    if email == person.email:
        raise AddressUnchanged
    holder = _holder_of(email, person)
    if holder is not None and queries.looks_after_everybody(account=by):
        raise AddressTaken
    at = clock.now()
    _open_changes(person).update(stopped_at=at)
    confirm, stop = secrets.token_urlsafe(LINK_BYTES), secrets.token_urlsafe(LINK_BYTES)
    change = AddressChange.objects.create(
        account=person,
        former_email=person.email,
        email=email,
        confirm_hash=rules.link_hash(confirm),
        stop_hash=rules.link_hash(stop),
        asked_at=at,
        expires_at=at + catalog.terms().email_change_validity,
    )
    StaffChange.objects.create(
        account=person,
        by=by,
        kind=StaffChange.Kind.EMAIL_ASKED,
        before=person.email,
        after=email,
        reason=why,
        at=at,
    )
    days = catalog.terms().email_change_validity.days
    if holder is None:
        _mail(person, email, "identity/mail/email_confirm", {"url": _url("confirm_email", confirm), "days": days})
    else:
        _mail(holder, email, "identity/mail/email_taken", {"url": f"{settings.VETTURA_BASE_URL}/signin/"})
    _mail(person, person.email, "identity/mail/email_asked", {"url": _url("stop_email", stop), "new_email": email})
    return change


@audit.explained
@transaction.atomic
def withdraw_email_change(*, by: Account, account_id: UUID, reason: str) -> None:
    """This will stop an open change of address; without one nothing happens. Raises as `change_email`."""
    person, why = look_after(by, account_id, reason)
    change = _open_changes(person).first()
    if change is None:
        return
    change.stopped_at = clock.now()
    change.save(update_fields=["stopped_at"])
    StaffChange.objects.create(
        account=person,
        by=by,
        kind=StaffChange.Kind.EMAIL_WITHDRAWN,
        before=change.email,
        reason=why,
        at=change.stopped_at,
    )


@transaction.atomic
def confirm_email(*, token: str) -> Account:
    """
    This will make the new address the account's own; both addresses are told. Confirming again is the same as once.

    An unfinished registration with this address gives way. Raises AddressLinkOver, AddressTaken.
    """
    change = AddressChange.objects.select_for_update().filter(confirm_hash=rules.link_hash(token)).first()
    if change is None or change.stopped_at is not None:
        raise AddressLinkOver
    person = Account.objects.select_for_update().get(id=change.account_id)
    if change.confirmed_at is not None and person.email == change.email:
        return person
    at = clock.now()
    if change.confirmed_at is not None or at >= change.expires_at or person.status != Account.Status.ACTIVE:
        raise AddressLinkOver
    if _holder_of(change.email, person) is not None:
        raise AddressTaken
    Account.objects.filter(email=change.email, status=Account.Status.INVITED).delete()
    person.email = change.email
    person.save(update_fields=["email"])
    # allauth would still know the former address as a way in
    EmailAddress.objects.filter(user=person).delete()
    change.confirmed_at = at
    change.save(update_fields=["confirmed_at"])
    for address in (change.former_email, change.email):
        _mail(person, address, "identity/mail/email_changed", {"new_email": change.email})
    return person


@transaction.atomic
def stop_email_change(*, token: str) -> None:
    """
    This will stop a change of address from the former one; stopping again is the same as once.

    Raises AddressLinkOver once the new address has taken over.
    """
    change = AddressChange.objects.select_for_update().filter(stop_hash=rules.link_hash(token)).first()
    if change is None or change.confirmed_at is not None:
        raise AddressLinkOver
    if change.stopped_at is None:
        change.stopped_at = clock.now()
        change.save(update_fields=["stopped_at"])


def look_after(by: Account, account_id: UUID, reason: str) -> tuple[Account, str]:
    """The active customer, locked, and the reason; what every change by staff begins with. Raises NotFound, OwnAccount, ReasonMissing."""
    queries.person_at_desk(by=by, account_id=account_id)
    if by.id == account_id:
        raise OwnAccount
    if not (why := reason.strip()):
        raise ReasonMissing
    person = Account.objects.select_for_update().get(id=account_id)
    if person.status != Account.Status.ACTIVE:
        raise NotFound
    return person, why


def _open_changes(person: Account) -> "QuerySet[AddressChange]":
    return AddressChange.objects.filter(account=person, confirmed_at=None, stopped_at=None)


def _holder_of(email: str, person: Account) -> Account | None:
    """Whose address it is already, if it is somebody else's; an unfinished registration gives way."""
    return Account.objects.filter(email=email).exclude(id=person.id).exclude(status=Account.Status.INVITED).first()


def _url(page: str, token: str) -> str:
    return f"{settings.VETTURA_BASE_URL}{reverse(f'identity:{page}', kwargs={'token': token})}"


def _mail(person: Account, to: str, template: str, facts: dict[str, object]) -> None:
    notifications.send_mail(
        recipient_id=person.id,
        to=to,
        language=person.language,
        template=template,
        facts={"name": person.given_name, **facts},
    )
