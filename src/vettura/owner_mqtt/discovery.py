"""
A car as Home Assistant's MQTT discovery describes a device (https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload).

Pure: what there is of a car becomes one bundle of entities. Every entity reads a topic that stands by itself, so whoever uses no Home
Assistant reads the same. Commands go to one topic, as JSON; a lock asks for the PIN, which travels with the command.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vettura.owner_mqtt import topics
from vettura_wire import signals

Json = dict[str, Any]  # as Home Assistant reads it
ORIGIN = "Vettura"
KILOMETERS = "{{ (value | float / 1000) | round(0) }}"
MINUTES = "{{ (value | float / 60) | round(0) }}"
AVAILABLE, GONE = "online", "offline"


@dataclass(frozen=True, kw_only=True)
class Ranges:
    """From where to where numbers may go: degrees Celsius of the cabin, percent of a charge."""

    temperature: tuple[float, float]
    target: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Car:
    """What of a car an owner may see and do now."""

    vin: str
    name: str
    brand: str
    model: str
    software: str
    page: str
    # our short words of signals that were reported and may be seen
    seen: Collection[str]
    # types of commands that may be sent
    commands: Collection[str]
    ranges: Ranges
    pin_digits: int
    has_place: bool = False
    shows_state: bool = True


@dataclass(frozen=True, kw_only=True)
class Entity:
    """One entity that only shows a signal: the platform, what people call it, and what Home Assistant wants to know of it."""

    platform: str
    name: str | Promise
    more: Mapping[str, Any] = field(default_factory=dict)


def _distance(name: str | Promise, *, is_meters: bool, state_class: str = "measurement") -> Entity:
    more = {"device_class": "distance", "unit_of_measurement": "km", "state_class": state_class}
    return Entity(platform="sensor", name=name, more=more | ({"value_template": KILOMETERS} if is_meters else {}))


def _measured(name: str | Promise, device_class: str | None, unit: str, **more: str) -> Entity:
    known = {"device_class": device_class} if device_class else {}
    return Entity(
        platform="sensor", name=name, more={"unit_of_measurement": unit, "state_class": "measurement"} | known | more
    )


def _is(name: str | Promise, device_class: str | None, *, on: str = "true", **more: str) -> Entity:
    known = {"device_class": device_class} if device_class else {}
    payloads = {"payload_on": on, "payload_off": "false" if on == "true" else "true"}
    return Entity(platform="binary_sensor", name=name, more=payloads | known | more)


SHOWN: dict[str, Entity] = {
    "state_of_charge": _measured(_("Charge"), "battery", "%"),
    "electric_range": _distance(_("Electric range"), is_meters=True),
    "range": _distance(_("Range"), is_meters=True),
    "charge_time_left": _measured(_("Charging time left"), "duration", "min", value_template=MINUTES),
    "charging": _is(_("Charging"), "battery_charging"),
    "plugged_in": _is(_("Plugged in"), "plug"),
    "charging_mode": Entity(platform="sensor", name=_("Charging mode")),
    "fuel_level": _measured(_("Fuel"), None, "%", icon="mdi:gas-station"),
    "fuel_range": _distance(_("Fuel range"), is_meters=True),
    "mileage": _distance(_("Mileage"), is_meters=False, state_class="total_increasing"),
    "service_distance": _distance(_("Distance to service"), is_meters=False),
    "low_voltage": _measured(_("12 V battery"), "voltage", "V", entity_category="diagnostic"),
    "outside_temperature": _measured(_("Outside temperature"), "temperature", "°C"),
    "cabin_temperature": _measured(_("Cabin temperature"), "temperature", "°C"),
    "climate_active": _is(_("Climate"), "running"),
    "speed": _measured(_("Speed"), "speed", "km/h"),
    "ignition": _is(
        _("Ignition"),
        "power",
        value_template=f"{{{{ 'false' if value in ['{signals.IGNITION_OFF}', '{signals.IGNITION_LOCKED}'] else 'true' }}}}",
    ),
    "parking_brake": _is(_("Parking brake"), None),
    "driver_door_open": _is(_("Driver’s door"), "door"),
    "passenger_door_open": _is(_("Passenger’s door"), "door"),
    "rear_driver_door_open": _is(_("Rear door, driver’s side"), "door"),
    "rear_passenger_door_open": _is(_("Rear door, passenger’s side"), "door"),
    "driver_door_window_open": _is(_("Driver’s window"), "window"),
    "passenger_door_window_open": _is(_("Passenger’s window"), "window"),
    "rear_driver_door_window_open": _is(_("Rear window, driver’s side"), "window"),
    "rear_passenger_door_window_open": _is(_("Rear window, passenger’s side"), "window"),
    "hood_open": _is(_("Hood"), "opening"),
    "front_trunk_open": _is(_("Front luggage compartment"), "opening"),
    "rear_trunk_open": _is(_("Luggage compartment"), "opening"),
    # Home Assistant calls a lock that is open "on"
    "driver_door_locked": _is(_("Lock"), "lock", on="false"),
    "rear_trunk_locked": _is(_("Lock of the luggage compartment"), "lock", on="false"),
    "front_left_tire_pressure": _measured(_("Tire pressure, front left"), "pressure", "kPa"),
    "front_right_tire_pressure": _measured(_("Tire pressure, front right"), "pressure", "kPa"),
    "rear_left_tire_pressure": _measured(_("Tire pressure, rear left"), "pressure", "kPa"),
    "rear_right_tire_pressure": _measured(_("Tire pressure, rear right"), "pressure", "kPa"),
}
"""What is shown of a car, by our short words of signals."""

BUTTONS: dict[str, tuple[str | Promise, str]] = {
    "flash": (_("Flash lights"), "mdi:car-light-high"),
    "honk": (_("Sound horn"), "mdi:bullhorn"),
    "honk_and_flash": (_("Sound horn and flash lights"), "mdi:bullhorn"),
    "windows_close": (_("Close windows"), "mdi:car-door"),
    "locate": (_("Find car"), "mdi:map-search"),
}
"""Commands that take nothing and need no PIN, each with its icon."""

PLATFORMS: dict[str, str] = {
    **{short: entity.platform for short, entity in SHOWN.items()},
    **dict.fromkeys(BUTTONS, "button"),
    **dict.fromkeys(("connected", "privacy_mode"), "binary_sensor"),
    **dict.fromkeys(("last_seen", "result"), "sensor"),
    **dict.fromkeys(("doors", "trunk"), "lock"),
    **dict.fromkeys(("charge", "direct_charge"), "switch"),
    "climate": "climate",
    "charge_target": "number",
    "place": "device_tracker",
}
"""Every entity that there can be."""
CONTROLLED = {"driver_door_locked": "lock", "rear_trunk_locked": "trunk_unlock", "climate_active": "climate_start"}
"""Signals that a control shows, by the command that brings it."""


def device(car: Car) -> Json:
    """The bundle of a car, in the language that is active."""
    return {
        "device": {
            "identifiers": [f"{topics.ROOT}_{car.vin}"],
            "name": car.name,
            "manufacturer": car.brand,
            "model": car.model,
            "serial_number": car.vin,
            **({"sw_version": car.software} if car.software else {}),
            **({"configuration_url": car.page} if car.page else {}),
        },
        "origin": {"name": ORIGIN},
        "availability": [{"topic": topics.of_car(car.vin, "availability")}],
        "components": components(car),
    }


def components(car: Car) -> Json:
    """
    Every entity by its key. One that there is not (any more) stands there with its platform alone, by which Home Assistant forgets it: a
    bundle that left it out would say nothing of it.
    """
    found = _controls(car) | _shown(car)
    there = {key: {"unique_id": f"{topics.ROOT}_{car.vin}_{key}"} | entity for key, entity in found.items()}
    return {key: there.get(key, {"platform": platform}) for key, platform in PLATFORMS.items()}


def _shown(car: Car) -> dict[str, Json]:
    found = {
        short: {
            "platform": entity.platform,
            "name": str(entity.name),
            "state_topic": topics.state(car.vin, short),
            **entity.more,
        }
        for short, entity in SHOWN.items()
        if short in car.seen
    }
    # what a control shows is not shown twice
    for short, type_ in CONTROLLED.items():
        if type_ in car.commands:
            found.pop(short, None)
    if car.shows_state:
        found["connected"] = {
            "platform": "binary_sensor",
            "name": str(_("Connection")),
            "state_topic": topics.of_car(car.vin, "connected"),
            "payload_on": "true",
            "payload_off": "false",
            "device_class": "connectivity",
            "entity_category": "diagnostic",
        }
        found["privacy_mode"] = {
            "platform": "binary_sensor",
            "name": str(_("Privacy mode")),
            "state_topic": topics.of_car(car.vin, "privacy_mode"),
            "payload_on": "true",
            "payload_off": "false",
            "entity_category": "diagnostic",
        }
        found["last_seen"] = {
            "platform": "sensor",
            "name": str(_("Last contact")),
            "state_topic": topics.of_car(car.vin, "last_seen"),
            "device_class": "timestamp",
            "entity_category": "diagnostic",
        }
    if car.has_place:
        found["place"] = {
            "platform": "device_tracker",
            "name": str(_("Position")),
            "json_attributes_topic": topics.of_car(car.vin, "position"),
            "source_type": "gps",
        }
    return found


def _controls(car: Car) -> dict[str, Json]:
    found: dict[str, Json] = {}
    to = topics.command(car.vin)
    if "lock" in car.commands:
        found["doors"] = _lock(car, "driver_door_locked", _("Lock"), "unlock")
    if "trunk_unlock" in car.commands:
        found["trunk"] = _lock(car, "rear_trunk_locked", _("Lock of the luggage compartment"), "trunk_unlock")
    if "climate_start" in car.commands:
        found["climate"] = _climate(car)
    for key, name, types, topic, template in (
        ("charge", _("Charge now"), ("charge_start", "charge_stop"), "charging", "{{ value }}"),
        (
            "direct_charge",
            _("Charge at once, whatever timers say"),
            ("direct_charge_start", "direct_charge_stop"),
            "charging_mode",
            f"{{{{ 'true' if value == '{signals.CHARGING_AT_ONCE}' else 'false' }}}}",
        ),
    ):
        if types[0] in car.commands:
            found[key] = {
                "platform": "switch",
                "name": str(name),
                "command_topic": to,
                "payload_on": f'{{"type": "{types[0]}"}}',
                "payload_off": f'{{"type": "{types[1]}"}}',
                "state_topic": topics.state(car.vin, topic),
                "value_template": template,
                "state_on": "true",
                "state_off": "false",
                "icon": "mdi:ev-station",
            }
    if "set_charge_target" in car.commands:
        found["charge_target"] = {
            "platform": "number",
            "name": str(_("Target charge")),
            "command_topic": to,
            "command_template": '{"type": "set_charge_target", "params": {"target_percent": {{ value | int }} } }',
            "state_topic": topics.state(car.vin, "charge_limit"),
            "min": car.ranges.target[0],
            "max": car.ranges.target[1],
            "step": 1,
            "unit_of_measurement": "%",
            "device_class": "battery",
        }
    for type_, (verb, icon) in BUTTONS.items():
        if type_ in car.commands:
            found[type_] = {
                "platform": "button",
                "name": str(verb),
                "command_topic": to,
                "payload_press": f'{{"type": "{type_}"}}',
                "icon": icon,
            }
    if car.commands:
        found["result"] = {
            "platform": "sensor",
            "name": str(_("Last command")),
            "state_topic": topics.result(car.vin),
            "value_template": "{{ value_json.status }}",
            "json_attributes_topic": topics.result(car.vin),
            "entity_category": "diagnostic",
        }
    return found


def _lock(car: Car, short: str, name: str | Promise, opens: str) -> Json:
    """A lock that asks for the PIN to open. The form lets nothing through too: to close, none is needed."""
    return {
        "platform": "lock",
        "name": str(name),
        "state_topic": topics.state(car.vin, short),
        "state_locked": "true",
        "state_unlocked": "false",
        "command_topic": topics.command(car.vin),
        "payload_lock": "lock",
        "payload_unlock": opens,
        "code_format": f"^(\\d{{{car.pin_digits}}})?$",
        "command_template": '{"type": "{{ value }}"{% if code %}, "pin": "{{ code }}"{% endif %}}',
    }


def _climate(car: Car) -> Json:
    least, most = car.ranges.temperature
    return {
        "platform": "climate",
        "name": str(_("Climate")),
        "modes": ["off", "auto"],
        "mode_state_topic": topics.state(car.vin, "climate_active"),
        "mode_state_template": "{{ 'auto' if value == 'true' else 'off' }}",
        "mode_command_topic": topics.command(car.vin),
        "mode_command_template": """{"type": "{{ 'climate_stop' if value == 'off' else 'climate_start' }}"}""",
        "temperature_state_topic": topics.state(car.vin, "target_temperature"),
        "temperature_command_topic": topics.command(car.vin),
        "temperature_command_template": '{"type": "climate_start", "params": {"temperature": {{ value }} } }',
        "temperature_unit": "C",
        "min_temp": least,
        "max_temp": most,
        "temp_step": 0.5,
        "precision": 0.5,
        **(
            {"current_temperature_topic": topics.state(car.vin, "cabin_temperature")}
            if "cabin_temperature" in car.seen
            else {}
        ),
    }
