"""Contracts for programs: `GET /api/v1/vehicles/{vin}/contracts`."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Query, Router, Schema

from vettura.catalog import queries as catalog
from vettura.entitlements import queries, rules
from vettura.entitlements.models import Contract
from vettura.foundation import clock, pages
from vettura.foundation.errors import NotFound
from vettura.identity.models import Account
from vettura.vehicles import queries as vehicles

router = Router(tags=["contracts"])
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
After = Annotated[UUID | None, Query(description="The last contract of the page before.")]


class ContractOut(Schema):
    """
    A contract of a vehicle. `status` is `upcoming`, `running` or `ended`; `ends_at` null is without end.

    `ended_because`, empty while it is not over: `term`, `withdrawn` or `account_deleted`.
    """

    id: UUID
    service_id: str
    name: str
    offer_id: str
    phase: str
    status: str
    ended_because: str
    starts_at: datetime
    ends_at: datetime | None
    renewable_from: datetime | None


@router.get("/{vin}/contracts", response=list[ContractOut], operation_id="list_contracts")
def list_contracts(
    request: HttpRequest, response: HttpResponse, vin: str, after: After = None, limit: Limit = 200
) -> list[ContractOut]:
    """The contracts of a vehicle that the account uses, in the order they start."""
    at = clock.now()
    vehicle = vehicles.vehicle_for(account=_account(request), vin=vin)
    standings = queries.standings_of(vehicles=[vehicle], at=at)[vin]
    found = queries.contracts_of(vehicles=[vehicle])[vin]
    if after is not None:
        ids = [contract.id for contract in found]
        if after not in ids:
            raise NotFound
        found = found[ids.index(after) + 1 :]
    page = found[:limit]
    if len(found) > limit:
        pages.link_next(request, response, after=page[-1].id)
    return [_contract_out(contract, standings[contract.service_id], at) for contract in page]


def _account(request: HttpRequest) -> Account:
    account: Account = getattr(request, "auth")  # noqa: B009  (ninja sets it; Django's request type does not know it)
    return account


def _contract_out(contract: Contract, standing: queries.Standing, at: datetime) -> ContractOut:
    end = rules.effective_end(contract)
    status = "running" if rules.is_running(contract, at) else "upcoming" if contract.starts_at > at else "ended"
    service = catalog.pack().services.get(contract.service_id)
    return ContractOut(
        id=contract.id,
        service_id=contract.service_id,
        name=service.name[catalog.language_of_pack(get_language())] if service else contract.service_id,
        offer_id=contract.offer_id,
        phase=contract.phase,
        status="ended" if end is not None and end <= at else status,
        ended_because=contract.ended_because,
        starts_at=contract.starts_at,
        ends_at=end,
        renewable_from=standing.renewable_from if status == "running" else None,
    )
