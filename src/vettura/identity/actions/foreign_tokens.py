"""Tokens of foreign apps: for a code, and renewed. Codes and refresh tokens are ours, with all that reuse brings (grants.py)."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from vettura.identity import queries, rules
from vettura.identity.actions.grants import issue_tokens, spend_code, take_code, take_refresh_token
from vettura.identity.models import ProgramGrant, ProgramToken
from vettura.identity.rules import foreign


@dataclass(frozen=True)
class ForeignTokens:
    """What an app holds from now on. `scopes` are in its own words."""

    access_token: str
    refresh_token: str
    expires_in: int
    scopes: tuple[str, ...]


@transaction.atomic
def redeem_foreign_code(
    *, client_id: str, code: str, redirect_uri: str, verifier: str, arrived_at: datetime
) -> ForeignTokens | None:
    """
    Tokens for a code that came of a foreign sign-in; None when it is not good. A code that comes twice ends its tokens.

    A challenge needs its verifier; a verifier without a challenge is refused too, because somebody took PKCE away.
    """
    found = take_code(client_id=client_id, value=code, arrived_at=arrived_at)
    if found is None or found.redirect_uri != redirect_uri or bool(verifier) != bool(found.code_challenge):
        return None
    if verifier and not foreign.proves_challenge(verifier=verifier, challenge=found.code_challenge):
        return None
    if not queries.lets_foreign_apps_in(account=found.grant.account):
        return None
    spend_code(code=found)
    return _tokens(found.grant)


@transaction.atomic
def renew_foreign_tokens(*, client_id: str, refresh_token: str, arrived_at: datetime) -> ForeignTokens | None:
    """New tokens for a refresh token, which is spent; None when it is not good. One that comes twice ends its sign-in."""
    found = take_refresh_token(client_id=client_id, value=refresh_token, arrived_at=arrived_at)
    if found is None or not queries.lets_foreign_apps_in(account=found.grant.account):
        return None
    return _tokens(found.grant, replaces=found)


def _tokens(grant: ProgramGrant, replaces: ProgramToken | None = None) -> ForeignTokens:
    made = ForeignTokens(
        access_token=secrets.token_urlsafe(64),
        refresh_token=secrets.token_urlsafe(64),
        expires_in=int(rules.ACCESS_LIFETIME.total_seconds()),
        scopes=foreign.of_foreign(grant.scopes),
    )
    issue_tokens(
        grant=grant,
        access_token=made.access_token,
        refresh_token=made.refresh_token,
        scopes=grant.scopes,
        replaces=replaces,
    )
    return made
