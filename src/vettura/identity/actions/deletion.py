"""A person deletes the account: access ends at once and everywhere, the customer's data stay until erasure is asked for."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from vettura.catalog import queries as catalog
from vettura.foundation import clock, outbox
from vettura.identity import events, rules
from vettura.identity.actions.identity_checks import end_identity_checks
from vettura.identity.actions.programs import remove_all_own_programs, revoke_all_programs
from vettura.identity.errors import ConfirmationWrong, OnlyHolderDeletes
from vettura.identity.models import (
    Account,
    AddressChange,
    DataExport,
    PhoneCheck,
    Pin,
    PinTries,
    Registration,
    SecurityCode,
    StaffRole,
)
from vettura.notifications import actions as notifications


@transaction.atomic
def delete_account(*, account: Account, by: Account, password: str) -> Account:
    """
    This will delete an account for its holder: signed-in devices, programs, PIN and every other key are gone (ID-037).

    Open identity checks end, and what was seen of documents is forgotten. What is left is the customer record (DAT-020);
    the address can be registered again. Whatever was delivered to the account ends by reactions to `AccountDeleted`.
    Deleting it twice is the same as once. Raises OnlyHolderDeletes (ID-032), ConfirmationWrong.
    """
    if account.id != by.id:
        raise OnlyHolderDeletes
    row = Account.objects.select_for_update().get(id=account.id)
    if row.status == Account.Status.DELETED:
        return row
    if not row.check_password(password):
        raise ConfirmationWrong
    at = clock.now()
    row.former_email, row.email = row.email, rules.address_of_nobody(row.id)
    row.status, row.deleted_at = Account.Status.DELETED, at
    row.save(update_fields=["former_email", "email", "status", "deleted_at"])
    _end_access(row)
    end_identity_checks(account=row, at=at)
    outbox.publish(events.AccountDeleted(account_id=row.id, at=at))
    notifications.send_mail(
        recipient_id=row.id,
        to=row.address,
        language=row.language,
        template="identity/mail/account_deleted",
        facts={"name": row.given_name, "support_phone": catalog.country(row.country).support_phone},
    )
    return row


def _end_access(account: Account) -> None:
    """Every key there is to the account. The password stays until erasure, so that sign-in can say what happened."""
    keys = list(UserSession.objects.filter(user=account).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(user=account).delete()
    revoke_all_programs(account=account)
    notifications.unsubscribe_person(recipient_id=account.id)
    remove_all_own_programs(account=account)
    Authenticator.objects.filter(user=account).delete()
    EmailAddress.objects.filter(user=account).delete()
    StaffRole.objects.filter(account=account).delete()
    Registration.objects.filter(account=account).delete()
    PhoneCheck.objects.filter(account=account).delete()
    Pin.objects.filter(account=account).delete()
    PinTries.objects.filter(account=account).delete()
    SecurityCode.objects.filter(account=account).delete()
    DataExport.objects.filter(account=account).delete()
    AddressChange.objects.filter(account=account, confirmed_at=None, stopped_at=None).update(stopped_at=clock.now())
