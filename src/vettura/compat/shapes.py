"""A car for a foreign client: what our queries say of it, gathered once and put into the foreign shapes."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from vettura.catalog import queries as catalog
from vettura.compat import kept, places
from vettura.compat import measurements as words
from vettura.compat.measurements import Facts, Place, Signal, moment
from vettura.entitlements import queries as entitlements
from vettura.foundation.errors import NotAllowed, NotFound
from vettura.identity import queries as identity
from vettura.identity.models import Account
from vettura.navigation import queries as navigation
from vettura.remote_services import queries as remote_services
from vettura.vehicle_link import queries as link
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle
from vettura_wire import signals

Json = dict[str, Any]

MOST_DRIVES = 100


def vehicle_object(vehicle: Vehicle, twin: link.Twin, *, at: datetime, name: str | None = None) -> Json:
    """What every answer about a car begins with. A name is sent only if it tells two cars of one garage apart."""
    generation = catalog.generation(vehicle.generation)
    told = {
        "vin": vehicle.vin,
        "modelName": vehicle.model_name,
        "modelType": {
            "code": vehicle.vin[3:9],
            "year": str(vehicle.model_year),
            "body": vehicle.vin[6:9],
            "generation": vehicle.generation,
            "model": generation.model_line,
            "engine": vehicle.drive,
            "steeringPosition": "LEFT",
            "revision": "1",
        },
        "connect": twin.is_online,
        "systemInfo": {"driverExperience": generation.head_unit, "privacyStyle": "MODE"},
        "timestamp": moment(at),
    }
    return told if name is None else {**told, "customName": name}


def distinct_name(vehicle: Vehicle, garage: Sequence[Vehicle]) -> str | None:
    """A name with the end of the VIN where two cars of a garage are of one model: home automations tell cars apart by name."""
    twins = [each for each in garage if each.model_name == vehicle.model_name]
    return f"{vehicle.model_name} {vehicle.vin_end}" if len(twins) > 1 else None


def facts_of(
    account: Account,
    vehicle: Vehicle,
    twin: link.Twin,
    *,
    keys: Collection[str],
    at: datetime,
    allowed: identity.Allowed,
) -> Facts:
    """Everything that the keys may need; nothing is asked of the database for keys that nobody asked for."""
    generation = catalog.generation(vehicle.generation)
    # a person may have hidden where a car is from one program
    hides_place = allowed.places is not None and vehicle.vin not in allowed.places
    services = entitlements.running_services(vehicle=vehicle, at=at)
    return Facts(
        drive=vehicle.drive,
        timezone=str(catalog.country(vehicle.country).timezone),
        is_connected=twin.is_online,
        is_private=vehicle.privacy_mode_on,
        privacy_since=vehicle.privacy_changed_at,
        has_remote_access=vehicles.has_remote_access(vehicle=vehicle),
        registered_at=vehicle.registered_at,
        at=at,
        supported=frozenset(generation.signals_of(vehicle.drive)),
        values={path: Signal(value=measured.value, at=measured.measured_at) for path, measured in twin.signals.items()},
        place=_place(vehicle, twin, at)
        if "GPS_LOCATION" in keys and not hides_place
        else Place(cause=words.ROLE_MAY_NOT),
        understood=frozenset(remote_services.understood(vehicle=vehicle)),
        held={name: Signal(value=held.value, at=held.measured_at) for name, held in twin.held.items()},
        services=tuple(sorted(services)),
        destinations=_destinations(account, vehicle) if "DESTINATIONS" in keys else None,
        drives=_drives(account, vehicle, at) if "TRIP_STATISTICS_SHORT_TERM_HISTORY" in keys else None,
    )


_PLACE_CAUSES = {"private": words.PRIVACY_ACTIVATED, "no_service": words.LICENSE_DEACTIVATED, "unknown": words.UNKNOWN}


def _place(vehicle: Vehicle, twin: link.Twin, at: datetime) -> Place:
    """Where the car is as far as our own pages would say it."""
    place = remote_services.place_of(vehicle=vehicle, twin=twin, at=at)
    if not place.is_known:
        return Place(cause=_PLACE_CAUSES.get(place.state, words.REMOTE_ACCESS_MISSING))
    heading = twin.value(signals.HEADING)
    return Place(
        latitude=place.latitude,
        longitude=place.longitude,
        heading=round(heading) % 360 if isinstance(heading, int | float) else 0,
        at=place.measured_at,
    )


def _destinations(account: Account, vehicle: Vehicle) -> Json | None:
    """The person's own list for this car, with its tag; None for whoever keeps none."""
    try:
        navigation.vehicle_for(account=account, vin=vehicle.vin)
    except NotAllowed:
        return None
    found = places.kept_by(account=account, vehicle=vehicle)
    return {"list": list(found.entries), "snapshotId": found.snapshot_id}


def _drives(account: Account, vehicle: Vehicle, at: datetime) -> tuple[Json, ...] | None:
    """The trips that can be told apart, the newest first; None for whoever does not use the car."""
    try:
        found = link.drives_of(vehicle=vehicle, account_id=account.id, until=at, limit=MOST_DRIVES)
    except NotFound:
        return None
    return tuple(
        kept.drive(began_at=each.began_at, ended_at=each.ended_at, begin=each.mileage_before, end=each.mileage_after)
        for each in found
    )
