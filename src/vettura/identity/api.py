"""Who the caller is: `GET /me`."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from vettura.identity.models import Account

router = Router(tags=["account"])


class MeOut(Schema):
    """The account behind the request."""

    id: UUID
    email: str
    given_name: str
    family_name: str
    language: str
    country: str


@router.get("/me", response=MeOut, url_name="me")
def me(request: HttpRequest) -> Account:
    """The caller's own account."""
    account: Account = request.auth  # type: ignore[attr-defined]  # the API shell puts the account there
    return account
