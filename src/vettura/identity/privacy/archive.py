"""A person's data in this context: what the deletion of the account means for it, and what the archive holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Client, Token
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, Value
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from vettura.foundation.archive import exports, not_exported, read
from vettura.foundation.models import AnsweredRequest, AuditEntry
from vettura.foundation.privacy import Consequence, Person, foretells
from vettura.identity import queries, rules
from vettura.identity.models import (
    AcceptedDocument,
    Account,
    AddressChange,
    AppPassword,
    ConsentDecision,
    DataExport,
    ErasureRequest,
    ForeignAppsChoice,
    ForeignSignIn,
    IdentityCheck,
    PhoneCheck,
    Pin,
    PinChallenge,
    PinTries,
    ProgramConsent,
    ProgramGrant,
    Registration,
    SecurityCode,
    StaffChange,
    StaffRole,
)


@foretells
def consequences(person: Person) -> Iterator[Consequence]:
    """Sign-in, programs and work end; the customer record stays (ID-037, DAT-020)."""
    account = queries.account(id=person.id)
    if account is None:
        return
    yield Consequence(
        kind="ends",
        sentence=gettext("Every device is signed out. Signing in to portal, store, app and vehicle is not possible."),
    )
    programs = queries.programs_with_access(account=account)
    if programs:
        names = ", ".join(program.name for program in programs)
        yield Consequence(
            kind="ends",
            sentence=ngettext(
                "This app loses its access: {names}.", "These apps lose their access: {names}.", len(programs)
            ).format(names=names),
        )
    if queries.has_pin(account=account):
        yield Consequence(kind="ends", sentence=gettext("Your PIN is deleted."))
    yield from _consequences_for_checks(account)
    if account.staff_roles.exists():
        yield Consequence(kind="ends", sentence=gettext("You can no longer work with this account."))
    yield Consequence(
        kind="stays", sentence=gettext("Your name, address, contact data and what you agreed to: the customer record.")
    )


def _consequences_for_checks(account: Account) -> Iterator[Consequence]:
    checks = queries.identity_checks_of(account=account)
    if any(each.status not in rules.CHECK_FINAL for each in checks):
        yield Consequence(kind="ends", sentence=gettext("Your identity check ends, and with it what waits for it."))
    if any(each.attempts and each.evidence_deleted_at is None for each in checks):
        yield Consequence(
            kind="ends",
            sentence=gettext(
                "What was seen of your documents in identity checks is deleted, here and at the provider."
            ),
        )


# -- what is in the archive -----------------------------------------------------------------------------------------


@dataclass
class AccountRow:
    """The account: who the person is, how to reach them, and the roles in which they work for the operator."""

    id: UUID
    email: str
    former_email: str
    given_name: str
    family_name: str
    phone: str
    phone_verified_at: datetime | None
    street: str
    postal_code: str
    city: str
    country: str
    language: str
    status: str
    created_at: datetime
    last_login: datetime | None
    staff_roles: list[str]


@exports("account", title=_("Your account"), row=AccountRow, of=(Account, StaffRole))
def account_rows(person: Person) -> Iterator[AccountRow]:
    """One row."""
    roles = ArrayAgg("staff_roles__role", filter=Q(staff_roles__isnull=False), default=Value([]))
    found = Account.objects.filter(id=person.id).annotate(roles=roles)
    return read(AccountRow, found, staff_roles="roles")


@dataclass
class AcceptedDocumentRow:
    """A document that the person accepted."""

    kind: str
    version: str
    country: str
    language: str
    channel: str
    accepted_at: datetime


@exports("accepted_documents", title=_("What you accepted"), row=AcceptedDocumentRow, of=(AcceptedDocument,))
def accepted_documents(person: Person) -> Iterator[AcceptedDocumentRow]:
    """Each version once."""
    found = AcceptedDocument.objects.filter(account_id=person.id).order_by("accepted_at", "kind")
    return read(AcceptedDocumentRow, found)


@dataclass
class ConsentRow:
    """A decision on data of one kind; `reason` where staff carried it out."""

    purpose: str
    version: str
    is_given: bool
    country: str
    language: str
    channel: str
    decided_at: datetime
    reason: str


@exports("consents", title=_("Your consents"), row=ConsentRow, of=(ConsentDecision,))
def consents(person: Person) -> Iterator[ConsentRow]:
    """The oldest first; the latest of a purpose counts."""
    return read(ConsentRow, ConsentDecision.objects.filter(account_id=person.id).order_by("decided_at", "id"))


@dataclass
class RegistrationRow:
    """A registration: when the person came through it."""

    country: str
    language: str
    given_name: str
    family_name: str
    began_at: datetime
    opened_at: datetime | None
    completed_at: datetime | None
    expires_at: datetime


@exports("registrations", title=_("Your registrations"), row=RegistrationRow, of=(Registration,))
def registrations(person: Person) -> Iterator[RegistrationRow]:
    """Also those that were broken off."""
    return read(RegistrationRow, Registration.objects.filter(account_id=person.id).order_by("began_at"))


@dataclass
class PhoneCheckRow:
    """The proof of a mobile number by a code."""

    phone: str
    sent_at: datetime
    sent_count: int
    verified_at: datetime | None


@exports("phone_checks", title=_("How your mobile number was checked"), row=PhoneCheckRow, of=(PhoneCheck,))
def phone_checks(person: Person) -> Iterator[PhoneCheckRow]:
    """The latest."""
    return read(PhoneCheckRow, PhoneCheck.objects.filter(account_id=person.id))


@dataclass
class SignInKeyRow:
    """A key to the account or a car, without the key itself: `pin`, `security_code`, or what a second factor is called."""

    kind: str
    set_at: datetime
    last_used_at: datetime | None = None


@exports(
    "sign_in_keys",
    title=_("PIN, security code and further factors, without the secrets"),
    row=SignInKeyRow,
    of=(Pin, SecurityCode, Authenticator),
)
def sign_in_keys(person: Person) -> Iterator[SignInKeyRow]:
    """What is set, and since when."""
    for kind, model in (("pin", Pin), ("security_code", SecurityCode)):
        for at in model._default_manager.filter(account_id=person.id).values_list("set_at", flat=True):
            yield SignInKeyRow(kind, at)
    for factor in Authenticator.objects.filter(user_id=person.id).order_by("created_at"):
        yield SignInKeyRow(factor.type, factor.created_at, factor.last_used_at)


@dataclass
class DeviceRow:
    """A browser in which the person is signed in."""

    ip: str
    user_agent: str
    created_at: datetime
    last_seen_at: datetime


@exports("signed_in_devices", title=_("Signed-in devices"), row=DeviceRow, of=(UserSession,))
def signed_in_devices(person: Person) -> Iterator[DeviceRow]:
    """Those that are signed in now."""
    return read(DeviceRow, UserSession.objects.filter(user_id=person.id).order_by("created_at"))


@dataclass
class ProgramRow:
    """A sign-in of the person to a program."""

    program: str
    scopes: list[str]
    cars: list[str] | None
    places: list[str] | None
    authenticated_at: datetime
    started_at: datetime
    last_used_at: datetime
    ended_at: datetime | None
    ended_because: str


@exports("programs", title=_("Apps with access, and your sign-ins to them"), row=ProgramRow, of=(ProgramGrant,))
def programs(person: Person) -> Iterator[ProgramRow]:
    """Also those that are over, while they are kept."""
    found = ProgramGrant.objects.filter(account_id=person.id).order_by("started_at")
    return read(ProgramRow, found, program="client__name")


@dataclass
class OwnProgramRow:
    """A program that the person made for themselves."""

    id: str
    name: str


@exports("own_programs", title=_("Programs you made"), row=OwnProgramRow, of=(Client,))
def own_programs(person: Person) -> Iterator[OwnProgramRow]:
    """By name."""
    return read(OwnProgramRow, Client.objects.filter(owner_id=person.id).order_by("name", "id"))


@dataclass
class AllowedProgramRow:
    """What the person allowed a program."""

    program: str
    scopes: list[str]
    cars: list[str] | None
    places: list[str] | None
    agreed_at: datetime


@exports("allowed_programs", title=_("What you allowed apps"), row=AllowedProgramRow, of=(ProgramConsent,))
def allowed_programs(person: Person) -> Iterator[AllowedProgramRow]:
    """Program by program."""
    found = ProgramConsent.objects.filter(account_id=person.id).order_by("agreed_at")
    return read(AllowedProgramRow, found, program="client__name")


@dataclass
class AppPasswordRow:
    """A password of its own for an app of another maker, or with what it may for a program that speaks MQTT."""

    name: str
    scopes: list[str] | None
    created_at: datetime
    last_used_at: datetime | None
    ended_at: datetime | None


@exports("app_passwords", title=_("App passwords"), row=AppPasswordRow, of=(AppPassword,))
def app_passwords(person: Person) -> Iterator[AppPasswordRow]:
    """Also those that are over; what they are is known to nobody."""
    return read(AppPasswordRow, AppPassword.objects.filter(account_id=person.id).order_by("created_at", "id"))


@dataclass
class ForeignAppsRow:
    """What the person decided about apps of other makers."""

    is_on: bool
    decided_at: datetime


@exports("foreign_apps", title=_("Apps of other makers"), row=ForeignAppsRow, of=(ForeignAppsChoice,))
def foreign_apps(person: Person) -> Iterator[ForeignAppsRow]:
    """One row, or none."""
    return read(ForeignAppsRow, ForeignAppsChoice.objects.filter(account_id=person.id))


@dataclass
class StaffChangeRow:
    """What staff changed about the person, and why."""

    kind: str
    before: str
    after: str
    reason: str
    at: datetime


@exports("staff_changes", title=_("What staff changed about you"), row=StaffChangeRow, of=(StaffChange,))
def staff_changes(person: Person) -> Iterator[StaffChangeRow]:
    """The oldest first."""
    return read(StaffChangeRow, StaffChange.objects.filter(account_id=person.id).order_by("at", "id"))


@dataclass
class AddressChangeRow:
    """A new e-mail address that staff entered, and what became of it."""

    former_email: str
    email: str
    asked_at: datetime
    expires_at: datetime
    confirmed_at: datetime | None
    stopped_at: datetime | None


@exports("address_changes", title=_("Changes of your e-mail address"), row=AddressChangeRow, of=(AddressChange,))
def address_changes(person: Person) -> Iterator[AddressChangeRow]:
    """The oldest first."""
    return read(AddressChangeRow, AddressChange.objects.filter(account_id=person.id).order_by("asked_at"))


@dataclass
class IdentityCheckRow:
    """A video identification, without pictures: they and the number of the document are deleted at `evidence_until`."""

    country: str
    status: str
    attempts: int
    reasons: list[Any]
    document_kind: str
    document_country: str
    opened_at: datetime
    expires_at: datetime
    started_at: datetime | None
    decided_at: datetime | None
    evidence_until: datetime | None
    evidence_deleted_at: datetime | None


@exports("identity_checks", title=_("Your identifications"), row=IdentityCheckRow, of=(IdentityCheck,))
def identity_checks(person: Person) -> Iterator[IdentityCheckRow]:
    """The oldest first."""
    return read(IdentityCheckRow, IdentityCheck.objects.filter(account_id=person.id).order_by("opened_at"))


@dataclass
class ArchiveRow:
    """An archive like this one."""

    status: str
    requested_at: datetime
    ready_at: datetime | None
    expires_at: datetime | None
    size: int


@exports("archives", title=_("Archives that you asked for"), row=ArchiveRow, of=(DataExport,))
def archives(person: Person) -> Iterator[ArchiveRow]:
    """The oldest first; the last is the one in which this stands."""
    return read(ArchiveRow, DataExport.objects.filter(account_id=person.id).order_by("requested_at"))


@dataclass
class ErasureRow:
    """A request to erase the person's data, and through whom it came."""

    channel: str
    partner: str
    reason: str
    asked_at: datetime
    due_at: datetime
    taken_back_at: datetime | None
    done_at: datetime | None


@exports("erasure_requests", title=_("Your requests for erasure"), row=ErasureRow, of=(ErasureRequest,))
def erasure_requests(person: Person) -> Iterator[ErasureRow]:
    """The oldest first. Which member of staff wrote it down is not said."""
    found = ErasureRequest.objects.filter(account_id=person.id).order_by("asked_at")
    return read(ErasureRow, found, partner="partner_name")


@dataclass
class HistoryRow:
    """A change of data about the person: which columns of which table, by which way, why, and whether by the person."""

    at: datetime
    table: str
    operation: str
    columns: list[str]
    channel: str
    reason: str
    by_oneself: bool


@exports("history", title=_("What was changed about you, when and by which way"), row=HistoryRow, of=(AuditEntry,))
def history(person: Person) -> Iterator[HistoryRow]:
    """The oldest first, and what the person did about others; secrets have no values here, only names."""
    for entry in AuditEntry.objects.filter(person_id=person.id).order_by("id").iterator():
        yield HistoryRow(
            at=entry.at,
            table=entry.table,
            operation=entry.operation,
            columns=sorted(entry.changes),
            channel=entry.channel,
            reason=entry.reason,
            by_oneself=entry.actor_id == person.id,
        )


not_exported(AnsweredRequest, because="answers to programs, kept a short time so that a request can be repeated")
not_exported(EmailAddress, because="the sign-in library's copy of the account's address")
not_exported(Token, because="tokens of our own are ProgramToken")
not_exported(ForeignSignIn, PinChallenge, because="secrets that live for minutes and say nothing of the person")
not_exported(PinTries, because="a count of wrong PINs, gone with the next right one")
