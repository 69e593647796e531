"""
An example for every operation, made from its own description: what a request may hold, and what an answer looks like.

What a field is called decides what stands there; what is not named here gets the first thing that its schema allows. So an
example is never missing and never of another shape than its schema (a test holds each against it).
"""

from typing import Any

Json = dict[str, Any]  # a part of a description

NAMES: dict[str, Any] = {
    "vin": "1M8GDM9AXKP042788",
    "cars": ["1M8GDM9AXKP042788"],
    "email": "anna@example.org",
    "given_name": "Anna",
    "family_name": "Rossi",
    "name": "Anna Rossi",
    "language": "it",
    "country": "IT",
    "plate": "AB 123 CD",
    "street": "Via Po 1",
    "postal_code": "10124",
    "city": "Torino",
    "address": "Via Po 1, 10124 Torino",
    "latitude": 45.0703,
    "longitude": 7.6869,
    "url": "https://example.org/vettura",
    "secret": "whsec_3rD0nUqk2V6n0b4mC1d8eF5gH7iJ9kLm",
    "type": "lock",
    "status": "done",
    "state": "delivered",
    "text": "The car has done it.",
    "cause": "privacy",
    "amount": "12.50",
    "currency": "EUR",
    "number": "2026-000042",
    "model_year": 2026,
    "term_days": 365,
    "limit": 10,
    "left": 9,
    "age_seconds": 12,
    "temperature": 21.5,
    "measured_at": "2026-09-01T09:00:00Z",
}
MOMENT, DAY, ID = "2026-09-01T09:00:00Z", "2026-09-01", "019f5c1e-7a00-7000-8000-000000000001"
SIGNAL = "Vehicle.Powertrain.TractionBattery.StateOfCharge.Current"
FORMATS = {"date-time": MOMENT, "date": DAY, "uuid": ID, "uri": "https://example.org/", "email": "anna@example.org"}


def add_to(operation: Json, components: Json) -> None:
    """This will put an example beside every JSON body of an operation that has none."""
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    bodies += [answer for status, answer in operation["responses"].items() if str(status).startswith("2")]
    for body in bodies:
        for media_type, content in body.get("content", {}).items():
            if media_type == "application/json" and "schema" in content and "example" not in content:
                content["example"] = example_of(content["schema"], components)


def example_of(schema: Json, components: Json, name: str = "") -> Any:  # JSON of any shape
    """Something that fits a schema; `name` is that of the field it is for."""
    if "$ref" in schema:
        return example_of(components[schema["$ref"].rpartition("/")[2]], components, name)
    for given in ("const", "example"):
        if given in schema:
            return schema[given]
    for several in ("examples", "enum"):
        if schema.get(several):
            return schema[several][0]
    if name in NAMES and _fits(NAMES[name], schema):
        return NAMES[name]
    choices = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if choices:
        chosen = next((each for each in choices if each.get("type") != "null"), choices[0])
        return example_of(chosen, components, name)
    return _of_type(schema, components, name)


def _of_type(schema: Json, components: Json, name: str) -> Any:  # JSON of any shape
    kind = schema.get("type", "object")
    if kind == "object":
        known = {each: example_of(part, components, each) for each, part in schema.get("properties", {}).items()}
        free = schema.get("additionalProperties")
        return known if known or not isinstance(free, dict) else {SIGNAL: example_of(free, components, name)}
    if kind == "array":
        return [example_of(schema.get("items", {}), components, name.removesuffix("s"))]
    simple = {
        "string": FORMATS.get(schema.get("format", ""), "text".ljust(schema.get("minLength", 0), "t")),
        "boolean": True,
        "integer": schema.get("minimum", 1),
        "number": schema.get("minimum", 1),
    }
    return schema["default"] if schema.get("default") is not None else simple.get(kind)


def _fits(value: Any, schema: Json) -> bool:  # JSON of any shape
    """Whether a value is of one of the kinds that a schema allows; strings of a format have their own."""
    kinds = {"string": str, "integer": int, "number": int | float, "array": list, "boolean": bool}
    parts = schema.get("anyOf") or [schema]
    return any(
        isinstance(value, kinds[part["type"]]) and ("format" not in part or part["format"] == "date-time")
        for part in parts
        if part.get("type") in kinds
    )
