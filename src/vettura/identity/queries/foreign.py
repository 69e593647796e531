"""Apps made for another platform's interface, and programs that speak MQTT: who lets them in, and with which passwords."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from vettura.identity import rules
from vettura.identity.models import Account, AppPassword, ForeignAppsChoice
from vettura.identity.rules import Allowed, foreign


@dataclass(frozen=True)
class AppPasswordAccess:
    """Whose an app password is, and what it opens over MQTT."""

    account: Account
    allowed: Allowed
    password_id: UUID


def offers_foreign_apps() -> bool:
    """Whether the operator lets apps of other makers in at all."""
    return bool(settings.COMPAT_IS_ON)


def lets_foreign_apps_in(*, account: Account) -> bool:
    """Whether apps of other makers may sign in for this person: the operator and the person must both say so."""
    if not offers_foreign_apps():
        return False
    said = ForeignAppsChoice.objects.filter(account=account).values_list("is_on", flat=True).first()
    return bool(settings.COMPAT_UNLESS_DECLINED) if said is None else said


def app_passwords(*, account: Account) -> list[AppPassword]:
    """The person's app passwords that foreign apps can sign in with, the oldest first."""
    return list(AppPassword.objects.filter(account=account, scopes=None, ended_at=None).order_by("created_at", "id"))


def offers_mqtt() -> bool:
    """Whether the operator lets programs of owners in over MQTT."""
    return bool(settings.OWNER_MQTT_IS_ON)


def mqtt_passwords(*, account: Account) -> list[AppPassword]:
    """The person's app passwords for programs that speak MQTT, the oldest first."""
    found = AppPassword.objects.filter(account=account, scopes__isnull=False, ended_at=None)
    return list(found.order_by("created_at", "id"))


def app_password_access(*, password_id: UUID) -> AppPasswordAccess | None:
    """What an app password opens over MQTT now; None when it is over, or its person may not sign in any more."""
    if not offers_mqtt():
        return None
    row = (
        AppPassword.objects.select_related("account")
        .filter(id=password_id, ended_at=None, scopes__isnull=False)
        .first()
    )
    if row is None or not row.account.is_active:
        return None
    allowed = Allowed(scopes=frozenset(row.scopes or ()), client_id=f"mqtt-{row.id}")
    return AppPasswordAccess(account=row.account, allowed=allowed, password_id=row.id)


def foreign_scopes(*, scopes: Collection[str]) -> frozenset[str]:
    """What a foreign app was granted, in its own words; nothing for a token of ours."""
    return frozenset(foreign.of_foreign(scopes))


def shown_scopes(scopes: Collection[str]) -> tuple[str, ...]:
    """Scopes as people read them; what a foreign app was granted is one of them, whatever its own words are."""
    return rules.in_order(scopes) + ((foreign.FOREIGN,) if any(foreign.is_foreign(each) for each in scopes) else ())
