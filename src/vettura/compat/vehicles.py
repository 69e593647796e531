"""`/app/connect/v1/vehicles…`: cars, their overviews and pictures. Every good answer is JSON; a doubled slash is the same path."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.core import signing
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from vettura.compat import clients, pictures, shapes
from vettura.compat.capabilities import capabilities
from vettura.compat.measurements import measurements
from vettura.developers import actions as developers
from vettura.developers.errors import BudgetSpent
from vettura.developers.queries import rate_headers
from vettura.entitlements import queries as entitlements
from vettura.foundation import clock
from vettura.foundation.errors import NotFound, Refusal
from vettura.identity import actions, queries
from vettura.identity.models import Account
from vettura.vehicle_link import queries as link
from vettura.vehicles import queries as vehicles

log = logging.getLogger(__name__)

Json = dict[str, Any]
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
ForAccount = Callable[Concatenate[HttpRequest, Account, P], HttpResponse]

# in how many seconds to ask again while the database does not answer
AWAY_SECONDS = 2
USE_IS_NOTED_EVERY = timedelta(minutes=5)
# clients of the foreign API read these statuses in their own way
STATUSES = {
    "remote_services.no_remote_access": HTTPStatus.METHOD_NOT_ALLOWED,
    "remote_services.not_linked": HTTPStatus.METHOD_NOT_ALLOWED,
}


def for_account(scope: str, *, is_command: bool = False) -> Callable[[ForAccount[P]], View[P]]:
    """
    A view for whoever comes with a living token of a foreign app that was granted this, within the budgets that every program
    has; refusals become JSON.
    """

    def decorate(view: ForAccount[P]) -> View[P]:
        @csrf_exempt
        @never_cache
        @_or_later
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not queries.offers_foreign_apps():
                raise Http404
            found = _bearer(request.headers.get("Authorization", ""))
            if found is None:
                return refused(HTTPStatus.UNAUTHORIZED, "not_signed_in", "The token is not good (any more).")
            granted = queries.foreign_scopes(scopes=found.scopes)
            if scope not in granted:
                return refused(HTTPStatus.FORBIDDEN, "scope_missing", f"The token was not granted the scope {scope}.")
            if clock.now() - found.last_used_at > USE_IS_NOTED_EVERY:
                actions.note_use(grant_id=found.grant_id)
            # for views that need more than one scope, or show several cars
            setattr(request, "granted", granted)  # noqa: B010
            setattr(request, "allowed", found.allowed)  # noqa: B010
            vin = str(kwargs["vin"]) if "vin" in kwargs else None
            headers, spent = _spend(found, vin, is_command=is_command)
            try:
                _refuse(found, vin, spent)
                answer = view(request, found.account, *args, **kwargs)
            except Refusal as refusal:
                answer = refused_as(refusal)
            for name, value in headers.items():
                answer[name] = value
            return answer

        return guarded

    return decorate


def _or_later(view: View[P]) -> View[P]:
    """A view that says 503 while the database does not answer, which clients wait for."""

    @wraps(view)
    def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            log.warning("the database is away: %s", type(error).__name__)
            away = refused(HTTPStatus.SERVICE_UNAVAILABLE, "maintenance", "This is not available for the moment.")
            away["Retry-After"] = str(AWAY_SECONDS)
            return away

    return answered


def _spend(found: queries.Bearer, vin: str | None, *, is_command: bool) -> tuple[dict[str, str], BudgetSpent | None]:
    """Counts the request; headers that say how the budgets stand, and a refusal if one of them is spent."""
    standings = developers.spend(
        account_id=found.account.id, client_id=found.allowed.client_id, vin=vin, is_command=is_command
    )
    spent = next((each for each in standings if each.is_spent), None)
    if spent is None:
        return rate_headers(standings), None
    budget = spent.budget
    refusal = BudgetSpent(budget=budget.name, limit=budget.limit, seconds=budget.seconds, wait=spent.wait)
    return rate_headers(standings), refusal


def _refuse(found: queries.Bearer, vin: str | None, spent: BudgetSpent | None) -> None:
    """Raises what stands against any request: a budget that is spent, a car that was taken from the app, open documents."""
    if spent is not None:
        raise spent
    if vin is not None and not found.allowed.reaches(vin):
        raise NotFound
    actions.require_acceptance(account=found.account)


def _bearer(authorization: str) -> queries.Bearer | None:
    """Whoever comes with a living token of a foreign app, as long as operator and person let such apps in."""
    kind, _, token = authorization.partition(" ")
    found = queries.bearer(token=token.strip()) if kind.lower() == "bearer" else None
    if found is None or not queries.foreign_scopes(scopes=found.scopes):
        return None
    return found if queries.lets_foreign_apps_in(account=found.account) else None


def admitted(authorization: str, vin: str) -> Account | None:
    """The person that a foreign app reads this car for, if its token is good for that."""
    found = _bearer(authorization)
    if found is None or clients.CARS not in queries.foreign_scopes(scopes=found.scopes):
        return None
    if not found.allowed.reaches(vin):
        return None
    return found.account


def refused(status: int, code: str, message: str, facts: Json | None = None) -> JsonResponse:
    """A refusal: the code that our own API has for it, its sentence, and its facts."""
    return JsonResponse({"error": code, "message": message, **(facts or {})}, status=status)


def refused_as(refusal: Refusal) -> JsonResponse:
    """A refusal of ours, with the status that foreign clients understand."""
    facts = {name: value for name, value in refusal.facts.items() if isinstance(value, str | int | float)}
    answer = refused(STATUSES.get(refusal.code, refusal.status), refusal.code, str(refusal), facts)
    wait = facts.get("wait", facts.get("retry_after"))
    if refusal.status == HTTPStatus.TOO_MANY_REQUESTS and wait is not None:
        # digits: clients read nothing else
        answer["Retry-After"] = str(wait)
    return answer


@require_GET
@for_account(clients.CARS)
def vehicle_list(request: HttpRequest, account: Account) -> HttpResponse:
    """Every car of the person's garage."""
    allowed = _allowed(request)
    garage = [each for each in vehicles.garage_of(account=account) if allowed.reaches(each.vin)]
    twins, at = link.twins_of(vehicles=garage), clock.now()
    told = [
        shapes.vehicle_object(each, twins[each.vin], at=at, name=shapes.distinct_name(each, garage)) for each in garage
    ]
    return JsonResponse(told, safe=False)


@require_GET
@for_account(clients.CARS)
def overview(request: HttpRequest, account: Account, vin: str) -> HttpResponse:
    """One car as it was last reported; it is never woken by this (see `stream.py` for what wakes it)."""
    keys, commands, at = request.GET.getlist("mf"), request.GET.getlist("cf"), clock.now()
    reach = vehicles.reach_of(account=account, vin=vin, at=at, beside=(entitlements.RUNNING,))
    vehicle = reach.vehicle
    twin = link.twins_of(vehicles=[vehicle])[vehicle.vin]
    garage = vehicles.garage_of(account=account)
    facts = shapes.facts_of(account, vehicle, twin, keys=set(keys), at=at, allowed=_allowed(request))
    return JsonResponse(
        {
            **shapes.vehicle_object(vehicle, twin, at=at, name=shapes.distinct_name(vehicle, garage)),
            "commands": capabilities(commands, reach=reach) if commands else [],
            "measurements": measurements(keys, facts),
        }
    )


def _allowed(request: HttpRequest) -> queries.Allowed:
    allowed: queries.Allowed = getattr(request, "allowed")  # noqa: B009  # set for every view here
    return allowed


@require_GET
@for_account(clients.CARS)
def picture_list(request: HttpRequest, account: Account, vin: str) -> HttpResponse:
    """Where drawings of this car's kind lie: addresses that are good for long and without a token."""
    vehicle = vehicles.vehicle_for(account=account, vin=vin)
    return JsonResponse(
        [
            {
                "view": view,
                "url": settings.VETTURA_BASE_URL
                + reverse("compat:picture", args=[signing.dumps([vehicle.generation, view], salt=pictures.SALT)]),
                "size": pictures.WIDTH_PX,
            }
            for view in pictures.views_of(vehicle.generation)
        ],
        safe=False,
    )


@require_GET
@cache_control(public=True, max_age=86_400)
def picture(request: HttpRequest, picture_token: str) -> HttpResponse:
    """A drawing of a kind of car; it says nothing of whose car it is."""
    try:
        generation, view = signing.loads(picture_token, salt=pictures.SALT)
    except signing.BadSignature as error:
        raise Http404 from error
    data = pictures.png(generation, view)
    if data is None or not queries.offers_foreign_apps():
        raise Http404
    return HttpResponse(data, content_type="image/png")
