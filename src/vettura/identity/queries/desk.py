"""What staff may ask about people, and whom they look after."""

from uuid import UUID

from django.db.models import Q, QuerySet

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


def found_at_desk(*, by: Account, search: str) -> QuerySet[Account]:
    """
    The people whom a member of staff looks after and every word of the search fits, by name.

    Looked for are parts of names and address; other contexts find people by what they know, such as a VIN.
    """
    people = people_at_desk(by=by)
    by_name = Q()
    for word in search.split():
        by_name &= Q(given_name__icontains=word) | Q(family_name__icontains=word) | Q(email__icontains=word)
    if by_name:
        for found_by in panels("desk_people_found_by"):
            by_name |= Q(id__in=found_by(search=search))
    return people.filter(by_name).order_by("family_name", "given_name", "id")


def person_at_desk(*, by: Account, account_id: UUID) -> Account:
    """A person whom this member of staff looks after. Raises NotFound for others."""
    person = people_at_desk(by=by).prefetch_related("staff_roles").filter(id=account_id).first()
    if person is None:
        raise NotFound
    return person


def shares_contact_data(*, by: Account, account: Account) -> bool:
    """Whether a member of staff may see more of a customer than name and address (DAT-009, C-21)."""
    if looks_after_everybody(account=by):
        return True
    sharing = _customers(by=by, sharing=True)
    return sharing is not None and Account.objects.filter(sharing, id=account.id).exists()


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
