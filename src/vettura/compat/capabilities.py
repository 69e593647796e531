"""What a foreign client may ask of a car: its words for commands, ours for them, and why one is not to be had now."""

from collections.abc import Iterable
from typing import Any

from vettura.catalog import queries as catalog
from vettura.compat import measurements as words
from vettura.compat import places, wishes
from vettura.entitlements import queries as entitlements
from vettura.remote_services import queries as remote_services
from vettura.vehicles import queries as vehicles

Json = dict[str, Any]


def capability(key: str, *, reach: vehicles.Reach, understood: Iterable[str], entitled: Iterable[str]) -> Json:
    """Whether a command is to be had, and if not why: the first reason, in the order in which a request is refused."""
    if key in places.CHANGES:
        return _of_places(key, reach.vehicle.role)
    vehicle, types = reach.vehicle, set(wishes.TYPES.get(key, ()))
    unmet = vehicles.unmet(role=vehicle.role, permission="command", state=reach.state)
    cause = ""
    if "role" in unmet:
        cause = words.ROLE_MAY_NOT
    elif "no_connect" in unmet or not types.intersection(understood):
        cause = words.NOT_SUPPORTED
    elif {"not_linked", "no_remote_access"}.intersection(unmet) and all(
        remote_services.needs_remote_access(command_type=each) for each in types.intersection(understood)
    ):
        cause = words.REMOTE_ACCESS_MISSING
    elif not types.intersection(entitled):
        cause = words.LICENSE_DEACTIVATED
    elif "privacy" in unmet:
        cause = words.PRIVACY_ACTIVATED
    told: Json = {"key": key, "status": {"isEnabled": not cause, "cause": cause or "AVAILABLE"}}
    if key == "REMOTE_CLIMATIZER_START" and not cause:
        terms = catalog.terms()
        told["metadata"] = {
            "minTemperature": round(float(terms.climate_temperature_minimum) + words.KELVIN, 2),
            "maxTemperature": round(float(terms.climate_temperature_maximum) + words.KELVIN, 2),
        }
    return told


def _of_places(key: str, role: str | None) -> Json:
    """Whoever uses the car keeps places for it; no contract and no remote access is asked for."""
    cause = "" if vehicles.may(role=role, permission="configure_own_services") else words.ROLE_MAY_NOT
    return {"key": key, "status": {"isEnabled": not cause, "cause": cause or "AVAILABLE"}}


def capabilities(keys: Iterable[str], *, reach: vehicles.Reach) -> list[Json]:
    """An entry for every key that was asked for, each once. `reach` was asked for with `entitlements.RUNNING` beside it."""
    understood = remote_services.understood(vehicle=reach.vehicle)
    entitled = entitlements.commands_of(vehicle=reach.vehicle, services=reach.beside[0])
    return [capability(key, reach=reach, understood=understood, entitled=entitled) for key in dict.fromkeys(keys)]
