"""The files of the head units are checked data: by a schema that editors read, by the loader with file and line, and by walking."""

import csv
import json
import shutil
from pathlib import Path

import jsonschema_rs
import pytest
import yaml

from vettura_pack import PackError, load_pack
from vettura_pack.reading import _StrictLoader
from vettura_pack.schema import head_unit_schema

ROOT = Path(__file__).resolve().parents[2]
PORSCHE = ROOT / "packs" / "porsche"
FILES = sorted(ROOT.glob("packs/*/head_units/*.yaml"))
SCHEMA_FILE = ROOT / "docs" / "schemas" / "head-unit.schema.json"
CHECK = jsonschema_rs.validator_for(head_unit_schema())
PACK = load_pack(PORSCHE)
with (ROOT / "docs/data/head-unit-paths.csv").open(encoding="utf-8") as file:
    ROWS = list(csv.DictReader(file))

WRONG = {
    "a kind that is none": (
        "- tick: per tutti i servizi",
        "- tock: per tutti i servizi",
        "must have exactly one of key",
    ),
    "an unknown entry": ("state: privacy_mode", "stat: privacy_mode", "Did you mean “state”"),
    "a basis that is none": ("basis: inferred", "basis: guessed", "basis"),
    "a number for a text": ("does: sign_out", "does: 7", "must be a text"),
    "two kinds": (
        "- tick: per tutti i servizi",
        "- tick: per tutti i servizi\n                menu: X",
        "exactly one of",
    ),
}


def test_there_are_the_four_of_the_brand():
    assert {path.stem for path in FILES if path.parent.parent == PORSCHE} == {"g1", "g2", "g3", "g4"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_every_file_fits_the_schema(path):
    content = yaml.load(path.read_text(), Loader=_StrictLoader)

    assert [f"{list(error.instance_path)}: {error.message}" for error in CHECK.iter_errors(content)] == []


@pytest.mark.parametrize(("right", "wrong", "sentence"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_refused_by_the_schema_and_by_the_loader_with_file_and_line(tmp_path, right, wrong, sentence):
    shutil.copytree(PORSCHE, tmp_path / "pack")
    path = tmp_path / "pack" / "head_units" / "g4.yaml"
    text = path.read_text()
    line = text[: text.index(right)].count("\n") + 1
    path.write_text(text.replace(right, wrong, 1))

    assert not CHECK.is_valid(yaml.load(path.read_text(), Loader=_StrictLoader))
    with pytest.raises(PackError, match=sentence) as refusal:
        load_pack(tmp_path / "pack")
    assert refusal.value.file == path
    assert abs(refusal.value.line - line) <= 1


def test_a_path_that_leads_nowhere_is_refused_with_its_line(tmp_path):
    shutil.copytree(PORSCHE, tmp_path / "pack")
    path = tmp_path / "pack" / "head_units" / "g4.yaml"
    right = 'path: "Impostazione > Porsche ID > Accedi"'
    line = path.read_text()[: path.read_text().index(right)].count("\n") + 1
    path.write_text(path.read_text().replace(right, 'path: "Impostazione > Porsche ID > Vola"'))

    with pytest.raises(PackError, match="Vola") as refusal:
        load_pack(tmp_path / "pack")

    assert refusal.value.file == path
    assert abs(refusal.value.line - line) <= 2


def test_the_schema_for_editors_is_current():
    assert json.loads(SCHEMA_FILE.read_text()) == head_unit_schema(), "run: make docs"


def test_every_task_of_the_instructions_is_there_for_every_generation():
    told = {(row["task"], row["generation"]) for row in ROWS}
    known = {
        (task.task, generation)
        for unit in PACK.head_units.values()
        for task in unit.tasks
        for generation in task.generations
    }

    assert told - known == set()
    assert {generation for _, generation in told} == set(PACK.generations)
