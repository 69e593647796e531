"""What owners see of contracts: the panel of the vehicle's services page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from vettura.catalog import queries as catalog
from vettura.entitlements import queries, rules
from vettura.entitlements.models import Contract
from vettura.foundation import clock
from vettura.identity import queries as identity
from vettura.identity.models import Account
from vettura.vehicles import queries as vehicle_queries
from vettura.vehicles.models import Vehicle

# a term shows as a bar in its last months; before, its end is all there is to know
BAR_FROM_DAYS = 60


@dataclass(frozen=True)
class Row:
    """One service of the list: its contract that runs or ended last."""

    name: str
    group: str
    contract: Contract
    is_running: bool
    is_ended_by_deletion: bool
    ends_at: datetime | None
    days_left: int | None
    ends_soon: bool
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
                "groups": _groups([row for each in standings[vehicle.vin].values() if (row := _row(vehicle, each))]),
                "waits_for": _waits_for(vehicle, has_contracts=bool(standings[vehicle.vin])),
                "may_buy": vehicle_queries.may(
                    role=vehicle_queries.role_of(account=account, vehicle=vehicle), permission="buy"
                ),
            },
            request=request,
        )
        for vehicle in vehicles
    }


def panel_stays(*, account: Account, vehicles: Sequence[Vehicle], request: HttpRequest) -> dict[str, SafeString]:
    """What of each car's services the next owner has, and until when (STO-002, STO-003)."""
    standings = queries.standings_of(vehicles=vehicles, at=clock.now())
    found = {}
    for vehicle in vehicles:
        rows = [row for each in standings[vehicle.vin].values() if (row := _row(vehicle, each)) and row.is_running]
        stays = [{"name": row.name, "ends_at": row.follows_until or row.ends_at} for row in rows]
        stays.sort(key=lambda row: str(row["name"]))
        found[vehicle.vin] = render_to_string("entitlements/_stays.html", {"rows": stays}, request=request)
    return found


def _row(vehicle: Vehicle, standing: queries.Standing) -> Row | None:
    contract = standing.running or standing.latest
    service = catalog.pack().services.get(standing.service_id)
    if contract is None or service is None:
        return None
    at, language = clock.now(), catalog.language_of_pack(get_language())
    end = rules.effective_end(contract)
    days_left = None if end is None else rules.days_left(end, at)
    return Row(
        name=service.name[language],
        group=service.group,
        contract=contract,
        is_running=standing.running is not None,
        is_ended_by_deletion=standing.running is None and contract.ended_because == rules.ACCOUNT_DELETED,
        ends_at=end,
        days_left=days_left,
        ends_soon=days_left is not None and days_left <= BAR_FROM_DAYS and standing.covered_until == end,
        is_renewable=not standing.is_unlimited and (standing.renewable_from is None or at >= standing.renewable_from),
        is_configurable=service.configurable,
        follows_until=standing.covered_until if standing.covered_until != end else None,
    )


def _groups(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    """The services by what they do, in the order of the pack; what runs first, what ends next on top."""
    language = catalog.language_of_pack(get_language())
    by_group: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (not row.is_running, row.days_left is None, row.days_left or 0, row.name)):
        by_group.setdefault(row.group, []).append(row)
    known = catalog.pack().service_groups
    return [(name[language], by_group[key]) for key, name in known.items() if key in by_group]


def panel_renewals(*, account: Account, vehicles: Sequence[Vehicle], request: HttpRequest) -> dict[str, SafeString]:
    """What ends soon and can be renewed now, for main users, as one of the things that a car needs."""
    at = clock.now()
    standings = queries.standings_of(vehicles=vehicles, at=at)
    found: dict[str, SafeString] = {}
    for vehicle in vehicles:
        if not vehicle_queries.may(role=vehicle.role, permission="buy"):
            continue
        rows = [row for each in standings[vehicle.vin].values() if (row := _row(vehicle, each))]
        ending = sorted(
            (
                row
                for row in rows
                if row.is_running and row.is_renewable and row.ends_soon and row.days_left is not None
            ),
            key=lambda row: row.days_left or 0,
        )
        if ending:
            found[vehicle.vin] = render_to_string("portal/_need.html", _ending(vehicle, ending), request=request)
    return found


def _ending(vehicle: Vehicle, rows: list[Row]) -> dict[str, str]:
    days = rows[0].days_left or 0
    if len(rows) == 1:
        sentence = ngettext("{name} ends in {days} day.", "{name} ends in {days} days.", days)
    else:
        sentence = ngettext(
            "{count} services end soon, the first in {days} day.",
            "{count} services end soon, the first in {days} days.",
            days,
        )
    return {
        "icon": "clock",
        "sentence": sentence.format(name=rows[0].name, count=len(rows), days=days),
        "action": gettext("Renew"),
        "href": f"{reverse('store:catalog')}?vin={vehicle.vin}#offer-{rows[0].contract.offer_id}",
    }


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
