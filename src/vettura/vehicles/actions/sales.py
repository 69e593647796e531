"""The main user sells the car: begun, released or called off."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format, time_format

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.identity.models import Account
from vettura.notifications import actions as notifications
from vettura.partners import queries as partners
from vettura.partners.models import Partner
from vettura.vehicles import queries
from vettura.vehicles.actions.invitations import invite
from vettura.vehicles.actions.parting import part_main_user
from vettura.vehicles.actions.users import lock_vehicle
from vettura.vehicles.errors import BuyerMissing, SoldToOneself
from vettura.vehicles.models import Role, Sale, Vehicle


@transaction.atomic
def begin_sale(
    *, by: Account, vin: str, buyer_email: str = "", buyer_language: str = "", partner_id: UUID | None = None
) -> Sale:
    """
    This will note that the main user sells the car, to a person by address or to a partner. Nothing ends yet.

    Beginning again changes the buyer. Raises BuyerMissing unless exactly one buyer is named, SoldToOneself,
    MainUserOnly, LeasedCar, and NotFound.
    """
    vehicle = lock_vehicle(vin=vin)
    queries.require(account=by, vehicle=vehicle, permission="sell")
    email = buyer_email.strip().lower()
    if bool(email) == (partner_id is not None):
        raise BuyerMissing
    if email == by.email.lower():
        raise SoldToOneself
    partner = partners.partner(id=partner_id) if partner_id is not None else None
    language = catalog.language_of_pack(buyer_language or by.language) if email else ""
    sale, is_new = Sale.objects.get_or_create(
        vehicle=vehicle,
        released_at=None,
        called_off_at=None,
        defaults={
            "seller": by,
            "buyer_email": email,
            "buyer_language": language,
            "partner": partner,
            "begun_at": clock.now(),
        },
    )
    if not is_new:
        sale.buyer_email, sale.buyer_language, sale.partner = email, language, partner
        sale.save(update_fields=["buyer_email", "buyer_language", "partner"])
    return sale


@transaction.atomic
def call_off_sale(*, by: Account, vin: str) -> None:
    """
    This will end a sale that was begun; the car stays with its main user. Repeating it changes nothing.

    Raises MainUserOnly, and NotFound for strangers and once the car is released.
    """
    vehicle = lock_vehicle(vin=vin)
    queries.require(account=by, vehicle=vehicle, permission="sell")
    Sale.objects.filter(vehicle=vehicle, released_at=None, called_off_at=None).update(called_off_at=clock.now())


@transaction.atomic
def release_sold_vehicle(*, by: Account, vin: str) -> Sale:
    """
    This will hand the car over: from this moment the seller has nothing to do with it (GAR-012, GAR-019).

    The buyer gets an invitation by e-mail, a partner a note; contracts stay with the car for their remaining term
    (STO-002), the seller's account and its orders stay as they are (ID-033, ID-035). Releasing twice is the same as once.
    Raises NotFound for strangers and without a sale, and MainUserOnly.
    """
    vehicle = lock_vehicle(vin=vin)
    latest = Sale.objects.filter(vehicle=vehicle, seller=by, called_off_at=None).order_by("-begun_at").first()
    if latest is not None and latest.released_at is not None and queries.role_of(account=by, vehicle=vehicle) is None:
        return latest
    queries.require(account=by, vehicle=vehicle, permission="sell")
    sale = queries.open_sale_of(vehicle=vehicle)
    if sale is None:
        raise NotFound
    at = clock.now()
    sale.released_at = at
    sale.save(update_fields=["released_at"])
    part_main_user(vehicle=vehicle, because="sold", at=at)
    _tell_seller(by, sale, vehicle)
    if sale.partner is None:
        invite(
            vehicle=vehicle,
            role=Role.MAIN_USER,
            by=by,
            partner=None,
            email=sale.buyer_email,
            language=sale.buyer_language,
            sale=sale,
        )
    else:
        _tell_partner(sale.partner, vehicle)
    return sale


def _tell_seller(seller: Account, sale: Sale, vehicle: Vehicle) -> None:
    """A paper that outlives the pages: when the seller ceased to have anything to do with the car."""
    country = catalog.country(vehicle.country)
    with translation.override(seller.language):
        local = (sale.released_at or sale.begun_at).astimezone(ZoneInfo(country.timezone))
        released = f"{date_format(local, 'DATE_FORMAT')}, {time_format(local, 'H:i')}"
    notifications.send_mail(
        recipient_id=seller.id,
        to=seller.email,
        language=seller.language,
        template="vehicles/mail/sale_done",
        facts={
            "model_name": vehicle.model_name,
            "vin": vehicle.vin,
            "buyer": sale.buyer,
            "released": released,
            "account_label": catalog.labels(seller.language)["account"],
        },
    )


def _tell_partner(partner: Partner, vehicle: Vehicle) -> None:
    """The partner invites the next buyer from the desk; a partner without an address sees the car there only."""
    if not partner.email:
        return
    country = catalog.country(partner.country)
    language = country.languages[0] if country.languages else catalog.pack().default_language
    notifications.send_mail(
        recipient_id=None,
        to=partner.email,
        language=language,
        template="vehicles/mail/taken_in",
        facts={
            "model_name": vehicle.model_name,
            "vin": vehicle.vin,
            "partner": partner.name,
            "portal": catalog.labels(language)["portal"],
        },
    )
