"""What a car is: the facts that do not change while it lives. They stand in ``car.json`` of the car's folder."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from vettura_car.errors import CarError
from vettura_pack.model import Generation, HeadUnit, Pack, Service, fitted
from vettura_wire.topics import is_vin

LANGUAGES = ("en", "it", "de")


@dataclass(frozen=True, kw_only=True)
class Build:
    """One car as it left the factory, and the pack it was built from."""

    vin: str
    pack: Pack
    generation: Generation
    drive: str
    country: str
    language: str
    device_root: str | None = None
    model_name: str = ""
    plate: str = ""
    pack_dir: Path | None = None
    equipment: frozenset[str] = frozenset()

    @property
    def head_unit(self) -> HeadUnit:
        """The head unit of the car's generation."""
        return self.pack.head_units[self.generation.head_unit]

    @property
    def has_battery(self) -> bool:
        """Whether it has a high-voltage battery (C-54)."""
        return self.drive in ("BEV", "PHEV")

    @property
    def has_tank(self) -> bool:
        """Whether it has a fuel tank."""
        return self.drive in ("COMBUSTION", "PHEV")

    @property
    def commands(self) -> tuple[str, ...]:
        """The remote commands that it understands."""
        return self.generation.commands_of(self.drive)

    @property
    def phone_functions(self) -> frozenset[str]:
        """What a phone can do in it, by model, country and equipment (MED-003, MED-005)."""
        found = self.generation.phone_functions_of(self.equipment)
        return found if self.pack.countries[self.country].wireless_carplay else found - {"wireless_carplay"}

    def services(self) -> list[Service]:
        """The services that exist for this car in its country, in the pack's order."""
        return [
            service
            for service in self.pack.services.values()
            if self.generation.code in service.generations
            and self.drive in service.drives
            and self.country in service.countries
        ]

    def needs_remote_access(self, command: str) -> bool:
        """Whether every service that unlocks this command asks for the main user's grant (REM-001)."""
        unlocking = [service for service in self.pack.services.values() if command in service.commands]
        return not unlocking or all(service.needs_remote_access for service in unlocking)

    def label(self, key: str, default: str) -> str:
        """A maker's word from the pack's texts (``label.<key>``), or the neutral default."""
        return self.pack.texts.get(self.language, {}).get(f"label.{key}", default)


def load_build(
    *,
    vin: str,
    folder: Path,
    pack: Pack,
    pack_dir: Path | None = None,
    generation: str | None = None,
    drive: str | None = None,
    country: str | None = None,
    language: str | None = None,
) -> Build:
    """
    This will read what the car is from ``car.json``, else from the pack's demo world; named arguments override both.

    Refuses (CarError) an ill-formed VIN, a missing file without overrides, and words that the pack does not know.
    """
    if not is_vin(vin):
        raise CarError(f"{vin} is not a VIN.")
    path = folder / "car.json"
    facts = json.loads(path.read_text()) if path.exists() else _demo_facts(vin, pack_dir)
    code = generation or facts.get("generation")
    if code is None:
        raise CarError(f"{path} does not say which generation the car is. Run “vettura provision {vin}” first.")
    if code not in pack.generations:
        raise CarError(f"The pack {pack.id} knows no generation {code}; it knows {', '.join(pack.generations)}.")
    built = pack.generations[code]
    chosen_drive = drive or facts.get("drive") or built.drives[0]
    if chosen_drive not in built.drives:
        raise CarError(f"{built.name} is not built with the drive {chosen_drive}.")
    chosen_country = country or facts.get("country") or next(iter(pack.countries))
    standard = [name for name, where in built.standard_equipment.items() if chosen_country in where]
    spoken = language or facts.get("language") or pack.countries[chosen_country].languages[0]
    return Build(
        vin=vin,
        pack=pack,
        generation=built,
        drive=chosen_drive,
        country=chosen_country,
        language=spoken if spoken in LANGUAGES else "en",
        device_root=facts.get("device_root") or (built.device_roots[0] if built.device_roots else None),
        model_name=facts.get("model_name") or built.name,
        plate=facts.get("plate") or "",
        pack_dir=pack_dir,
        equipment=fitted([*standard, *facts.get("equipment", ())], pack.equipment),
    )


def _demo_facts(vin: str, pack_dir: Path | None) -> dict[str, Any]:  # Any: as the file has them
    """What the pack's demo world says of this car; nothing if it does not know it."""
    path = pack_dir / "demo.yaml" if pack_dir is not None else None
    if path is None or not path.exists():
        return {}
    vehicles = yaml.safe_load(path.read_text()).get("vehicles", [])
    return next((vehicle for vehicle in vehicles if vehicle["vin"] == vin), {})
