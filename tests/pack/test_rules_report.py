"""`make rules` counts the marks of the tests and refuses a rule that does not exist."""

from pathlib import Path

import pytest

from vettura.launcher.rules_report import help_report, main, marks_in, other_ids_of, report, rules_of, spelled_out

SPECIFICATION = """
| Area | Rows |
| ID-001 | 3 | An account is one credential |
| ID-002 | 3 | The buyer is invited |
| STO-001 | 17 | One vehicle |
| C-01 | 142 | Years |
| N-27 | right |
| IMP-01 | 3 | Invitation |
"""
TESTS = """
import pytest

pytestmark = pytest.mark.rule("ID-001")

@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.rule("STO-001", "C-01")), pytest.param(2, marks=[pytest.mark.rule("N-27")])])
def test_it(x): ...
"""


@pytest.fixture
def place(tmp_path) -> Path:
    (tmp_path / "rules.md").write_text(SPECIFICATION)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_it.py").write_text(TESTS)
    return tmp_path


def run(place: Path) -> int:
    pack = Path(__file__).resolve().parents[2] / "packs" / "plain"
    return main(["--rules", str(place / "rules.md"), "--tests", str(place / "tests"), "--pack", str(pack)])


def test_marks_are_found_on_modules_functions_and_parameters(place):
    assert {mark.rule for mark in marks_in(place / "tests")} == {"ID-001", "STO-001", "C-01", "N-27"}


def test_open_rules_are_no_failure(place, capsys):
    assert run(place) == 0
    assert capsys.readouterr().out.split("\n")[:4] == [
        "area rows tested",
        "ID      2    1  open: ID-002",
        "STO     1    1",
        "all     3    2  open: 1",
    ]


def test_an_unknown_rule_is(place, capsys):
    (place / "tests/test_it.py").write_text('import pytest\n\n@pytest.mark.rule("ID-999")\ndef test_it(): ...\n')
    assert run(place) == 1
    assert "test_it.py:3: there is no rule ID-999." in capsys.readouterr().err


def test_what_has_no_article_and_is_not_internal_is_shown():
    rules = ["ID-001", "ID-002", "ID-003", "STO-001", "STO-002"]

    meant, nothing = spelled_out(["ID-002..ID-003", "STO", "XX"], rules)

    assert meant == {"ID-002", "ID-003", "STO-001", "STO-002"}
    assert nothing == ["XX"]
    assert help_report(rules, {"STO-002"}, {"ID-002"})[1:] == [
        "ID      3    0        1  without an article: ID-001 ID-003",
        "STO     2    1        0  without an article: STO-001",
        "all     5    1  without an article: 3",
    ]


def test_the_specification_has_every_area():
    specification = (Path(__file__).resolve().parents[2] / "docs/rules.md").read_text()
    assert len(rules_of(specification)) == 608
    assert len({rule.split("-")[0] for rule in rules_of(specification)}) == 30
    assert {"C-01", "C-82", "N-49", "IMP-64"} <= other_ids_of(specification)
    assert report(rules_of(specification), set())[-1] == "all   608    0  open: 608"
