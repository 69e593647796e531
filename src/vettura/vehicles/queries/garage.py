"""Somebody's cars, however many: the strip, the list with its search, and pages for programs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from vettura.catalog import queries as catalog
from vettura.identity.models import Account
from vettura.vehicles import rules
from vettura.vehicles.models import Assignment, RemoteAccessGrant, Role, Vehicle
from vettura.vehicles.queries.cars import current_assignments, with_role


@dataclass(frozen=True, kw_only=True)
class Access:
    """What `is_linked` and `has_remote_access` say of a car."""

    is_linked: bool
    has_remote_access: bool


def _cars_of(account: Account) -> QuerySet[Assignment]:
    mine = current_assignments().filter(account_id=account.id)
    return mine.select_related("vehicle", "vehicle__saved_partner")


def garage_of(*, account: Account) -> list[Vehicle]:
    """Every car that a person uses, each with the person's `role`, those used longest first (GAR-001, GAR-010)."""
    return [with_role(assignment) for assignment in _cars_of(account).order_by("since", "id")]


def garage_page(
    *, account: Account, after: UUID | None, limit: int, vins: Collection[str] | None = None
) -> tuple[list[Vehicle], UUID | None]:
    """
    A page of `garage_of`, of these cars only if some are named, and the cursor of the next page if there is one. Assignments'
    ids sort by time.
    """
    found = _cars_of(account)
    if vins is not None:
        found = found.filter(vehicle__vin__in=vins)
    if after is not None:
        found = found.filter(id__gt=after)
    page = list(found.order_by("id")[: limit + 1])
    return [with_role(each) for each in page[:limit]], page[limit - 1].id if len(page) > limit else None


def garage_strip(*, account: Account, limit: int) -> tuple[list[Vehicle], bool]:
    """The first cars of a garage, and whether there are more."""
    first = list(_cars_of(account).order_by("since", "id")[: limit + 1])
    return [with_role(each) for each in first[:limit]], len(first) > limit


def left_behind_by(*, account_id: UUID) -> list[UUID]:
    """The ids of the cars whose last main user a person was: nobody has come after."""
    after = Assignment.objects.filter(
        vehicle=OuterRef("vehicle"), role=Role.MAIN_USER, since__gt=OuterRef("since")
    ).exclude(id=OuterRef("id"))
    own = Assignment.objects.filter(account_id=account_id, role=Role.MAIN_USER, until__isnull=False)
    return list(own.exclude(Exists(after)).values_list("vehicle_id", flat=True))


def search_garage(*, account: Account, search: str, offset: int, limit: int) -> list[Vehicle]:
    """A page of somebody's cars by name; `search` looks in model, plate and VIN."""
    found = _cars_of(account)
    if search:
        found = found.filter(
            Q(vehicle__model_name__icontains=search)
            | Q(vehicle__plate__icontains=search)
            | Q(vehicle__vin__icontains=search)
        )
    return [with_role(each) for each in found.order_by("vehicle__model_name", "id")[offset : offset + limit]]


def access_to(*, vehicles: Sequence[Vehicle]) -> dict[str, Access]:
    """What of the cars the platform may reach, by VIN. Two queries, however many cars."""
    granted = set(
        RemoteAccessGrant.objects.filter(vehicle__in=vehicles, revoked_at=None).values_list("vehicle_id", flat=True)
    )
    owned = set(
        current_assignments().filter(vehicle__in=vehicles, role=Role.MAIN_USER).values_list("vehicle_id", flat=True)
    )
    found = {}
    for each in vehicles:
        generation = catalog.generation(each.generation)
        linked = rules.is_linked(
            needs_code=generation.needs_pairing_code, linked_at=each.linked_at, has_main_user=each.id in owned
        )
        has_access = each.id in granted if generation.grants_remote_access_in_car else linked
        found[each.vin] = Access(is_linked=linked, has_remote_access=has_access)
    return found


def simulated_cars_of(*, account: Account) -> list[Vehicle]:
    """The simulated cars in somebody's garage, the oldest first."""
    found = _cars_of(account).filter(vehicle__is_simulated=True, role=Role.MAIN_USER)
    return [with_role(each) for each in found.order_by("since", "id")]


def simulated_vins() -> list[str]:
    """Every simulated car that somebody has, by VIN."""
    owned = current_assignments().filter(vehicle__is_simulated=True, role=Role.MAIN_USER)
    return list(owned.order_by("vehicle__vin").values_list("vehicle__vin", flat=True))


def discarded_vins(*, vins: Collection[str]) -> set[str]:
    """Which of these are simulated cars that were deleted: nobody has them, and they are not let in any more."""
    simulated = [vin for vin in vins if vin.startswith(rules.SIMULATED_VIN)]
    if not simulated:
        return set()
    found = Vehicle.objects.filter(vin__in=simulated, is_simulated=True)
    owned = current_assignments().filter(vehicle=OuterRef("id"), role=Role.MAIN_USER)
    return set(found.exclude(Exists(owned)).values_list("vin", flat=True))


def main_vehicle_ids(*, account_id: UUID) -> list[UUID]:
    """The ids of the cars whose main user a person is now."""
    own = current_assignments().filter(account_id=account_id, role=Role.MAIN_USER)
    return list(own.values_list("vehicle_id", flat=True))
