"""What staff may ask about people, and whom they look after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext

from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.foundation.panels import panels
from vettura.identity import rules
from vettura.identity.models import Account, AddressChange, StaffChange


def people_at_desk(*, by: Account) -> QuerySet[Account]:
    """
    The people whom a member of staff looks after: everybody for Assistance, a partner's own customers for its staff.

    Raises NotFound for everybody else.
    """
    if looks_after_everybody(account=by):
        return Account.objects.all()
    own = _customers(by=by, sharing=False)
    if own is None:
        raise NotFound
    # the rest of a deleted account is no partner's business
    return Account.objects.filter(own).exclude(status=Account.Status.DELETED)


def looks_after_everybody(*, account: Account) -> bool:
    """Whether a member of staff looks after all people, and not only after a partner's own customers."""
    return account.has_staff_role(rules.FOR_EVERYBODY)


def works_with_people(*, account: Account) -> bool:
    """Whether a person is staff who look after customers."""
    return looks_after_everybody(account=account) or _customers(by=account, sharing=False) is not None


@dataclass(frozen=True, kw_only=True)
class Customer:
    """
    Somebody as a member of staff may see them: with name and address, or by `known_as`, what one sold them (C-21).

    `shares` is whether they let this member of staff have their data; for Assistance it is always so.
    """

    account: Account
    shares: bool
    known_as: str


def found_at_desk(*, by: Account, search: str) -> QuerySet[Account]:
    """
    The people whom a member of staff looks after and every word of the search fits, by name.

    Looked for are parts of names and address; other contexts find people by what they know, such as a VIN. Who shares no
    data with a partner is neither found nor put in order by name and address: that would tell them (C-21).
    """
    people = people_at_desk(by=by)
    sharing = _sharing(by)
    by_name = Q()
    for word in search.split():
        by_name &= Q(given_name__icontains=word) | Q(family_name__icontains=word) | Q(email__icontains=word)
    if by_name:
        by_name &= sharing
        for found_by in panels("desk_people_found_by"):
            by_name |= Q(id__in=found_by(search=search))
    if not sharing:
        return people.filter(by_name).order_by("family_name", "given_name", "id")
    return people.filter(by_name).order_by(
        Case(When(sharing, then=Value(0)), default=Value(1)),
        Case(When(sharing, then="family_name"), default=Value("")),
        Case(When(sharing, then="given_name"), default=Value("")),
        "id",
    )


def customers(*, by: Account, accounts: Sequence[Account]) -> list[Customer]:
    """The accounts as the member of staff may see them, in their order; as many queries for many as for one."""
    sharing = _sharing(by)
    ids = {each.id for each in accounts}
    seen = set(Account.objects.filter(sharing, id__in=ids).values_list("id", flat=True)) if sharing and ids else ids
    names: dict[UUID, str] = {}
    if hidden := ids - seen:
        for names_of in panels("desk_customers_known_as"):
            names |= cast("dict[UUID, str]", names_of(by=by, account_ids=hidden))
    return [
        Customer(
            account=each,
            shares=each.id in seen,
            known_as=_name_of(each) if each.id in seen else names.get(each.id, "–"),
        )
        for each in accounts
    ]


def _name_of(account: Account) -> str:
    return gettext("Erased person") if account.erased_at is not None else account.name or account.address


def person_at_desk(*, by: Account, account_id: UUID) -> Account:
    """A person whom this member of staff looks after. Raises NotFound for others."""
    person = people_at_desk(by=by).prefetch_related("staff_roles").filter(id=account_id).first()
    if person is None:
        raise NotFound
    return person


def shares_contact_data(*, by: Account, account: Account) -> bool:
    """Whether a member of staff may see who a customer is: name, addresses and number (DAT-009, C-21)."""
    (customer,) = customers(by=by, accounts=[account])
    return customer.shares


def _sharing(by: Account) -> Q:
    """Whose data a member of staff may see; empty for everybody's."""
    if looks_after_everybody(account=by):
        return Q()
    return _customers(by=by, sharing=True) or Q(pk__in=[])


def _customers(*, by: Account, sharing: bool) -> Q | None:
    """Which accounts are customers of whom a member of staff works for; None for people who work for nobody."""
    answers = [customers_of(by=by, sharing=sharing) for customers_of in panels("desk_customers")]
    known = [each for each in answers if each is not None]
    if not known:
        return None
    anyone = Q()
    for ids in known:
        anyone |= Q(id__in=ids)
    return anyone


def staff_changes(*, account: Account) -> list[StaffChange]:
    """What staff changed about a person, newest first."""
    return list(StaffChange.objects.filter(account=account).select_related("by").order_by("-at", "-id"))


def open_address_change(*, account: Account) -> AddressChange | None:
    """The new address that waits to be confirmed."""
    open_ones = AddressChange.objects.filter(account=account, confirmed_at=None, stopped_at=None)
    return open_ones.filter(expires_at__gt=clock.now()).first()


def address_changes(*, account: Account) -> list[AddressChange]:
    """Every new address that staff entered, newest first."""
    return list(AddressChange.objects.filter(account=account).order_by("-asked_at", "-id"))


def address_change(*, token: str) -> AddressChange | None:
    """The change of address behind a link that confirms or stops it, whatever became of it."""
    digest = rules.link_hash(token)
    found = AddressChange.objects.filter(Q(confirm_hash=digest) | Q(stop_hash=digest))
    return found.select_related("account").first()
