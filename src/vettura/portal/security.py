"""Headers that tell browsers what our pages may load and who may frame them."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


# Signing in may end at an app's own address: browsers apply `form-action` to the whole chain of redirects.
PLACES_THAT_LEAD_TO_APPS = ("/signin", "/signup", "/signout", "/identity/", "/account", "/car")


def content_security_policy(*, leads_to_apps: bool) -> str:
    """
    The policy of every page: ourselves only, and the card provider's script and frames.

    Style attributes are allowed because bars and charts carry their values in them; style elements and inline scripts
    are not.
    """
    # the button that begins a video identification leads to the provider, whose call has a page of its own
    calls = " ".join(
        sorted(
            {
                _origin(url)
                for url in (settings.VETTURA_PROVIDERS.ident_go_url, settings.VETTURA_PROVIDERS.ident_agents_url)
                if url
            }
        )
    )
    cards = " ".join(
        sorted({_origin(settings.VETTURA_PROVIDERS.cards_url), _origin(settings.VETTURA_PROVIDERS.cards_script_url)})
    )
    # tiles of a map, where an operator has named a server of them; without, maps are drawn of what we serve ourselves
    tiles = _origin(settings.MAP_TILES) if settings.MAP_TILES.startswith("http") else ""
    rules = {
        "default-src": "'self'",
        "script-src": f"'self' {cards}",
        "style-src": "'self'",
        "style-src-attr": "'unsafe-inline'",
        "img-src": f"'self' data: blob: {tiles}".rstrip(),
        "font-src": "'self'",
        "connect-src": f"'self' {cards} {tiles}".rstrip(),
        "frame-src": f"'self' {cards}",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": f"'self' {cards} {calls}",
        "frame-ancestors": "'none'",
    }
    if leads_to_apps:
        del rules["form-action"]
    return "; ".join(f"{name} {value}" for name, value in rules.items())


class SecurityHeadersMiddleware:
    """Adds the policy and its companions to every answer that does not bring its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """The policy depends on settings only, so it is made once."""
        self.get_response = get_response
        self.policy = content_security_policy(leads_to_apps=False)
        self.policy_to_apps = content_security_policy(leads_to_apps=True)
        self.headers = {
            "Permissions-Policy": "camera=(), microphone=(), payment=(self), geolocation=(self), interest-cohort=()",
            "Cross-Origin-Opener-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Headers that a view set itself stay."""
        response = self.get_response(request)
        leads_to_apps = request.path.startswith(PLACES_THAT_LEAD_TO_APPS)
        response.headers.setdefault("Content-Security-Policy", self.policy_to_apps if leads_to_apps else self.policy)
        # what depends on who asks stays in no cache, unless its view says otherwise
        if "cookie" in response.headers.get("Vary", "").lower():
            response.headers.setdefault("Cache-Control", "private, no-store")
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        return response
