"""What programs learn about a person, in which words people are asked about it, and the keys that vouch for it."""

import base64
import hashlib
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import jwt
from allauth.core.internal import jwkkit
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client, PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ImproperlyConfigured

from vettura.foundation import clock
from vettura.identity import rules
from vettura.identity.adapters.keys import published_keys
from vettura.identity.models import Account, ProgramGrant

ID_TOKEN_SECONDS = 600
ALGORITHM = "RS256"

CLAIMS_OF_SCOPES = {
    "profile": ("name", "given_name", "family_name", "locale"),
    "email": ("email", "email_verified"),
    "address": ("address",),
    "phone": ("phone_number", "phone_number_verified"),
}
SCOPE_OF_CLAIMS = {claim: scope for scope, claims in CLAIMS_OF_SCOPES.items() for claim in claims}
# in every ID token, whether asked for or not
ALWAYS_THERE = ("iss", "sub", "aud", "exp", "iat", "auth_time", "acr", "amr", "jti", "sid", "nonce", "at_hash")


class OidcAdapter(DefaultOIDCAdapter):  # type: ignore[misc]  # allauth is untyped
    """Claims from the account: one address, verified by the link that began it."""

    scope_display = rules.SCOPE_WORDS

    def get_issuer(self) -> str:
        """The address that people use; the same whatever host name a request came in on."""
        return str(settings.VETTURA_BASE_URL)

    def get_claims(
        self,
        purpose: Literal["id_token", "userinfo"],  # noqa: ARG002 (allauth's signature, as below)
        user: AbstractBaseUser,
        client: Client,
        scopes: Iterable[str],
        email: str | None = None,  # noqa: ARG002
        **kwargs: Any,  # Any: allauth's signature  # noqa: ARG002
    ) -> dict[str, Any]:
        """Subject, and as the scopes allow name and language, address, number."""
        claims: dict[str, Any] = {"sub": self.get_user_sub(client, user)}
        if isinstance(user, Account):
            allowed = set(scopes)
            known = claims_of(user)
            claims |= {name: value for name, value in known.items() if SCOPE_OF_CLAIMS[name] in allowed}
        return claims

    def list_private_keys(self, **which: Any) -> list[PrivateKey]:  # Any: allauth's signature  # noqa: ARG002
        """The key that signs, the next one, and the one before: what programs may meet while keys change."""
        return [PrivateKey(pem=pem) for pem in published_keys(Path(settings.IDP_OIDC_PRIVATE_KEY_FILE))]

    def get_signing_key(self) -> PrivateKey:
        """The key that signs now. Raises ImproperlyConfigured while there is none."""
        keys = self.list_private_keys()
        if not keys:
            raise ImproperlyConfigured("There is no key for ID tokens: run `vettura prepare`.")
        return keys[0]


def claims_of(person: Account) -> dict[str, Any]:  # Any: JSON
    """Everything a program could learn about the person; what is not known is left out, not empty (Core 5.3.2)."""
    street, code, city = person.street, person.postal_code, person.city
    lines = [street, f"{code} {city}".strip(), person.country]
    address = {"street_address": street, "postal_code": code, "locality": city, "country": person.country}
    known = {
        "name": person.name,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "locale": person.language,
        "email": person.email,
        "email_verified": True,
        "phone_number": person.phone,
        "phone_number_verified": person.phone_verified_at is not None if person.phone else None,
        "address": {
            **{name: value for name, value in address.items() if value},
            "formatted": "\n".join(line for line in lines if line),
        },
    }
    return {name: value for name, value in known.items() if value is not None and value != ""}


def asked_claims(document: Mapping[str, Any], *, allowed_scopes: Collection[str]) -> dict[str, list[str]]:
    """The single claims that a `claims` parameter asks for and that the program may know (Core 5.5)."""
    return {
        place: sorted(name for name in (document.get(place) or {}) if SCOPE_OF_CLAIMS.get(name) in allowed_scopes)
        for place in ("id_token", "userinfo")
    }


def scopes_of_claims(claims: Mapping[str, Sequence[str]]) -> set[str]:
    """The scopes in whose words people are asked about single claims."""
    return {SCOPE_OF_CLAIMS[name] for names in claims.values() for name in names}


def userinfo(grant: ProgramGrant, scopes: Collection[str]) -> dict[str, Any]:  # Any: JSON
    """What the userinfo endpoint tells a program."""
    return _told(grant, "userinfo", scopes)


def _told(grant: ProgramGrant, place: Literal["id_token", "userinfo"], scopes: Collection[str]) -> dict[str, Any]:
    known = claims_of(grant.account)
    singly = {name: known[name] for name in grant.claims.get(place, ()) if name in known}
    claims: dict[str, Any] = OidcAdapter().get_claims(place, grant.account, grant.client, scopes)
    return claims | singly


def id_token(grant: ProgramGrant, *, scopes: Collection[str], nonce: str, access_token: str) -> str:
    """A signed ID token of the grant: who the person is, and when and how they last proved it."""
    adapter = OidcAdapter()
    at = int(clock.real_now().timestamp())
    token = _told(grant, "id_token", scopes) | {
        "iss": adapter.get_issuer(),
        "aud": grant.client_id,
        "iat": at,
        "exp": at + ID_TOKEN_SECONDS,
        "jti": uuid.uuid4().hex,
        "auth_time": int(grant.authenticated_at.timestamp()),
        "acr": grant.acr,
        "at_hash": _half_hash(access_token),
    }
    if grant.amr:
        token["amr"] = grant.amr
    if nonce:
        token["nonce"] = nonce
    public, private = loaded_key(adapter.get_signing_key().pem)
    return jwt.encode(token, private, algorithm=ALGORITHM, headers={"kid": public["kid"]})


def _half_hash(token: str) -> str:
    """What binds an access token to its ID token (Core 3.1.3.6)."""
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()[:16]).decode().rstrip("=")


@lru_cache(maxsize=8)
def loaded_key(pem: str) -> tuple[dict[str, Any], RSAPrivateKey]:
    """The public key as programs read it, and the private one. Reading a key checks it, which takes a tenth of a second."""
    public, private = jwkkit.load_jwk_from_pem(pem)
    return {name: public[name] for name in ("kty", "n", "e", "kid")} | {"use": "sig", "alg": ALGORITHM}, private
