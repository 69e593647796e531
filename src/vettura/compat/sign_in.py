"""`/authorize`, `/u/…` and `/oauth/token`: the sign-in that foreign clients walk through, step by step."""

import json
import logging
from collections.abc import Callable, Mapping
from functools import wraps
from urllib.parse import urlencode

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.html import escape
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vettura.compat import captcha, clients
from vettura.foundation import clock
from vettura.foundation.errors import Refusal
from vettura.identity import actions, errors, queries
from vettura.identity.actions import ForeignTokens

log = logging.getLogger(__name__)

COOKIE = "vettura_foreign"
PASSKEY_PAGE = "/u/passkey-enrollment"
LONGEST = 2000
View = Callable[..., HttpResponse]


def offered(view: View) -> View:
    """A view that is there while the operator offers the foreign API, and readable requests only."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not queries.offers_foreign_apps():
            raise Http404
        values = [each for source in (request.GET, request.POST) for _, listed in source.lists() for each in listed]
        if any("\x00" in each or len(each) > LONGEST for each in values):
            return _page("Bad request", 400)
        return view(request, *args, **kwargs)

    return guarded


@never_cache
@require_GET
@offered
def authorize(request: HttpRequest) -> HttpResponse:
    """Always a redirect: to the sign-in, or at once with a code for whoever has just signed in with the same cookies."""
    asked = request.GET
    client = clients.KNOWN.get(asked.get("client_id", ""))
    if client is None or asked.get("redirect_uri") != client.redirect_uri:
        return _page("Unknown client", 400)
    challenge = asked.get("code_challenge", "")
    is_wrong = bool(challenge) and asked.get("code_challenge_method") != "S256"
    is_missing = not challenge and (settings.COMPAT_NEEDS_CHALLENGE or not client.may_omit_challenge)
    if asked.get("response_type") != "code" or is_wrong or is_missing:
        # clients read `state` of any redirect as the name of a sign-in, so this has to be a page
        return _page("A PKCE challenge (S256) is required", 400)
    known = actions.register_foreign_client(client_id=client.id, name=client.name, redirect_uri=client.redirect_uri)
    facts = {
        "client": known,
        "redirect_uri": client.redirect_uri,
        "scopes": clients.granted(asked.get("scope", "").split()),
        "code_challenge": challenge,
    }
    cookie = request.COOKIES.get(COOKIE, "")
    code = actions.go_on_foreign_session(cookie=cookie, **facts) if cookie else None
    if code is not None:
        return _redirect(client.redirect_uri, code=code, state=asked.get("state", ""))
    begun = actions.begin_foreign_sign_in(answer_state=asked.get("state", ""), **facts)
    response = _redirect("/u/login/identifier", state=begun.state)
    # clients that keep no cookies come with the state alone
    response.set_cookie(COOKIE, begun.cookie, secure=request.is_secure(), httponly=True, samesite="Lax")
    return response


@csrf_exempt
@never_cache
@require_POST
@offered
def identifier(request: HttpRequest) -> HttpResponse:
    """The address. 400 means a picture to read and nothing else; whether there is such an account is told to nobody."""
    state, form = _state(request), request.POST
    try:
        actions.name_person(
            state=state,
            email=form.get("username", ""),
            place=_place(request),
            captcha=form.get("captcha", ""),
            takes_passkeys=form.get("webauthn-available") == "true",
        )
    except errors.CaptchaNeeded as needed:
        image = captcha.picture(needed.facts["letters"])
        facts = {
            "screen": {"name": "login-id", "captcha": {"provider": "auth0", "image": image}},
            "transaction": {"state": state},
        }
        return HttpResponse(captcha.page(str(needed), facts), status=400)
    except errors.SignInGone as gone:
        return _refused(gone, 401)
    return _redirect("/u/login/password", state=state)


@csrf_exempt
@sensitive_post_parameters("password")
@never_cache
@require_POST
@offered
def password(request: HttpRequest) -> HttpResponse:
    """The password. Whatever is refused is 400: clients know nothing else, and crash on any other status without address."""
    state, form = _state(request), request.POST
    try:
        actions.prove_person(
            state=state, email=form.get("username", ""), password=form.get("password", ""), place=_place(request)
        )
    except Refusal as refusal:
        return _refused(refusal, 400)
    return _redirect("/authorize/resume", state=state)


@never_cache
@require_GET
@offered
def resume(request: HttpRequest) -> HttpResponse:
    """The way back to the app with a code; on the way a page that offers a passkey to clients that can take one."""
    state = request.GET.get("state", "")
    try:
        takes_passkeys = actions.proven_sign_in(state=state)
        offers = takes_passkeys or settings.COMPAT_PASSKEY_PAGE == "always"
        if offers and "passkey" not in request.GET:
            return _redirect(PASSKEY_PAGE, state=state)
        finished = actions.finish_foreign_sign_in(state=state)
    except errors.SignInGone as gone:
        return _refused(gone, 401)
    return _redirect(finished.redirect_uri, code=finished.code, state=finished.answer_state)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
@offered
def passkey(request: HttpRequest) -> HttpResponse:
    """A page that offers a passkey and is declined by a form: these programs have no keys, and we keep none for them."""
    state = _state(request)
    try:
        actions.proven_sign_in(state=state)
    except errors.SignInGone as gone:
        return _refused(gone, 401)
    if request.method == "POST":
        return _redirect("/authorize/resume", state=state, passkey="declined")
    facts = {"transaction": {"state": state}, "untrustedData": {"submittedFormData": {}}}
    return HttpResponse(captcha.page("Sign in faster with a passkey", facts))


@csrf_exempt
@sensitive_post_parameters("code", "code_verifier", "refresh_token")
@never_cache
@require_POST
@offered
def token(request: HttpRequest) -> HttpResponse:
    """Tokens for a code, or renewed. What is not good (any more) is 403: clients sign in again then, and only then."""
    arrived_at = clock.real_now()
    form = _form(request)
    client_id, kind = form.get("client_id", ""), form.get("grant_type", "")
    if client_id not in clients.KNOWN:
        return _no_token("invalid_client", "Unknown client.", 401)
    made: ForeignTokens | None
    if kind == "authorization_code":
        made = actions.redeem_foreign_code(
            client_id=client_id,
            code=form.get("code", ""),
            redirect_uri=form.get("redirect_uri", ""),
            verifier=form.get("code_verifier", ""),
            arrived_at=arrived_at,
        )
    elif kind == "refresh_token":
        made = actions.renew_foreign_tokens(
            client_id=client_id, refresh_token=form.get("refresh_token", ""), arrived_at=arrived_at
        )
    else:
        return _no_token("unsupported_grant_type", "Only authorization_code and refresh_token.", 400)
    if made is None:
        return _no_token("invalid_grant", "Unknown or invalid code or refresh token.", 403)
    return JsonResponse(
        {
            "access_token": made.access_token,
            "refresh_token": made.refresh_token,
            "scope": " ".join(made.scopes),
            "expires_in": made.expires_in,
            "token_type": "Bearer",
        }
    )


def _form(request: HttpRequest) -> Mapping[str, str]:
    """The parameters, which some clients send as JSON."""
    if request.content_type != "application/json":
        return request.POST.dict()
    try:
        sent = json.loads(request.body)
    except ValueError:
        return {}
    return {name: value for name, value in sent.items() if isinstance(value, str)} if isinstance(sent, dict) else {}


def _state(request: HttpRequest) -> str:
    return request.GET.get("state") or request.POST.get("state", "")


def _place(request: HttpRequest) -> str:
    return get_client_ip(request) or ""


def _redirect(address: str, **query: str) -> HttpResponse:
    """Exactly 302, a relative path where it is ours: older clients glue host and path together."""
    return HttpResponse(status=302, headers={"Location": f"{address}?{urlencode(query)}"})


def _refused(refusal: Refusal, status: int) -> HttpResponse:
    return _page(str(refusal), status)


def _page(sentence: str, status: int) -> HttpResponse:
    text = escape(sentence)
    return HttpResponse(
        f'<!doctype html><html lang="en"><head><title>{text}</title></head><body><p>{text}</p></body></html>',
        status=status,
    )


def _no_token(code: str, description: str, status: int) -> JsonResponse:
    return JsonResponse({"error": code, "error_description": description}, status=status)
