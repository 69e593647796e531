"""What a program asks for at the authorization endpoint, and what has to happen before it gets its answer."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.authentication import get_authentication_records
from allauth.idp.oidc.internal.tokens import decode_jwt_token
from allauth.idp.oidc.models import Client
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from oauthlib.oauth2.rfc6749 import errors
from oauthlib.openid.connect.core.exceptions import (
    RegistrationNotSupported,
    RequestNotSupported,
    RequestURINotSupported,
)

from vettura.foundation import clock
from vettura.identity import queries, rules
from vettura.identity.adapters.oidc import claims
from vettura.identity.adapters.oidc.provider import Provider
from vettura.identity.models import Account
from vettura.identity.rules import Authentication

MARK_LIFETIME = timedelta(minutes=15)
SIGNER_SALT = "vettura.identity.oidc"
# what we add to our own addresses between two pages of one request
OUR_MARKS = ("fresh_after", "chosen")


class UnmetAuthenticationRequirements(errors.OAuth2Error):  # type: ignore[misc]  # oauthlib is untyped
    """The program needs a stronger sign-in than there is."""

    error = "unmet_authentication_requirements"


@dataclass(frozen=True)
class AuthorizationRequest:
    """A valid request: the program is known, its address is registered, its scopes are allowed."""

    query: QueryDict
    client: Client
    redirect_uri: str
    scopes: tuple[str, ...]
    claims: dict[str, list[str]]
    prompts: frozenset[str]
    max_age: int | None
    essential_acr: tuple[str, ...]
    asked_sub: str | None

    @property
    def state(self) -> str:
        """Given back as it came."""
        return self.query.get("state", "")

    @property
    def asked_scopes(self) -> tuple[str, ...]:
        """What the person is asked about: scopes, and those in whose words single claims are asked for."""
        return rules.in_order({*self.scopes, *claims.scopes_of_claims(self.claims)})

    @property
    def address(self) -> str:
        """The request as an address, without our marks and without what only the first page heeds."""
        query = self.query.copy()
        for mark in OUR_MARKS:
            query.pop(mark, None)
        return f"{reverse('idp:oidc:authorization')}?{query.urlencode()}"

    def marked(self, name: str, value: Any) -> str:  # Any: JSON
        """The address with a signed mark: a page of ours was passed, for this very request and not long ago."""
        kept = {"for": self._digest(), "at": clock.real_now().timestamp(), "value": value}
        others = {mark: self.query[mark] for mark in OUR_MARKS if mark in self.query and mark != name}
        signed = Signer(salt=f"{SIGNER_SALT}.{name}").sign_object(kept)
        return f"{self.address}&{urlencode({**others, name: signed})}"

    def mark(self, name: str) -> Any:  # Any: JSON
        """The value of a mark, None when there is none that is good."""
        try:
            kept = Signer(salt=f"{SIGNER_SALT}.{name}").unsign_object(self.query.get(name, ""))
        except (BadSignature, ValueError):
            return None
        is_young = clock.real_now().timestamp() < kept["at"] + MARK_LIFETIME.total_seconds()
        return kept["value"] if kept["for"] == self._digest() and is_young else None

    def _digest(self) -> str:
        return hashlib.sha256(self.address.encode()).hexdigest()


def read_request(request: HttpRequest, query: QueryDict) -> AuthorizationRequest:
    """
    The request in a query string. Raises oauthlib's errors.

    A FatalClientError is for the person to read: nobody is sent to an address that was not registered.
    """
    if any("\x00" in value for name, values in query.lists() for value in (name, *values)):
        raise errors.InvalidRequestFatalError(description="A parameter contains NUL.")
    query = query.copy()
    address = f"{request.path}?{query.urlencode()}"
    scopes, info = Provider(arrived_at=clock.real_now()).validate_authorization_request(address, "GET", "", {})
    oauth = info["request"]
    repeated = [name for name, values in query.lists() if len(values) > 1]
    if repeated:
        raise errors.InvalidRequestError(description=f"Repeated parameter: {repeated[0]}.", request=oauth)
    for name, refusal in (
        ("request", RequestNotSupported),
        ("request_uri", RequestURINotSupported),
        ("registration", RegistrationNotSupported),
    ):
        if name in query:
            raise refusal(request=oauth)
    if query.get("code_challenge") and query.get("code_challenge_method") != "S256":
        raise errors.UnsupportedCodeChallengeMethodError(request=oauth)
    if query.get("response_mode", "query") != "query":
        raise errors.InvalidRequestError(description="The only response_mode is query.", request=oauth)
    client: Client = oauth.client
    document = _claims_document(query.get("claims", ""), oauth)
    acr = (document.get("id_token") or {}).get("acr") or {}
    return AuthorizationRequest(
        query=query,
        client=client,
        redirect_uri=oauth.redirect_uri,
        scopes=rules.in_order(scopes),
        claims=claims.asked_claims(document, allowed_scopes=client.get_scopes()),
        prompts=frozenset(query.get("prompt", "").split()),
        max_age=_max_age(query.get("max_age", ""), oauth),
        essential_acr=tuple(acr.get("values") or [acr.get("value")]) if acr.get("essential") else (),
        asked_sub=_asked_sub(query.get("id_token_hint", ""), document, oauth),
    )


def _claims_document(text: str, oauth: Any) -> dict[str, Any]:  # Any: oauthlib is untyped, and JSON
    if not text:
        return {}
    try:
        found = json.loads(text)
    except ValueError as error:
        raise errors.InvalidRequestError(description="The claims parameter is no JSON.", request=oauth) from error
    places = list(found.values()) if isinstance(found, dict) else [None]
    wishes = [wish for place in places if isinstance(place, dict) for wish in place.values()]
    if not all(isinstance(place, dict) for place in places) or not all(
        wish is None or isinstance(wish, dict) for wish in wishes
    ):
        raise errors.InvalidRequestError(description="The claims parameter has not the right shape.", request=oauth)
    return dict(found)


def _max_age(text: str, oauth: Any) -> int | None:  # Any: oauthlib is untyped
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise errors.InvalidRequestError(description="max_age is a number of seconds.", request=oauth)
    return int(text)


def _asked_sub(hint: str, document: dict[str, Any], oauth: Any) -> str | None:  # Any: oauthlib is untyped, and JSON
    """Whom the program means; by an ID token of ours, which may have run out (Core 3.1.2.1)."""
    if hint:
        # made for whichever program: it was given to the one that shows it
        payload = decode_jwt_token(hint, verify_exp=False, verify_iss=True)
        if payload is None:
            raise errors.InvalidRequestError(description="The id_token_hint is none of ours.", request=oauth)
        return str(payload.get("sub"))
    for place in ("id_token", "userinfo"):
        wish = (document.get(place) or {}).get("sub") or {}
        if wish.get("value"):
            return str(wish["value"])
    return None


def authentication_of(request: HttpRequest, account: Account) -> Authentication:
    """How and when the person in this browser proved who they are, by what sign-in recorded."""
    records = get_authentication_records(request, account)
    acr, amr = rules.authentication_strength(records)
    times = [datetime.fromtimestamp(each["at"], tz=clock.real_now().tzinfo) for each in records if "at" in each]
    # a session that began with a registration has no records: the account remembers when that was
    at = max(times) if times else account.last_login or account.created_at
    session = rules.token_digest(request.session.session_key or "") if request.session.session_key else ""
    return Authentication(at=at, acr=acr, amr=amr, session=session)


def is_fresh_enough(asked: AuthorizationRequest, authentication: Authentication) -> bool:
    """Whether the last sign-in is young enough for `prompt=login` and `max_age`."""
    after = asked.mark("fresh_after")
    if after is not None and authentication.at.timestamp() >= after:
        return True
    if "login" in asked.prompts:
        return False
    if asked.max_age is None:
        return True
    return authentication.at + timedelta(seconds=asked.max_age) >= clock.real_now()


def is_the_one_asked_for(asked: AuthorizationRequest, account: Account) -> bool:
    """Whether the person is the one whom the program means, if it means one."""
    return asked.asked_sub is None or asked.asked_sub == claims.OidcAdapter().get_user_sub(asked.client, account)


def must_choose(asked: AuthorizationRequest, account: Account) -> bool:
    """Whether the person has to say as whom they go on."""
    if not is_the_one_asked_for(asked, account):
        return True
    return "select_account" in asked.prompts and asked.mark("chosen") != str(account.id)


def must_consent(asked: AuthorizationRequest, account: Account) -> bool:
    """Whether the person has to be asked what the program may do."""
    if "consent" in asked.prompts:
        return True
    if asked.client.skip_consent:
        return False
    is_public = asked.client.type == Client.Type.PUBLIC
    if rules.can_be_impersonated(is_public=is_public, redirect_uri=asked.redirect_uri):
        return True
    return not queries.has_allowed(account=account, client=asked.client, scopes=asked.asked_scopes)


def is_strong_enough(asked: AuthorizationRequest, authentication: Authentication) -> bool:
    """Whether the sign-in is of a class that the program called essential (Core 5.5.1.1)."""
    return not asked.essential_acr or authentication.acr in asked.essential_acr


def host_of(uri: str) -> str:
    """Where a program gets its answer, as people may recognize it."""
    parts = urlsplit(uri)
    return parts.hostname or parts.scheme


def allowed_claims(asked: AuthorizationRequest, scopes: Collection[str]) -> dict[str, list[str]]:
    """The single claims that were asked for and that the person allowed."""
    return {
        place: [name for name in names if claims.SCOPE_OF_CLAIMS[name] in scopes]
        for place, names in asked.claims.items()
    }
