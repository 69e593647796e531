"""Programs that hold a token, as if their person had just allowed it."""

import secrets
from collections.abc import Sequence

from django.test import Client

from vettura.foundation import clock
from vettura.identity import actions
from vettura.identity.models import Account, ProgramCode
from vettura.identity.rules import Authentication, token_digest


def program(client_id: str = "charts", **more: object):
    """A program that is known."""
    facts = {"client_id": client_id, "name": "Charts", "redirect_uris": ["https://charts.example/cb"]}
    return actions.register_client(**(facts | {"secret": "x" * 40} | more))


def token(
    person: Account,
    *scopes: str,
    cars: Sequence[str] | None = None,
    places: Sequence[str] | None = (),
    client_id: str = "charts",
    is_ours: bool = False,
) -> str:
    """An access token with these scopes for these cars (all where none are named), of which `places` may be known."""
    client = program(client_id, is_ours=is_ours)
    actions.remember_consent(account=person, client=client, scopes=scopes, cars=cars, places=places)
    code = actions.issue_code(
        account=person,
        client=client,
        redirect_uri="https://charts.example/cb",
        scopes=scopes,
        authentication=Authentication(at=clock.real_now()),
        cars=cars,
        places=places,
    )
    grant = ProgramCode.objects.get(hash=token_digest(code)).grant
    value = secrets.token_urlsafe(32)
    actions.issue_tokens(grant=grant, access_token=value, refresh_token=None, scopes=scopes)
    return value


class Api(Client):
    """A program that speaks to the API with a token."""

    def __init__(self, value: str) -> None:
        super().__init__(headers={"Authorization": f"Bearer {value}"}, raise_request_exception=False)
        self.value = value

    def send(self, path: str, body: dict, **headers: str):
        """Something as JSON."""
        return self.post(path, body, content_type="application/json", headers=headers)
