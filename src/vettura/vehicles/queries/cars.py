"""Cars, the people who use them, codes and invitations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from vettura.catalog import queries as catalog
from vettura.foundation import statements
from vettura.foundation.diagnosis import Inquiry
from vettura.foundation.errors import NotFound
from vettura.identity.models import Account
from vettura.partners.models import Partner
from vettura.vehicles import rules
from vettura.vehicles.models import (
    Assignment,
    Invitation,
    PairingCode,
    PartnerSharing,
    RemoteAccessGrant,
    Role,
    Vehicle,
)

RoleName = Literal["main_user", "secondary_user"]
PAIRING_TASK = "PAIRING_LOGIN"
VEHICLE_COLUMNS = [field.attname for field in Vehicle._meta.concrete_fields]
# every remote command asks this, and with it what other contexts know of the same car
REACH = f"""
    SELECT {", ".join(f"vehicle.{column}" for column in VEHICLE_COLUMNS)},
           assignment.role,
           EXISTS (SELECT FROM vehicles_assignment owner
                   WHERE owner.vehicle_id = vehicle.id AND owner.until IS NULL AND owner.role = '{Role.MAIN_USER}'),
           EXISTS (SELECT FROM vehicles_remoteaccessgrant access
                   WHERE access.vehicle_id = vehicle.id AND access.revoked_at IS NULL)
           {{beside}}
    FROM vehicles_vehicle vehicle JOIN vehicles_assignment assignment ON assignment.vehicle_id = vehicle.id
    WHERE vehicle.vin = %(vin)s AND assignment.account_id = %(account_id)s AND assignment.until IS NULL
"""  # noqa: S608  # names of our own columns


@dataclass(frozen=True, kw_only=True)
class User:
    """A person who uses a car now."""

    assignment_id: UUID
    account: Account
    role: RoleName
    since: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Reach:
    """
    A car with the asking person's `role`, and whether the platform may reach it: see the queries of these names.

    `beside` holds the columns that were asked for as well, as the database gives them.
    """

    vehicle: Vehicle
    is_linked: bool
    has_remote_access: bool
    beside: tuple[Any, ...]

    @property
    def state(self) -> rules.CarState:
        """The car's state as far as commands ask for it."""
        return rules.CarState(
            has_connect=catalog.has_connect(equipment=self.vehicle.equipment),
            is_linked=self.is_linked,
            has_remote_access=self.has_remote_access,
            is_private=self.vehicle.privacy_mode_on,
        )


def current_assignments() -> QuerySet[Assignment]:
    """The assignments in force."""
    return Assignment.objects.filter(until=None)


def vehicle_for(*, account: Account, vin: str) -> Vehicle:
    """The car with this VIN and the person's `role` in it. Raises NotFound for strangers and unknown VINs alike."""
    found = (
        current_assignments()
        .filter(account_id=account.id, vehicle__vin=vin)
        .select_related("vehicle", "vehicle__saved_partner")
        .first()
    )
    if found is None:
        raise NotFound
    return with_role(found)


def reach_of(*, account: Account, vin: str, at: datetime, beside: tuple[str, ...] = ()) -> Reach:
    """
    `vehicle_for`, `is_linked` and `has_remote_access` in one statement. Raises NotFound as `vehicle_for` does.

    `beside` are constant SQL expressions over tables of the asking contexts; they may name `vehicle.id` and `%(at)s`.
    """
    columns_beside = "".join(f", {each}" for each in beside)
    values = {"vin": vin, "account_id": account.id, "at": at}
    rows = statements.fetch(REACH.replace("{beside}", columns_beside), values)
    if not rows:
        raise NotFound
    columns, rest = rows[0][: len(VEHICLE_COLUMNS)], rows[0][len(VEHICLE_COLUMNS) :]
    role, has_main_user, is_granted, *found = rest
    vehicle = Vehicle.from_db("default", VEHICLE_COLUMNS, columns)
    vehicle.role = role
    generation = catalog.generation(vehicle.generation)
    linked = rules.is_linked(
        needs_code=generation.needs_pairing_code, linked_at=vehicle.linked_at, has_main_user=has_main_user
    )
    return Reach(
        vehicle=vehicle,
        is_linked=linked,
        has_remote_access=is_granted if generation.grants_remote_access_in_car else linked,
        beside=tuple(found),
    )


def find_vehicle(*, vin: str) -> Vehicle | None:
    """The car with this VIN, if it is known."""
    return Vehicle.objects.filter(vin=vin).first()


def car_asked_about(inquiry: Inquiry) -> Vehicle | None:
    """The car of an inquiry, with the asking person's `role`; None where no car is meant. Raises NotFound for an unknown VIN."""

    def look() -> Vehicle:
        found = vehicle_by_vin(vin=inquiry.vin)
        found.role = inquiry.role
        return found

    return inquiry.once("car", look) if inquiry.vin else None


def vehicle_by_vin(*, vin: str) -> Vehicle:
    """The car with this VIN, for messages that came from the car itself. Raises NotFound."""
    found = find_vehicle(vin=vin)
    if found is None:
        raise NotFound
    return found


def with_role(assignment: Assignment) -> Vehicle:
    """The assigned car, with the person's `role`."""
    vehicle = assignment.vehicle
    vehicle.role = assignment.role
    return vehicle


def role_of(*, account: Account, vehicle: Vehicle) -> RoleName | None:
    """What a person is to a car; None for strangers."""
    found = current_assignments().filter(account_id=account.id, vehicle=vehicle).values_list("role", flat=True).first()
    return _role_name(found) if found else None


def _role_name(role: str) -> RoleName:
    return "main_user" if role == Role.MAIN_USER else "secondary_user"


def users_of(*, vehicle: Vehicle) -> list[User]:
    """Who uses a car now, the main user first, then by time."""
    found = current_assignments().filter(vehicle=vehicle).select_related("account").order_by("role", "since", "id")
    return [_user(each) for each in found]


def _user(assignment: Assignment) -> User:
    role = _role_name(assignment.role)
    return User(
        assignment_id=assignment.id,
        account=assignment.account,
        role=role,
        since=assignment.since,
        ends_at=assignment.ends_at,
    )


def users_page(*, vehicle: Vehicle, after: UUID | None, limit: int) -> tuple[Sequence[User | Invitation], UUID | None]:
    """
    A page of the people who use a car and of open invitations, by time, and the cursor of the next page if there is
    one.
    """
    assignments = current_assignments().filter(vehicle=vehicle).select_related("account")
    invitations = Invitation.objects.filter(vehicle=vehicle, role=Role.SECONDARY_USER, used_at=None, voided_at=None)
    if after is not None:
        assignments, invitations = assignments.filter(id__gt=after), invitations.filter(id__gt=after)
    both: list[Assignment | Invitation] = [
        *assignments.order_by("id")[: limit + 1],
        *invitations.order_by("id")[: limit + 1],
    ]
    both.sort(key=lambda each: each.id)
    page: list[User | Invitation] = [_user(each) if isinstance(each, Assignment) else each for each in both[:limit]]
    return page, both[limit - 1].id if len(both) > limit else None


def main_user_of(*, vehicle: Vehicle) -> Account | None:
    """The main user, None for a car without one."""
    found = current_assignments().filter(vehicle=vehicle, role=Role.MAIN_USER).select_related("account").first()
    return found.account if found else None


def main_user_since(*, vehicle: Vehicle) -> datetime | None:
    """Since when a car has its main user; None for a car without one."""
    found = current_assignments().filter(vehicle=vehicle, role=Role.MAIN_USER)
    return found.values_list("since", flat=True).first()


def history_visible_since(*, vehicle: Vehicle, account_id: UUID) -> datetime | None:
    """
    From when on somebody may see how the car was used: since both that person and the present main user have it; None for
    somebody who does not use it.
    """
    users = list(current_assignments().filter(vehicle=vehicle).values_list("account_id", "role", "since"))
    own = next((since for user_id, _, since in users if user_id == account_id), None)
    main = next((since for _, role, since in users if role == Role.MAIN_USER), None)
    return own if own is None or main is None else max(own, main)


def open_invitations_of(*, vehicle: Vehicle) -> list[Invitation]:
    """Invitations of secondary users that were neither used nor taken back; some may have expired."""
    return list(
        Invitation.objects.filter(vehicle=vehicle, role=Role.SECONDARY_USER, used_at=None, voided_at=None).order_by(
            "created_at", "id"
        )
    )


def has_remote_access(*, vehicle: Vehicle) -> bool:
    """
    Whether the platform may reach the car's vehicle-related functions.

    Where the generation asks for it, the main user must have granted it in the car (REM-001, REM-002); elsewhere it is
    enough that the main user has linked the car (REM-014).
    """
    if not catalog.generation(vehicle.generation).grants_remote_access_in_car:
        return is_linked(vehicle=vehicle)
    return RemoteAccessGrant.objects.filter(vehicle=vehicle, revoked_at=None).exists()


def granted_in_car(*, vehicles: Sequence[Vehicle]) -> set[str]:
    """The VINs of those cars in which the main user granted remote access. One query."""
    found = RemoteAccessGrant.objects.filter(vehicle__in=vehicles, revoked_at=None)
    return set(found.values_list("vehicle__vin", flat=True))


def lost_grant(*, vehicle: Vehicle) -> datetime | None:
    """Until when remote access was granted last; None where it is granted now or never was."""
    latest = RemoteAccessGrant.objects.filter(vehicle=vehicle).order_by("-granted_at", "-id").first()
    return None if latest is None else latest.revoked_at


def is_linked(*, vehicle: Vehicle) -> bool:
    """
    Whether the main user's code was typed in the head unit (C-71).

    Without a code, whether there is a main user (PAI-007).
    """
    needs_code = catalog.generation(vehicle.generation).needs_pairing_code
    has_main_user = needs_code or current_assignments().filter(vehicle=vehicle, role=Role.MAIN_USER).exists()
    return rules.is_linked(needs_code=needs_code, linked_at=vehicle.linked_at, has_main_user=has_main_user)


def pairing_code_for(*, account: Account, vehicle: Vehicle) -> str | None:
    """
    The person's own code for this car.

    None where the generation needs none (PAI-007) or the person does not use it.
    """
    found = PairingCode.objects.filter(account_id=account.id, vehicle=vehicle).first()
    return digits_of(found) if found else None


def pairing_codes_in_app(*, account: Account, vehicles: Sequence[Vehicle]) -> dict[str, str]:
    """
    The person's own codes as apps show them, by VIN (PAI-004); not for generations that show theirs in the portal only.
    One query.
    """
    shown = [each for each in vehicles if catalog.generation(each.generation).pairing_code_in_app]
    codes = PairingCode.objects.filter(account_id=account.id, vehicle__in=shown).select_related("vehicle")
    return {code.vehicle.vin: digits_of(code) for code in codes}


def digits_of(code: PairingCode) -> str:
    """The digits of a pairing code, made from its seed and the platform's secret (PAI-008)."""
    return rules.pairing_code(secret=settings.SECRET_KEY, seed=code.seed, length=catalog.terms().pairing_code_length)


def pairing_path(*, vehicle: Vehicle, language: str) -> list[str]:
    """
    The keys and menus that lead to the code entry, as the head unit of this car prints them.

    Empty where none is known.
    """
    head_unit = catalog.head_unit(vehicle.generation)
    task = head_unit.task(PAIRING_TASK, vehicle.generation)
    if task is None or not task.path:
        return []
    return [
        node.label_in(language, device_root=vehicle.device_root or None)
        for node in head_unit.walk(PAIRING_TASK, vehicle.generation)
        if node.is_printed
    ]


def users_document(*, vehicle: Vehicle) -> dict[str, Any]:  # JSON
    """
    What the car is told of its users: people and roles, who is signed in, whether it is paired, whether remote access
    is granted; and the person who signed in without belonging to the car (TAY-016).
    """
    users = [
        {"account_id": str(user.account.id), "name": user.account.name, "role": user.role}
        for user in users_of(vehicle=vehicle)
    ]
    signed_in = vehicle.signed_in_account
    is_visitor = signed_in is not None and all(user["account_id"] != str(signed_in.id) for user in users)
    return {
        "users": users,
        "visitor": {"account_id": str(signed_in.id), "name": signed_in.name, "role": rules.VISITOR}
        if signed_in is not None and is_visitor
        else None,
        "main_linked": is_linked(vehicle=vehicle),
        "signed_in": str(vehicle.signed_in_account_id) if vehicle.signed_in_account_id else None,
        "remote_access": has_remote_access(vehicle=vehicle),
    }


def invitation_by_token(*, token: str) -> Invitation:
    """The invitation of a link, in whatever state. Raises NotFound."""
    found = (
        Invitation.objects.filter(token_hash=rules.token_hash(token))
        .select_related("vehicle", "partner", "invited_by", "sale", "lease")
        .first()
    )
    if found is None:
        raise NotFound
    return found


def latest_invitation_to(*, account: Account) -> Invitation | None:
    """The newest invitation that was sent to a person's address, in whatever state."""
    sent = Invitation.objects.filter(email=account.email).select_related("partner", "invited_by")
    return sent.order_by("-created_at", "-id").first()


def main_user_shared_with(*, partner: Partner, vehicle: Vehicle) -> Account | None:
    """The main user, if that person lets this partner have data (DAT-009, C-21); None otherwise."""
    main_user = main_user_of(vehicle=vehicle)
    return main_user if main_user and shares_with(account=main_user, partner=partner, vehicle=vehicle) else None


def shares_with(*, account: Account, partner: Partner, vehicle: Vehicle) -> bool:
    """Whether a person's latest decision lets this named partner have data on this car. No decision means no."""
    latest = (
        PartnerSharing.objects.filter(account_id=account.id, partner=partner, vehicle=vehicle)
        .order_by("-at", "-id")
        .first()
    )
    return latest is not None and latest.decision
