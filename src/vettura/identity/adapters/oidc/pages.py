"""Where programs send people: may it know me, am I the one it means, is this my device, shall I be signed out here too."""

from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.logout import logout
from allauth.core.internal import ratelimit
from allauth.idp.oidc.internal.tokens import decode_jwt_token
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from oauthlib.common import add_params_to_uri
from oauthlib.oauth2.rfc6749 import errors
from oauthlib.openid.connect.core.exceptions import AccountSelectionRequired, ConsentRequired, LoginRequired

from vettura.foundation import clock
from vettura.foundation.languages import go_on_in
from vettura.identity import actions, queries, rules
from vettura.identity.adapters.oidc import requests
from vettura.identity.adapters.oidc.claims import OidcAdapter
from vettura.identity.adapters.oidc.requests import SIGNER_SALT, AuthorizationRequest
from vettura.identity.models import Account
from vettura.identity.rules import LOCATION, SCOPE_WORDS

CONSENT_SALT = f"{SIGNER_SALT}.consent"
# said in words, and not for the person to leave out
NOT_OPTIONAL = ("openid", "offline_access")


def _answer(redirect_uri: str, facts: dict[str, str], state: str) -> HttpResponse:
    """Back to the program; with the name of who answers, so that it is not taken for somebody else (RFC 9207)."""
    known = {**facts, "state": state, "iss": OidcAdapter().get_issuer()}
    # not Django's redirect: that one knows no addresses of apps
    location = add_params_to_uri(redirect_uri, [(name, value) for name, value in known.items() if value])
    return HttpResponse(status=302, headers={"Location": location, "Cache-Control": "no-store"})


def _refusal(asked: AuthorizationRequest, error: errors.OAuth2Error) -> HttpResponse:
    facts = {"error": error.error, "error_description": error.description or ""}
    return _answer(asked.redirect_uri, facts, asked.state)


def _signed_in(request: HttpRequest) -> Account | None:
    user = request.user
    return user if isinstance(user, Account) and user.is_active else None


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class AuthorizationView(View):
    """The authorization endpoint."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """A program sends a person: whatever is needed is asked, one page at a time, and then the program is answered."""
        return self._read(request, request.GET, self._go_on)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Our own form comes back; a program that posts its request (Core 3.1.2.1) is led to the same page."""
        if "request" not in request.POST or "client_id" in request.POST:
            return HttpResponseRedirect(f"{reverse('idp:oidc:authorization')}?{request.POST.urlencode()}")
        protected: HttpResponse = csrf_protect(self._answered)(request)
        return protected

    def _read(self, request: HttpRequest, query: QueryDict, then: Any) -> HttpResponse:  # Any: one of our methods
        try:
            asked = requests.read_request(request, query)
        except errors.FatalClientError as error:
            return render(request, "idp/oidc/error.html", {"error": error}, status=400)
        except errors.OAuth2Error as error:
            facts = {"error": error.error, "error_description": error.description or ""}
            # only what is wrong with the client or its address is fatal: here the address is a registered one
            return _answer(str(query["redirect_uri"]), facts, str(query.get("state", "")))
        response: HttpResponse = then(request, asked)
        return response

    def _go_on(self, request: HttpRequest, asked: AuthorizationRequest) -> HttpResponse:
        account = _signed_in(request)
        if "none" in asked.prompts:
            return self._without_a_page(request, asked, account)
        if account is None:
            return self._sign_in(request, asked, "account_login")
        if requests.must_choose(asked, account):
            return self._choice(request, asked, account)
        if not requests.is_fresh_enough(asked, requests.authentication_of(request, account)):
            return self._sign_in(request, asked, "account_reauthenticate")
        if requests.must_consent(asked, account):
            return self._consent(request, asked, account)
        return self._allowed(request, asked, account, asked.asked_scopes)

    def _without_a_page(
        self, request: HttpRequest, asked: AuthorizationRequest, account: Account | None
    ) -> HttpResponse:
        """`prompt=none`: an answer at once, or the reason why a page would be needed."""
        if len(asked.prompts) > 1:
            return _refusal(asked, errors.InvalidRequestError(description="prompt=none goes with no other value."))
        if account is None or not requests.is_the_one_asked_for(asked, account):
            return _refusal(asked, LoginRequired())
        if not requests.is_fresh_enough(asked, requests.authentication_of(request, account)):
            return _refusal(asked, LoginRequired())
        if requests.must_consent(asked, account):
            return _refusal(asked, ConsentRequired())
        return self._allowed(request, asked, account, asked.asked_scopes)

    def _sign_in(self, request: HttpRequest, asked: AuthorizationRequest, name: str) -> HttpResponse:
        """To the sign-in page and back; what is signed there from now on is fresh enough."""
        facts = {"next": asked.marked("fresh_after", clock.real_now().timestamp())}
        hint = asked.query.get("login_hint", "")
        if hint and name == "account_login":
            facts["login_hint"] = hint
        response = HttpResponseRedirect(f"{reverse(name)}?{urlencode(facts)}")
        go_on_in(_first_language(asked.query.get("ui_locales", "")), request, response)
        return response

    def _choice(self, request: HttpRequest, asked: AuthorizationRequest, account: Account) -> HttpResponse:
        is_the_one = requests.is_the_one_asked_for(asked, account)
        return self._page(
            request, asked, account, "idp/oidc/choose_account.html", {"account": account, "may_go_on": is_the_one}
        )

    def _consent(self, request: HttpRequest, asked: AuthorizationRequest, account: Account) -> HttpResponse:
        scopes = [
            {"name": scope, "words": SCOPE_WORDS[scope], "is_fixed": scope in NOT_OPTIONAL}
            for scope in asked.asked_scopes
            if scope != LOCATION
        ]
        return self._page(
            request,
            asked,
            account,
            "idp/oidc/authorization_form.html",
            {
                "scopes": scopes,
                "host": requests.host_of(asked.redirect_uri),
                **_cars_to_choose(account, asked.asked_scopes),
            },
        )

    def _page(
        self,
        request: HttpRequest,
        asked: AuthorizationRequest,
        account: Account,
        template: str,
        facts: dict[str, Any],  # Any: a template context
    ) -> HttpResponse:
        kept = {"query": asked.query.urlencode(), "account": str(account.id), "at": clock.real_now().timestamp()}
        signed = Signer(salt=CONSENT_SALT).sign_object(kept)
        with translation.override(_first_language(asked.query.get("ui_locales", "")) or translation.get_language()):
            return render(request, template, {"client": asked.client, "signed": signed, **facts})

    def _answered(self, request: HttpRequest) -> HttpResponse:
        """The person's answer, for the very request that the page showed and by the one to whom it was shown."""
        try:
            kept = Signer(salt=CONSENT_SALT).unsign_object(request.POST["request"])
        except (BadSignature, ValueError) as error:
            raise PermissionDenied from error
        account = _signed_in(request)
        is_old = clock.real_now().timestamp() > kept["at"] + requests.MARK_LIFETIME.total_seconds()
        if account is None or str(account.id) != kept["account"] or is_old:
            return HttpResponseRedirect(f"{reverse('idp:oidc:authorization')}?{kept['query']}")
        return self._read(request, QueryDict(kept["query"]), self._decided)

    def _decided(self, request: HttpRequest, asked: AuthorizationRequest) -> HttpResponse:
        account = _signed_in(request)
        assert account is not None  # asked just before
        action = request.POST.get("action", "")
        if action == "other":
            logout(request, show_message=False)
            return self._sign_in(request, asked, "account_login")
        if action == "continue" and requests.is_the_one_asked_for(asked, account):
            return HttpResponseRedirect(asked.marked("chosen", str(account.id)))
        if action != "grant":
            return _refusal(asked, errors.AccessDeniedError())
        if requests.must_choose(asked, account):
            return _refusal(asked, AccountSelectionRequired())
        if not requests.is_fresh_enough(asked, requests.authentication_of(request, account)):
            return HttpResponseRedirect(asked.address)
        chosen = {*request.POST.getlist("scopes"), *NOT_OPTIONAL}
        cars, places = _chosen_cars(request, account)
        if places:
            chosen.add(LOCATION)
        else:
            chosen.discard(LOCATION)
        scopes = [scope for scope in asked.asked_scopes if scope in chosen]
        actions.remember_consent(account=account, client=asked.client, scopes=scopes, cars=cars, places=places)
        return self._allowed(request, asked, account, scopes)

    def _allowed(
        self, request: HttpRequest, asked: AuthorizationRequest, account: Account, allowed: Any
    ) -> HttpResponse:
        authentication = requests.authentication_of(request, account)
        if not requests.is_strong_enough(asked, authentication):
            return _refusal(asked, requests.UnmetAuthenticationRequirements())
        granted = [scope for scope in asked.scopes if scope in allowed]
        if not granted or not rules.may_sign_in(owner_id=asked.client.owner_id, account_id=account.id):
            return _refusal(asked, errors.AccessDeniedError())
        # whoever was asked has said for which cars; a surface of ours acts for all of them
        consent = (
            None if asked.client.skip_consent else queries.remembered_consent(account=account, client=asked.client)
        )
        code = actions.issue_code(
            account=account,
            client=asked.client,
            redirect_uri=asked.redirect_uri,
            scopes=granted,
            claims=requests.allowed_claims(asked, allowed),
            authentication=authentication,
            code_challenge=asked.query.get("code_challenge", ""),
            nonce=asked.query.get("nonce", ""),
            cars=consent.cars if consent else None,
            places=consent.places if consent else None,
        )
        return _answer(asked.redirect_uri, {"code": code}, asked.state)


def _cars_to_choose(account: Account, scopes: Collection[str]) -> dict[str, Any]:  # Any: a template context
    """The cars that a person says yes or no to, and whether where they are is a question too."""
    if not rules.asks_about_cars(scopes):
        return {}
    return {"cars": queries.cars_of(account=account), "asks_place": rules.asks_about_places(scopes)}


def _chosen_cars(request: HttpRequest, account: Account) -> tuple[list[str], list[str]]:
    """Of the person's own cars those that were chosen, and those of which the place may be known."""
    owned = queries.cars_of(account=account)
    cars = [vin for vin in owned if vin in request.POST.getlist("cars")]
    return cars, [vin for vin in cars if vin in request.POST.getlist("places")]


def _first_language(ui_locales: str) -> str | None:
    """The first language of the list that we speak; a region of its own counts as the language."""
    for tag in ui_locales.split():
        try:
            return translation.get_supported_language_variant(tag.lower())
        except LookupError:
            continue
    return None


@method_decorator([login_required, never_cache], name="dispatch")
class DeviceView(View):
    """Where a person types the code that a device shows, sees what asks, and answers."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty field, or, with a code in the address (the QR code), the question."""
        typed = request.GET.get("code", "")
        if not typed:
            return self._field(request)
        if not _may_try(request):
            return self._field(request, typed, _("Too many attempts. Wait a few minutes, then try again."), 429)
        waiting = queries.waiting_device(user_code=typed)
        if waiting is None:
            return self._unknown(request, typed)
        scopes = [SCOPE_WORDS[scope] for scope in waiting.scopes if scope != LOCATION]
        account = _signed_in(request)
        cars = _cars_to_choose(account, waiting.scopes) if account else {}
        facts = {"device": waiting, "scopes": scopes, **cars}
        return render(request, "idp/oidc/device_authorization_confirm_form.html", facts)

    def post(self, request: HttpRequest) -> HttpResponse:
        """The answer to the question."""
        account = _signed_in(request)
        if account is None:
            raise PermissionDenied
        code, allow = request.POST.get("code", ""), request.POST.get("action") == "confirm"
        if not _may_try(request):
            return self._field(request, code, _("Too many attempts. Wait a few minutes, then try again."), 429)
        authentication = requests.authentication_of(request, account)
        cars, places = _chosen_cars(request, account)
        is_good = actions.answer_device(
            account=account, user_code=code, allow=allow, authentication=authentication, cars=cars, places=places
        )
        if not is_good:
            return self._unknown(request, code)
        page = "device_authorization_confirmed.html" if allow else "device_authorization_denied.html"
        return render(request, f"idp/oidc/{page}")

    def _unknown(self, request: HttpRequest, typed: str) -> HttpResponse:
        return self._field(
            request, typed, _("This code is not known, or it has run out. Look at the device again."), 422
        )

    def _field(self, request: HttpRequest, typed: str = "", error: str = "", status: int = 200) -> HttpResponse:
        facts = {"typed": typed, "error": error}
        return render(request, "idp/oidc/device_authorization_code_form.html", facts, status=status)


def _may_try(request: HttpRequest) -> bool:
    """Codes are short: guesses are counted by address and by person."""
    limits = ("device_user_code", "device_user_code_person")
    return all(ratelimit.consume(request, app="allauth.idp.oidc", action=name, limit_get=True) for name in limits)


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class LogoutView(View):
    """The end-session endpoint (OpenID Connect RP-Initiated Logout 1.0)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """A program signs a person out; whoever is signed in here is asked, unless the ID token proves it is them."""
        return self._end(request, request.GET)

    def post(self, request: HttpRequest) -> HttpResponse:
        """The same with a form; or our own page's answer."""
        if "action" in request.POST:
            protected: HttpResponse = csrf_protect(self._answered)(request)
            return protected
        return self._end(request, request.POST)

    def _end(self, request: HttpRequest, query: QueryDict) -> HttpResponse:
        hint, client_id = query.get("id_token_hint", ""), query.get("client_id", "")
        token = decode_jwt_token(hint, verify_exp=False, verify_iss=True) if hint else None
        if token is not None and client_id and token.get("aud") != client_id:
            return render(
                request, "idp/oidc/error.html", {"sentence": _("The ID token is another program's.")}, status=400
            )
        client = queries.client(client_id=client_id or str((token or {}).get("aud", "")))
        address = query.get("post_logout_redirect_uri", "")
        if address and (client is None or address not in client.get_post_logout_redirect_uris()):
            return render(
                request,
                "idp/oidc/error.html",
                {"sentence": _("The address to go back to is not registered.")},
                status=400,
            )
        facts = {"client_id": client.id if client else "", "address": address, "state": query.get("state", "")}
        account = _signed_in(request)
        if account is None:
            return self._go_back(facts)
        if client and token is not None and token.get("sub") == OidcAdapter().get_user_sub(client, account):
            return self._sign_out(request, account, facts)
        signed = Signer(salt=f"{SIGNER_SALT}.logout").sign_object(facts)
        return render(request, "idp/oidc/logout.html", {"client": client, "signed": signed})

    def _answered(self, request: HttpRequest) -> HttpResponse:
        try:
            facts = Signer(salt=f"{SIGNER_SALT}.logout").unsign_object(request.POST.get("request", ""))
        except (BadSignature, ValueError) as error:
            raise PermissionDenied from error
        account = _signed_in(request)
        if account is None or request.POST["action"] != "logout":
            return self._go_back(facts)
        return self._sign_out(request, account, facts)

    def _sign_out(self, request: HttpRequest, account: Account, facts: dict[str, str]) -> HttpResponse:
        if facts["client_id"]:
            session = requests.authentication_of(request, account).session
            actions.sign_out_of_program(account=account, client_id=facts["client_id"], session=session)
        logout(request, show_message=False)
        return self._go_back(facts)

    def _go_back(self, facts: dict[str, str]) -> HttpResponse:
        if not facts["address"]:
            return HttpResponseRedirect(reverse("identity:signin"))
        state = [("state", facts["state"])] if facts["state"] else []
        return HttpResponse(status=302, headers={"Location": add_params_to_uri(facts["address"], state)})
