"""What staff see: the cars of a partner, and proofs of ownership that wait for somebody to look at them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from vettura.foundation.errors import NotFound
from vettura.identity.models import Account
from vettura.partners import queries as partners
from vettura.partners.models import Partner
from vettura.vehicles import rules
from vettura.vehicles.models import (
    Assignment,
    DeliveryOrder,
    Invitation,
    OwnershipClaim,
    PartnerSharing,
    Role,
    Sale,
    Vehicle,
)
from vettura.vehicles.queries.cars import current_assignments
from vettura.vehicles.queries.sharing import findable_by_address, show_addresses


@dataclass(frozen=True, kw_only=True)
class SoldVehicle:
    """A car that a partner sold, with its latest invitation and the state of it, see `Invitation.state`."""

    vehicle: Vehicle
    invitation: Invitation | None
    state: str


def sold_vehicles_of(
    *, partner: Partner | None, search: str, at: datetime, offset: int, limit: int
) -> list[SoldVehicle]:
    """
    The cars that a partner sold, or all of them (None, for Assistance), the latest first.

    `search` looks in VIN, model, plate and the buyer's address.
    """
    vehicles = Vehicle.objects.all() if partner is None else Vehicle.objects.filter(_concerns(partner))
    if search:
        vehicles = vehicles.filter(
            Q(vin__icontains=search)
            | Q(model_name__icontains=search)
            | Q(plate__icontains=search)
            | Exists(_findable(partner).filter(vehicle=OuterRef("pk"), email__icontains=search))
        )
    found = vehicles.order_by("-registered_at", "-id").prefetch_related(_invitations_by(partner))
    page = list(found[offset : offset + limit])
    show_addresses(page, partner=partner, at=at)
    return [_sold(vehicle, at) for vehicle in page]


def sold_vehicle(*, partner: Partner | None, vin: str, at: datetime) -> SoldVehicle:
    """One car that a partner sold, or any (None, for Assistance). Raises NotFound for cars of other partners."""
    vehicles = Vehicle.objects.all() if partner is None else Vehicle.objects.filter(_concerns(partner))
    found = vehicles.filter(vin=vin).select_related("saved_partner").prefetch_related(_invitations_by(partner)).first()
    if found is None:
        raise NotFound
    show_addresses([found], partner=partner, at=at)
    return _sold(found, at)


def _concerns(partner: Partner) -> Q:
    """The cars that a partner sold or has taken in, until another one sells them."""
    taken_in = Sale.objects.filter(vehicle=OuterRef("pk"), partner=partner, released_at__isnull=False)
    sold_since = Sale.objects.filter(vehicle=OuterRef("vehicle"), released_at__gt=OuterRef("released_at"))
    return Q(saved_partner=partner) | Q(Exists(taken_in.exclude(Exists(sold_since))))


def _invitations(partner: Partner | None) -> QuerySet[Invitation]:
    main_users = Invitation.objects.filter(role=Role.MAIN_USER)
    return main_users if partner is None else main_users.filter(partner=partner)


def _findable(partner: Partner | None) -> QuerySet[Invitation]:
    sent = _invitations(partner)
    return sent if partner is None else findable_by_address(sent, partner=partner)


def _invitations_by(partner: Partner | None) -> "Prefetch[str, QuerySet[Invitation], str]":
    latest_first = _invitations(partner).order_by("-created_at", "-id")
    return Prefetch("invitations", queryset=latest_first, to_attr="sale_invitations")


def _sold(vehicle: Vehicle, at: datetime) -> SoldVehicle:
    latest = vehicle.sale_invitations[0] if vehicle.sale_invitations else None
    return SoldVehicle(vehicle=vehicle, invitation=latest, state=latest.state(at) if latest else "none")


def delivery_of(*, partner: Partner, vehicle: Vehicle) -> DeliveryOrder | None:
    """The planned delivery whose buyer is not invited yet."""
    planned = DeliveryOrder.objects.filter(vehicle=vehicle, partner=partner, invitation=None, called_off_at=None)
    return planned.first()


def _claims_for(by: Account) -> QuerySet[OwnershipClaim]:
    """Those that a member of staff looks at: Assistance all, a partner those that were sent to it."""
    if by.has_staff_role("assistance"):
        return OwnershipClaim.objects.all()
    partner = partners.partner_of_staff(account=by)
    return OwnershipClaim.objects.filter(partner=partner) if partner else OwnershipClaim.objects.none()


def claims_to_check(*, by: Account, offset: int, limit: int) -> list[OwnershipClaim]:
    """The claims that wait for a look at their document, the oldest first."""
    waiting = _claims_for(by).filter(status=OwnershipClaim.Status.PENDING).defer("document")
    return list(waiting.select_related("account", "partner").order_by("claimed_at", "id")[offset : offset + limit])


def claim_to_check(*, by: Account, claim_id: UUID) -> OwnershipClaim:
    """A claim, for those who may decide on it. Raises NotFound."""
    found = _claims_for(by).filter(id=claim_id).select_related("account", "partner", "decided_by").first()
    if found is None:
        raise NotFound
    return found


def document_of(*, by: Account, claim_id: UUID) -> tuple[bytes, str]:
    """The document of a pending claim and its content type, for those who may decide on it. Raises NotFound."""
    claim = claim_to_check(by=by, claim_id=claim_id)
    if claim.document is None:
        raise NotFound
    data = rules.unsealed_document(data=bytes(claim.document), secret=settings.SECRET_KEY)
    return data, claim.document_type


def claims_of(*, account: Account) -> list[OwnershipClaim]:
    """What a person has claimed and is not in the garage: pending claims, and refused ones with their reason."""
    shown = (OwnershipClaim.Status.PENDING, OwnershipClaim.Status.REFUSED)
    mine = OwnershipClaim.objects.filter(account_id=account.id, status__in=shown).defer("document")
    return list(mine.select_related("partner").order_by("-claimed_at", "-id")[:10])


def customers_of(*, partner: Partner, sharing: bool) -> QuerySet[Any]:  # Any: rows of one id
    """The ids of people who bought from a partner or use a car that it sold; with `sharing`, who share data with it."""
    if sharing:
        later = PartnerSharing.objects.filter(
            partner=partner, account=OuterRef("account"), vehicle=OuterRef("vehicle")
        ).order_by("-at", "-id")
        latest = PartnerSharing.objects.filter(partner=partner, id=Subquery(later.values("id")[:1]), decision=True)
        return latest.values("account_id")
    bought = Invitation.objects.filter(partner=partner, used_by__isnull=False).values("used_by_id")
    return bought.union(current_assignments().filter(vehicle__saved_partner=partner).values("account_id"))


def cars_of_customers(*, partner: Partner, account_ids: Collection[UUID]) -> dict[UUID, list[Vehicle]]:
    """By which cars a partner knows its customers: those that they bought from it, and those of its that they use; two queries."""
    bought = Invitation.objects.filter(partner=partner, used_by_id__in=account_ids).select_related("vehicle")
    used = current_assignments().filter(vehicle__saved_partner=partner, account_id__in=account_ids)
    pairs = [(each.used_by_id, each.vehicle) for each in bought.order_by("used_at", "id")]
    pairs += [(each.account_id, each.vehicle) for each in used.select_related("vehicle").order_by("since", "id")]
    found: dict[UUID, dict[UUID, Vehicle]] = {}
    for account_id, vehicle in pairs:
        if account_id is not None:
            found.setdefault(account_id, {})[vehicle.id] = vehicle
    return {account_id: list(cars.values()) for account_id, cars in found.items()}


def people_of_cars(*, search: str) -> QuerySet[Any]:  # Any: rows of one id
    """The ids of people who use a car whose VIN or plate has this part."""
    fits = Q(vehicle__vin__icontains=search) | Q(vehicle__plate__icontains=search)
    return current_assignments().filter(fits).values("account_id")


def assignments_ever(*, account: Account, sold_by: Partner | None) -> list[Assignment]:
    """Every time that a person used a car, with the car; `sold_by` keeps to the cars of a partner."""
    found = Assignment.objects.filter(account_id=account.id).select_related("vehicle")
    return list(found.filter(vehicle__saved_partner=sold_by) if sold_by else found)
