"""Programs come in: cars and their users. `request.auth` is the account."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.core.validators import validate_email
from django.http import HttpRequest
from ninja import Header, Query, Router, Schema, Status
from pydantic import AfterValidator, Field

from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.foundation.idempotency import repeatable
from vettura.identity import queries as identity
from vettura.identity.models import Account
from vettura.vehicles import actions, queries, rules
from vettura.vehicles.errors import MainUserOnly
from vettura.vehicles.models import Invitation, Vehicle

router = Router(tags=["vehicles"])
Limit = Annotated[int, Query(ge=1, le=100, description="How many at most.")]
Cursor = Annotated[UUID | None, Query(description="`next` of the page before.")]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]
RoleName = Literal["main_user", "secondary_user"]


def _address(typed: str) -> str:
    # Django's ValidationError is no ValueError, which is what the schema turns into an answer
    try:
        validate_email(typed)
    except Exception as error:
        raise ValueError("This is not an e-mail address.") from error
    return typed.lower()


class VehicleOut(Schema):
    """A car of the caller's."""

    vin: str
    model_line: str
    generation: str
    model_name: str
    model_year: int
    drive: str
    country: str
    plate: str
    equipment: list[str]
    role: RoleName
    partner: str | None = Field(description="The partner who sold the car.")
    simulated: bool = Field(description="Whether it is a program instead of a car.")
    connected: bool = Field(description="Whether the car is fitted with what ties it to the platform.")
    linked: bool = Field(description="Whether the head unit knows its main user.")
    remote_access: bool
    privacy_mode: bool
    pairing_code: str | None = Field(
        description="The caller's own code for this car, where it is typed in the head unit and shown by apps; for programs only "
        "with the scope `vehicles`."
    )


class VehiclePage(Schema):
    """One page of cars; `next` is the cursor of the following page."""

    items: list[VehicleOut]
    next: UUID | None


class UserOut(Schema):
    """A person who uses a car, or is invited to."""

    id: UUID
    email: str
    name: str | None
    role: RoleName
    status: Literal["active", "invited", "expired"]
    since: datetime
    ends_at: datetime | None = Field(description="When the person's rights end by themselves.")


class UserPage(Schema):
    """One page of users; `next` is the cursor of the following page."""

    items: list[UserOut]
    next: UUID | None


class InviterProof(Schema):
    """What the main user gives once more before somebody new may use the car: the PIN, or what a passkey answered with its token."""

    pin: str | None = Field(None, max_length=32)
    token: str | None = Field(None, max_length=2000)
    passkey: dict[str, Any] | None = None  # as WebAuthn has it


class InvitePasskeyIn(Schema):
    """The address that a passkey is to be asked about."""

    email: Annotated[str, AfterValidator(_address)]


class InvitePasskeyOut(Schema):
    """What the browser hands to the device, and the token that comes back with its answer, within two minutes."""

    options: dict[str, Any]  # as WebAuthn has it
    token: str


class UserIn(Schema):
    """The person to invite."""

    email: Annotated[str, AfterValidator(_address)]
    step_up: InviterProof | None = None
    last_day: date | None = Field(default=None, description="The last day on which this person may use the car.")


def _account(request: HttpRequest) -> Account:
    account = getattr(request, "auth", None)
    if not isinstance(account, Account):
        raise NotFound
    return account


def _vehicle_out(vehicle: Vehicle, access: queries.Access, code_in_app: str | None) -> VehicleOut:
    return VehicleOut(
        vin=vehicle.vin,
        model_line=vehicle.model_line,
        generation=vehicle.generation,
        model_name=vehicle.model_name,
        model_year=vehicle.model_year,
        drive=vehicle.drive,
        country=vehicle.country,
        plate=vehicle.plate,
        equipment=vehicle.equipment,
        role="main_user" if vehicle.role == rules.MAIN_USER else "secondary_user",
        partner=vehicle.saved_partner.name if vehicle.saved_partner else None,
        simulated=vehicle.is_simulated,
        connected=queries.has_connect(vehicle=vehicle),
        linked=access.is_linked,
        remote_access=access.has_remote_access,
        privacy_mode=vehicle.privacy_mode_on,
        pairing_code=code_in_app,
    )


def _invited(invitation: Invitation, at: datetime) -> UserOut:
    return UserOut(
        id=invitation.id,
        email=invitation.email,
        name=None,
        role="secondary_user",
        status="expired" if invitation.state(at) == "expired" else "invited",
        since=invitation.created_at,
        ends_at=invitation.access_ends_at,
    )


@router.get("", response=VehiclePage, operation_id="list_vehicles", summary="List vehicles")
def vehicles(request: HttpRequest, after: Cursor = None, limit: Limit = 50) -> VehiclePage:
    """The caller's cars, those used longest first; for a program those that were opened to it."""
    account = _account(request)
    allowed = identity.allowed(request)
    found, next_cursor = queries.garage_page(account=account, after=after, limit=limit, vins=allowed.cars)
    codes = queries.pairing_codes_in_app(account=account, vehicles=found) if allowed.may() else {}
    access = queries.access_to(vehicles=found)
    items = [_vehicle_out(each, access[each.vin], codes.get(each.vin)) for each in found]
    return VehiclePage(items=items, next=next_cursor)


@router.get("/{vin}", response=VehicleOut, operation_id="get_vehicle", summary="Get a vehicle")
def vehicle(request: HttpRequest, vin: str) -> VehicleOut:
    """One car. Cars of other people are not found."""
    account = _account(request)
    found = queries.vehicle_for(account=account, vin=vin)
    may_pair = identity.allowed(request).may()
    codes = queries.pairing_codes_in_app(account=account, vehicles=[found]) if may_pair else {}
    return _vehicle_out(found, queries.access_to(vehicles=[found])[vin], codes.get(vin))


@router.get("/{vin}/users", response=UserPage, operation_id="list_users", summary="List users of a vehicle")
def users(request: HttpRequest, vin: str, after: Cursor = None, limit: Limit = 50) -> UserPage:
    """Who uses the car and who is invited to; for the main user only."""
    found = queries.vehicle_for(account=_account(request), vin=vin)
    if not rules.may(found.role, "see_users"):
        raise MainUserOnly
    at = clock.now()
    page, next_cursor = queries.users_page(vehicle=found, after=after, limit=limit)
    return UserPage(
        items=[
            _invited(each, at)
            if isinstance(each, Invitation)
            else UserOut(
                id=each.account.id,
                email=each.account.email,
                name=each.account.name,
                role=each.role,
                status="active",
                since=each.since,
                ends_at=each.ends_at,
            )
            for each in page
        ],
        next=next_cursor,
    )


@router.post("/{vin}/users", response={201: UserOut}, operation_id="invite_user", summary="Invite a secondary user")
def invite(
    request: HttpRequest,
    vin: str,
    user: UserIn,
    idempotency_key: Key = None,
) -> Status[UserOut]:
    """
    Invite a secondary user by e-mail; for the main user only, who proves with `step_up` once more who they are: without it, or with a wrong
    PIN, the answer is 403 `identity.step_up_required` with `attempts_left`, and after too many 423.

    Inviting the same address again sends a new link, unless it comes with the same `Idempotency-Key`.
    """
    account = _account(request)

    # before anything else, and for the same key again too: wrong PINs count, whatever becomes of the request
    step_up = user.step_up.model_dump() if user.step_up else None
    actions.check_inviter(by=account, vin=vin, email=user.email, step_up=step_up)

    def do() -> dict[str, Any]:  # JSON
        invitation = actions.invite_secondary_user(
            by=account, vin=vin, email=user.email, language=account.language, last_day=user.last_day
        )
        return _invited(invitation, clock.now()).model_dump(mode="json")

    answer = repeatable(
        account_id=account.id,
        program=identity.allowed(request).client_id,
        key=idempotency_key,
        asked=("vehicles.invite", vin, user.email, str(user.last_day or "")),
        do=do,
    )
    return Status(201, UserOut(**answer))


@router.post(
    "/{vin}/users/passkey",
    response=InvitePasskeyOut,
    operation_id="ask_for_passkey_to_invite",
    summary="Ask for a passkey to invite",
)
def ask_for_passkey_to_invite(request: HttpRequest, vin: str, user: InvitePasskeyIn) -> InvitePasskeyOut:
    """Ask the main user's passkey about inviting this address, instead of the PIN; it is good for nothing else."""
    question = actions.ask_for_passkey_to_invite(by=_account(request), vin=vin, email=user.email)
    return InvitePasskeyOut(options=question.options, token=question.token)


@router.delete(
    "/{vin}/users/{user_id}", response={204: None}, operation_id="remove_user", summary="Remove a user or an invitation"
)
def remove(request: HttpRequest, vin: str, user_id: UUID) -> Status[None]:
    """
    Ends a secondary user's rights at once, or takes an invitation back. For the main user; a secondary user leaves by the
    own id.
    """
    actions.remove_user_or_invitation(by=_account(request), vin=vin, user_id=user_id)
    return Status(204, None)
