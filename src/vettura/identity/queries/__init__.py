"""What others may ask about people."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from uuid import UUID

from allauth.idp.oidc.models import Client
from django.conf import settings
from django.contrib.auth import get_user
from django.db.models import Case, Exists, OuterRef, QuerySet, When
from django.http import HttpRequest

from vettura.catalog import queries as catalog
from vettura.catalog.queries import terms
from vettura.foundation import clock, privacy, statements
from vettura.foundation.errors import NotFound
from vettura.foundation.privacy import Consequence, Person
from vettura.identity import rules
from vettura.identity.errors import ReceiptNotFound
from vettura.identity.models import (
    AcceptedDocument,
    Account,
    ConsentDecision,
    DataExport,
    DeviceSignIn,
    IdentityCheck,
    PhoneCheck,
    Pin,
    ProgramConsent,
    ProgramGrant,
    ProgramToken,
    Registration,
    SecurityCode,
    StaffRole,
)
from vettura.identity.queries.desk import (
    Customer,
    address_change,
    address_changes,
    customers,
    found_at_desk,
    looks_after_everybody,
    open_address_change,
    people_at_desk,
    person_at_desk,
    shares_contact_data,
    staff_changes,
    works_with_people,
)
from vettura.identity.queries.erasure import (
    employer_of,
    erasure_of,
    erasure_plan,
    erasure_request,
    erasure_requests,
    erasures_of,
    obstacles_to_erasure,
    subject_of,
)
from vettura.identity.queries.foreign import (
    app_passwords,
    foreign_scopes,
    lets_foreign_apps_in,
    offers_foreign_apps,
    shown_scopes,
)
from vettura.identity.queries.sign_in import (
    Device,
    Factors,
    Passkey,
    devices_of,
    factors_of,
)
from vettura_pack.model import Consent
from vettura_wire.security_code import SALT_BYTES

# answered in the files beside this one
__all__ = [
    "Customer",
    "Device",
    "Factors",
    "Passkey",
    "address_change",
    "address_changes",
    "app_passwords",
    "customers",
    "devices_of",
    "employer_of",
    "erasure_of",
    "erasure_plan",
    "erasure_request",
    "erasure_requests",
    "erasures_of",
    "factors_of",
    "foreign_scopes",
    "found_at_desk",
    "lets_foreign_apps_in",
    "looks_after_everybody",
    "obstacles_to_erasure",
    "offers_foreign_apps",
    "open_address_change",
    "people_at_desk",
    "person_at_desk",
    "shares_contact_data",
    "staff_changes",
    "subject_of",
    "works_with_people",
]

ACCOUNT_COLUMNS = [field.attname for field in Account._meta.concrete_fields]
# every request of a program asks this
BEARER = f"""
    SELECT {", ".join(f"account.{column}" for column in ACCOUNT_COLUMNS)}, token.scopes, program.id, program.last_used_at
    FROM {ProgramToken._meta.db_table} token
    JOIN {ProgramGrant._meta.db_table} program ON program.id = token.grant_id
    JOIN {Account._meta.db_table} account ON account.id = program.account_id
    WHERE token.hash = %s AND token.kind = 'access' AND token.expires_at > %s AND program.ended_at IS NULL
"""  # noqa: S608  # names of our own tables and columns


@dataclass(frozen=True)
class Bearer:
    """Whoever comes with an access token: for whom, with which scopes, and when its sign-in was last used."""

    account: Account
    scopes: tuple[str, ...]
    grant_id: UUID
    last_used_at: datetime


@dataclass(frozen=True)
class ProgramAccess:
    """A program that may act for a person: what it may, since when, and when it last did."""

    client_id: str
    name: str
    scopes: tuple[str, ...]
    since: datetime
    last_used: datetime


@dataclass(frozen=True)
class WaitingDevice:
    """A device that waits for a person's answer."""

    user_code: str
    program: str
    scopes: tuple[str, ...]


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


def names_of(*, account_ids: Collection[UUID]) -> dict[UUID, str]:
    """Names of people by their ids, the address where there is no name; unknown ids are left out."""
    if not account_ids:
        return {}
    return {each.id: each.name or each.email for each in Account.objects.filter(id__in=account_ids)}


def staff_among(*, account_ids: Collection[UUID]) -> set[UUID]:
    """Which of these people work for the operator."""
    if not account_ids:
        return set()
    return set(StaffRole.objects.filter(account_id__in=account_ids).values_list("account_id", flat=True))


def find_by_email(*, email: str) -> Account | None:
    """The active account of an address. One whose registration is still open does not count."""
    return Account.objects.filter(email=email.strip().lower(), status=Account.Status.ACTIVE).first()


def deleted_account(*, email: str, password: str) -> Account | None:
    """The latest deleted account of an address, for whoever knows its password: others learn nothing (ID-037)."""
    found = Account.objects.filter(former_email=email.strip().lower()).exclude(former_email="").order_by("-deleted_at")
    latest = found.first()
    return latest if latest is not None and latest.check_password(password) else None


def as_person(*, account: Account) -> Person:
    """The account as those parts know it that say what becomes of a person's data."""
    return Person(id=account.id, email=account.address, language=account.language, country=account.country)


def consequences_of_deletion(*, account: Account) -> list[Consequence]:
    """What deleting the account would mean for this person now, in the language in force."""
    return privacy.consequences_for(as_person(account=account))


def accepted_terms_at(*, account: Account) -> datetime | None:
    """When the person first accepted terms of use, None if never."""
    rows = AcceptedDocument.objects.filter(account=account, kind="terms_of_use").order_by("accepted_at")
    return rows.values_list("accepted_at", flat=True).first()


def accepted_documents(*, account: Account) -> list[AcceptedDocument]:
    """Everything the person accepted, oldest first."""
    return list(AcceptedDocument.objects.filter(account=account).order_by("accepted_at", "kind"))


def documents_to_accept(*, account: Account) -> list[str]:
    """The kinds of documents whose version in force the person has not accepted. Asks no database."""
    return [
        kind
        for kind, field in rules.VERSION_FIELDS.items()
        if getattr(account, field) != catalog.legal_version(kind, account.country)
    ]


def purposes() -> list[Consent]:
    """What each person decides for themselves; sharing with a partner is decided for each car."""
    return [each for each in catalog.consents() if not each.per_partner]


def has_consent(*, account: Account, purpose: str) -> bool:
    """Whether the person lets data of this kind be processed as the text in force says. Asks no database."""
    return rules.consent_mark(purpose, catalog.consent_version(purpose)) in account.consents


def missing_consents(*, account: Account, services: Collection[str]) -> list[Consent]:
    """The consents that these services need and the person has not given (DAT-005). Asks no database."""
    wanted = set(services)
    return [
        each
        for each in purposes()
        if wanted.intersection(each.services) and not has_consent(account=account, purpose=each.id)
    ]


def consents_to_decide(*, account: Account) -> list[Consent]:
    """The consents that the person gave to a text which has changed since. Asks no database."""
    given = {rules.purpose_of(mark) for mark in account.consents}
    return [each for each in purposes() if each.id in given and not has_consent(account=account, purpose=each.id)]


def consent_decisions(*, account: Account) -> QuerySet[ConsentDecision]:
    """Everything the person decided on data, newest first."""
    return ConsentDecision.objects.filter(account=account).order_by("-decided_at", "-id")


def receipt(*, account: Account, receipt_id: UUID) -> AcceptedDocument | ConsentDecision:
    """What the person accepted or decided, by its id. Raises ReceiptNotFound for what is not theirs."""
    found = (
        ConsentDecision.objects.filter(account=account, id=receipt_id).first()
        or AcceptedDocument.objects.filter(account=account, id=receipt_id).first()
    )
    if found is None:
        raise ReceiptNotFound
    return found


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
    """The programs that hold a living token of this person, by name; each once, however often it was signed in to."""
    found: dict[str, ProgramAccess] = {}
    living = ProgramToken.objects.filter(grant=OuterRef("id"), replaced_at=None, expires_at__gt=clock.real_now())
    grants = ProgramGrant.objects.filter(Exists(living), account=account, ended_at=None).select_related("client")
    for grant in grants.order_by("client__name", "client_id", "started_at"):
        known = found.get(grant.client_id)
        found[grant.client_id] = ProgramAccess(
            client_id=grant.client_id,
            name=grant.client.name,
            scopes=shown_scopes({*grant.scopes, *(known.scopes if known else ())}),
            since=known.since if known else grant.started_at,
            last_used=max(grant.last_used_at, known.last_used) if known else grant.last_used_at,
        )
    return list(found.values())


def has_allowed(*, account: Account, client: Client, scopes: Collection[str]) -> bool:
    """Whether the person has allowed this program all of these scopes before, and has not ended its access since."""
    row = ProgramConsent.objects.filter(account=account, client=client).first()
    return row is not None and set(scopes) <= set(row.scopes)


def waiting_device(*, user_code: str) -> WaitingDevice | None:
    """The device that shows this code and waits for an answer. Codes are guessed: whoever asks counts the attempts."""
    code = rules.normalized_user_code(user_code)
    row = DeviceSignIn.objects.select_related("client").filter(user_code=code).first()
    if row is None or row.answered_at is not None or clock.real_now() >= row.expires_at:
        return None
    return WaitingDevice(
        user_code=rules.shown_user_code(row.user_code), program=row.client.name, scopes=rules.in_order(row.scopes)
    )


def token(*, value: str) -> ProgramToken | None:
    """A living access or refresh token with its sign-in, whoever holds it."""
    row = (
        ProgramToken.objects.select_related("grant__account", "grant__client")
        .filter(hash=rules.token_digest(value), replaced_at=None, expires_at__gt=clock.real_now())
        .first()
    )
    if row is None or row.grant.ended_at is not None or not row.grant.account.is_active:
        return None
    return row


def clients() -> list[Client]:
    """Every program that is known, by id."""
    return list(Client.objects.order_by("id"))


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


def bearer(*, token: str) -> Bearer | None:
    """The active account behind an access token, with what the token is good for; None for any other token."""
    if not token:
        return None
    for *columns, scopes, grant_id, last_used_at in statements.fetch(
        BEARER, [rules.token_digest(token), clock.real_now()]
    ):
        found = Account.from_db("default", ACCOUNT_COLUMNS, columns)
        if found.is_active:
            return Bearer(account=found, scopes=tuple(scopes), grant_id=grant_id, last_used_at=last_used_at)
    return None


def bearer_account(*, token: str, scope: str) -> Account | None:
    """The active account behind an access token that was granted this scope; None for any other token."""
    found = bearer(token=token)
    return found.account if found is not None and scope in found.scopes else None


def must_be_identified(*, account: Account, country: str) -> bool:
    """Whether the country's telecom law asks who this person is, and nobody has answered yet (IDV-001, IDV-013, C-55)."""
    if not catalog.country(country).identity_check:
        return False
    return not IdentityCheck.objects.filter(
        account=account, country=country, status=IdentityCheck.Status.VERIFIED
    ).exists()


def identity_check(*, account: Account, check_id: UUID) -> IdentityCheck:
    """A case of this person. Raises NotFound, also for somebody else's."""
    found = IdentityCheck.objects.filter(account=account, id=check_id).first()
    if found is None:
        raise NotFound
    return found


def identity_checks_of(*, account: Account) -> list[IdentityCheck]:
    """The person's cases, the newest first."""
    return list(IdentityCheck.objects.filter(account=account).order_by("-opened_at", "-id"))


def open_identity_check(*, account: Account, country: str) -> IdentityCheck | None:
    """The case that a person still has to finish for a country."""
    return IdentityCheck.objects.filter(account=account, country=country).exclude(status__in=rules.CHECK_FINAL).first()


def identity_check_queue(*, offset: int, limit: int) -> list[IdentityCheck]:
    """Cases for identity agents with their person: calls first, then who waits, then the rest; the newest first."""
    urgency = Case(When(status="in_call", then=0), When(status="waiting", then=1), default=2)
    rows = IdentityCheck.objects.select_related("account").annotate(urgency=urgency)
    return list(rows.order_by("urgency", "-opened_at", "-id")[offset : offset + limit])


def identity_check_for_agent(*, check_id: UUID) -> IdentityCheck:
    """A case with its person and pictures, for identity agents. Raises NotFound."""
    found = IdentityCheck.objects.select_related("account").filter(id=check_id).first()
    if found is None:
        raise NotFound
    return found


def exports_of(*, account: Account) -> list[DataExport]:
    """The archives of a person's data that were asked for, the newest first, without their content."""
    return list(DataExport.objects.filter(account=account).defer("sealed").order_by("-requested_at", "-id"))


def latest_export(*, account: Account) -> DataExport | None:
    """The archive that was asked for last, without its content."""
    return DataExport.objects.filter(account=account).defer("sealed").order_by("-requested_at", "-id").first()


def next_export_at(*, account: Account) -> datetime | None:
    """From when on the person may ask for another archive; None for at once."""
    latest = latest_export(account=account)
    return None if latest is None else latest.requested_at + terms().data_export_interval
