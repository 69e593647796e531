"""Accounts that are there: what they accepted, their contact data, name and password."""

from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from vettura.catalog import queries as catalog
from vettura.foundation import clock, outbox
from vettura.identity import events, rules
from vettura.identity.actions.attempts import count_attempt, forget_attempts, limits_of_confirmation
from vettura.identity.actions.consents import accept_documents, give_all_consents
from vettura.identity.actions.programs import revoke_all_programs
from vettura.identity.errors import AlreadyRegistered, ConfirmationWrong, PasswordTooWeak, PhoneInvalid
from vettura.identity.models import Account, Channel, StaffRole
from vettura.notifications import actions as notifications


@transaction.atomic
def create_account(
    *,
    email: str,
    given_name: str,
    family_name: str,
    password: str,
    country: str,
    language: str = "en",
    phone: str = "",
    staff_roles: Sequence[str] = (),
    accepted: Mapping[str, str] | None = None,
) -> Account:
    """
    This will make an account that is active at once: address and number count as verified, documents as accepted
    and consents as given.

    `accepted` names former versions of documents, for people who accepted those and are asked about the newest ones.
    For staff, the demo world and tests; customers register. Raises AlreadyRegistered, PasswordTooWeak, PhoneInvalid.
    """
    raise_if_weak(password)
    catalog.country(country)
    at = clock.now()
    number = rules.normalized_phone(phone, country) if phone else ""
    if number is None:
        raise PhoneInvalid
    account, is_new = Account.objects.select_for_update().get_or_create(
        email=email.strip().lower(), defaults={"country": country, "created_at": at}
    )
    if not is_new and account.status != Account.Status.INVITED:
        raise AlreadyRegistered
    account.given_name, account.family_name = given_name, family_name
    account.password = make_password(password)
    account.phone, account.phone_verified_at = number, at if number else None
    account.language, account.country = catalog.language_of_pack(language), country
    account.status = Account.Status.ACTIVE
    account.save()
    StaffRole.objects.bulk_create(StaffRole(account=account, role=role) for role in staff_roles)
    outbox.publish(events.AccountActivated(account_id=account.id, email=account.email, at=at))
    accept_documents(account=account, language=language, channel=Channel.OPERATOR, former=accepted)
    give_all_consents(account=account, language=language)
    return account


@transaction.atomic
def grant_staff_role(*, account: Account, role: str) -> None:
    """This will let a person work in a role; doing it again changes nothing. Raises ValueError for an unknown role."""
    if role not in StaffRole.Role.values:
        raise ValueError(f"unknown staff role {role!r}")
    account.staff_roles.get_or_create(role=role)


@transaction.atomic
def update_contact(
    *,
    account: Account,
    language: str,
    street: str,
    postal_code: str,
    city: str,
    expected: Callable[[Account], None] | None = None,
) -> Account:
    """
    This will save the contact data that a person may change alone (ID-029); the name is not among them (ID-031).

    Raises what `expected` raises, asked while they are locked, when they are not any more what the caller has seen.
    """
    row = Account.objects.select_for_update().get(id=account.id)
    if expected is not None:
        expected(row)
    row.language = catalog.language_of_pack(language)
    row.street, row.postal_code, row.city = street.strip(), postal_code.strip(), city.strip()
    row.save(update_fields=["language", "street", "postal_code", "city"])
    return row


@transaction.atomic
def choose_language(*, account: Account, language: str) -> Account:
    """This will save the language in which letters and messages come from now on; an unknown one becomes the pack's."""
    row = Account.objects.select_for_update().get(id=account.id)
    row.language = catalog.language_of_pack(language)
    row.save(update_fields=["language"])
    return row


@transaction.atomic
def change_password(*, account: Account, current: str | None, new: str) -> Account:
    """
    This will replace the password, which ends every other session and every program's access, and tell the person by mail
    (ID-034).

    `current` is None only after a reset link proved the person (ID-021). Raises ConfirmationWrong, PasswordTooWeak.
    """
    row = Account.objects.select_for_update().get(id=account.id)
    if current is not None and not row.check_password(current):
        raise ConfirmationWrong
    raise_if_weak(new)
    row.set_password(new)
    row.save(update_fields=["password"])
    revoke_all_programs(account=row)
    notifications.send_mail(
        recipient_id=row.id,
        to=row.email,
        language=row.language,
        template="identity/mail/password_changed",
        facts={"name": row.given_name, "reset_url": f"{settings.VETTURA_BASE_URL}/password/reset/"},
    )
    return row


def confirm_password(*, account: Account, password: str, place: str) -> None:
    """
    This will do nothing if it is the account's password: asked again before something that matters.

    Every try is counted for good, so it cannot be called inside a transaction. `place` is the network address. Raises
    ConfirmationWrong, TooManyAttempts.
    """
    limits = limits_of_confirmation(account_id=account.id, place=place)
    count_attempt(limits=limits)
    if not account.check_password(password):
        raise ConfirmationWrong
    forget_attempts(limits=limits)


def raise_if_weak(password: str) -> None:
    """Raises PasswordTooWeak with the codes of all unmet requirements (ID-013)."""
    unmet = rules.unmet_requirements(password)
    if unmet:
        raise PasswordTooWeak(unmet=[each.code for each in unmet])
