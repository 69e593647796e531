"""Which service may be used in this car now, and why not: the car judges for itself."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from vettura_pack.model import Service
from vettura_wire.events import ContractEntry, ContractsBody

if TYPE_CHECKING:
    from vettura_car.car import Car

SECURITY_GROUP = "security"
"""The pack's group of breakdown call and vehicle tracking."""
MAIN_USER, VISITOR = "main_user", "visitor"


class Standing(NamedTuple):
    """How a service stands: ``reason`` names a text when it is not active; ``contract`` is what the car holds of it."""

    is_active: bool
    reason: str | None
    contract: ContractEntry | None


class Entitlement:
    """The car's own view of its contracts."""

    def __init__(self, car: "Car") -> None:
        self._car = car

    def of(self, service_id: str) -> Standing:  # noqa: PLR0911 - the order of the reasons is the rule
        """
        This will tell how a service stands, with the first reason against it.

        No contract (STO-052), not yet restarted (STO-033), the car not linked (C-71), ended, privacy, no data, no grant.
        """
        car = self._car
        contract = _find(car.contracts(), service_id)
        waiting = _find(car.waiting_contracts(), service_id)
        if car.build.generation.needs_pairing_code and not car.users.main_linked:
            return Standing(False, "not_linked", contract or waiting)
        if contract is None:
            return Standing(False, "restart_needed" if waiting else "no_contract", waiting)
        if not _runs(contract, car.world_now()):
            renewed = waiting is not None and _runs(waiting, car.world_now())
            return Standing(False, "restart_needed" if renewed else "ended", contract)
        service = car.build.pack.services.get(service_id)
        if self.can_be_private(service_id) and (
            car.condition.privacy_on or service_id in car.condition.private_services
        ):
            return Standing(False, "privacy_on", contract)
        if not car.has_data:
            return Standing(False, "no_data", contract)
        if service is not None:
            reason = self._against_person(service)
            if reason is not None:
                return Standing(False, reason, contract)
        return Standing(True, None, contract)

    def _against_person(self, service: Service) -> str | None:
        """
        Why whoever sits in the car may not use the service: remote services are for users of the car (USR-015, TAY-007,
        TAY-017) and under the main user's grant; for anybody but the main user breakdown call and vehicle tracking stand
        under that grant too (USR-013, USR-016, C-24).
        """
        car = self._car
        person = car.signed_in
        is_guest = car.condition.guest
        # help after a breakdown is for whoever sits in the car, though it can be called from afar too
        is_remote = service.needs_remote_access or (service.commands and service.group != SECURITY_GROUP)
        if is_remote:
            if is_guest:
                return "guest_no_remote"
            if person is not None and person.role == VISITOR:
                return "assignment_needed"
        is_other = is_guest or (person is not None and person.role != MAIN_USER)
        under_grant = service.needs_remote_access or (is_other and service.group == SECURITY_GROUP)
        return "remote_access_missing" if under_grant and not car.has_remote_access else None

    def can_be_private(self, service_id: str) -> bool:
        """Whether privacy mode stops the service; theft protection cannot be switched off (C-77)."""
        service = self._car.build.pack.services.get(service_id)
        return service is None or service.class_ != "vehicle_tracking"

    def allows(self, command: str) -> bool:
        """Whether a contract in force allows this command now; a car that is not linked is entitled to nothing."""
        car = self._car
        if car.build.generation.needs_pairing_code and not car.users.main_linked:
            return False
        now = car.world_now()
        return any(command in entry.commands and _runs(entry, now) for entry in car.contracts().services)

    def is_private(self, command: str) -> bool:
        """Whether privacy mode forbids this command: for all, or for every service that would allow it (PRI-001)."""
        car = self._car
        if car.condition.privacy_on:
            return True
        allowing = [entry.id for entry in car.contracts().services if command in entry.commands]
        return bool(allowing) and all(service in car.condition.private_services for service in allowing)


def days_left(contract: ContractEntry, at: datetime) -> int | None:
    """Whole days until the contract ends, rounded up; None without an end, 0 when it is over."""
    if contract.ends_at is None:
        return None
    seconds = (contract.ends_at - at).total_seconds()
    return max(0, -int(-seconds // 86400))


def _find(body: ContractsBody, service_id: str) -> ContractEntry | None:
    return next((entry for entry in body.services if entry.id == service_id), None)


def _runs(entry: ContractEntry, at: datetime) -> bool:
    return entry.starts_at <= at and (entry.ends_at is None or at < entry.ends_at)
