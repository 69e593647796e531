"""What others may ask about people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from uuid import UUID

from allauth.idp.oidc.models import Client, Token
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from vettura.foundation import clock
from vettura.identity import rules
from vettura.identity.models import AcceptedDocument, Account, PhoneCheck, Pin, Registration


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
    found = Token.objects.lookup(Token.Type.ACCESS_TOKEN, token) if token else None
    if found is None or found.client_id is None or scope not in found.get_scopes():
        return None
    user = found.user
    return user if isinstance(user, Account) and user.is_active else None
