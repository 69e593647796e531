"""What is true of every operation, written into the OpenAPI description in one place: problems, tags, conditions."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from vettura.api.lifecycle import PARTINGS
from vettura.api.scopes import API_SCOPE, SCOPES

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
    },
    "required": ["type", "title", "status", "detail", "code"],
}
PROBLEM_ANSWER: Json = {
    "description": "A problem.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
ETAG: Json = {
    "description": "The digest of what is shown, for `If-None-Match` and `If-Match`.",
    "schema": {"type": "string"},
}
RATE_LIMIT: Json = {
    "RateLimit": {
        "description": "To programs: what is left of each budget and in how many seconds it is whole again.",
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {"description": "To programs: the budgets.", "schema": {"type": "string"}},
}
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
CHANGE_CONDITIONALLY = frozenset({"change_destination", "delete_destination"})


class DescribedAPI(NinjaAPI):
    """The API with what holds for all of its operations in its description."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The description, completed."""
        description = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        description["components"].setdefault("schemas", {})["Problem"] = PROBLEM
        for methods in description["paths"].values():
            for method, operation in methods.items():
                _complete(method, operation)
        return description


def _complete(method: str, operation: Json) -> None:
    for (name, status), links in LINKS.items():
        if name == operation["operationId"]:
            operation["responses"][status]["links"] = {
                each: {"operationId": each, "parameters": values} for each, values in links.items()
            }
    responses, parameters = operation["responses"], operation.setdefault("parameters", [])
    responses.setdefault("default", PROBLEM_ANSWER)
    # any one of the scopes is enough; OpenAPI 3.1 lets every kind of sign-in name them
    wanted = (*SCOPES.get(operation["operationId"], ()), API_SCOPE)
    operation["security"] = [*({"Bearer": [scope]} for scope in wanted), {"SessionAuth": []}]
    shown = responses.get(200) or responses.get("200")
    is_json = shown is not None and "application/json" in shown.get("content", {})
    if is_json and method in ("get", "patch"):
        shown.setdefault("headers", {})["ETag"] = ETAG
    if is_json and method == "get":
        parameters.append(IF_NONE_MATCH)
        responses[304] = {"description": "As the caller has it already.", "headers": {"ETag": ETAG}}
    if operation["operationId"] in PARTINGS:
        operation["deprecated"] = True
    responses[429] = {
        **PROBLEM_ANSWER,
        "description": "A budget of the program is used up.",
        "headers": {"Retry-After": {"description": "In how many seconds to try again.", "schema": {"type": "string"}}},
    }
    for answer in responses.values():
        answer["headers"] = {**answer.get("headers", {}), **RATE_LIMIT}
    if operation["operationId"] in CHANGE_CONDITIONALLY:
        parameters.append(IF_MATCH)
        responses[412] = {**PROBLEM_ANSWER, "description": "It has changed since."}
