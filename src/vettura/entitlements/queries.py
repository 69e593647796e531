"""What is true of contracts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from vettura.catalog import queries as catalog
from vettura.entitlements import rules
from vettura.entitlements.models import Contract, Phase
from vettura.foundation import statements
from vettura.vehicle_link import queries as link
from vettura.vehicles.models import Vehicle

DOCUMENT = "contracts"
# The services whose contracts run, as every remote command asks it: a column beside the car, see
# `vehicles.queries.reach_of`. What runs is said in `rules.is_running`.
RUNNING = """ARRAY(
    SELECT DISTINCT service_id FROM entitlements_contract
    WHERE vehicle_id = vehicle.id AND starts_at <= %(at)s
      AND (ends_at IS NULL OR ends_at > %(at)s) AND (ended_at IS NULL OR ended_at > %(at)s))"""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """
    How a vehicle stands with one service.

    `covered_until`: end of the running contract and what follows it; None when nothing runs or when it has no end.
    `renewable_from`: first moment for a renewal; None when nothing runs. `had_inclusive`: the free term was begun once.
    """

    service_id: str
    running: Contract | None
    covered_until: datetime | None
    is_unlimited: bool
    renewable_from: datetime | None
    had_inclusive: bool
    latest: Contract | None


def contracts_of(*, vehicles: Sequence[Vehicle]) -> dict[str, list[Contract]]:
    """All contracts of vehicles by VIN, past and future ones too, in the order they start. One query."""
    found: dict[str, list[Contract]] = {vehicle.vin: [] for vehicle in vehicles}
    vins = {vehicle.id: vehicle.vin for vehicle in vehicles}
    for contract in Contract.objects.filter(vehicle_id__in=vins).order_by("starts_at", "id"):
        found[vins[contract.vehicle_id]].append(contract)
    return found


def contracts_of_lines(*, order_line_ids: Iterable[UUID]) -> list[Contract]:
    """The contracts that order lines became, in the order they start."""
    return list(Contract.objects.filter(order_line_id__in=list(order_line_ids)).order_by("starts_at", "id"))


def is_entitled(*, vehicle: Vehicle, service_id: str, at: datetime) -> bool:
    """Whether a contract for the service runs for this vehicle (STO-052)."""
    found = Contract.objects.filter(vehicle=vehicle, service_id=service_id)
    return any(rules.is_running(contract, at) for contract in found)


def running_services(*, vehicle: Vehicle, at: datetime) -> set[str]:
    """The services that the vehicle may use now."""
    statement = f"SELECT {RUNNING} FROM vehicles_vehicle vehicle WHERE id = %(id)s"  # noqa: S608  # our own text
    return set(statements.fetch(statement, {"id": vehicle.id, "at": at})[0][0])


def entitled_commands(*, vehicle: Vehicle, at: datetime) -> set[str]:
    """The remote command types that running contracts unlock and the vehicle understands."""
    return commands_of(vehicle=vehicle, services=running_services(vehicle=vehicle, at=at))


def commands_of(*, vehicle: Vehicle, services: Iterable[str]) -> set[str]:
    """The remote command types that these services unlock and the vehicle understands. Asks no database."""
    understood = set(catalog.generation(vehicle.generation).commands_of(vehicle.drive))
    known = catalog.pack().services
    return understood.intersection(
        command for each in services if (service := known.get(each)) for command in service.commands
    )


def standings_of(*, vehicles: Sequence[Vehicle], at: datetime) -> dict[str, dict[str, Standing]]:
    """How vehicles stand with each service they ever had a contract for, by VIN and service. One query."""
    found = contracts_of(vehicles=vehicles)
    return {vehicle.vin: _standings(vehicle, found[vehicle.vin], at) for vehicle in vehicles}


def _standings(vehicle: Vehicle, contracts: list[Contract], at: datetime) -> dict[str, Standing]:
    by_service: dict[str, list[Contract]] = {}
    for contract in contracts:
        by_service.setdefault(contract.service_id, []).append(contract)
    return {service_id: _standing(vehicle, service_id, each, at) for service_id, each in by_service.items()}


def _standing(vehicle: Vehicle, service_id: str, contracts: list[Contract], at: datetime) -> Standing:
    until, is_unlimited = rules.covered_until(contracts, at)
    opens = None
    if until is not None:
        opens = rules.renewable_from(
            until, window_days=catalog.terms().renewal_window, zone=catalog.country(vehicle.country).timezone
        )
    return Standing(
        service_id=service_id,
        running=next((contract for contract in contracts if rules.is_running(contract, at)), None),
        covered_until=until,
        is_unlimited=is_unlimited,
        renewable_from=opens,
        had_inclusive=any(contract.phase == Phase.INCLUSIVE for contract in contracts),
        latest=contracts[-1] if contracts else None,
    )


def document(*, vehicle: Vehicle, at: datetime) -> dict[str, Any]:  # JSON
    """What the car is told: contracts that run or are to come, and the commands that each unlocks."""
    understood = catalog.generation(vehicle.generation).commands_of(vehicle.drive)
    found = Contract.objects.filter(vehicle=vehicle).order_by("service_id", "starts_at")
    services = []
    for contract in found:
        end = rules.effective_end(contract)
        service = catalog.pack().services.get(contract.service_id)
        if (end is not None and end <= at) or service is None:
            continue
        services.append(
            {
                "id": service.id,
                "name": dict(service.name),
                "starts_at": contract.starts_at.isoformat(),
                "ends_at": None if end is None else end.isoformat(),
                "phase": contract.phase,
                "commands": [command for command in service.commands if command in understood],
            }
        )
    return {"services": services}


def waits_for_restart(*, vehicle: Vehicle) -> bool:
    """Whether the car has not yet put its newest contracts to use: it does at its next restart with a connection (STO-033)."""
    found = link.document_of(vehicle=vehicle, name=DOCUMENT)
    return found is not None and found.acknowledged_version < found.version
