"""How long a sign-in lasts without being used, and at most; at the desk less than in the portal (docs/security.md, 7.3)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from vettura.foundation import clock

KEY = "vettura_session_times"
# the time of use is written down at most this often: a write for every page would cost more than it tells
NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Limits:
    """How long a session lasts."""

    unused: timedelta
    at_most: timedelta


# a person at home, and staff before the data of others
PORTAL = Limits(unused=timedelta(days=14), at_most=timedelta(days=90))
DESK = Limits(unused=timedelta(minutes=30), at_most=timedelta(hours=12))


class SessionLimitsMiddleware:
    """Ends sessions whose time is over, in real time. Stands after Django's authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Django hands over the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Whoever's session is over is nobody from here on, and a page that needs somebody leads to the sign-in."""
        if request.session.session_key and request.user.is_authenticated:
            _end_or_note(request, clock.real_now())
        return self.get_response(request)


def _end_or_note(request: HttpRequest, now: datetime) -> None:
    """A new key is a new sign-in: Django gives one each time somebody signs in or proves who they are by a new password."""
    key = str(request.session.session_key)
    times = request.session.get(KEY)
    if not times or times[0] != key:
        request.session[KEY] = [key, now.timestamp(), now.timestamp()]
        return
    began, used = (datetime.fromtimestamp(each, tz=now.tzinfo) for each in times[1:])
    limits = DESK if request.path.startswith("/desk/") else PORTAL
    if now >= began + limits.at_most or now >= used + limits.unused:
        logout(request)
    elif now >= used + NOTED_EVERY:
        request.session[KEY] = [key, began.timestamp(), now.timestamp()]
