"""Programs that people sign in to: what each may, and who stands behind a token."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.idp.oidc.models import Client
from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from vettura.foundation import clock, statements
from vettura.foundation.errors import NotFound
from vettura.foundation.panels import panels
from vettura.identity import rules
from vettura.identity.errors import ScopeMissing
from vettura.identity.models import Account, DeviceSignIn, ProgramConsent, ProgramGrant, ProgramToken
from vettura.identity.queries.foreign import shown_scopes
from vettura.identity.rules import Allowed

ACCOUNT_COLUMNS = [field.attname for field in Account._meta.concrete_fields]
# every request of a program asks this
BEARER = f"""
    SELECT {", ".join(f"account.{column}" for column in ACCOUNT_COLUMNS)}, token.scopes, program.id, program.last_used_at,
           program.client_id, program.cars, program.places, client.skip_consent
    FROM {ProgramToken._meta.db_table} token
    JOIN {ProgramGrant._meta.db_table} program ON program.id = token.grant_id
    JOIN {Account._meta.db_table} account ON account.id = program.account_id
    JOIN {Client._meta.db_table} client ON client.id = program.client_id
    WHERE token.hash = %s AND token.kind = 'access' AND token.expires_at > %s AND program.ended_at IS NULL
"""  # noqa: S608  # names of our own tables and columns


@dataclass(frozen=True)
class Bearer:
    """Whoever comes with an access token: for whom, with which scopes, and when its sign-in was last used."""

    account: Account
    scopes: tuple[str, ...]
    grant_id: UUID
    last_used_at: datetime
    allowed: Allowed


@dataclass(frozen=True)
class ProgramAccess:
    """A program that may act for a person: what it may, since when, and when it last did."""

    client_id: str
    name: str
    scopes: tuple[str, ...]
    since: datetime
    last_used: datetime
    cars: tuple[str, ...] | None = None
    places: tuple[str, ...] | None = None


@dataclass(frozen=True)
class WaitingDevice:
    """A device that waits for a person's answer."""

    user_code: str
    program: str
    scopes: tuple[str, ...]


def programs_with_access(*, account: Account) -> list[ProgramAccess]:
    """The programs that hold a living token of this person, by name; each once, however often it was signed in to."""
    found: dict[str, ProgramAccess] = {}
    living = ProgramToken.objects.filter(grant=OuterRef("id"), replaced_at=None, expires_at__gt=clock.real_now())
    grants = ProgramGrant.objects.filter(Exists(living), account=account, ended_at=None).select_related("client")
    for grant in grants.order_by("client__name", "client_id", "started_at"):
        known = found.get(grant.client_id)
        found[grant.client_id] = ProgramAccess(
            client_id=grant.client_id,
            name=grant.client.name,
            scopes=shown_scopes({*grant.scopes, *(known.scopes if known else ())}),
            since=known.since if known else grant.started_at,
            last_used=max(grant.last_used_at, known.last_used) if known else grant.last_used_at,
            cars=_together(grant.cars, known.cars if known else ()),
            places=_together(grant.places, known.places if known else ()),
        )
    return list(found.values())


def _together(one: Collection[str] | None, other: Collection[str] | None) -> tuple[str, ...] | None:
    joined = rules.joined(one, other)
    return None if joined is None else tuple(joined)


def remembered_consent(*, account: Account, client: Client) -> ProgramConsent | None:
    """What the person answered this program last; None where nobody was asked."""
    return ProgramConsent.objects.filter(account=account, client=client).first()


def has_allowed(*, account: Account, client: Client, scopes: Collection[str]) -> bool:
    """Whether the person has allowed this program all of these scopes before, and has not ended its access since."""
    row = remembered_consent(account=account, client=client)
    return row is not None and set(scopes) <= set(row.scopes)


def waiting_device(*, user_code: str) -> WaitingDevice | None:
    """The device that shows this code and waits for an answer. Codes are guessed: whoever asks counts the attempts."""
    code = rules.normalized_user_code(user_code)
    row = DeviceSignIn.objects.select_related("client").filter(user_code=code).first()
    if row is None or row.answered_at is not None or clock.real_now() >= row.expires_at:
        return None
    return WaitingDevice(
        user_code=rules.shown_user_code(row.user_code), program=row.client.name, scopes=rules.in_order(row.scopes)
    )


def token(*, value: str) -> ProgramToken | None:
    """A living access or refresh token with its sign-in, whoever holds it."""
    row = (
        ProgramToken.objects.select_related("grant__account", "grant__client")
        .filter(hash=rules.token_digest(value), replaced_at=None, expires_at__gt=clock.real_now())
        .first()
    )
    if row is None or row.grant.ended_at is not None or not row.grant.account.is_active:
        return None
    return row


def clients() -> list[Client]:
    """Every program that is known, by id."""
    return list(Client.objects.order_by("id"))


def client(*, client_id: str) -> Client | None:
    """A program by its id."""
    return Client.objects.filter(id=client_id).first()


def bearer(*, token: str) -> Bearer | None:
    """The active account behind an access token, with what the token is good for; None for any other token."""
    if not token:
        return None
    for *columns, scopes, grant_id, last_used_at, client_id, cars, places, is_ours in statements.fetch(
        BEARER, [rules.token_digest(token), clock.real_now()]
    ):
        found = Account.from_db("default", ACCOUNT_COLUMNS, columns)
        if found.is_active:
            allowed = Allowed(
                scopes=frozenset(scopes),
                cars=None if cars is None else tuple(cars),
                places=None if places is None else tuple(places),
                client_id=client_id,
                grant_id=grant_id,
                is_ours=is_ours,
            )
            return Bearer(
                account=found, scopes=tuple(scopes), grant_id=grant_id, last_used_at=last_used_at, allowed=allowed
            )
    return None


def allowed(request: HttpRequest) -> Allowed:
    """What the caller of a request of the API may, as its shell has found out."""
    found = getattr(request, "allowed", None)
    if not isinstance(found, Allowed):
        raise NotFound
    return found


def require_scope(request: HttpRequest, *scopes: str) -> None:
    """This will refuse a program that was granted none of these scopes. Raises ScopeMissing."""
    if not allowed(request).may(*scopes):
        raise ScopeMissing(scope=" ".join(scopes))


def cars_of(*, account: Account) -> dict[str, str]:
    """The cars of a person, by VIN with what people call them, as the contexts above know them."""
    found: dict[str, str] = {}
    for name in panels("program_cars"):
        found |= name(account=account)
    return found


def own_programs(*, account: Account) -> list[Client]:
    """The programs that a person made for themselves, by name."""
    return list(Client.objects.filter(owner_id=account.id).order_by("name", "id"))


def bearer_account(*, token: str, scope: str) -> Account | None:
    """The active account behind an access token that was granted this scope; None for any other token."""
    found = bearer(token=token)
    return found.account if found is not None and scope in found.scopes else None


def program_allowed(*, account: Account, client_id: str) -> Allowed | None:
    """What a program may do for a person now, over all of its sign-ins; None when it has no access (any more)."""
    found = next((each for each in programs_with_access(account=account) if each.client_id == client_id), None)
    if found is None or not account.is_active:
        return None
    return Allowed(scopes=frozenset(found.scopes), cars=found.cars, places=found.places, client_id=client_id)
