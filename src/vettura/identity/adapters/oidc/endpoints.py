"""What programs themselves speak to: discovery, keys, tokens, facts about the person, and the end of tokens."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import RateLimited
from allauth.core.internal import httpkit, ratelimit
from allauth.idp.oidc.internal.oauthlib.utils import convert_response, extract_params
from allauth.idp.oidc.models import Client
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from oauthlib.oauth2.rfc6749.errors import InsufficientScopeError, InvalidScopeError, OAuth2Error

from vettura.foundation import clock
from vettura.identity import actions, rules
from vettura.identity.adapters.oidc.claims import (
    ALGORITHM,
    ALWAYS_THERE,
    SCOPE_OF_CLAIMS,
    OidcAdapter,
    loaded_key,
)
from vettura.identity.adapters.oidc.provider import Provider

KEYS_ARE_FRESH_FOR_SECONDS = 3600
SECRET_METHODS = ["client_secret_basic", "client_secret_post"]


def metadata() -> dict[str, Any]:  # Any: JSON
    """What we can do and where, as programs read it before anything else. Nothing is named that is not there."""

    def address(name: str) -> str:
        return f"{settings.VETTURA_BASE_URL}{reverse(f'idp:oidc:{name}')}"

    return {
        "issuer": OidcAdapter().get_issuer(),
        "authorization_endpoint": address("authorization"),
        "token_endpoint": address("token"),
        "userinfo_endpoint": address("userinfo"),
        "jwks_uri": address("jwks"),
        "revocation_endpoint": address("revoke"),
        "introspection_endpoint": address("introspect"),
        "device_authorization_endpoint": address("device_code"),
        "end_session_endpoint": address("logout"),
        "scopes_supported": list(rules.SCOPES),
        "claims_supported": [*ALWAYS_THERE, *SCOPE_OF_CLAIMS],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": [
            Client.GrantType.AUTHORIZATION_CODE.value,
            Client.GrantType.REFRESH_TOKEN.value,
            Client.GrantType.DEVICE_CODE.value,
        ],
        "code_challenge_methods_supported": ["S256"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "token_endpoint_auth_methods_supported": [*SECRET_METHODS, "none"],
        "revocation_endpoint_auth_methods_supported": [*SECRET_METHODS, "none"],
        "introspection_endpoint_auth_methods_supported": SECRET_METHODS,
        "acr_values_supported": list(rules.ACR_VALUES),
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "display_values_supported": ["page", "popup", "touch"],
        "claim_types_supported": ["normal"],
        "ui_locales_supported": [code for code, _ in settings.LANGUAGES],
        "claims_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "require_request_uri_registration": False,
        "authorization_response_iss_parameter_supported": True,
        "service_documentation": f"{settings.VETTURA_BASE_URL}{reverse('api-docs')}",
    }


@require_safe
def configuration(request: HttpRequest) -> HttpResponse:
    """Discovery; for everybody, from every page."""
    return JsonResponse(metadata(), headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "max-age=3600"})


@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """The keys that ID tokens are checked with: the present, the next and the previous one."""
    keys = [loaded_key(key.pem)[0] for key in OidcAdapter().list_private_keys()]
    fresh = f"max-age={KEYS_ARE_FRESH_FOR_SECONDS}, must-revalidate"
    return JsonResponse({"keys": keys}, headers={"Access-Control-Allow-Origin": "*", "Cache-Control": fresh})


@method_decorator(csrf_exempt, name="dispatch")
class Endpoint(View):
    """One request of a program: limited, from allowed pages only, and never answered by anybody's cache."""

    limits: tuple[str, ...] = ("token_ip", "token_client")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """This will answer a request, and a browser that asks beforehand whether a page may send it."""
        self.arrived_at: datetime = clock.real_now()
        origin = request.headers.get("Origin", "")
        if request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = "GET, POST"
            response["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
            response["Access-Control-Max-Age"] = "600"
        else:
            response = self._limited(request, super().dispatch, *args, **kwargs)
            response["Cache-Control"] = "no-store"
        if origin and _is_allowed(origin):
            response["Access-Control-Allow-Origin"] = origin
            response["Access-Control-Expose-Headers"] = "WWW-Authenticate, Retry-After"
        response["Vary"] = "Origin"
        return response

    def _limited(
        self, request: HttpRequest, answer: Callable[..., HttpResponseBase], *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        client_id = httpkit.extract_basic_auth({"Authorization": request.headers.get("Authorization", "")})[0]
        key = f"{client_id or request.POST.get('client_id', '')} {get_adapter().get_client_ip(request)}"
        try:
            for limit in self.limits:
                ratelimit.consume(request, app="allauth.idp.oidc", action=limit, key=key, raise_exception=True)
        except RateLimited:
            body = {"error": "temporarily_unavailable", "error_description": "Too many requests."}
            return JsonResponse(body, status=429, headers={"Retry-After": "60"})
        if any("\x00" in text for values in request.POST.lists() for text in (values[0], *values[1])):
            return _error("invalid_request", "A parameter contains NUL.")
        repeated = [name for name, values in request.POST.lists() if len(values) > 1]
        if repeated:
            return _error("invalid_request", f"Repeated parameter: {repeated[0]}.")
        return answer(request, *args, **kwargs)

    def provider(self) -> Provider:
        """A provider for this request."""
        return Provider(arrived_at=self.arrived_at)


def _is_allowed(origin: str) -> bool:
    """Whether a program was registered with pages there."""
    lists = Client.objects.exclude(cors_origins="").values_list("cors_origins", flat=True)
    return any(origin in origins.split("\n") for origins in lists)


def _error(code: str, description: str, status: int = 400) -> HttpResponse:
    return JsonResponse({"error": code, "error_description": description}, status=status)


def _converted(headers: dict[str, str], body: Any, status: int) -> HttpResponse:
    response: HttpResponse = convert_response(headers, body, status)
    if status == 401:
        # a program proves itself with its secret, not with a token (RFC 6749 section 5.2)
        response["WWW-Authenticate"] = 'Basic realm="vettura"'
    return response


class TokenEndpoint(Endpoint):
    """Tokens for a code, a refresh token, or a device that was let in."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """One transaction: what was taken is taken together with what came of it. A refusal also stays: it may end things."""
        if "grant_type" not in request.POST:
            return _error("invalid_request", "Missing grant_type parameter.")
        with transaction.atomic():
            return _converted(*self.provider().create_token_response(*extract_params(request)))


class RevocationEndpoint(Endpoint):
    """The end of a token, by its program (RFC 7009)."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Done, also when there was nothing to end."""
        return _converted(*self.provider().create_revocation_response(*extract_params(request)))


class IntrospectionEndpoint(Endpoint):
    """What a token is good for (RFC 7662); only for programs that prove who they are."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """The facts of the token, or that it is not active."""
        provider = self.provider()
        provider.validator.is_secret_needed = True
        return _converted(*provider.create_introspect_response(*extract_params(request)))


class UserInfoEndpoint(Endpoint):
    """What the program may know about the person (Core 5.3)."""

    limits = ()

    def get(self, request: HttpRequest) -> HttpResponse:
        """With the token in the header."""
        return self.post(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """With the token in the header or in the form."""
        try:
            headers, body, status = self.provider().create_userinfo_response(*extract_params(request))
        except OAuth2Error as error:
            asked_nothing = "Authorization" not in request.headers and "access_token" not in request.POST
            says = "" if asked_nothing else f', error="{error.error}", error_description="{error.description or ""}"'
            status = 403 if isinstance(error, InsufficientScopeError) else 401
            response = HttpResponse(error.json, status=status, content_type="application/json")
            response["WWW-Authenticate"] = f'Bearer realm="vettura"{says}'
            return response
        response = HttpResponse(body, status=status)
        for name, value in headers.items():
            response[name] = value
        return response


class DeviceCodeEndpoint(Endpoint):
    """A device begins its sign-in (RFC 8628 section 3.1)."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """The codes of the device, and the address that its person opens."""
        try:
            client = self.provider().client_that_asks(*extract_params(request))
            if Client.GrantType.DEVICE_CODE not in client.get_grant_types():
                return _error("unauthorized_client", "This program is no device.")
            scopes = rules.in_order(request.POST.get("scope", "").split()) or tuple(client.get_default_scopes())
            if not set(scopes) <= set(client.get_scopes()):
                raise InvalidScopeError
        except OAuth2Error as error:
            return _converted(dict(error.headers), error.json, error.status_code)
        asked = actions.begin_device_sign_in(client=client, scopes=scopes)
        address = f"{settings.VETTURA_BASE_URL}{reverse('idp:oidc:device_authorization')}"
        shown = rules.shown_user_code(asked.user_code)
        return JsonResponse(
            {
                "device_code": asked.device_code,
                "user_code": shown,
                "verification_uri": address,
                "verification_uri_complete": f"{address}?code={shown}",
                "expires_in": int(rules.DEVICE_LIFETIME.total_seconds()),
                "interval": rules.DEVICE_INTERVAL_SECONDS,
            }
        )
