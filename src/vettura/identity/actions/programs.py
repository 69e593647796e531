"""Programs that people sign in to with their account."""

from collections.abc import Sequence

from allauth.idp.oidc.models import Client, Token
from django.db import transaction

from vettura.identity import rules
from vettura.identity.models import Account


@transaction.atomic
def register_client(
    *, client_id: str, name: str, redirect_uris: Sequence[str], scopes: Sequence[str] = rules.SCOPES
) -> Client:
    """
    This will make a public program known: code with PKCE, or the device flow, and no secret. Again: it is updated.

    A loopback address (`http://127.0.0.1/callback`) stands for all its ports (RFC 8252 section 7.3).
    """
    client, _ = Client.objects.update_or_create(
        id=client_id,
        defaults={
            "name": name,
            "type": Client.Type.PUBLIC,
            "redirect_uris": "\n".join(redirect_uris),
            "scopes": "\n".join(scopes),
            "default_scopes": "openid",
            "grant_types": "\n".join(
                [Client.GrantType.AUTHORIZATION_CODE, Client.GrantType.DEVICE_CODE, Client.GrantType.REFRESH_TOKEN]
            ),
            "response_types": Client.ResponseType.CODE,
        },
    )
    return client


@transaction.atomic
def revoke_program(*, account: Account, client_id: str) -> None:
    """This will end a program's access to the account: all its tokens are gone. Doing it again changes nothing."""
    Token.objects.filter(user=account, client_id=client_id).delete()
