"""What partners and Assistance do for a car that has no main user: put it back, invite somebody, plan a delivery."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from vettura.catalog import queries as catalog
from vettura.foundation import audit, clock
from vettura.foundation.errors import NotFound
from vettura.identity import queries as identity
from vettura.identity.models import Account
from vettura.partners import queries as partners
from vettura.vehicles import queries, rules
from vettura.vehicles.actions.invitations import invite
from vettura.vehicles.actions.registration import CarFacts, register_for_partner
from vettura.vehicles.actions.users import assign_user, lock_vehicle
from vettura.vehicles.errors import DayIsOver, NobodyToAdd, ReasonMissing, VehicleHasMainUser
from vettura.vehicles.models import Assignment, DeliveryOrder, Invitation, Role, Vehicle


@audit.explained
@transaction.atomic
def add_again(*, by: Account, vin: str, email: str, reason: str) -> Vehicle:
    """
    This will put a car back into the garage from which it was removed (GAR-008, C-16).

    For the selling partner and Assistance; others get NotFound. Repeating it changes nothing. Raises ReasonMissing,
    VehicleHasMainUser, and NobodyToAdd for a person who was not its main user before: that person is invited.
    """
    vehicle = lock_vehicle(vin=vin)
    queries.require_staff(account=by, vehicle=vehicle, permission="see_registration")
    if not reason.strip():
        raise ReasonMissing
    person = identity.find_by_email(email=email)
    if person is None or not queries.was_main_user(account=person, vehicle=vehicle):
        raise NobodyToAdd(email=email)
    assignment = assign_user(vehicle=vehicle, account=person, role=Role.MAIN_USER, at=clock.now())
    Assignment.objects.filter(id=assignment.id, reason="").update(reason=reason.strip())
    vehicle.refresh_from_db()
    return vehicle


@audit.explained
@transaction.atomic
def invite_main_user(*, by: Account, vin: str, email: str, language: str, reason: str) -> Invitation:
    """
    This will invite the person to whom a car belongs, who bought it elsewhere or has no account yet (ID-005, ID-023).

    For the selling partner and Assistance; others get NotFound. The selling partner stored with the car stays. Raises
    ReasonMissing and VehicleHasMainUser.
    """
    vehicle = lock_vehicle(vin=vin)
    queries.require_staff(account=by, vehicle=vehicle, permission="see_registration")
    if not reason.strip():
        raise ReasonMissing
    if queries.main_user_of(vehicle=vehicle) is not None:
        raise VehicleHasMainUser
    return invite(
        vehicle=vehicle,
        role=Role.MAIN_USER,
        by=by,
        partner=partners.partner_of_staff(account=by),
        email=email,
        language=language,
        reason=reason.strip(),
    )


@transaction.atomic
def plan_delivery(
    *,
    by: Account,
    car: CarFacts,
    buyer_email: str,
    buyer_language: str,
    handover_on: date,
) -> DeliveryOrder:
    """
    This will record a sale that is handed over on a day; the invitation goes out by itself before it (ID-002, ID-007).

    Planning it again changes day and buyer. Raises DayIsOver, and what `register_for_partner` raises.
    """
    sold = register_for_partner(by=by, car=car)
    zone = catalog.country(car.country).timezone
    if rules.end_of_day(handover_on, zone) <= clock.now():
        raise DayIsOver
    facts = {
        "partner": sold.partner,
        "ordered_by": by,
        "buyer_email": buyer_email.lower(),
        "buyer_language": catalog.language_of_pack(buyer_language),
        "handover_on": handover_on,
        "invite_at": rules.start_of_day(handover_on - catalog.terms().invitation_before_handover, zone),
    }
    order, is_new = DeliveryOrder.objects.select_for_update(of=("self",)).get_or_create(
        vehicle=sold.vehicle, invitation=None, called_off_at=None, defaults=facts
    )
    if not is_new:
        for name, value in facts.items():
            setattr(order, name, value)
        order.save()
    return order


@transaction.atomic
def call_off_delivery(*, by: Account, delivery_id: UUID) -> None:
    """
    This will end a planned delivery; nobody is invited. Repeating it changes nothing.

    For staff of its partner; others get NotFound, and so does a delivery whose invitation has gone out.
    """
    partner = partners.partner_of_staff(account=by)
    order = DeliveryOrder.objects.select_for_update(of=("self",)).filter(id=delivery_id, partner=partner).first()
    if partner is None or order is None or order.invitation_id is not None:
        raise NotFound
    if order.called_off_at is None:
        order.called_off_at = clock.now()
        order.save(update_fields=["called_off_at"])


@transaction.atomic
def send_due_invitation(*, delivery_id: UUID, at: datetime) -> bool:
    """
    This will invite the buyer of a car that is handed over soon, once, without anybody at the partner doing it (ID-002).

    Returns whether it did: an invitation that is open for this buyer already counts as sent.
    """
    known = DeliveryOrder.objects.filter(id=delivery_id).select_related("vehicle").first()
    if known is None:
        return False
    vehicle = lock_vehicle(vin=known.vehicle.vin)
    order = (
        DeliveryOrder.objects.select_for_update(of=("self",))
        .filter(id=delivery_id, invitation=None, called_off_at=None, invite_at__lte=at)
        .select_related("partner", "ordered_by")
        .first()
    )
    if order is None:
        return False
    if queries.main_user_of(vehicle=vehicle) is not None:
        # somebody is its main user already: there is nobody to invite
        order.called_off_at = at
        order.save(update_fields=["called_off_at"])
        return False
    waiting = Invitation.objects.filter(
        vehicle=vehicle, role=Role.MAIN_USER, email=order.buyer_email, used_at=None, voided_at=None
    ).first()
    order.invitation = waiting or invite(
        vehicle=vehicle,
        role=Role.MAIN_USER,
        by=order.ordered_by,
        partner=order.partner,
        email=order.buyer_email,
        language=order.buyer_language,
    )
    order.save(update_fields=["invitation"])
    return True
