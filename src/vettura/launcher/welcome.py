"""The last words of `vettura up`: where everything is, and who can sign in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import yaml

from vettura.config import environment as env
from vettura.launcher.progress import say

if TYPE_CHECKING:
    from vettura.launcher.up import Plan


def demo_world() -> dict[str, Any]:  # YAML of the pack, read for a few names
    """The pack's demo world, empty when the pack has none."""
    file = env.pack_dir() / "demo.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else {}


def demo_car() -> str | None:
    """The VIN of the car that runs in the demo."""
    vin = demo_world().get("car")
    return str(vin) if vin else None


def welcome(environment: Mapping[str, str], plan: Plan, *, seconds: float) -> None:
    """Print addresses and demo accounts; the last line says that everything is ready."""
    base, ports = environment["VETTURA_BASE_URL"], plan.places.ports
    say()
    say(f"Started in {seconds:.1f} s. Logs are in {plan.places.logs_dir}; Ctrl-C stops everything.")
    say()
    if plan.profile == "demo":
        for title, address in (
            ("Portal", f"{base}/"),
            ("Desk", f"{base}/desk/"),
            ("Mails and text messages", f"{base}/sandbox/outbox/"),
            ("Write to Assistance", f"{base}/sandbox/mailbox/"),
            ("The car's head unit", f"http://localhost:{ports.car}/"),
            ("API", f"{base}/api/docs"),
            ("MQTT for owners", environment.get("VETTURA_OWNER_MQTT_URL", "off")),
            ("The same over HTTPS", f"https://localhost:{ports.tls}/"),
        ):
            say(f"  {title:<26}{address}")
        world = demo_world()
        if world.get("accounts"):
            say()
            say(f"  Demo accounts, password {world.get('password')}")
            for account in world["accounts"]:
                name = f"{account.get('given_name', '')} {account.get('family_name', '')}".strip()
                say(f"    {account['email']:<28}{name}")
        say()
    say(f"Vettura is ready: {base}")
