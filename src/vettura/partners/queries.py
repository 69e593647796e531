"""What is true of partners."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects

from vettura.foundation.errors import NotFound
from vettura.identity.models import Account
from vettura.partners.models import Partner, Staff


def partner_of_staff(*, account: Account) -> Partner | None:
    """The partner that a person works for, None for everybody else. Asked of the database once per instance."""
    with_partner = Prefetch("partner_staff", queryset=Staff.objects.select_related("partner"))
    prefetch_related_objects([account], with_partner)
    staff: Staff | None = getattr(account, "partner_staff", None)
    return staff.partner if staff else None


def partner(*, id: UUID) -> Partner:
    """A partner by id. Raises NotFound."""
    found = Partner.objects.filter(id=id).first()
    if found is None:
        raise NotFound
    return found


def partners_in(*, country: str) -> list[Partner]:
    """The partners of a country, by city and name."""
    return list(Partner.objects.filter(country=country).order_by("city", "name"))


def staff_of(*, partner: Partner) -> Sequence[Staff]:
    """The people who work for a partner, by family name, with their accounts."""
    return list(
        Staff.objects.filter(partner=partner)
        .select_related("account")
        .order_by("account__family_name", "account__given_name", "account__email")
    )
