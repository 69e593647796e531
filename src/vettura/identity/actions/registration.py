"""From a link to an active account: password, name and number, SMS code, terms and privacy declaration."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.http import url_has_allowed_host_and_scheme

from vettura.catalog import queries as catalog
from vettura.foundation import clock, outbox
from vettura.identity import events, rules
from vettura.identity.actions.accounts import raise_if_weak
from vettura.identity.actions.consents import accept_documents, decide_consent
from vettura.identity.actions.phones import prove, send_code
from vettura.identity.errors import (
    AccountGone,
    AlreadyRegistered,
    DecisionMissing,
    InvitationNeeded,
    RegistrationDone,
    RegistrationIncomplete,
    RegistrationNotFound,
    RegistrationOver,
)
from vettura.identity.models import Account, Channel, PhoneCheck, Registration
from vettura.notifications import actions as notifications


@transaction.atomic
def begin_registration(
    *, email: str, language: str, country: str, next_url: str, channel: str = Channel.PORTAL
) -> Registration:
    """
    This will start a registration for an address that its holder has proven by opening a link sent there.

    Beginning again goes on with the one that is open. `next_url` is where the person lands at the end; one that leads
    off our pages is ignored. Raises AlreadyRegistered, AccountGone.
    """
    catalog.country(country)
    language = catalog.language_of_pack(language)
    at = clock.now()
    account, _ = Account.objects.select_for_update().get_or_create(
        email=email.strip().lower(), defaults={"language": language, "country": country, "created_at": at}
    )
    if account.status == Account.Status.ACTIVE:
        raise AlreadyRegistered
    if account.status == Account.Status.DELETED:
        raise AccountGone
    account.registrations.filter(completed_at=None, expires_at__lte=at).delete()
    safe_url = (
        next_url if url_has_allowed_host_and_scheme(next_url, allowed_hosts=None) else settings.LOGIN_REDIRECT_URL
    )
    current = {
        "language": language,
        "country": country,
        "next_url": safe_url,
        "channel": channel,
        "expires_at": at + catalog.terms().registration_validity,
    }
    registration, _ = Registration.objects.update_or_create(
        account=account, completed_at=None, defaults=current, create_defaults={**current, "began_at": at}
    )
    return registration


@transaction.atomic
def request_registration(*, email: str, language: str, country: str, next_url: str) -> None:
    """
    This will mail a registration link to somebody who asks without an invitation (ID-003, ID-040).

    The answer is the same whether or not the address has an account; the mail tells. Raises InvitationNeeded where the
    country does not allow it.
    """
    if not catalog.country(country).self_registration:
        raise InvitationNeeded
    try:
        registration = begin_registration(email=email, language=language, country=country, next_url=next_url)
    except AccountGone:
        return
    except AlreadyRegistered:
        account = Account.objects.get(email=email.strip().lower())
        _mail(account, account.language, "identity/mail/already_registered", url=f"{settings.VETTURA_BASE_URL}/signin/")
        return
    url = f"{settings.VETTURA_BASE_URL}{registration.url}"
    _mail(registration.account, registration.language, "identity/mail/registration", url=url)


@transaction.atomic
def open_registration(*, registration_id: UUID) -> Registration:
    """This will note that the link was opened; nothing else happens, however often it is opened (C-75)."""
    registration = _open_one(registration_id)
    if registration.opened_at is None:
        registration.opened_at = clock.now()
        registration.save(update_fields=["opened_at"])
    return registration


@transaction.atomic
def choose_password(*, registration_id: UUID, password: str) -> Registration:
    """This will keep the password for the account to come. Raises PasswordTooWeak with every unmet rule (ID-013)."""
    raise_if_weak(password)
    registration = _open_one(registration_id)
    registration.password = make_password(password)
    registration.save(update_fields=["password"])
    return registration


@transaction.atomic
def give_name_and_phone(*, registration_id: UUID, given_name: str, family_name: str, phone: str) -> Registration:
    """
    This will keep the name and send a code to the number; the same number is not sent a second one.

    Raises RegistrationIncomplete, PhoneInvalid, SmsTooSoon, SmsLimitReached.
    """
    registration = _open_one(registration_id)
    if not registration.password:
        raise RegistrationIncomplete
    registration.given_name, registration.family_name = given_name.strip(), family_name.strip()
    registration.save(update_fields=["given_name", "family_name"])
    check = PhoneCheck.objects.filter(account=registration.account).first()
    number = rules.normalized_phone(phone, registration.country)
    if check is None or check.phone != number:
        send_code(
            account=registration.account, phone=phone, language=registration.language, country=registration.country
        )
    return registration


@transaction.atomic
def send_code_again(*, registration_id: UUID) -> PhoneCheck:
    """This will send a new code; the one before stops working, the step stays open (ID-018). Raises as `send_code`."""
    registration = _open_one(registration_id)
    return send_code(
        account=registration.account, phone=None, language=registration.language, country=registration.country
    )


def check_sms_code(*, registration_id: UUID, code: str) -> Registration:
    """This will prove the number by the code sent last. Raises SmsCodeWrong, SmsCodeSpent, RegistrationIncomplete."""
    with transaction.atomic():
        registration = _open_one(registration_id)
    prove(account=registration.account, code=code)
    return registration


@transaction.atomic
def complete_registration(
    *,
    registration_id: UUID,
    accepts_terms: bool,
    accepts_privacy: bool,
    consents: Collection[str] = (),
    shown: Mapping[str, str] | None = None,
    language: str = "",
) -> Account:
    """
    This will make the account active with everything that was entered, and record what was accepted (ID-008).

    `shown` and `language`: the versions that the person had before them, and how they read them. `consents`: the
    purposes that were agreed to; none of them is a condition (DAT-006). Raises DecisionMissing unless both documents
    are accepted, DocumentOutdated, RegistrationIncomplete, RegistrationDone the second time.
    """
    registration = _open_one(registration_id)
    check = PhoneCheck.objects.filter(account=registration.account).exclude(verified_at=None).first()
    if not (registration.password and registration.given_name and registration.family_name and check):
        raise RegistrationIncomplete
    if not (accepts_terms and accepts_privacy):
        raise DecisionMissing

    at = clock.now()
    account = registration.account
    account.password = registration.password
    account.given_name, account.family_name = registration.given_name, registration.family_name
    account.phone, account.phone_verified_at = check.phone, at
    account.language, account.country = registration.language, registration.country
    account.status = Account.Status.ACTIVE
    account.save()
    registration.completed_at, registration.password = at, ""
    registration.save(update_fields=["completed_at", "password"])
    outbox.publish(events.AccountActivated(account_id=account.id, email=account.email, at=at))
    read_in = language or account.language
    accept_documents(account=account, language=read_in, channel=registration.channel, shown=shown)
    for purpose in consents:
        decide_consent(
            account=account,
            purpose=purpose,
            is_given=True,
            version=(shown or {}).get(purpose, ""),
            language=read_in,
            channel=registration.channel,
        )
    return account


def _open_one(registration_id: UUID) -> Registration:
    """The registration, locked. Raises RegistrationNotFound, RegistrationDone, RegistrationOver."""
    registration = Registration.objects.select_for_update().select_related("account").filter(id=registration_id).first()
    if registration is None:
        raise RegistrationNotFound
    if registration.completed_at is not None:
        raise RegistrationDone
    if clock.now() >= registration.expires_at:
        raise RegistrationOver
    return registration


def _mail(account: Account, language: str, template: str, *, url: str) -> None:
    notifications.send_mail(
        recipient_id=account.id,
        to=account.email,
        language=language,
        template=template,
        facts={"url": url, "name": account.given_name},
    )
