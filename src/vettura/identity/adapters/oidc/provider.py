"""oauthlib asks whether clients, codes and tokens are good; the answers are ours."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_plus

from allauth.core import context
from allauth.core.internal import httpkit
from allauth.idp.oidc.internal.oauthlib.request_validator import OAuthLibRequestValidator
from allauth.idp.oidc.models import Client
from oauthlib.common import Request
from oauthlib.oauth2 import BearerToken, RevocationEndpoint, TokenEndpoint
from oauthlib.oauth2.rfc6749.endpoints import AuthorizationEndpoint, IntrospectEndpoint
from oauthlib.oauth2.rfc6749.errors import InvalidGrantError, InvalidRequestError, OAuth2Error
from oauthlib.oauth2.rfc8628 import errors as device_errors
from oauthlib.oauth2.rfc8628.grant_types import DeviceCodeGrant
from oauthlib.openid import UserInfoEndpoint
from oauthlib.openid.connect.core.grant_types import AuthorizationCodeGrant, RefreshTokenGrant

from vettura.identity import actions, queries, rules
from vettura.identity.actions import DeviceAnswer
from vettura.identity.adapters.oidc import claims
from vettura.identity.models import ProgramCode, ProgramGrant, ProgramToken

DEVICE_REFUSALS: dict[DeviceAnswer, Callable[..., OAuth2Error]] = {
    DeviceAnswer.PENDING: device_errors.AuthorizationPendingError,
    DeviceAnswer.SLOW_DOWN: device_errors.SlowDownError,
    DeviceAnswer.DENIED: device_errors.AccessDenied,
    DeviceAnswer.EXPIRED: device_errors.ExpiredTokenError,
    DeviceAnswer.UNKNOWN: InvalidGrantError,
}


@dataclass
class Taken:
    """What one token request has taken so far; a new one for each request."""

    arrived_at: datetime
    grant: ProgramGrant | None = None
    code: ProgramCode | None = None
    refresh_token: ProgramToken | None = None


class Validator(OAuthLibRequestValidator):  # type: ignore[misc]  # allauth is untyped
    """allauth's answers about programs, and ours about codes and tokens. Lives for one request."""

    def __init__(self, *, arrived_at: datetime) -> None:
        """A request that arrived (real time) before a code was used did not use it again."""
        super().__init__()
        self.taken = Taken(arrived_at)
        self.is_secret_needed = False

    # -- programs ----------------------------------------------------------------------------------------------

    def validate_redirect_uri(
        self, client_id: str, redirect_uri: str, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Exactly as registered, but for the port of loopback."""
        return rules.is_redirect_allowed(uri=redirect_uri, registered=request.client.get_redirect_uris())

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: Client, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """What nobody understands is ignored (Core 3.1.2.1); what is understood must be allowed to this program."""
        request.scopes = list(rules.in_order(scopes))
        return bool(request.scopes) and set(request.scopes) <= set(request.client.get_scopes())

    def authenticate_client(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """A program's secret, by Basic or in the body, not both ways at once (RFC 6749 section 2.3)."""
        basic_id, basic_secret = httpkit.extract_basic_auth(request.headers)
        in_body = getattr(request, "client_secret", None)
        if basic_id is not None:
            # RFC 6749 section 2.3.1: both are form-encoded before they are joined
            client_id, secret = unquote_plus(basic_id), unquote_plus(basic_secret or "")
            if in_body or (request.client_id and request.client_id != client_id):
                return False
        else:
            client_id, secret = str(request.client_id or ""), str(in_body or "")
        if not client_id or not secret:
            return False
        client = self._lookup_client(request, client_id)
        if client is None or client.type != Client.Type.CONFIDENTIAL:
            return False
        if not rules.is_same_secret(secret=secret, kept=client.secret):
            return False
        self._use_client(request, client)
        return True

    def client_authentication_required(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """Whoever sends a secret is held to it; a program without one names itself, where that is enough."""
        if (
            self.is_secret_needed
            or httpkit.extract_basic_auth(request.headers)[0] is not None
            or getattr(request, "client_secret", None)
        ):
            return True
        client = self._lookup_client(request, request.client_id) if request.client_id else None
        return client is None or client.type != Client.Type.PUBLIC

    def validate_user_match(self, *args: Any, **kwargs: Any) -> bool:
        """Asked again, with the page that it may take, in `requests`; so are the next two."""
        return True

    validate_silent_login = validate_silent_authorization = validate_user_match

    # -- codes -------------------------------------------------------------------------------------------------

    def validate_code(
        self, client_id: str, code: str, client: Client, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Locked until the answer is out: whoever comes at the same time waits, and finds it used."""
        found = actions.take_code(client_id=client.id, value=code, arrived_at=self.taken.arrived_at)
        # a verifier for a code that was asked for without challenge: somebody took PKCE away (RFC 9700 section 4.8.2)
        if found is None or (request.code_verifier and not found.code_challenge):
            return False
        self.taken.code, self.taken.grant = found, found.grant
        request.user, request.scopes = found.grant.account, found.grant.scopes
        return True

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: Client, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """The same as when the code was asked for; another one makes the code not good (RFC 6749 section 5.2)."""
        if self.taken.code is None or self.taken.code.redirect_uri != redirect_uri:
            raise InvalidGrantError(request=request)
        return True

    def get_code_challenge(self, code: str, request: Request) -> str | None:
        """What the verifier must hash to; None where the program did not use PKCE."""
        return (self.taken.code.code_challenge or None) if self.taken.code else None

    def get_code_challenge_method(self, code: str, request: Request) -> str | None:
        """The only one that is taken."""
        return "S256"

    def get_authorization_code_nonce(
        self, client_id: str, code: str, redirect_uri: str, request: Request
    ) -> str | None:
        """As the program sent it."""
        return (self.taken.code.nonce or None) if self.taken.code else None

    def invalidate_authorization_code(
        self, client_id: str, code: str, request: Request, *args: Any, **kwargs: Any
    ) -> None:
        """This will spend the code."""
        if self.taken.code is not None:
            actions.spend_code(code=self.taken.code)

    # -- tokens ------------------------------------------------------------------------------------------------

    def validate_refresh_token(
        self, refresh_token: str, client: Client, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Locked like a code."""
        found = actions.take_refresh_token(client_id=client.id, value=refresh_token, arrived_at=self.taken.arrived_at)
        if found is None:
            return False
        self.taken.refresh_token, self.taken.grant = found, found.grant
        request.user = found.grant.account
        return True

    def get_original_scopes(self, refresh_token: str, request: Request, *args: Any, **kwargs: Any) -> list[str]:
        """What was granted; a program may ask for less."""
        return list(self.taken.refresh_token.scopes) if self.taken.refresh_token else []

    def rotate_refresh_token(self, request: Request) -> bool:
        """Always."""
        return True

    def save_bearer_token(self, token: dict[str, Any], request: Request, *args: Any, **kwargs: Any) -> None:
        """This will keep the new tokens; a program that does not renew gets nothing to renew with."""
        grant = self.taken.grant
        assert grant is not None  # a token request without a grant was refused before
        if Client.GrantType.REFRESH_TOKEN not in request.client.get_grant_types():
            token.pop("refresh_token", None)
        actions.issue_tokens(
            grant=grant,
            access_token=token["access_token"],
            refresh_token=token.get("refresh_token"),
            scopes=request.scopes,
            replaces=self.taken.refresh_token,
        )

    def finalize_id_token(
        self, id_token: dict[str, Any], token: dict[str, Any], token_handler: Any, request: Request
    ) -> str:
        """A signed ID token; a renewed one has no nonce (Core 12.2)."""
        grant = self.taken.grant
        assert grant is not None  # as above
        return claims.id_token(
            grant, scopes=request.scopes, nonce=id_token.get("nonce", ""), access_token=token["access_token"]
        )

    def validate_bearer_token(self, token: str, scopes: list[str], request: Request) -> bool:
        """An access token with these scopes, in the header or in a form, never in the address."""
        if not token or context.request.GET.get("access_token"):
            return False
        found = queries.token(value=token)
        if found is None or found.kind != ProgramToken.Kind.ACCESS or not set(scopes) <= set(found.scopes):
            return False
        self.taken.grant = found.grant
        request.user, request.client, request.scopes = found.grant.account, found.grant.client, found.scopes
        return True

    def get_userinfo_claims(self, request: Request) -> dict[str, Any]:
        """What the userinfo endpoint tells."""
        assert self.taken.grant is not None  # set by validate_bearer_token
        return claims.userinfo(self.taken.grant, request.scopes)

    def revoke_token(self, token: str, token_type_hint: str, request: Request, *args: Any, **kwargs: Any) -> None:
        """This will end the program's own token; hints only help to search, and we need no help."""
        actions.revoke_token(client_id=request.client.id, value=token)

    def introspect_token(
        self, token: str, token_type_hint: str, request: Request, *args: Any, **kwargs: Any
    ) -> dict[str, Any] | None:
        """The facts of a token of the program itself, or of any program for an API that was registered as one."""
        found = queries.token(value=token)
        if found is None:
            return None
        may_see_all = bool((request.client.data or {}).get("may_introspect"))
        if found.grant.client_id != request.client.id and not may_see_all:
            return None
        adapter = claims.OidcAdapter()
        facts = {
            "iss": adapter.get_issuer(),
            "client_id": found.grant.client_id,
            "sub": adapter.get_user_sub(found.grant.client, found.grant.account),
            "scope": " ".join(found.scopes),
            "iat": int(found.created_at.timestamp()),
            "exp": int(found.expires_at.timestamp()),
            "auth_time": int(found.grant.authenticated_at.timestamp()),
            "acr": found.grant.acr,
        }
        if found.kind == ProgramToken.Kind.ACCESS:
            facts["token_type"] = "Bearer"  # noqa: S105  # a kind, not a secret
        return facts


class DeviceGrant(DeviceCodeGrant):  # type: ignore[misc]  # oauthlib is untyped
    """A device that asks again and again until its person has answered (RFC 8628 section 3.4)."""

    refresh_token = True

    def validate_token_request(self, request: Request) -> None:
        """Raises what the device is told instead of tokens."""
        if not request.device_code:
            raise InvalidRequestError(description="Missing device_code parameter.", request=request)
        self.validate_client_authentication(request)
        self.validate_grant_type(request)
        answer, grant = actions.poll_device(client_id=request.client.id, device_code=request.device_code)
        if grant is None:
            raise DEVICE_REFUSALS[answer](request=request)
        self.request_validator.taken.grant = grant
        request.user, request.scopes = grant.account, grant.scopes

    def create_token_response(self, request: Request, token_handler: Any) -> tuple[dict[str, str], str, int]:
        """As oauthlib's, with the ID token that it forgets."""
        headers = self._get_default_headers()
        try:
            self.validate_token_request(request)
        except OAuth2Error as error:
            headers.update(error.headers)
            return headers, error.json, error.status_code
        token = token_handler.create_token(request, self.refresh_token)
        if "openid" in request.scopes:
            token["id_token"] = self.request_validator.finalize_id_token({}, token, token_handler, request)
        self.request_validator.save_token(token, request)
        headers.update(self._create_cors_headers(request))
        return headers, json.dumps(token), HTTPStatus.OK


class Provider(AuthorizationEndpoint, TokenEndpoint, IntrospectEndpoint, RevocationEndpoint, UserInfoEndpoint):  # type: ignore[misc]  # oauthlib is untyped
    """The three ways to a token that we offer, and nothing else: no implicit flow, no passwords."""

    def __init__(self, *, arrived_at: datetime) -> None:
        """One for each request."""
        self.validator = validator = Validator(arrived_at=arrived_at)
        code = AuthorizationCodeGrant(validator)
        bearer = BearerToken(
            validator,
            token_generator=_new_token,
            refresh_token_generator=_new_token,
            expires_in=int(rules.ACCESS_LIFETIME.total_seconds()),
        )
        AuthorizationEndpoint.__init__(
            self, default_response_type="code", default_token_type=bearer, response_types={"code": code}
        )
        TokenEndpoint.__init__(
            self,
            default_grant_type="authorization_code",
            default_token_type=bearer,
            grant_types={
                Client.GrantType.AUTHORIZATION_CODE.value: code,
                Client.GrantType.REFRESH_TOKEN.value: RefreshTokenGrant(validator),
                Client.GrantType.DEVICE_CODE.value: DeviceGrant(validator),
            },
        )
        IntrospectEndpoint.__init__(self, validator)
        RevocationEndpoint.__init__(self, validator)
        UserInfoEndpoint.__init__(self, validator)

    def client_that_asks(self, uri: str, method: str, body: str, headers: dict[str, str]) -> Client:
        """The program that sent this, by its secret or, where it has none, by its name. Raises InvalidClientError."""
        request = Request(uri, method, body, headers)
        self._raise_on_invalid_client(request)
        client: Client = request.client
        return client


def _new_token(request: Request) -> str:
    """512 bits: a plain hash of it gives nothing away."""
    return secrets.token_urlsafe(64)
