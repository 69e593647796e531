"""What browsers tell: that they are too old for our pages (ID-024), and that a signed-in device is still in use."""

from collections.abc import Callable

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vettura.foundation import clock
from vettura.identity import actions, rules
from vettura.identity.actions.devices import SEEN_AT, SEEN_COUNTS_FOR


class OutdatedBrowserMiddleware:
    """
    Asks people with an outdated browser to update it, on the pages where links of mails lead.

    The page itself is not touched, so the link works again in another browser (ID-025).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Django hands over the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do on the way in or out."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view_and_arguments: object) -> HttpResponse | None:
        """The notice, unless the person wants to go on anyway."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if request.method != "GET" or name not in settings.PAGES_THAT_MAILS_LEAD_TO or "anyway" in request.GET:
            return None
        if not rules.is_outdated_browser(request.headers.get("User-Agent", "")):
            return None
        # only what old browsers understand: no typefaces, no scripts
        return render(request, "identity/outdated_browser.html", {"address": request.build_absolute_uri(request.path)})


class DeviceSeenMiddleware:
    """Notes now and then that a signed-in device is in use, for the list of devices."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Django hands over the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """At most one write in ten minutes and device, and none for sessions that no sign-in of ours began."""
        response = self.get_response(request)
        key, seen = request.session.session_key, request.session.get(SEEN_AT)
        if key and seen is not None and request.user.is_authenticated:
            at = clock.real_now().timestamp()
            if at - float(seen) >= SEEN_COUNTS_FOR.total_seconds():
                request.session[SEEN_AT] = at
                actions.note_device(session_key=key, place=get_client_ip(request))
        return response
