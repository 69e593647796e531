"""Names: one thing, one word; the code knows no brand; every text is translated."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
CODE = [p for p in (ROOT / "src").rglob("*") if p.suffix in {".py", ".html", ".txt", ".js", ".css", ".typ", ".toml"}]
# imitates foreign APIs in their own words and names their hosts
COMPAT = ROOT / "src/vettura/compat"
BRAND = re.compile(
    r"porsche|\btaycan\b|\bpcm\b(?!-\d)|\bcayenne\b|\bpanamera\b|\bmacan\b|\b911\b|\bpvts\b", re.IGNORECASE
)
# the name of the default pack
ALLOWED_LINES = re.compile(r"VETTURA_PACK|value or \"porsche\"")
FORBIDDEN_FILES = {"utils.py", "helpers.py", "common.py", "services.py", "misc.py"}
LANGUAGES = ("it", "de")


def test_the_code_knows_no_brand():
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in CODE
        if "migrations" not in path.parts and COMPAT not in path.parents
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if BRAND.search(line) and not ALLOWED_LINES.search(line)
    ]

    assert found == []


def test_no_drawer_that_explains_nothing():
    assert [str(p.relative_to(ROOT)) for p in CODE if p.name in FORBIDDEN_FILES] == []


def test_no_file_grows_past_what_one_can_read():
    long = [
        f"{path.relative_to(ROOT)}: {lines}"
        for path in CODE
        if path.suffix == ".py"
        and "migrations" not in path.parts
        and (lines := len(path.read_text().splitlines())) > 470
    ]

    assert long == []


def _strings(node: ast.AST):
    """The literal text of a gettext argument, also where it is joined from several lines."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def messages_of(path: Path):
    """Every msgid that a file asks gettext for."""
    if path.suffix == ".py":
        tree = ast.parse(path.read_text())
        source_calls = [tree]
    else:
        source_calls = []
        code = templatize(path.read_text(), origin=str(path))
        for call in re.findall(
            r"(?:_|gettext|ngettext|pgettext|npgettext)\((?:[^()\"']|u?\"(?:[^\"\\]|\\.)*\"|u?'(?:[^'\\]|\\.)*')*\)",
            code,
        ):
            try:
                source_calls.append(ast.parse(call))
            except SyntaxError:
                continue
    names = {
        "_": 0,
        "gettext": 0,
        "gettext_lazy": 0,
        "gettext_noop": 0,
        "ngettext": 0,
        "ngettext_lazy": 0,
        "pgettext": 1,
        "pgettext_lazy": 1,
    }
    for tree in source_calls:
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in names
                and len(node.args) > names[node.func.id]
            ):
                text = _strings(node.args[names[node.func.id]])
                if text and text.strip():
                    yield text


CONTEXTS = sorted(
    p.name for p in (ROOT / "src/vettura").iterdir() if p.is_dir() and p.name not in {"launcher", "__pycache__"}
)


def known_messages(language: str) -> set[str]:
    known: set[str] = set()
    for po in (ROOT / "src/vettura").glob(f"*/locale/{language}/LC_MESSAGES/django.po"):
        with po.open("rb") as file:
            for message in read_po(file):
                done = all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)
                if message.id and done and not message.fuzzy:
                    known.add(message.id[0] if isinstance(message.id, tuple | list) else message.id)
    return known


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("context", CONTEXTS)
def test_every_text_is_translated(context: str, language: str):
    known = known_messages(language)

    missing = sorted(
        {
            text
            for path in (ROOT / "src/vettura" / context).rglob("*")
            if path.suffix in {".py", ".html", ".txt"}
            for text in messages_of(path)
            if text not in known
        }
    )

    assert missing == []
