"""`/api/docs`: the API described on one page, from its own OpenAPI description. No script, nothing from elsewhere."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vettura.api.shell import api
from vettura.developers import queries


@dataclass(frozen=True)
class Operation:
    """One operation, as the page shows it."""

    method: str
    path: str
    summary: str
    description: str
    parameters: list[str]
    statuses: list[str]


def docs(request: HttpRequest) -> HttpResponse:
    """Every operation by its subject, with a link to the machine-readable description."""
    description = api.get_openapi_schema(path_prefix="/api/v1/")
    subjects: dict[str, list[Operation]] = {}
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            subject = (operation.get("tags") or ["account"])[0]
            subjects.setdefault(subject, []).append(
                Operation(
                    method=method.upper(),
                    path=path,
                    summary=operation.get("summary", ""),
                    description=operation.get("description", ""),
                    parameters=[each["name"] for each in operation.get("parameters", [])],
                    statuses=[str(status) for status in operation.get("responses", {})],
                )
            )
    facts = {
        "about": description["info"]["description"],
        "subjects": sorted(subjects.items()),
        "budgets": queries.budgets(),
    }
    return render(request, "api/docs.html", facts)
