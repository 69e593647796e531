"""What is true of every operation, written into the OpenAPI description in one place: problems, tags, conditions."""

import copy
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from vettura.api import examples
from vettura.api.lifecycle import PARTINGS
from vettura.api.scopes import API_SCOPE, FOR_ANYBODY, SCOPES

Json = dict[str, Any]  # a part of a description

PROBLEM: Json = {
    "title": "Problem",
    "description": "An error (RFC 9457). Other members are facts of the refusal, by its `code`.",
    "type": "object",
    "properties": {
        "type": {"type": "string", "description": "The article that explains it."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence in the language of `Accept-Language`."},
        "code": {"type": "string", "description": "Stable: made to be compared."},
        "diagnosis": {
            "type": "string",
            "description": "Why: where this API looks for the cause (`get_diagnosis`). Only where there is one to look for.",
        },
    },
    "required": ["type", "title", "status", "detail", "code"],
}
PROBLEM_ANSWER: Json = {
    "description": "A problem.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
# said once, and pointed at by every answer
HEADERS: Json = {
    "ETag": {
        "description": "The digest of what is shown, for `If-None-Match` and `If-Match`.",
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": "To programs and strangers: what is left of each budget and in how many seconds it is whole again.",
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {"description": "To programs and strangers: the budgets.", "schema": {"type": "string"}},
    "Retry-After": {"description": "In how many seconds to try again.", "schema": {"type": "string"}},
    "Link": {
        "description": 'Where the next page is: `<…>; rel="next"`. Absent on the last one.',
        "schema": {"type": "string"},
    },
}
RATE_LIMIT = ("RateLimit", "RateLimit-Policy")
IF_NONE_MATCH: Json = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "description": "Tags that the caller has: 304 without a body if one of them is still right (RFC 9110).",
    "schema": {"type": "string"},
}
IF_MATCH: Json = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "description": "Tags of which one must still be right, or nothing is changed and the answer is 412 (RFC 9110).",
    "schema": {"type": "string"},
}
# what an answer leads to: operation, status, and where its path parameters come from
LINKS: dict[tuple[str, int], dict[str, dict[str, str]]] = {
    ("list_vehicles", 200): {"get_vehicle": {"vin": "$response.body#/items/0/vin"}},
    ("request_command", 202): {"get_command": {"vin": "$request.path.vin", "command_id": "$response.body#/id"}},
    ("add_destination", 201): {
        name: {"vin": "$request.path.vin", "destination_id": "$response.body#/id"}
        for name in ("get_destination", "change_destination", "delete_destination")
    },
    ("invite_user", 201): {"remove_user": {"vin": "$request.path.vin", "user_id": "$response.body#/id"}},
    ("create_webhook", 201): {
        name: {"webhook_id": "$response.body#/id"}
        for name in (
            "get_webhook",
            "change_webhook",
            "verify_webhook",
            "rotate_webhook_secret",
            "list_deliveries",
            "delete_webhook",
        )
    },
}
# operations that look at `If-Match`: those whose actions are given `conditional.expected`
CHANGE_CONDITIONALLY = frozenset(
    {
        "change_destination",
        "delete_destination",
        "change_webhook",
        "delete_webhook",
        "rotate_webhook_secret",
        "change_setting",
        "change_contact",
    }
)
# lists that stay arrays: where the next page is stands in a header (RFC 8288)
PAGED_BY_LINK = frozenset({"list_orders", "list_contracts"})
STREAM_PATH = "/vehicles/{vin}/stream"
# answered beside this API (`vehicle_link/stream.py`), and described with it
STREAM: Json = {
    "operationId": "watch_vehicle",
    "summary": "Watch a vehicle live",
    "description": (
        "Server-sent events; a WebSocket at the same address tells the same, one JSON object `{event, id, data}` each. Events: "
        "`opened` (from here on nothing is missed: read the state once more), `state`, `command` (each step, with an `id`), `link`, "
        "`alarm`, and the names of documents that changed, such as `contracts`. A heartbeat comes every 15 seconds. A program has "
        "only so many streams open at once. A viewer whose rights end is sent away (a WebSocket with code 4403)."
    ),
    "tags": ["remote services"],
    "parameters": [
        {"in": "path", "name": "vin", "required": True, "schema": {"type": "string", "title": "Vin"}},
        {
            "in": "query",
            "name": "signals",
            "required": False,
            "description": "VSS paths, separated by commas; all that the caller may see if absent.",
            "schema": {"type": "string"},
        },
        {
            "in": "query",
            "name": "interval",
            "required": False,
            "description": "The least number of seconds between two states; what came in between arrives together.",
            "schema": {"type": "number", "minimum": 0, "maximum": 3600, "default": 0},
        },
        {
            "in": "query",
            "name": "last_event_id",
            "required": False,
            "description": "The `id` of the last command step that the viewer has; so may the header `Last-Event-ID` say.",
            "schema": {"type": "string"},
        },
    ],
    "responses": {
        200: {
            "description": "Events, until the viewer leaves.",
            "content": {
                "text/event-stream": {
                    "schema": {"type": "string"},
                    "example": 'event: state\ndata: {"values": {"Vehicle.TraveledDistance": 18240.4}}\n\n',
                }
            },
        },
        503: {**PROBLEM_ANSWER, "description": "Live updates are not available for the moment."},
    },
}
PROBLEMS = {
    401: "Nobody is signed in, or the token is not good (any more).",
    403: "The token lacks a scope, or the caller's role does not allow it.",
    404: "There is nothing here, or it is not the caller's to see.",
    412: "It has changed since.",
    422: "What was sent does not fit the schema, or is out of its range.",
    429: "A budget of the program, or of the network address, is used up.",
}
# those that any operation may come to
ANYWHERE = (401, 403, 429)


class DescribedAPI(NinjaAPI):
    """The API with what holds for all of its operations in its description."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The description, completed. It is made once, which takes long: whoever wants to change it takes a copy."""
        if path_params:
            return self._describe(path_prefix, path_params)
        known: dict[str | None, OpenAPISchema] = self.__dict__.setdefault("described", {})
        if path_prefix not in known:
            known[path_prefix] = self._describe(path_prefix, path_params)
        return known[path_prefix]

    def _describe(self, path_prefix: str | None, path_params: dict[str, Any] | None) -> OpenAPISchema:
        description = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        schemas = description["components"].setdefault("schemas", {})
        schemas["Problem"] = PROBLEM
        description["components"]["headers"] = HEADERS
        description["components"]["responses"] = {
            str(status): {**PROBLEM_ANSWER, "description": words, "headers": _headers("Retry-After", *RATE_LIMIT)}
            for status, words in PROBLEMS.items()
        }
        prefix = "/api/v1" if path_prefix is None else path_prefix.rstrip("/")
        description["paths"][prefix + STREAM_PATH] = {"get": copy.deepcopy(STREAM)}
        for methods in description["paths"].values():
            for method, operation in methods.items():
                _complete(method, operation)
                examples.add_to(operation, schemas)
        return description


def _complete(method: str, operation: Json) -> None:
    name, responses, parameters = (
        operation["operationId"],
        operation["responses"],
        operation.setdefault("parameters", []),
    )
    _say_problems(operation)
    _link(operation)
    # any one of the scopes is enough; OpenAPI 3.1 lets every kind of sign-in name them
    wanted = (*SCOPES.get(name, ()), API_SCOPE)
    operation["security"] = [*({"Bearer": [scope]} for scope in wanted), {"SessionAuth": []}]
    if name in FOR_ANYBODY:
        operation["security"].append({})
    shown = responses.get(200) or responses.get("200")
    is_json = shown is not None and "application/json" in shown.get("content", {})
    if is_json and method in ("get", "patch", "put"):
        shown.setdefault("headers", {}).update(_headers("ETag"))
    if is_json and method == "get":
        parameters.append(IF_NONE_MATCH)
        responses[304] = {"description": "As the caller has it already.", "headers": _headers("ETag")}
    if name in PAGED_BY_LINK:
        shown.setdefault("headers", {}).update(_headers("Link"))
    if name in PARTINGS:
        operation["deprecated"] = True
    for answer in responses.values():
        if "$ref" not in answer:
            answer["headers"] = {**answer.get("headers", {}), **_headers(*RATE_LIMIT)}
    if name in CHANGE_CONDITIONALLY:
        parameters.append(IF_MATCH)
        responses[412] = _problem(412)


def _link(operation: Json) -> None:
    """What an answer leads to."""
    for (name, status), links in LINKS.items():
        if name == operation["operationId"]:
            operation["responses"][status]["links"] = {
                each: {"operationId": each, "parameters": values} for each, values in links.items()
            }


def _say_problems(operation: Json) -> None:
    """Every answer that is no good one, as far as the operation can come to it."""
    responses, parameters = operation["responses"], operation["parameters"]
    responses.setdefault("default", PROBLEM_ANSWER)
    possible = [*ANYWHERE]
    if any(each["in"] == "path" for each in parameters):
        possible.append(404)
    if parameters or "requestBody" in operation:
        possible.append(422)
    for status in possible:
        responses.setdefault(status, _problem(status))


def _problem(status: int) -> Json:
    return {"$ref": f"#/components/responses/{status}"}


def _headers(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
