"""Foreign apps of a person: let in or not, and passwords of their own for them and for programs that speak MQTT."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from vettura.foundation import clock, outbox
from vettura.foundation.errors import NotFound
from vettura.identity import queries, rules
from vettura.identity.actions.programs import end_programs
from vettura.identity.errors import AppPasswordsFull, ForeignAppsOff
from vettura.identity.events import ProgramAccessChanged
from vettura.identity.models import Account, AppPassword, ForeignAppsChoice, ForeignSignIn, ProgramGrant
from vettura.identity.rules import foreign


@dataclass(frozen=True)
class MadeAppPassword:
    """An app password and, this once, what it is."""

    row: AppPassword
    password: str


@transaction.atomic
def allow_foreign_apps(*, account: Account, is_on: bool) -> None:
    """
    This will let apps of other makers sign in for the person, or end the access of all of them.

    Doing it again changes nothing. Raises ForeignAppsOff where the operator offers no such sign-in.
    """
    if is_on and not queries.offers_foreign_apps():
        raise ForeignAppsOff
    ForeignAppsChoice.objects.update_or_create(account=account, defaults={"is_on": is_on, "decided_at": clock.now()})
    if not is_on:
        ForeignSignIn.objects.filter(account=account).delete()
        grants = ProgramGrant.objects.filter(account=account, ended_at=None)
        for grant in grants:
            if foreign.of_foreign(grant.scopes):
                end_programs(because=ProgramGrant.Ended.BY_PERSON, id=grant.id)


@transaction.atomic
def make_app_password(*, account: Account, name: str, scopes: Sequence[str] | None = None) -> MadeAppPassword:
    """
    This will make a password for one foreign app, or for one program that speaks MQTT and what that may; nobody can show it again.

    The caller has made sure who asks. Raises AppPasswordsFull.
    """
    Account.objects.select_for_update(no_key=True).get(id=account.id)
    if AppPassword.objects.filter(account=account, ended_at=None).count() >= foreign.MOST_APP_PASSWORDS:
        raise AppPasswordsFull(most=foreign.MOST_APP_PASSWORDS)
    groups = [
        "".join(secrets.choice(foreign.APP_PASSWORD_LETTERS) for _ in range(foreign.APP_PASSWORD_GROUP))
        for _ in range(foreign.APP_PASSWORD_GROUPS)
    ]
    row = AppPassword.objects.create(
        account=account,
        name=name.strip(),
        hash=rules.token_digest("".join(groups)),
        scopes=None if scopes is None else list(scopes),
        created_at=clock.now(),
    )
    return MadeAppPassword(row, "-".join(groups))


@transaction.atomic
def end_app_password(*, account: Account, password_id: UUID) -> AppPassword:
    """
    This will make an app password worthless, and end what apps got with it. Doing it again changes nothing.

    Raises NotFound for somebody else's.
    """
    row = AppPassword.objects.select_for_update().filter(account=account, id=password_id).first()
    if row is None:
        raise NotFound
    if row.ended_at is None:
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        # a connection that it holds open ends with it
        outbox.publish(ProgramAccessChanged(account_id=account.id, at=clock.now()))
    ForeignSignIn.objects.filter(app_password=row).delete()
    end_programs(because=ProgramGrant.Ended.BY_PERSON, account=account, session=row.hash)
    return row
