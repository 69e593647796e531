"""What import-linter cannot see: other contexts use only a context's public face, and foreign keys point down."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
# forms: one question to people is asked the same way everywhere, see decision 0007
PUBLIC = {"actions", "queries", "events", "errors", "diagnosis", "forms"}
LAYERS = [
    "foundation",
    "catalog",
    "notifications",
    "identity",
    "partners",
    "vehicles",
    "vehicle_link",
    "entitlements",
    "billing",
    "store",
    "remote_services",
    "navigation",
    "assistance",
    "developers",
    "help_center",
]
EXEMPT = {"foundation", "catalog", "config", "launcher", "portal", "desk", "api", "compat", "phone_app", "owner_mqtt"}
FILES = sorted(
    path
    for path in (ROOT / "src/vettura").rglob("*.py")
    if "migrations" not in path.parts and path.relative_to(ROOT / "src/vettura").parts[0] not in {"launcher", "config"}
)


def imported_modules(tree: ast.AST):
    type_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in type_only:
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT / "src/vettura")))
def test_other_contexts_use_only_the_public_face(path: Path):
    own = path.relative_to(ROOT / "src/vettura").parts[0]

    strangers = [
        name
        for name in imported_modules(ast.parse(path.read_text()))
        if (parts := name.split("."))[0] == "vettura"
        and len(parts) > 2
        and parts[1] not in EXEMPT | {own}
        and parts[2] not in PUBLIC
        # models of a lower context may be read when handed over: naming their type is allowed
        and parts[2] != "models"
    ]

    assert strangers == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT / "src/vettura")))
def test_only_its_own_context_saves_or_queries_a_model(path: Path):
    own = path.relative_to(ROOT / "src/vettura").parts[0]
    tree = ast.parse(path.read_text())
    foreign_models = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module
        and node.module.startswith("vettura.")
        and ".models" in node.module
        and node.module.split(".")[1] not in {own, "foundation"}
        for alias in node.names
    }

    queried = [
        f"{node.value.id}.objects"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "objects"
        and isinstance(node.value, ast.Name)
        and node.value.id in foreign_models
    ]

    assert queried == []


def test_foreign_keys_point_down():
    upward = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in LAYERS
        for field in model._meta.get_fields()
        if field.is_relation
        and field.many_to_one
        and field.concrete
        and field.related_model._meta.app_label in LAYERS
        and LAYERS.index(field.related_model._meta.app_label) > LAYERS.index(model._meta.app_label)
    ]

    assert upward == []
