"""Sign-in factors are taken away by Assistance when a person has lost all of them, and pauses are lifted."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction

from vettura.foundation import audit, clock
from vettura.foundation.errors import NotAllowed
from vettura.identity import queries
from vettura.identity.actions.attempts import lift_pauses
from vettura.identity.actions.people import look_after
from vettura.identity.models import Account, StaffChange
from vettura.notifications import actions as notifications


@audit.explained
@transaction.atomic
def reset_sign_in(*, by: Account, account_id: UUID, reason: str) -> None:
    """
    This will let a person in again who lost every factor: passkeys, app and recovery codes go, pauses end.

    All devices are signed out, the person is told by mail; the password stays. For Assistance alone. Raises NotFound,
    NotAllowed, OwnAccount, ReasonMissing.
    """
    person, why = look_after(by, account_id, reason)
    if not queries.looks_after_everybody(account=by):
        raise NotAllowed
    lost, _ = Authenticator.objects.filter(user=person).delete()
    for session in UserSession.objects.filter(user=person):
        session.end()
    lift_pauses(account=person)
    StaffChange.objects.create(
        account=person, by=by, kind=StaffChange.Kind.SIGN_IN_RESET, before=str(lost), reason=why, at=clock.now()
    )
    tell_of_change(account=person, what="reset")


def tell_of_change(*, account: Account, what: str) -> None:
    """
    This will tell a person by mail that a sign-in factor changed.

    `what`: passkey_added, passkey_removed, app_added, app_removed, codes_made or reset.
    """
    notifications.send_mail(
        recipient_id=account.id,
        to=account.email,
        language=account.language,
        template="identity/mail/sign_in_changed",
        facts={
            "name": account.given_name,
            "what": what,
            "reset_url": f"{settings.VETTURA_BASE_URL}/password/reset/",
        },
    )
