"""Cars that a person adds by VIN: claimed with the registration document, decided at the desk (GAR-004, C-16, C-76)."""

from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from vettura.catalog import queries as catalog
from vettura.foundation import audit, clock
from vettura.foundation.errors import NotFound
from vettura.identity.models import Account
from vettura.notifications import actions as notifications
from vettura.partners import queries as partners
from vettura.vehicles import queries, rules
from vettura.vehicles.actions.registration import CarFacts, check_generation, register_vehicle
from vettura.vehicles.actions.users import assign_user, lock_vehicle
from vettura.vehicles.errors import (
    AlreadyInGarage,
    CannotBeAdded,
    ClaimDecided,
    DocumentUnreadable,
    InvitationNeeded,
    ReasonMissing,
    TooManyClaims,
    TooManyTries,
    VinMalformed,
    WasRemoved,
)
from vettura.vehicles.models import OwnershipClaim, Role, Vehicle

# whose a car is concerns nobody else: nobody tries many VINs to learn it. Technical, not business
REFUSALS_PER_DAY = 20
DAY_SECONDS = 86_400
# a photograph of a paper from any phone; technical, not business
MOST_MEGABYTES = 8
Status = OwnershipClaim.Status


def check_addable(*, by: Account, vin: str, has_connect: bool) -> Vehicle | None:
    """
    The car with this VIN, None if we do not know it yet, provided that this person may claim it. Changes nothing.

    Raises TooManyTries after many cars that could not be added, VinMalformed, AlreadyInGarage, WasRemoved for a car that was
    removed from this garage (GAR-008), CannotBeAdded for one that has a main user or waits for an invited one, and
    InvitationNeeded for one with online services where people come in by invitation (ID-023, ID-027).
    """
    if not rules.is_vin(vin):
        raise VinMalformed(vin=vin)
    tries = f"vehicles.refused_adds:{by.id}"
    if cache.get(tries, 0) >= REFUSALS_PER_DAY:
        raise TooManyTries
    vehicle = queries.find_vehicle(vin=vin)
    if vehicle is not None:
        if queries.role_of(account=by, vehicle=vehicle) == rules.MAIN_USER:
            raise AlreadyInGarage
        if queries.was_main_user(account=by, vehicle=vehicle):
            raise WasRemoved
        if not queries.is_free(vehicle=vehicle, at=clock.now()):
            cache.add(tries, 0, DAY_SECONDS)
            cache.incr(tries)
            raise CannotBeAdded
    connected = has_connect if vehicle is None else queries.has_connect(vehicle=vehicle)
    if connected and not catalog.country(by.country).self_registration:
        raise InvitationNeeded
    return vehicle


def claim_vehicle(
    *,
    by: Account,
    vin: str,
    model_line: str,
    generation: str,
    model_name: str,
    model_year: int,
    has_connect: bool,
    document: bytes,
    partner_id: UUID | None,
) -> OwnershipClaim:
    """
    This will ask a partner, or Assistance, to look at the registration document and to add the car.

    Until then it gives no right: no data, no command (C-76). Claiming a car again while it is being checked changes
    nothing. Raises what `check_addable` raises, DocumentUnreadable, GenerationDoesNotFit, TooManyClaims, and NotFound for
    an unknown partner.
    """
    vin = rules.normal_vin(vin)
    pending = OwnershipClaim.objects.filter(account=by, status=Status.PENDING)
    known = pending.filter(vin=vin).first()
    if known is not None:
        return known
    # outside a transaction: the count of tries must outlive the refusal
    vehicle = check_addable(by=by, vin=vin, has_connect=has_connect)
    if vehicle is None:
        check_generation(model_line, generation, model_year, catalog.drive_of_model(generation, model_name), ())
    most = catalog.terms().ownership_claims_at_once
    if pending.count() >= most:
        raise TooManyClaims(count=most)
    content_type = rules.kind_of_document(document)
    if content_type is None or len(document) > MOST_MEGABYTES * 1024 * 1024:
        raise DocumentUnreadable(megabytes=MOST_MEGABYTES)
    claim, _ = OwnershipClaim.objects.get_or_create(
        account=by,
        vin=vin,
        status=Status.PENDING,
        defaults={
            "model_line": vehicle.model_line if vehicle else model_line,
            "generation": vehicle.generation if vehicle else generation,
            "model_name": vehicle.model_name if vehicle else model_name,
            "model_year": vehicle.model_year if vehicle else model_year,
            "has_connect": has_connect,
            "partner": partners.partner(id=partner_id) if partner_id is not None else None,
            "document": rules.sealed_document(data=document, secret=settings.SECRET_KEY),
            "document_type": content_type,
            "claimed_at": clock.now(),
        },
    )
    return claim


@transaction.atomic
def withdraw_claim(*, by: Account, claim_id: UUID) -> None:
    """
    This will take a claim back and delete its document. Repeating it changes nothing.

    Raises NotFound for somebody else's, and ClaimDecided.
    """
    claim = OwnershipClaim.objects.select_for_update().filter(id=claim_id, account=by).first()
    if claim is None:
        raise NotFound
    if claim.status == Status.WITHDRAWN:
        return
    if claim.status != Status.PENDING:
        raise ClaimDecided
    _close(claim, status=Status.WITHDRAWN, by=by, reason="")


@audit.explained
@transaction.atomic
def approve_claim(*, by: Account, claim_id: UUID, reason: str) -> Vehicle:
    """
    This will add the car to the garage of the person whose proof was looked at, and delete the document.

    For Assistance, and for staff of the partner that the person chose; others get NotFound. Approving twice is the same
    as once. Raises ReasonMissing, ClaimDecided, and VehicleHasMainUser when somebody else came first.
    """
    claim = _to_decide(by, claim_id)
    if claim.status == Status.APPROVED:
        return queries.vehicle_by_vin(vin=claim.vin)
    _check_decidable(claim, reason)
    car = CarFacts(
        vin=claim.vin,
        model_line=claim.model_line,
        generation=claim.generation,
        model_name=claim.model_name,
        model_year=claim.model_year,
        drive=catalog.drive_of_model(claim.generation, claim.model_name),
        equipment=_equipment(claim),
        country=claim.account.country,
    )
    vehicle = register_vehicle(car=car)
    queries.require_staff(account=by, vehicle=vehicle, permission="check_proof")
    vehicle = lock_vehicle(vin=claim.vin)
    assign_user(vehicle=vehicle, account=claim.account, role=Role.MAIN_USER, at=clock.now())
    _close(claim, status=Status.APPROVED, by=by, reason=reason)
    _mail(claim)
    vehicle.refresh_from_db()
    return vehicle


def _equipment(claim: OwnershipClaim) -> list[str]:
    """What the person said of online services, in the best form that the generation has."""
    if not claim.has_connect:
        return []
    fitted = catalog.generation(claim.generation).equipment
    best = next((code for code in ("connect_plus", "connect") if code in fitted), None)
    return [best] if best else []


@audit.explained
@transaction.atomic
def refuse_claim(*, by: Account, claim_id: UUID, reason: str) -> None:
    """
    This will tell the person that the proof does not do, with the reason, and delete the document.

    For Assistance, and for staff of the partner that the person chose; others get NotFound. Refusing twice is the same as
    once. Raises ReasonMissing and ClaimDecided.
    """
    claim = _to_decide(by, claim_id)
    if claim.status == Status.REFUSED:
        return
    _check_decidable(claim, reason)
    _close(claim, status=Status.REFUSED, by=by, reason=reason)
    _mail(claim)


def _to_decide(by: Account, claim_id: UUID) -> OwnershipClaim:
    known = queries.claim_to_check(by=by, claim_id=claim_id)
    return OwnershipClaim.objects.select_for_update(of=("self",)).select_related("account").get(id=known.id)


def _check_decidable(claim: OwnershipClaim, reason: str) -> None:
    if claim.status != Status.PENDING:
        raise ClaimDecided
    if not reason.strip():
        raise ReasonMissing


def _close(claim: OwnershipClaim, *, status: OwnershipClaim.Status, by: Account, reason: str) -> None:
    claim.status, claim.document = status, None
    claim.decided_at, claim.decided_by, claim.reason = clock.now(), by, reason.strip()
    claim.save(update_fields=["status", "document", "decided_at", "decided_by", "reason"])


def _mail(claim: OwnershipClaim) -> None:
    account, labels = claim.account, catalog.labels(claim.account.language)
    notifications.send_mail(
        recipient_id=account.id,
        to=account.email,
        language=account.language,
        template="vehicles/mail/claim_decided",
        facts={
            "model_name": claim.model_name,
            "vin": claim.vin,
            "is_approved": claim.status == Status.APPROVED,
            "reason": claim.reason,
            "link": f"{settings.VETTURA_BASE_URL}/vehicles/",
            "portal": labels["portal"],
            "support": labels["support"],
        },
    )
