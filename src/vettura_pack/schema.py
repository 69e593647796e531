"""JSON Schemas of a pack's files, made from the dataclasses that read them: for editors, which then know every entry and its values."""

import dataclasses
import types
from collections.abc import Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from vettura_pack.menu import HeadUnit, MenuNode

Schema = dict[str, Any]  # as JSON Schema is: free form

KINDS = get_args(get_type_hints(MenuNode)["kind"])
TEXT: Schema = {"type": "string"}


def head_unit_schema() -> Schema:
    """
    This will describe `head_units/*.yaml`: a skin, its generations, the menu tree and the tasks.

    What takes more than one file to know (paths that can be walked, ids that stand twice) is said by the loader alone.
    """
    definitions: dict[str, Schema] = {}
    schema = _dataclass(HeadUnit, definitions, left_out=("name",))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Head unit of a Vettura brand pack",
        **schema,
        "$defs": definitions,
    }


def _dataclass(type_: type, definitions: dict[str, Schema], *, left_out: tuple[str, ...] = ()) -> Schema:
    hints = get_type_hints(type_)
    properties: dict[str, Schema] = {}
    needed: list[str] = []
    for field in dataclasses.fields(type_):
        if field.name in left_out:
            continue
        name = field.name.rstrip("_")
        properties[name] = _of(hints[field.name], definitions)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            needed.append(name)
    return {
        "type": "object",
        "description": " ".join((type_.__doc__ or "").split()),
        "properties": properties,
        "required": needed,
        "additionalProperties": False,
    }


def _node(definitions: dict[str, Schema]) -> Schema:
    """An element in its short notation: `menu: SET` instead of `{kind: menu, label: SET}`, with exactly one kind."""
    schema = _dataclass(MenuNode, definitions, left_out=("id", "kind", "label"))
    schema["properties"] = {"id": TEXT, **dict.fromkeys(KINDS, TEXT), **schema["properties"]}
    schema["required"] = []
    schema["oneOf"] = [{"required": [kind]} for kind in KINDS]
    return schema


def _of(type_: Any, definitions: dict[str, Schema]) -> Schema:
    origin, arguments = get_origin(type_), get_args(type_)
    if dataclasses.is_dataclass(type_) and isinstance(type_, type):
        if type_.__name__ not in definitions:
            definitions[type_.__name__] = {}  # a menu holds menus: the name is taken before its content is known
            definitions[type_.__name__] = _node(definitions) if type_ is MenuNode else _dataclass(type_, definitions)
        return {"$ref": f"#/$defs/{type_.__name__}"}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, types.UnionType):
        return _of(next(each for each in arguments if each is not type(None)), definitions)
    if origin is tuple:
        listed: Schema = {"type": "array", "items": _of(arguments[0], definitions)}
        # one text stands for a list of one
        return {"anyOf": [listed, TEXT]} if arguments[0] is str else listed
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _of(arguments[1], definitions)}
    if type_ is str:
        return TEXT
    raise TypeError(f"A head unit cannot hold {type_!r}.")
