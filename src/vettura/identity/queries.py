"""What others may ask about people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from uuid import UUID

from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client, Token
from django.conf import settings
from django.contrib.auth import get_user
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from vettura.catalog.queries import terms
from vettura.foundation import clock, statements
from vettura.foundation.errors import NotFound
from vettura.foundation.panels import panels
from vettura.identity import rules
from vettura.identity.models import (
    AcceptedDocument,
    Account,
    AddressChange,
    PhoneCheck,
    Pin,
    Registration,
    SecurityCode,
    StaffChange,
)
from vettura_wire.security_code import SALT_BYTES

ACCOUNT_COLUMNS = [field.attname for field in Account._meta.concrete_fields]
# every request of a program asks this
BEARER = f"""
    SELECT {", ".join(f"account.{column}" for column in ACCOUNT_COLUMNS)}, token.scopes
    FROM {Token._meta.db_table} token JOIN {Account._meta.db_table} account ON account.id = token.user_id
    WHERE token.type = %s AND token.hash = %s AND token.client_id IS NOT NULL
      AND (token.expires_at IS NULL OR token.expires_at > %s)
"""  # noqa: S608  # names of our own tables and columns


@dataclass(frozen=True)
class ProgramAccess:
    """A program that may act for a person, and since when."""

    client_id: str
    name: str
    scopes: tuple[str, ...]
    since: datetime


@dataclass(frozen=True)
class CodeStep:
    """What the page that asks for the SMS code shows."""

    phone: str
    is_proven: bool
    offers_assistance: bool
    may_send_again: bool


def account(*, id: UUID) -> Account | None:
    """The account with this id, whatever its status."""
    return Account.objects.filter(id=id).first()


def find_by_email(*, email: str) -> Account | None:
    """The active account of an address. One whose registration is still open does not count."""
    return Account.objects.filter(email=email.strip().lower(), status=Account.Status.ACTIVE).first()


def accepted_terms_at(*, account: Account) -> datetime | None:
    """When the person first accepted terms of use, None if never."""
    rows = AcceptedDocument.objects.filter(account=account, kind="terms_of_use").order_by("accepted_at")
    return rows.values_list("accepted_at", flat=True).first()


def accepted_documents(*, account: Account) -> list[AcceptedDocument]:
    """Everything the person accepted, oldest first."""
    return list(AcceptedDocument.objects.filter(account=account).order_by("accepted_at", "kind"))


def registration(*, registration_id: UUID) -> Registration | None:
    """A registration by the secret in its link."""
    return Registration.objects.select_related("account").filter(id=registration_id).first()


def code_step(*, account: Account) -> CodeStep | None:
    """How far the proof of the mobile number is; None before a number was given."""
    check = PhoneCheck.objects.filter(account=account).first()
    if check is None:
        return None
    return CodeStep(
        phone=check.phone,
        is_proven=check.verified_at is not None,
        offers_assistance=rules.should_offer_assistance(sent_count=check.sent_count),
        may_send_again=rules.may_send_code_again(
            sent_count=check.sent_count, sent_at=check.sent_at, at=clock.real_now()
        ),
    )


def has_pin(*, account: Account) -> bool:
    """Whether the person has set a PIN."""
    return Pin.objects.filter(account=account).exists()


def has_security_code(*, account: Account) -> bool:
    """Whether the person has set a security code."""
    return SecurityCode.objects.filter(account=account).exists()


def security_code_salt(*, account: Account | None, about: str) -> bytes:
    """
    The salt of a person's security code, which a car needs to stretch what was typed.

    For nobody, and for people without a code, one made from `about` (an address or id): the answer looks the same.
    """
    found = SecurityCode.objects.filter(account=account).values_list("salt", flat=True).first() if account else None
    if found is not None:
        return bytes(found)
    return rules.unknown_salt(about=about, secret=settings.SECRET_KEY, size=SALT_BYTES)


def pin_attempts_left(*, account: Account) -> int:
    """How many wrong PINs may still be given before it is locked; all of them where no PIN is set."""
    row = Pin.objects.filter(account=account).first()
    if row is None:
        return terms().pin_attempts
    if row.locked_until is not None and clock.real_now() < row.locked_until:
        return 0
    return terms().pin_attempts - row.wrong_attempts


def programs_with_access(*, account: Account) -> list[ProgramAccess]:
    """The programs that hold a living token of this person, by name."""
    found: dict[str, ProgramAccess] = {}
    living = Token.objects.valid().filter(user=account, client__isnull=False)
    for token in living.select_related("client").order_by("client__name", "created_at"):
        client = token.client
        if client is not None and client.id not in found:
            found[client.id] = ProgramAccess(client.id, client.name, tuple(token.get_scopes()), token.created_at)
    return list(found.values())


def client(*, client_id: str) -> Client | None:
    """A program by its id."""
    return Client.objects.filter(id=client_id).first()


def session_account(*, cookies: Mapping[str, str]) -> Account | None:
    """
    The active account that is signed in with these cookies. For ways in that Django's middleware does not serve.

    Checks no CSRF token; may be called from a thread.
    """
    key = cookies.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    found = get_user(request)
    return found if isinstance(found, Account) and found.is_active else None


def bearer_account(*, token: str, scope: str) -> Account | None:
    """The active account behind an access token that was granted this scope; None for any other token."""
    if not token:
        return None
    kind, digest = str(Token.Type.ACCESS_TOKEN), get_adapter().hash_token(token)
    for *columns, scopes in statements.fetch(BEARER, [kind, digest, clock.real_now()]):
        found = Account.from_db("default", ACCOUNT_COLUMNS, columns)
        if found.is_active and scope in Token(scopes=scopes).get_scopes():
            return found
    return None


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
