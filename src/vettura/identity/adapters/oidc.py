"""What programs learn about a person, and what they are asked to agree to."""

from collections.abc import Iterable
from typing import Any, Literal

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext_lazy as _

from vettura.identity.models import Account


class OidcAdapter(DefaultOIDCAdapter):  # type: ignore[misc]  # allauth is untyped
    """Claims from the account: one address, verified by the link that began it."""

    scope_display = {
        "openid": _("Know which account you are"),
        "email": _("See your e-mail address"),
        "profile": _("See your name and language"),
        "vehicles": _("See your vehicles, send commands to them and order for them"),
    }

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
        **kwargs: Any,  # noqa: ARG002
    ) -> dict[str, Any]:
        """Subject, and as the scopes allow address, name and language."""
        claims: dict[str, Any] = {"sub": self.get_user_sub(client, user)}
        if not isinstance(user, Account):
            return claims
        if "email" in scopes:
            claims |= {"email": user.email, "email_verified": True}
        if "profile" in scopes:
            claims |= {
                "name": user.name,
                "given_name": user.given_name,
                "family_name": user.family_name,
                "locale": user.language,
            }
        return claims
