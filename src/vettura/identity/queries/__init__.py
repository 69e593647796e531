"""What others may ask about people."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.db.models import Case, QuerySet, When
from django.http import HttpRequest

from vettura.catalog import queries as catalog
from vettura.catalog.queries import terms
from vettura.foundation import clock, privacy
from vettura.foundation.errors import NotFound
from vettura.foundation.privacy import Consequence, Person
from vettura.identity import rules
from vettura.identity.errors import ReceiptNotFound
from vettura.identity.models import (
    AcceptedDocument,
    Account,
    ConsentDecision,
    DataExport,
    IdentityCheck,
    PhoneCheck,
    Pin,
    PinTries,
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
    AppPasswordAccess,
    app_password_access,
    app_passwords,
    foreign_scopes,
    lets_foreign_apps_in,
    mqtt_passwords,
    offers_foreign_apps,
    offers_mqtt,
)
from vettura.identity.queries.programs import (
    Bearer,
    ProgramAccess,
    WaitingDevice,
    allowed,
    bearer,
    bearer_account,
    cars_of,
    client,
    clients,
    has_allowed,
    own_programs,
    program_allowed,
    programs_with_access,
    remembered_consent,
    require_scope,
    token,
    waiting_device,
)
from vettura.identity.queries.sign_in import (
    Device,
    Factors,
    Passkey,
    devices_of,
    factors_of,
)
from vettura.identity.rules import API_SCOPE, LOCATION, Allowed
from vettura_pack.model import Consent
from vettura_wire.security_code import SALT_BYTES

# answered in the files beside this one
__all__ = [
    "API_SCOPE",
    "LOCATION",
    "Allowed",
    "AppPasswordAccess",
    "Bearer",
    "Customer",
    "Device",
    "Factors",
    "Passkey",
    "ProgramAccess",
    "WaitingDevice",
    "address_change",
    "address_changes",
    "allowed",
    "app_password_access",
    "app_passwords",
    "bearer",
    "bearer_account",
    "cars_of",
    "client",
    "clients",
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
    "has_allowed",
    "lets_foreign_apps_in",
    "looks_after_everybody",
    "mqtt_passwords",
    "obstacles_to_erasure",
    "offers_foreign_apps",
    "offers_mqtt",
    "open_address_change",
    "own_programs",
    "people_at_desk",
    "person_at_desk",
    "program_allowed",
    "programs_with_access",
    "remembered_consent",
    "require_scope",
    "shares_contact_data",
    "staff_changes",
    "subject_of",
    "token",
    "waiting_device",
    "works_with_people",
]


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


def pin_attempts_left(*, account: Account, car: str = "") -> int:
    """How many wrong PINs may still be given at this car (its VIN) before it is locked; all of them where no PIN is set."""
    row = Pin.objects.filter(account=account).first()
    if row is None:
        return terms().pin_attempts
    here = PinTries.objects.filter(account=account, vin=car).first() or PinTries()
    now = clock.real_now()
    if any(each.locked_until is not None and now < each.locked_until for each in (row, here)):
        return 0
    return min(terms().pin_attempts - here.wrong_attempts, terms().pin_attempts_at_all_cars - row.wrong_attempts)


def step_up_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a form brings to prove who sends it (`pin`, or `token` and `passkey`): the passkey's answer if there is one, else the PIN."""
    try:
        passkey = json.loads(given.get("passkey") or "null")
    except ValueError:
        passkey = None
    return {"token": given.get("token", ""), "passkey": passkey} if passkey else {"pin": given.get("pin", "")}


def has_passkey(*, account: Account) -> bool:
    """Whether the person has a passkey."""
    return bool(factors_of(account=account).passkeys)


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
