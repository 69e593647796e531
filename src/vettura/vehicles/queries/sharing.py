"""With which partners a person shares data, and what a partner may see of a buyer (C-21)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from vettura.identity.models import Account
from vettura.partners.models import Partner
from vettura.vehicles.models import Invitation, PartnerSharing, Vehicle


def latest_sharing(*, account: Account, partner_id: UUID, vin: str) -> PartnerSharing | None:
    """A person's latest decision on a partner and a car, with both; None where there never was one."""
    found = PartnerSharing.objects.filter(account_id=account.id, partner_id=partner_id, vehicle__vin=vin)
    return found.select_related("partner", "vehicle").order_by("-at", "-id").first()


def sharing_of(*, account: Account) -> list[PartnerSharing]:
    """With which partners a person shares data now, and on which cars; the newest first."""
    latest = (
        PartnerSharing.objects.filter(account_id=account.id)
        .select_related("partner", "vehicle")
        .order_by("partner_id", "vehicle_id", "-at", "-id")
        .distinct("partner_id", "vehicle_id")
    )
    return sorted((row for row in latest if row.decision), key=lambda row: row.at, reverse=True)


def sharing_decisions(*, account: Account, limit: int) -> list[PartnerSharing]:
    """What a person decided on sharing, newest first."""
    found = PartnerSharing.objects.filter(account_id=account.id).select_related("partner", "vehicle")
    return list(found.order_by("-at", "-id")[:limit])


def is_shared_with(*, account: Account, partner: Partner) -> bool:
    """Whether a person lets this partner have data on any car: only then may its staff look the person up (C-21)."""
    return any(row.partner_id == partner.id for row in sharing_of(account=account))


def findable_by_address(sent: QuerySet[Invitation], *, partner: Partner) -> QuerySet[Invitation]:
    """Invitations whose address the partner may know: those not accepted, and those of people who share with it."""
    latest = PartnerSharing.objects.filter(
        partner=partner, vehicle=OuterRef("vehicle"), account=OuterRef("used_by")
    ).order_by("-at", "-id")
    known = sent.annotate(shares=Subquery(latest.values("decision")[:1]))
    return known.filter(Q(used_at=None) | Q(shares=True))


def show_addresses(vehicles: Sequence[Vehicle], *, partner: Partner | None, at: datetime) -> None:
    """
    Each invitation with `email_for_partner`: the sale needs it until it was accepted, then only sharing shows it (C-21).

    Assistance (`partner` None) sees every address.
    """
    latest = (
        PartnerSharing.objects.filter(partner=partner, vehicle__in=vehicles)
        .order_by("vehicle_id", "account_id", "-at", "-id")
        .distinct("vehicle_id", "account_id")
    )
    sharing = {(row.vehicle_id, row.account_id) for row in latest if row.decision}
    for vehicle in vehicles:
        for invitation in vehicle.sale_invitations:
            may_see = (
                partner is None or invitation.state(at) != "used" or (vehicle.id, invitation.used_by_id) in sharing
            )
            invitation.email_for_partner = invitation.email if may_see else ""
