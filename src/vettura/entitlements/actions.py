"""What can happen to contracts. Each change locks the vehicle's contract book and tells the car in the same transaction."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from vettura.catalog import queries as catalog
from vettura.entitlements import errors, events, queries, rules
from vettura.entitlements.models import Contract, ContractBook, Phase
from vettura.foundation import clock, outbox
from vettura.foundation.errors import NotAllowed, NotFound
from vettura.identity import queries as identity
from vettura.identity.models import Account
from vettura.vehicle_link import actions as link
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle


@transaction.atomic
def start_inclusive_contracts(*, vin: str, at: datetime) -> list[Contract]:
    """
    Start the free first terms of a vehicle, counted from `at`, and tell the car what it has (STO-053 to STO-055, C-22).

    Each service has its free term once per VIN: repeating it, or a new owner, starts nothing again (STO-003). A service
    that opens a SIM does not start by itself where telecom law asks who uses it: it is ordered, by somebody identified.
    """
    vehicle = vehicles.vehicle_by_vin(vin=vin)
    is_identity_asked = catalog.country(vehicle.country).identity_check
    _lock(vehicle)
    has = {contract.service_id for contract in Contract.objects.filter(vehicle=vehicle)}
    started = []
    for offer in catalog.inclusive_offers_for(
        generation=vehicle.generation, drive=vehicle.drive, equipment=vehicle.equipment, country=vehicle.country
    ):
        for service_id in offer.services:
            if service_id in has or (is_identity_asked and catalog.service(service_id).is_sim_bound):
                continue
            has.add(service_id)
            started.append(
                _start(
                    vehicle=vehicle,
                    service_id=service_id,
                    offer_id=offer.id,
                    phase=Phase.INCLUSIVE,
                    starts_at=at,
                    days=offer.inclusive_days,
                )
            )
    _tell_car(vehicle)
    return started


def start_after_acceptance(*, vin: str, account: Account, at: datetime) -> None:
    """This will start the free terms of a vehicle whose main user has accepted both documents; else it does nothing (STO-053)."""
    accepted_at = identity.accepted_terms_at(account=account)
    if accepted_at is not None:
        start_inclusive_contracts(vin=vin, at=max(at, accepted_at))


def start_for_all_vehicles_of(*, account: Account, at: datetime) -> None:
    """This will start the free terms of every vehicle whose main user has just accepted the documents (STO-054)."""
    if identity.accepted_terms_at(account=account) is None:
        return
    for vehicle in vehicles.garage_of(account=account):
        if vehicle.role == "main_user":
            start_inclusive_contracts(vin=vehicle.vin, at=at)


@transaction.atomic
def start_paid_contracts(
    *, vehicle: Vehicle, order_line_id: UUID, offer_id: str, at: datetime, is_free: bool = False
) -> list[Contract]:
    """
    Start what an order line bought: one contract per service of the offer, each after the last one of its service.

    `is_free` is an inclusive term that was ordered at no cost (STO-024). Repeating it returns the contracts already made.
    Raises AlreadyUnlimited. It does not check who buys, nor the renewal window: the store does.
    """
    _lock(vehicle)
    made = list(Contract.objects.filter(order_line_id=order_line_id))
    if made:
        return made
    offer = catalog.offer(offer_id)
    for service_id in offer.services:
        chain = Contract.objects.filter(vehicle=vehicle, service_id=service_id)
        until, is_unlimited = rules.covered_until(chain, at)
        if is_unlimited:
            raise errors.AlreadyUnlimited
        made.append(
            _start(
                vehicle=vehicle,
                service_id=service_id,
                offer_id=offer.id,
                phase=Phase.INCLUSIVE if is_free else Phase.PAID,
                # a renewal is attached without a gap (STO-045)
                starts_at=until or at,
                days=offer.inclusive_days if is_free else offer.term,
                order_line_id=order_line_id,
            )
        )
    _tell_car(vehicle)
    return made


@transaction.atomic
def end_contracts_of_order(*, vehicle: Vehicle, order_line_ids: Collection[UUID], at: datetime) -> int:
    """This will end the contracts of withdrawn order lines now, those that have not begun too; returns how many."""
    _lock(vehicle)
    found = Contract.objects.filter(vehicle=vehicle, order_line_id__in=list(order_line_ids), ended_at=None)
    for contract in found:
        _end(contract, vehicle=vehicle, at=max(at, contract.starts_at), because="withdrawn")
    _tell_car(vehicle)
    return len(found)


@transaction.atomic
def end_contracts_of_deleted_account(*, vin: str, at: datetime) -> int:
    """
    End what was delivered to a car whose main user deleted the account (ID-039, C-44); returns how many contracts ended.

    What has no end stays: a function that was bought for good, or that comes with the car, is the car's.
    """
    vehicle = vehicles.vehicle_by_vin(vin=vin)
    _lock(vehicle)
    found = [
        contract
        for contract in Contract.objects.filter(vehicle=vehicle, ended_at=None, ends_at__gt=at)
        if rules.ends_with_account(contract)
    ]
    for contract in found:
        _end(contract, vehicle=vehicle, at=max(at, contract.starts_at), because=rules.ACCOUNT_DELETED)
    _tell_car(vehicle)
    return len(found)


@transaction.atomic
def end_expired_contracts(*, vehicle_id: UUID, at: datetime) -> int:
    """This will note the end of contracts whose term is over; returns how many."""
    book = ContractBook.objects.select_for_update(of=("self",)).select_related("vehicle").get(vehicle_id=vehicle_id)
    found = Contract.objects.filter(vehicle_id=vehicle_id, ended_at=None, ends_at__lte=at)
    for contract in found:
        _end(contract, vehicle=book.vehicle, at=contract.ends_at or at, because="term")
    _tell_car(book.vehicle)
    return len(found)


@transaction.atomic
def set_remaining_time(*, vin: str, offer_id: str, remaining: timedelta) -> list[Contract]:
    """
    Let the running contracts of an offer's services end after `remaining`, to show renewal in the demo world and in tests.

    Raises NotAllowed outside the demo, NotFound when none runs.
    """
    if not settings.IS_DEMO:
        raise NotAllowed
    vehicle, at = vehicles.vehicle_by_vin(vin=vin), clock.now()
    _lock(vehicle)
    chosen = Contract.objects.filter(vehicle=vehicle, service_id__in=catalog.offer(offer_id).services)
    running = [contract for contract in chosen if rules.is_running(contract, at)]
    if not running:
        raise NotFound
    for contract in running:
        contract.ends_at = at + remaining
        contract.save(update_fields=["ends_at"])
    _tell_car(vehicle)
    return running


def _lock(vehicle: Vehicle) -> None:
    ContractBook.objects.get_or_create(vehicle=vehicle)
    ContractBook.objects.select_for_update().get(vehicle=vehicle)


def _start(
    *,
    vehicle: Vehicle,
    service_id: str,
    offer_id: str,
    phase: Phase,
    starts_at: datetime,
    days: int | None,
    order_line_id: UUID | None = None,
) -> Contract:
    contract = Contract.objects.create(
        vehicle=vehicle,
        service_id=service_id,
        offer_id=offer_id,
        order_line_id=order_line_id,
        phase=phase,
        starts_at=starts_at,
        ends_at=rules.end_of_term(starts_at, days),
    )
    outbox.publish(
        events.ContractStarted(
            vin=vehicle.vin, contract_id=contract.id, service_id=service_id, phase=phase.value, at=starts_at
        )
    )
    return contract


def _end(contract: Contract, *, vehicle: Vehicle, at: datetime, because: str) -> None:
    contract.ended_at, contract.ended_because = at, because
    contract.save(update_fields=["ended_at", "ended_because"])
    outbox.publish(
        events.ContractEnded(
            vin=vehicle.vin, contract_id=contract.id, service_id=contract.service_id, because=because, at=at
        )
    )


def _tell_car(vehicle: Vehicle) -> None:
    link.set_document(vin=vehicle.vin, name=queries.DOCUMENT, body=queries.document(vehicle=vehicle, at=clock.now()))
