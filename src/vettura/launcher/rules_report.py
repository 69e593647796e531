"""
`make rules`: which rules of docs/rules.md have a test and which do not yet, and which have no article in the help center.

A test names the rules it proves with `@pytest.mark.rule("ID-014")`, on a function, a class, a parameter set or a whole
module (`pytestmark`). The marks are read from the source, so nothing has to run. An article names its rules in its head; `internal` in
help/help.yaml lists, each with its reason, the rules, ranges (`INV-001..INV-009`) and areas that nobody asks about. Exit 0 with open
rules, 1 when a mark or that list names a rule that does not exist.
"""

import argparse
import ast
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vettura_pack import load_pack
from vettura_pack.help import Help, load_help

ROOT = Path(__file__).resolve().parents[3]
PACK = os.environ.get("VETTURA_PACK") or "porsche"
_REQUIREMENT = re.compile(r"^\| ([A-Z]{2,3}-\d{3}) \|", re.MULTILINE)
_OTHER_ID = re.compile(r"^\| (C-\d{2}|N-\d{2}|IMP-\d{2}) \|", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One mark in a test file."""

    rule: str
    file: Path
    line: int


def rules_of(specification: str) -> list[str]:
    """The ids of the requirements in rules.md, in their order."""
    return _REQUIREMENT.findall(specification)


def other_ids_of(specification: str) -> set[str]:
    """The ids that are known and need no test of their own: resolutions, numbers and implied functions."""
    return set(_OTHER_ID.findall(specification))


def marks_in(folder: Path) -> Iterator[Mark]:
    """Every rule mark in the Python files of a folder."""
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"), filename=str(file))):
            if isinstance(node, ast.Call) and _is_rule_mark(node.func):
                for argument in node.args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield Mark(rule=argument.value, file=file, line=argument.lineno)


def report(rules: Sequence[str], tested: set[str]) -> list[str]:
    """One line per area (area, rows, tested, open ids) and a line with the totals."""
    areas: dict[str, list[str]] = {}
    for rule in rules:
        areas.setdefault(rule.split("-")[0], []).append(rule)
    lines = []
    for area, rows in areas.items():
        still_open = [rule for rule in rows if rule not in tested]
        line = f"{area:<4} {len(rows):>4} {len(rows) - len(still_open):>4}"
        lines.append(f"{line}  open: {' '.join(still_open)}" if still_open else line)
    done = sum(rule in tested for rule in rules)
    return [
        f"{'area':<4} {'rows':>4} {'tested':>6}",
        *lines,
        f"{'all':<4} {len(rules):>4} {done:>4}  open: {len(rules) - done}",
    ]


def spelled_out(internal: Iterable[str], rules: Sequence[str]) -> tuple[set[str], list[str]]:
    """The rules that a list of ids, ranges and areas means, and the entries that mean none."""
    meant: set[str] = set()
    unknown = []
    for entry in internal:
        first, _, last = entry.partition("..")
        if last:
            found = {each for each in rules if each.split("-")[0] == first.split("-")[0] and first <= each <= last}
        else:
            found = {each for each in rules if entry in (each, each.split("-")[0])}
        meant |= found
        if not found:
            unknown.append(entry)
    return meant, unknown


def help_report(rules: Sequence[str], told: set[str], internal: set[str]) -> list[str]:
    """The same by area for the help center: rows, told by an article, internal, and the ids of neither."""
    lines = [f"{'area':<4} {'rows':>4} {'told':>6} {'internal':>8}"]
    for area in dict.fromkeys(rule.split("-")[0] for rule in rules):
        rows = [rule for rule in rules if rule.split("-")[0] == area]
        left = [rule for rule in rows if rule not in told and rule not in internal]
        line = f"{area:<4} {len(rows):>4} {sum(each in told for each in rows):>4} {sum(each in internal for each in rows):>8}"
        lines.append(f"{line}  without an article: {' '.join(left)}" if left else line)
    left_over = sum(rule not in told and rule not in internal for rule in rules)
    return [
        *lines,
        f"{'all':<4} {len(rules):>4} {sum(rule in told for rule in rules):>4}  without an article: {left_over}",
    ]


def main(arguments: Sequence[str]) -> int:
    """Print the report; 1 when a test names an unknown rule."""
    options = argparse.ArgumentParser(prog="make rules", description="Which rules have a test.")
    options.add_argument("--rules", type=Path, default=ROOT / "docs" / "rules.md", help="the specification")
    options.add_argument("--tests", type=Path, default=ROOT / "tests", help="the folder of the tests")
    options.add_argument("--pack", type=Path, default=ROOT / "packs" / PACK, help="the pack whose articles count")
    chosen = options.parse_args(arguments)

    specification = chosen.rules.read_text(encoding="utf-8")
    rules = rules_of(specification)
    marks = list(marks_in(chosen.tests))
    for line in report(rules, {mark.rule for mark in marks}):
        print(line)
    says = _help_of(chosen.pack)
    meant, nothing = spelled_out(says.internal, rules)
    told = {rule for article in says.articles.values() for rule in article.head.rules}
    print()
    for line in help_report(rules, told, meant):
        print(line)
    for entry in nothing:
        print(f"{chosen.pack}/help/help.yaml: internal names {entry}, which is no rule.", file=sys.stderr)
    known = {*rules, *other_ids_of(specification)}
    unknown = [mark for mark in marks if mark.rule not in known]
    for mark in unknown:
        print(f"{mark.file}:{mark.line}: there is no rule {mark.rule}.", file=sys.stderr)
    return 1 if unknown or nothing else 0


def _help_of(pack: Path) -> Help:
    return load_help(pack / "help", load_pack(pack).languages)


def _is_rule_mark(function: ast.expr) -> bool:
    """Whether this is `pytest.mark.rule`, or `mark.rule` where mark was imported."""
    return (
        isinstance(function, ast.Attribute)
        and function.attr == "rule"
        and (
            (isinstance(function.value, ast.Attribute) and function.value.attr == "mark")
            or (isinstance(function.value, ast.Name) and function.value.id == "mark")
        )
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
