"""What docs/security.md claims is proved by a test that exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/security.md").read_text()
NAMED = sorted(set(re.findall(r"`([a-z_/]+\.py)::(test_\w+)`", TEXT)))
ROWS = [line.split("|")[1:-1] for line in TEXT.splitlines() if re.match(r"\| \d+\.\d+\.\d+ ", line)]


@pytest.mark.parametrize(("file", "test"), NAMED, ids=lambda each: each)
def test_every_test_that_is_named_exists(file: str, test: str):
    tree = ast.parse((ROOT / "tests" / file).read_text())

    assert test in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_requirement_is_met_open_or_not_applicable():
    assert len(ROWS) > 60
    assert {row[2].strip() for row in ROWS} <= {"met", "in part", "open", "n/a"}
    assert [row[0] for row in ROWS if len(row) != 4] == []


def test_what_is_met_is_proved():
    unproved = [row[0].strip() for row in ROWS if row[2].strip() == "met" and "::test_" not in row[3]]

    assert unproved == []
