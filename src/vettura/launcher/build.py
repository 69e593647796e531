"""What a car is, for `car.json` in its folder: the car itself knows neither database nor platform."""

from __future__ import annotations

import importlib

from vettura.launcher.errors import LauncherError


def build_of(vin: str) -> dict[str, object]:
    """What the platform knows of a car's build. Raises LauncherError when it does not know the car. Django must be set up."""
    vehicles = importlib.import_module("vettura.vehicles.queries")
    refusals = importlib.import_module("vettura.foundation.errors")
    try:
        vehicle = vehicles.vehicle_by_vin(vin=vin)
    except refusals.NotFound:
        raise LauncherError(f"There is no vehicle {vin}. Register it at the desk first.") from None
    main_user = vehicles.main_user_of(vehicle=vehicle)
    return {
        "generation": vehicle.generation,
        "drive": vehicle.drive,
        "country": vehicle.country,
        "language": main_user.language if main_user else "en",
        "device_root": vehicle.device_root or None,
        "model_name": vehicle.model_name,
        "plate": vehicle.plate or "",
        "equipment": sorted(vehicle.equipment),
    }
