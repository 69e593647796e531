"""The app as a program of our OpenID provider: public, code with PKCE, no question whether it may know its person."""

from django.conf import settings

from vettura.catalog import queries as catalog
from vettura.identity import actions as identity

CLIENT_ID = "phone-app"
ADDRESS = "/m/"
SCOPES = ("openid", "offline_access", "vehicles", "location")


def addresses() -> list[str]:
    """Where people come back to from signing in; in the demo by each way in, on any port (RFC 8252 section 7.3)."""
    own = [f"{settings.VETTURA_BASE_URL}{ADDRESS}"]
    if settings.IS_DEMO:
        own += [f"http://localhost{ADDRESS}", f"http://127.0.0.1{ADDRESS}", f"https://localhost:8443{ADDRESS}"]
    return list(dict.fromkeys(own))


def register() -> None:
    """This will make the app known to the provider. Again: it is updated, and keeps its sign-ins."""
    identity.register_client(
        client_id=CLIENT_ID,
        name=catalog.labels("en")["app"],
        redirect_uris=addresses(),
        post_logout_redirect_uris=addresses(),
        scopes=SCOPES,
        is_ours=True,
    )
