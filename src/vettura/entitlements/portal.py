"""What owners see of contracts: the panel of the vehicle's services page."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from vettura.catalog import queries as catalog
from vettura.entitlements import queries, rules
from vettura.entitlements.models import Contract
from vettura.foundation import clock
from vettura.identity import queries as identity
from vettura.identity.models import Account
from vettura.vehicles import queries as vehicle_queries
from vettura.vehicles.models import Vehicle


@dataclass(frozen=True)
class Row:
    """One service of the list: its contract that runs or ended last."""

    name: str
    summary: str
    contract: Contract
    is_running: bool
    days_left: int | None
    is_renewable: bool
    is_configurable: bool
    follows_until: object


def panel_contracts(*, account: Account, vehicles: Sequence[Vehicle], request: HttpRequest) -> dict[str, SafeString]:
    """Each vehicle's services with the time left, for main and secondary users (STO-047, STO-048, C-78)."""
    at = clock.now()
    standings = queries.standings_of(vehicles=vehicles, at=at)
    return {
        vehicle.vin: render_to_string(
            "entitlements/_contracts.html",
            {
                "vehicle": vehicle,
                "rows": [row for each in standings[vehicle.vin].values() if (row := _row(vehicle, each))],
                "waits_for": _waits_for(vehicle, has_contracts=bool(standings[vehicle.vin])),
                "may_buy": vehicle_queries.may(
                    role=vehicle_queries.role_of(account=account, vehicle=vehicle), permission="buy"
                ),
            },
            request=request,
        )
        for vehicle in vehicles
    }


def _row(vehicle: Vehicle, standing: queries.Standing) -> Row | None:
    contract = standing.running or standing.latest
    service = catalog.pack().services.get(standing.service_id)
    if contract is None or service is None:
        return None
    at, language = clock.now(), catalog.language_of_pack(get_language())
    end = rules.effective_end(contract)
    return Row(
        name=service.name[language],
        summary=service.summary[language],
        contract=contract,
        is_running=standing.running is not None,
        days_left=None if end is None else rules.days_left(end, at),
        is_renewable=not standing.is_unlimited and (standing.renewable_from is None or at >= standing.renewable_from),
        is_configurable=service.configurable,
        follows_until=standing.covered_until if standing.covered_until != end else None,
    )


def _waits_for(vehicle: Vehicle, *, has_contracts: bool) -> str:
    """What must happen before the services work: `acceptance`, `pairing`, `restart`, or nothing."""
    main_user = vehicle_queries.main_user_of(vehicle=vehicle)
    if main_user is None or identity.accepted_terms_at(account=main_user) is None:
        return "acceptance"
    if not has_contracts:
        return ""
    if not vehicle_queries.is_linked(vehicle=vehicle):
        return "pairing"
    return "restart" if queries.waits_for_restart(vehicle=vehicle) else ""
