"""
`/api/v1`: the frame of our API. Sign-in, errors and the list of routers; the decisions stand in the contexts.

Errors are `application/problem+json` (RFC 9457) with the stable `code` of the refusal and its facts as extensions.
Every operation needs a Bearer token with a scope that opens it (`scopes`) for the car it names, or the portal's session cookie with
its CSRF token; only what `scopes.FOR_ANYBODY` names is read by strangers too.
"""

import logging
from datetime import date, datetime, timedelta
from decimal import Decimal
from http import HTTPStatus
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from allauth.core.internal.httpkit import get_client_ip
from allauth.core.internal.ratelimit import truncate_ip
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from moneyed import Money
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, Throttled, ValidationError
from ninja.security import HttpBearer, SessionAuth

from vettura.api import scopes
from vettura.api.schema import DescribedAPI
from vettura.developers import actions as developers
from vettura.developers.errors import BudgetSpent
from vettura.foundation import clock
from vettura.foundation.errors import NotFound, Refusal
from vettura.help_center import diagnosis
from vettura.identity import actions as people
from vettura.identity import queries as identity
from vettura.identity.actions import note_use
from vettura.identity.errors import ScopeMissing
from vettura.identity.models import Account

if TYPE_CHECKING:
    from vettura.developers.rules import Standing

log = logging.getLogger(__name__)

Json = Any  # JSON of any shape

# in how many seconds to ask again while the database does not answer
AWAY_SECONDS = 2
# what wakes a car, and so has a budget of its own
COMMANDS = ("request_command", "change_setting")
USE_IS_NOTED_EVERY = timedelta(minutes=5)
MEDIA_TYPE = "application/problem+json"
# every context's way in for programs; they are mounted by name, so this shell imports nobody
ROUTERS = (
    ("/", "vettura.identity.api.router"),
    ("/vehicles", "vettura.vehicles.api.router"),
    ("/vehicles", "vettura.vehicle_link.api.router"),
    ("/vehicles", "vettura.remote_services.api.router"),
    ("/vehicles", "vettura.entitlements.api.router"),
    ("/vehicles", "vettura.navigation.api.router"),
    ("/vehicles", "vettura.assistance.api.router"),
    ("/store", "vettura.store.api.router"),
    ("/webhooks", "vettura.developers.api.router"),
    ("/messages", "vettura.notifications.api.router"),
    ("/help", "vettura.help_center.api.router"),
    ("/vehicles", "vettura.help_center.api.why.router"),
    ("/push-subscriptions", "vettura.notifications.api.push.router"),
)


class Bearer(HttpBearer):
    """A token of our own OpenID provider with a scope for the operation, allowed for the car."""

    def authenticate(self, request: HttpRequest, token: str) -> Account | None:
        """The account that the token stands for."""
        _refuse_unreadable(request)
        found = identity.bearer(token=token)
        if found is None:
            return None
        operation = scopes.operation_of(request)
        vin = request.resolver_match.kwargs.get("vin") if request.resolver_match else None
        _spend(request, found, vin=vin, operation=operation)
        wanted = scopes.missing(operation, found.allowed)
        if wanted is not None:
            # RFC 6750 section 3.1: the token is good, and not for this
            raise ScopeMissing(scope=wanted)
        if vin is not None and not found.allowed.reaches(vin):
            # a car that was not opened to the program looks like a stranger's
            raise NotFound
        setattr(request, "allowed", found.allowed)  # noqa: B010  (Django's request type does not know it)
        if clock.now() - found.last_used_at > USE_IS_NOTED_EVERY:
            note_use(grant_id=found.grant_id)
        return _who_has_decided(request, found.account)


def _spend(request: HttpRequest, found: identity.Bearer, *, vin: str | None, operation: str) -> None:
    """Counts the request of a program; how its budgets stand goes into the answer, whatever it is."""
    standings = developers.spend(
        account_id=found.account.id,
        client_id=found.allowed.client_id,
        vin=vin if operation else None,
        is_command=operation in COMMANDS,
        is_ours=found.allowed.is_ours,
    )
    _hold(request, standings)


def _hold(request: HttpRequest, standings: "list[Standing]") -> None:
    """How budgets stand goes into the answer. Raises BudgetSpent where one of them is used up."""
    setattr(request, "standings", standings)  # noqa: B010  (Django's request type does not know it)
    spent = next((each for each in standings if each.is_spent), None)
    if spent is not None:
        raise BudgetSpent(
            budget=spent.budget.name, limit=spent.budget.limit, seconds=spent.budget.seconds, wait=spent.wait
        )


class Session(SessionAuth):
    """The portal's session cookie; anything but reading needs the CSRF token as well."""

    def _get_key(self, request: HttpRequest) -> str | None:
        # without a cookie there is nobody to protect from forgery: the answer is 401, not a missing CSRF token
        if self.param_name not in request.COOKIES:
            return None
        return super()._get_key(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> Account | None:
        """The account that is signed in."""
        if key is None:
            return None
        _refuse_unreadable(request)
        user = request.user
        setattr(request, "allowed", identity.Allowed())  # noqa: B010  (as above)
        return _who_has_decided(request, user if isinstance(user, Account) and user.is_active else None)


class Anybody:
    """Nobody in particular: whoever reads what is there for everybody, counted by the network address they come from."""

    def __call__(self, request: HttpRequest) -> AnonymousUser | None:
        """A stranger, where the operation is for anybody. A token that is no good stays one."""
        if not _is_for_anybody(request) or "Authorization" in request.headers:
            return None
        _refuse_unreadable(request)
        _hold(request, developers.spend_of_stranger(address=truncate_ip(get_client_ip(request) or "")))
        return AnonymousUser()


def _is_for_anybody(request: HttpRequest) -> bool:
    return scopes.operation_of(request) in scopes.FOR_ANYBODY


def _who_has_decided(request: HttpRequest, account: Account | None) -> Account | None:
    """
    Nobody goes on before they have decided on the documents in force: the problem has the link that asks. What strangers read is
    read meanwhile.
    """
    if account is not None and not _is_for_anybody(request):
        people.require_acceptance(account=account)
    return account


def _refuse_unreadable(request: HttpRequest) -> None:
    """PostgreSQL knows no NUL in text: nothing that holds one can be found, so it is refused at the door."""
    if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        raise NotFound


api = DescribedAPI(
    title="Vettura",
    version="1.0.0",
    urls_namespace="api-v1",
    description=(
        "Cars, their services and what can be done from afar. Times are UTC; ids are UUIDs; a list that can grow has a "
        "cursor. A POST takes an `Idempotency-Key`: the same key again has the same effect as once. What is read has an "
        "`ETag`: sent back as `If-None-Match` it saves the answer (304), as `If-Match` it keeps a change from what looks "
        "different by now (412). Errors are problem details (RFC 9457) with a stable `code`."
    ),
    auth=[Bearer(), Session(), Anybody()],
    docs_url=None,
    openapi_url="/openapi.json",
)


def mount_routers() -> None:
    """This will mount the router of every context that has one; an address that is not built yet is absent."""
    for prefix, name in ROUTERS:
        if find_spec(name.rpartition(".")[0]) is not None:
            api.add_router(prefix, name)

    elsewhere = Router(auth=None)

    @elsewhere.api_operation(["GET", "POST", "PUT", "PATCH", "DELETE"], "/{path:rest}", include_in_schema=False)
    def nothing_here(request: HttpRequest, rest: str) -> None:
        """Every other address: an API answers with a problem, not with a page."""
        raise NotFound

    api.add_router("", elsewhere)


def problem(
    request: HttpRequest, *, status: int, code: str, detail: str, facts: dict[str, Json] | None = None
) -> HttpResponse:
    """An error as RFC 9457 wants it; `facts` become extension members and never hide the standard ones."""
    body = {
        **{name: _plain(value) for name, value in (facts or {}).items()},
        "type": f"/help/errors/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    response = HttpResponse(msgspec.json.encode(body), status=status, content_type=MEDIA_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="vettura"'
    return response


def _plain(value: Json) -> Json:
    if isinstance(value, Money):
        return {"amount": str(value.amount), "currency": value.currency.code}
    if value is None or isinstance(value, bool | int | float | str | datetime | date | Decimal | UUID):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    return str(value)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal: its sentence, its code and its facts."""
    facts = {**refusal.facts, **_diagnosis(request, refusal)}
    response = problem(request, status=refusal.status, code=refusal.code, detail=str(refusal), facts=facts)
    if "retry_after" in refusal.facts:
        response["Retry-After"] = str(refusal.facts["retry_after"])
    return response


def _diagnosis(request: HttpRequest, refusal: Refusal) -> dict[str, str]:
    """Where it is looked for the cause of a refusal, for the car that it was about."""
    topic, service = diagnosis.of_refusal(refusal)
    in_address = request.resolver_match.kwargs.get("vin") if request.resolver_match else None
    vin = str(refusal.facts.get("vin") or in_address or "")
    return {"diagnosis": diagnosis.api_address_of(topic=topic, service=service, vin=vin)} if topic and vin else {}


@api.exception_handler(ScopeMissing)
def scope_missing(request: HttpRequest, refusal: ScopeMissing) -> HttpResponse:
    """A good token that was not granted this: the program may ask its person for more."""
    response = refused(request, refusal)
    response["WWW-Authenticate"] = (
        f'Bearer realm="vettura", error="insufficient_scope", scope="{refusal.facts["scope"]}"'
    )
    return response


@api.exception_handler(BudgetSpent)
def budget_spent(request: HttpRequest, refusal: BudgetSpent) -> HttpResponse:
    """Too much was asked: when the window is over."""
    response = refused(request, refusal)
    response["Retry-After"] = str(refusal.facts["wait"])
    return response


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A request that does not fit the schema: which member, and what is wrong with it."""
    wrong = [{"in": list(each.get("loc", ())), "says": str(each.get("msg", ""))} for each in error.errors]
    return problem(
        request,
        status=422,
        code="invalid_request",
        detail=_("The request does not fit the schema."),
        facts={"errors": wrong},
    )


@api.exception_handler(AuthenticationError)
def not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """No token and no session, or one that is no longer good."""
    return problem(request, status=401, code="not_signed_in", detail=_("Sign in first, or send a valid token."))


@api.exception_handler(AuthorizationError)
def not_authorized(request: HttpRequest, error: AuthorizationError) -> HttpResponse:
    """Signed in, and still not allowed."""
    return problem(request, status=403, code="not_allowed", detail=_("Your role does not allow this."))


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    """Nothing here, or not yours."""
    return refused(request, NotFound())


@api.exception_handler(Throttled)
def throttled(request: HttpRequest, error: Throttled) -> HttpResponse:
    """Too many requests."""
    response = problem(request, status=429, code="too_many_requests", detail=_("Too many requests. Try again later."))
    if error.wait:
        response["Retry-After"] = str(error.wait)
    return response


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework itself refuses: a body that is no JSON, a missing CSRF token."""
    code = {400: "malformed_request", 403: "csrf_token_missing"}.get(error.status_code, "http_error")
    return problem(request, status=error.status_code, code=code, detail=str(error))


@api.exception_handler(BadRequest)
def bad_request(request: HttpRequest, error: BadRequest) -> HttpResponse:
    """A request that cannot be read."""
    return problem(request, status=400, code="malformed_request", detail=_("The request cannot be read."))


@api.exception_handler(InterfaceError)
@api.exception_handler(OperationalError)
def away(request: HttpRequest, error: Exception) -> HttpResponse:
    """The database does not answer: it will soon, and asking again is right."""
    log.warning("the database is away: %s", type(error).__name__)
    response = problem(request, status=503, code="maintenance", detail=_("This is not available for the moment."))
    response["Retry-After"] = str(AWAY_SECONDS)
    return response


@api.exception_handler(Exception)
def unforeseen(request: HttpRequest, error: Exception) -> HttpResponse:
    """What nobody foresaw: told to whoever listens for failed requests, and answered without details."""
    got_request_exception.send(sender=NinjaAPI, request=request)
    log.error("unforeseen: %s %s", request.method, request.path, exc_info=error)
    return problem(request, status=500, code="server_error", detail=_("Something went wrong on our side."))


mount_routers()
