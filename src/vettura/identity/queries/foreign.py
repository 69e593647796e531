"""Apps made for another platform's interface: who lets them in, and with which passwords."""

from collections.abc import Collection

from django.conf import settings

from vettura.identity import rules
from vettura.identity.models import Account, AppPassword, ForeignAppsChoice
from vettura.identity.rules import foreign


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
    """The person's app passwords that are good, the oldest first."""
    return list(AppPassword.objects.filter(account=account, ended_at=None).order_by("created_at", "id"))


def foreign_scopes(*, scopes: Collection[str]) -> frozenset[str]:
    """What a foreign app was granted, in its own words; nothing for a token of ours."""
    return frozenset(foreign.of_foreign(scopes))


def shown_scopes(scopes: Collection[str]) -> tuple[str, ...]:
    """Scopes as people read them; what a foreign app was granted is one of them, whatever its own words are."""
    return rules.in_order(scopes) + ((foreign.FOREIGN,) if any(foreign.is_foreign(each) for each in scopes) else ())
