"""Who somebody is to a car, and what that person may do with it now: the answers of the table in `rules`."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from vettura.catalog import queries as catalog
from vettura.foundation.errors import NotAllowed, NotFound, Refusal
from vettura.identity.models import Account
from vettura.partners import queries as partners
from vettura.vehicles import rules
from vettura.vehicles.errors import CarIsBeingSold, LeasedCar, MainUserOnly, VehicleHasMainUser
from vettura.vehicles.models import Assignment, Invitation, Lease, Role, Sale, Vehicle
from vettura.vehicles.queries.cars import has_remote_access, is_linked, main_user_of, role_of

# the refusal for a need that does not hold; what is missing here concerns commands, whose context words it itself
_REFUSALS: dict[rules.Unmet, type[Refusal]] = {"main_user": VehicleHasMainUser, "sale": CarIsBeingSold}


def may(*, role: str | None, permission: rules.Permission) -> bool:
    """Whether a role in a car allows something; None, a stranger's role, allows nothing."""
    return rules.may(role, permission)


def unmet(*, role: str | None, permission: rules.Permission, state: rules.CarState) -> tuple[rules.Unmet, ...]:
    """Why a user of a car may not do something while it is in this state, the first reason first; empty means: may."""
    who: rules.Who = "stranger"
    if role == rules.MAIN_USER:
        who = "main_user"
    elif role == rules.SECONDARY_USER:
        who = "secondary_user"
    return rules.unmet(who=who, permission=permission, state=state)


def who_are(*, account: Account, vehicle: Vehicle) -> tuple[rules.Who, ...]:
    """Everything that a person is to a car: somebody may work for its partner and drive it too."""
    found: list[rules.Who] = []
    role = role_of(account=account, vehicle=vehicle)
    if role == rules.MAIN_USER:
        found.append("driver" if is_leased(vehicle=vehicle) else "main_user")
    elif role is not None:
        found.append("secondary_user")
    if Lease.objects.filter(vehicle=vehicle, lessor_id=account.id, ended_at=None, began_at__isnull=False).exists():
        found.append("lessor")
    if account.has_staff_role("assistance"):
        found.append("assistance")
    partner = partners.partner_of_staff(account=account)
    if partner is not None:
        found.append("selling_partner" if vehicle.saved_partner_id == partner.id else "other_partner")
    if not found and Assignment.objects.filter(vehicle=vehicle, account_id=account.id).exists():
        found.append("former_user")
    return tuple(found) or ("stranger",)


def state_of(*, vehicle: Vehicle) -> rules.CarState:
    """What of a car decides whether somebody may do something with it."""
    return rules.CarState(
        has_main_user=main_user_of(vehicle=vehicle) is not None,
        has_connect=has_connect(vehicle=vehicle),
        is_linked=is_linked(vehicle=vehicle),
        has_remote_access=has_remote_access(vehicle=vehicle),
        is_private=vehicle.privacy_mode_on,
        is_being_sold=open_sale_of(vehicle=vehicle) is not None,
    )


def require(*, account: Account, vehicle: Vehicle, permission: rules.Permission) -> None:
    """
    This will refuse a user of a car who may not do something with it now.

    Raises NotFound for everybody who does not use the car, MainUserOnly, LeasedCar for its driver, NotAllowed, and the
    refusal that belongs to the state of the car.
    """
    who = [each for each in who_are(account=account, vehicle=vehicle) if each in rules.USERS]
    if not who:
        raise NotFound
    reasons = rules.unmet(who=who[0], permission=permission, state=state_of(vehicle=vehicle))
    if not reasons:
        return
    if reasons[0] != "role":
        raise _REFUSALS.get(reasons[0], NotAllowed)
    if who[0] == "driver" and rules.may("main_user", permission):
        raise LeasedCar
    raise MainUserOnly if rules.may("main_user", permission) else NotAllowed


def require_staff(*, account: Account, vehicle: Vehicle, permission: rules.Permission) -> None:
    """
    This will refuse members of staff who may not do something with a car now.

    Raises NotFound for everybody whom the car does not concern, and the refusal that belongs to the state of the car.
    """
    who = [each for each in who_are(account=account, vehicle=vehicle) if rules.may(each, permission)]
    staff = [each for each in who if each not in rules.USERS and each != "lessor"]
    if not staff:
        raise NotFound
    reasons = rules.unmet(who=staff[0], permission=permission, state=state_of(vehicle=vehicle))
    if reasons:
        raise _REFUSALS.get(reasons[0], NotAllowed)


def was_main_user(*, account: Account, vehicle: Vehicle) -> bool:
    """Whether a car was in this garage before and is no longer: then it comes back through people only (C-16)."""
    mine = Assignment.objects.filter(vehicle=vehicle, account_id=account.id, role=Role.MAIN_USER)
    return mine.filter(until__isnull=False).exists()


def is_free(*, vehicle: Vehicle, at: datetime) -> bool:
    """Whether a car has no main user and nobody is invited to be it, so that somebody may claim it (C-76)."""
    if main_user_of(vehicle=vehicle) is not None:
        return False
    waiting = Invitation.objects.filter(vehicle=vehicle, role=Role.MAIN_USER, used_at=None, voided_at=None)
    return not waiting.filter(expires_at__gt=at).exists()


def is_leased(*, vehicle: Vehicle) -> bool:
    """Whether the main user is the driver of a leased car."""
    return Lease.objects.filter(vehicle=vehicle, ended_at=None, began_at__isnull=False).exists()


def lease_of(*, vehicle: Vehicle) -> Lease | None:
    """The lease that is offered or runs, with its lessor; None for a car that is not leased."""
    return Lease.objects.filter(vehicle=vehicle, ended_at=None).select_related("lessor", "driver").first()


def leases_of(*, lessor: Account) -> list[Lease]:
    """The cars that a person has leased to others now, those that end first first."""
    mine = Lease.objects.filter(lessor_id=lessor.id, ended_at=None, began_at__isnull=False)
    return list(mine.select_related("vehicle", "driver").order_by("ends_at", "id"))


def lease(*, lessor: Account, lease_id: UUID) -> Lease:
    """A lease of this lessor that runs. Raises NotFound."""
    found = next((each for each in leases_of(lessor=lessor) if each.id == lease_id), None)
    if found is None:
        raise NotFound
    return found


def lease_to_end(*, by: Account, lease_id: UUID) -> Lease | None:
    """A lease, offered or running, that this person may end: its lessor or its driver."""
    mine = Lease.objects.filter(id=lease_id, ended_at=None).filter(Q(lessor_id=by.id) | Q(driver_id=by.id))
    return mine.select_related("vehicle").first()


def sale_of(*, seller: Account, sale_id: UUID) -> Sale:
    """A sale that this person has finished, with the car and the buyer. Raises NotFound."""
    done = Sale.objects.filter(id=sale_id, seller_id=seller.id, released_at__isnull=False)
    found = done.select_related("vehicle", "partner").first()
    if found is None:
        raise NotFound
    return found


def permissions_of(*, account: Account, vehicle: Vehicle) -> frozenset[rules.Permission]:
    """Everything that a person may do with a car now."""
    state = state_of(vehicle=vehicle)
    return frozenset(
        permission
        for who in who_are(account=account, vehicle=vehicle)
        for permission in rules.PERMISSIONS[who]
        if not rules.unmet(who=who, permission=permission, state=state)
    )


def open_sale_of(*, vehicle: Vehicle) -> Sale | None:
    """The sale that was begun and is neither done nor called off, with its partner if one buys."""
    sales = Sale.objects.filter(vehicle=vehicle, released_at=None, called_off_at=None)
    return sales.select_related("partner").first()


def has_connect(*, vehicle: Vehicle) -> bool:
    """Whether the car is tied to the platform at all; one without can be in a garage, and nothing more."""
    return catalog.has_connect(equipment=vehicle.equipment)
