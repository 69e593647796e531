"""
What can happen to partners.

Opening them is the operator's task: the demo world and the operator's commands call these.
"""

from uuid import UUID

from django.db import transaction

from vettura.foundation import clock
from vettura.identity.models import Account
from vettura.partners.errors import WorksElsewhere
from vettura.partners.models import Partner, Staff


@transaction.atomic
def create_partner(
    *, name: str, country: str, city: str, street: str = "", postal_code: str = "", phone: str = "", email: str = ""
) -> Partner:
    """This will open a partner, or return the one of that name in that country with its address brought up to date."""
    partner, _ = Partner.objects.update_or_create(
        name=name,
        country=country,
        defaults={"city": city, "street": street, "postal_code": postal_code, "phone": phone, "email": email},
        create_defaults={
            "city": city,
            "street": street,
            "postal_code": postal_code,
            "phone": phone,
            "email": email,
            "since": clock.now(),
        },
    )
    return partner


@transaction.atomic
def employ(*, partner: Partner, account: Account) -> Staff:
    """This will let a person work for the partner; repeating it changes nothing. Raises WorksElsewhere."""
    staff, _ = Staff.objects.get_or_create(account=account, defaults={"partner": partner, "since": clock.now()})
    if staff.partner_id != partner.id:
        raise WorksElsewhere
    return staff


@transaction.atomic
def dismiss(*, account_id: UUID) -> None:
    """This will end a person's work for a partner; repeating it changes nothing."""
    Staff.objects.filter(account_id=account_id).delete()
