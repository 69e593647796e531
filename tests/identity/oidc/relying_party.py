"""A relying party as the tests need it: it speaks HTTP to us, checks ID tokens with our published keys, and knows no more."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.test import Client
from joserfc import jwk, jwt

CALLBACK = "https://rp.example/callback"
SECRET = "a-secret-that-nobody-guesses-0123456789-abcdef"


def challenge_of(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def answer_in(response) -> dict[str, str]:
    """What came back to the program, of a redirect to its own address."""
    assert response.status_code == 302, response.status_code
    parts = urlsplit(response.headers["Location"])
    assert not response.headers["Location"].startswith("/"), response.headers["Location"]
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


@dataclass
class RelyingParty:
    """One program, with the browser of one person."""

    client_id: str = "website"
    secret: str | None = SECRET
    redirect_uri: str = CALLBACK
    browser: Client = field(default_factory=Client)
    auth_method: str = "client_secret_basic"
    verifier: str = ""
    nonce: str = ""

    def discover(self) -> dict[str, Any]:
        return Client().get("/.well-known/openid-configuration").json()

    def path(self, endpoint: str) -> str:
        return urlsplit(self.discover()[endpoint]).path

    def ask(self, **changes: str | None):
        """The authorization request, as this program makes it; a parameter that is None is left out."""
        self.verifier, self.nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
        asked: dict[str, str | None] = {
            "client_id": self.client_id,
            "response_type": "code",
            "redirect_uri": self.redirect_uri,
            "scope": "openid",
            "state": "the-state",
            "nonce": self.nonce,
            **changes,
        }
        if self.secret is None:
            asked |= {"code_challenge": challenge_of(self.verifier), "code_challenge_method": "S256"} | changes
        else:
            self.verifier = ""
        known = {name: value for name, value in asked.items() if value is not None}
        return self.browser.get(f"{self.path('authorization_endpoint')}?{urlencode(known)}")

    def allow(self, page, *, action: str = "grant", scopes: list[str] | None = None):
        """The person answers the page."""
        chosen = scopes if scopes is not None else [each["name"] for each in page.context.get("scopes", [])]
        body = {"request": page.context["signed"], "action": action, "scopes": chosen}
        return self.browser.post(self.path("authorization_endpoint"), body)

    def code(self, **changes: str | None) -> str:
        """A code, whatever pages it takes that one click answers."""
        response = self.ask(**changes)
        if response.status_code == 200:
            response = self.allow(response)
        answer = answer_in(response)
        assert answer.get("state") == changes.get("state", "the-state")
        assert answer["iss"] == self.discover()["issuer"]
        return answer["code"]

    def post(self, endpoint: str, **body: str):
        """A request of the program itself, with its proof of who it is."""
        headers = {}
        if self.secret is None:
            body["client_id"] = self.client_id
        elif self.auth_method == "client_secret_post":
            body |= {"client_id": self.client_id, "client_secret": self.secret}
        else:
            both = base64.b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
            headers["Authorization"] = f"Basic {both}"
        return Client().post(self.path(endpoint), body, headers=headers)

    def redeem(self, code: str, **changes: str):
        body = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri}
        if self.verifier:
            body["code_verifier"] = self.verifier
        return self.post("token_endpoint", **(body | changes))

    def tokens(self, **changes: str | None) -> dict[str, Any]:
        response = self.redeem(self.code(**changes))
        assert response.status_code == 200, response.content
        return response.json()

    def renew(self, refresh_token: str, **more: str):
        return self.post("token_endpoint", grant_type="refresh_token", refresh_token=refresh_token, **more)

    def claims(self, id_token: str) -> dict[str, Any]:
        """The ID token's claims, once signature, issuer, audience and time are right."""
        keys = jwk.KeySet.import_key_set(Client().get(self.path("jwks_uri")).json())
        token = jwt.decode(id_token, keys, algorithms=["RS256"])
        assert token.header["kid"] in {key.kid for key in keys.keys}
        jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": self.discover()["issuer"]},
            aud={"essential": True, "value": self.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        ).validate(token.claims)
        return token.claims

    def userinfo(self, access_token: str):
        return Client().get(self.path("userinfo_endpoint"), headers={"Authorization": f"Bearer {access_token}"})

    def introspect(self, token: str) -> dict[str, Any]:
        response = self.post("introspection_endpoint", token=token)
        assert response.status_code == 200, response.content
        return response.json()
