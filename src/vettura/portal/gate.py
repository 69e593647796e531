"""The gate after a new version of the terms or the privacy declaration: the next page asks."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from vettura.identity import queries as identity
from vettura.identity.models import Account

# Nobody is held here: reading, deciding, taking one's data, deleting the account and signing out are open to all.
OPEN = frozenset((
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "help_center:article",
    "help_center:feedback",
    "help_center:index",
    "help_center:people",
    "help_center:sitemap",
    "help_center:text",
    "identity:consent",
    "identity:consents",
    "identity:consents_review",
    "identity:receipt",
    "identity:signin",
    "identity:signout",
    "idp:oidc:logout",
    "notifications:contact",
    "portal:privacy",
    "portal:set_language",
    "portal:set_theme",
    "portal:terms",
    "vehicles:sharing_receipt",
    "vehicles:stop_sharing",
))  # fmt: skip
# whatever lies below these is about leaving with one's data
OPEN_BELOW = ("/account/delete/", "/account/export/", "/account/data/")
# programs are told by the API itself; they follow no redirect to a page
NOT_PAGES = ("/api/", "/app/", "/authorize", "/u/", "/oauth/")


class AcceptanceGateMiddleware:
    """Leads a person who has not decided on the version in force to the page that asks, and back afterwards."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Django hands over the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do on the way in or out."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:  # Any: view and its arguments
        """A redirect to the question, `None` for whoever has decided and for every open page. Nothing is carried out."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        path = request.path
        if name in OPEN or path.startswith(OPEN_BELOW) or path.startswith(NOT_PAGES):
            return None
        person = request.user
        if not isinstance(person, Account) or not (
            identity.documents_to_accept(account=person) or identity.consents_to_decide(account=person)
        ):
            return None
        back = request.get_full_path() if request.method == "GET" else "/"
        target = f"{reverse('identity:consents_review')}?{urlencode({'next': back})}"
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        return HttpResponseRedirect(target)
