"""Who the caller is, what the person may change alone, and what the person decided on data."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Router, Schema
from pydantic import AfterValidator, Field

from vettura.catalog import queries as catalog
from vettura.foundation import conditional
from vettura.foundation.errors import NotAllowed, NotFound
from vettura.identity import actions, queries
from vettura.identity.models import Account, Channel

router = Router(tags=["account"])


class MeOut(Schema):
    """The account behind the request."""

    id: UUID
    email: str
    given_name: str
    family_name: str
    language: str
    country: str


def _known(language: str) -> str:
    if language not in catalog.pack().languages:
        raise ValueError("Nobody here speaks this language.")
    return language


class ContactOut(Schema):
    """What the person may change alone: the language of letters and messages, and the postal address."""

    language: str
    street: str
    postal_code: str
    city: str


class ContactIn(Schema):
    """All of it: what is left out becomes empty, but the language."""

    language: Annotated[str, AfterValidator(_known)]
    street: str = Field("", max_length=120)
    postal_code: str = Field("", max_length=20)
    city: str = Field("", max_length=80)


class ConsentOut(Schema):
    """A decision on data: what it is about, the version of the text in force, whether it is given, and the services that need it."""

    purpose: str
    title: str
    version: str
    is_given: bool
    services: list[str]


class ConsentsOut(Schema):
    """Every decision that a person can take; sharing with partners is decided for each car, in the portal."""

    items: list[ConsentOut]


class ConsentIn(Schema):
    """The decision. Giving it names the version that the person has read."""

    is_given: bool
    version: str = Field("", max_length=40)


def _account(request: HttpRequest) -> Account:
    account: Account = request.auth  # type: ignore[attr-defined]  # the API shell puts the account there
    return account


def _contact(row: Account) -> ContactOut:
    return ContactOut(language=row.language, street=row.street, postal_code=row.postal_code, city=row.city)


def _consent(account: Account, purpose: str) -> ConsentOut:
    words = catalog.consent_words(purpose, get_language() or "en")
    assert words is not None  # without a version it is the one in force
    return ConsentOut(
        purpose=purpose,
        title=words.title,
        version=words.version,
        is_given=queries.has_consent(account=account, purpose=purpose),
        services=list(catalog.consent(purpose).services),
    )


@router.get("/me", response=MeOut, url_name="me")
def me(request: HttpRequest) -> Account:
    """The caller's own account."""
    return _account(request)


@router.get("/me/contact", response=ContactOut, operation_id="get_contact", summary="Get the contact data")
def get_contact(request: HttpRequest) -> ContactOut:
    """Where letters go, and in which language."""
    return _contact(_account(request))


@router.put("/me/contact", response=ContactOut, operation_id="change_contact", summary="Change the contact data")
def change_contact(request: HttpRequest, contact: ContactIn) -> ContactOut:
    """Name and e-mail address are not among them: a partner or Assistance changes those."""
    changed = actions.update_contact(
        account=_account(request), expected=conditional.expected(request, _contact), **contact.model_dump()
    )
    return _contact(changed)


@router.get("/me/consents", response=ConsentsOut, operation_id="list_consents", summary="List decisions on data")
def list_consents(request: HttpRequest) -> ConsentsOut:
    """What the person has agreed to and what not, in the words in force."""
    account = _account(request)
    return ConsentsOut(items=[_consent(account, each.id) for each in queries.purposes()])


@router.put(
    "/me/consents/{purpose}", response=ConsentOut, operation_id="decide_consent", summary="Decide on data of one kind"
)
def decide_consent(request: HttpRequest, purpose: str, decision: ConsentIn) -> ConsentOut:
    """
    The person's own word: only on our own surfaces, where the text was read. Deciding the same again changes nothing.

    Taking it back ends the services that need it, at once.
    """
    account, allowed = _account(request), queries.allowed(request)
    if allowed.client_id and not allowed.is_ours:
        raise NotAllowed
    if purpose not in {each.id for each in queries.purposes()}:
        raise NotFound
    actions.decide_consent(
        account=account,
        purpose=purpose,
        is_given=decision.is_given,
        version=decision.version or "none",
        language=get_language() or "en",
        channel=Channel.API,
    )
    return _consent(account, purpose)
