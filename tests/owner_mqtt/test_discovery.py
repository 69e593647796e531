"""
What Home Assistant is told of a car has the fields that it knows, and what it sends back is a command.

The fields are those of its schemas (home-assistant/core, homeassistant/components/mqtt, 2025): an entity with another one is refused.
"""

import json
import re
from dataclasses import replace

import pytest
from django.utils import translation

from vettura.owner_mqtt import discovery, orders, topics
from vettura.remote_services.rules import TYPES
from vettura_wire import signals

VIN = "WP0ZZZY1ZLSA00001"
EVERY = {
    *("platform", "unique_id", "name", "icon", "entity_category", "enabled_by_default", "availability", "availability_mode"),
    *("availability_topic", "json_attributes_topic", "json_attributes_template", "qos", "encoding", "device", "origin"),
}  # fmt: skip
READS = {"state_topic", "value_template"}
SENDS = {"command_topic", "command_template", "retain", "optimistic"}
FIELDS = {
    "sensor": EVERY | READS | {"device_class", "state_class", "unit_of_measurement", "expire_after", "force_update", "options", "suggested_display_precision", "last_reset_value_template"},
    "binary_sensor": EVERY | READS | {"device_class", "payload_on", "payload_off", "expire_after", "force_update", "off_delay"},
    "lock": EVERY | READS | SENDS | {"code_format", "payload_lock", "payload_unlock", "payload_open", "payload_reset", "state_locked", "state_unlocked", "state_locking", "state_unlocking", "state_jammed", "state_open", "state_opening"},
    "switch": EVERY | READS | SENDS | {"device_class", "payload_on", "payload_off", "state_on", "state_off"},
    "number": EVERY | READS | SENDS | {"device_class", "min", "max", "step", "mode", "unit_of_measurement", "payload_reset"},
    "button": EVERY | {"command_topic", "command_template", "retain", "device_class", "payload_press"},
    "device_tracker": EVERY | {"source_type"},
    "climate": EVERY | {
        "modes", "mode_state_topic", "mode_state_template", "mode_command_topic", "mode_command_template", "temperature_state_topic",
        "temperature_state_template", "temperature_command_topic", "temperature_command_template", "temperature_unit", "min_temp", "max_temp",
        "temp_step", "precision", "current_temperature_topic", "current_temperature_template", "action_topic", "action_template",
    },
}  # fmt: skip
DEVICE = {
    *("identifiers", "connections", "manufacturer", "model", "model_id", "name", "hw_version", "serial_number", "sw_version"),
    *("via_device", "suggested_area", "configuration_url"),
}  # fmt: skip
DEVICE_CLASSES = {
    "sensor": {"battery", "distance", "duration", "voltage", "temperature", "speed", "pressure", "timestamp"},
    "binary_sensor": {
        "battery_charging",
        "plug",
        "running",
        "power",
        "door",
        "window",
        "opening",
        "lock",
        "connectivity",
    },
    "number": {"battery"},
}

CAR = discovery.Car(
    vin=VIN,
    name="Car",
    brand="Maker",
    model="Car (2020)",
    software="1.0",
    page="https://cars.example/vehicles/1/",
    seen=list(signals.BY_SHORT),
    commands=list(TYPES),
    ranges=discovery.Ranges(temperature=(16.0, 29.5), target=(25, 100)),
    pin_digits=4,
    has_place=True,
)


def rendered(template: str, **values: object) -> str:
    """What the few words of Jinja that our templates use make of values: Home Assistant's own is not here."""
    text = re.sub(r"{% if (\w+) %}(.*?){% endif %}", lambda found: found[2] if values.get(found[1]) else "", template)

    def expression(found: re.Match[str]) -> str:
        words = found[1].strip()
        choice = re.fullmatch(r"'(\w+)' if value == '(\w+)' else '(\w+)'", words)
        if choice:
            return choice[1] if values["value"] == choice[2] else choice[3]
        name, *filters = (part.strip() for part in words.split("|"))
        value = values[name]
        return str(int(value) if filters == ["int"] else value)

    return re.sub(r"{{(.*?)}}", expression, text)


def test_every_entity_has_only_fields_that_home_assistant_knows():
    bundle = json.loads(json.dumps(discovery.device(CAR)))

    assert set(bundle) == {"device", "origin", "availability", "components"}
    assert set(bundle["device"]) <= DEVICE
    assert bundle["device"]["identifiers"] == [f"vettura_{VIN}"]
    for key, entity in bundle["components"].items():
        platform = entity["platform"]
        if set(entity) == {"platform"}:
            continue
        assert set(entity) <= FIELDS[platform], key
        assert entity["unique_id"] == f"vettura_{VIN}_{key}"
        assert entity.get("device_class") in {None, *DEVICE_CLASSES.get(platform, ())}, key
        for name, topic in entity.items():
            if name.endswith("topic"):
                assert topic.startswith(f"vettura/{VIN}/"), key
    there = [key for key, entity in bundle["components"].items() if len(entity) > 1]
    assert {"doors", "trunk", "climate", "charge", "charge_target", "place", "flash", "state_of_charge"} <= set(there)
    assert len({bundle["components"][key]["name"] for key in there}) == len(there)


def test_what_a_car_has_not_is_told_as_gone():
    bundle = discovery.device(replace(CAR, seen=(), commands=(), has_place=False, shows_state=False))

    assert all(set(entity) == {"platform"} for entity in bundle["components"].values())
    assert set(bundle["components"]) == set(discovery.PLATFORMS)


def test_names_are_in_the_owners_language():
    with translation.override("de"):
        assert discovery.device(CAR)["components"]["doors"]["name"] == "Verriegelung"
    with translation.override("it"):
        assert discovery.device(CAR)["components"]["doors"]["name"] == "Chiusura"


@pytest.mark.parametrize(
    ("key", "template", "values", "type_", "params", "pin"),
    [
        ("doors", "command_template", {"value": "lock", "code": ""}, "lock", {}, None),
        ("doors", "command_template", {"value": "unlock", "code": "0123"}, "unlock", {}, "0123"),
        ("trunk", "command_template", {"value": "trunk_unlock", "code": "1234"}, "trunk_unlock", {}, "1234"),
        ("climate", "mode_command_template", {"value": "auto"}, "climate_start", {}, None),
        ("climate", "mode_command_template", {"value": "off"}, "climate_stop", {}, None),
        ("climate", "temperature_command_template", {"value": 21.5}, "climate_start", {"temperature": 21.5}, None),
        ("charge_target", "command_template", {"value": 80.0}, "set_charge_target", {"target_percent": 80}, None),
        ("charge", "payload_on", {}, "charge_start", {}, None),
        ("charge", "payload_off", {}, "charge_stop", {}, None),
        ("direct_charge", "payload_on", {}, "direct_charge_start", {}, None),
        ("flash", "payload_press", {}, "flash", {}, None),
    ],
)
def test_what_home_assistant_sends_is_a_command(key, template, values, type_, params, pin):
    payload = rendered(discovery.device(CAR)["components"][key][template], **values)

    order = orders.read(topics.CommandTopic(VIN, None), payload.encode())

    assert (order.type, order.params, order.pin) == (type_, params, pin)


def test_the_lock_takes_a_whole_pin_or_none():
    form = re.compile(discovery.device(CAR)["components"]["doors"]["code_format"])

    assert form.match("1234")
    assert form.match("")
    assert not form.match("123")
    assert not form.match("abcd")


@pytest.mark.parametrize(
    "payload",
    [b"lock", b"[]", b"{}", b'{"type": "lock", "pin": 1234}', b'{"type": "lock", "id": "x"}', b'{"type": "lock", "more": 1}', b"\xff"],
)  # fmt: skip
def test_anything_else_is_no_command(payload):
    with pytest.raises(orders.Unreadable):
        orders.read(topics.CommandTopic(VIN, None), payload)


def test_the_pin_is_not_shown_with_the_command():
    order = orders.read(topics.CommandTopic(VIN, "unlock"), b'{"pin": "1234"}')

    assert order.pin == "1234"
    assert "1234" not in repr(order)
