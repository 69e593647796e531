"""The menus of the brand's head units are those of the instructions."""

import csv
from pathlib import Path

import pytest

from vettura_pack import load_pack
from vettura_pack.menu import NoSuchStep, normal_label

ROOT = Path(__file__).resolve().parents[2]
PACK = load_pack(ROOT / "packs" / "porsche")
with (ROOT / "docs/data/head-unit-paths.csv").open(encoding="utf-8") as file:
    ROWS = list(csv.DictReader(file))
CODED = [code for code, generation in PACK.generations.items() if generation.needs_pairing_code]


def unit(generation):
    return PACK.head_units[PACK.generations[generation].head_unit]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['task']}-{row['generation']}")
def test_the_path_is_the_printed_one_and_can_be_walked(row):
    task = unit(row["generation"]).task(row["task"], row["generation"])
    assert (task.path, task.result, task.basis, task.condition) == (
        row["path"],
        row["result"],
        row["basis"],
        row["condition"],
    )
    passed = unit(row["generation"]).walk(row["task"], row["generation"])
    assert bool(passed) == bool(row["path"])
    for step in task.steps:
        if not step.startswith(("{", "[")):
            names = [normal_label(name) for node in passed for name in (node.label, *node.aliases)]
            assert any(normal_label(part) in names for part in (step, *step.split(" or "))), step


@pytest.mark.parametrize("name", ["porsche", "plain"])
def test_every_task_is_told_for_every_generation(name):
    pack = load_pack(ROOT / "packs" / name)
    for task in {task.task for head_unit in pack.head_units.values() for task in head_unit.tasks}:
        for code, generation in pack.generations.items():
            assert pack.head_units[generation.head_unit].task(task, code), f"{task} for {code}"


@pytest.mark.rule("CON-019", "CON-004")
def test_the_one_with_the_built_in_sim_has_no_roaming_and_no_sim_menu():
    elements = list(unit("TAY").nodes("TAY"))
    assert not [node for node in elements if "roaming" in (node.state or "") or node.answers_to("Roaming")]
    assert not [node for node in elements if node.answers_to("Scheda SIM") or node.answers_to("Segna PIN")]
    assert not PACK.generations["TAY"].inserted_sim


@pytest.mark.rule("PAI-007")
def test_the_one_without_a_code_has_no_code_entry():
    assert [code for code in PACK.generations if code != "TAY"] == CODED
    assert not [node for node in unit("TAY").nodes("TAY") if node.does == "enter_pairing_code"]
    for code in CODED:
        assert [node for node in unit(code).nodes(code) if node.does == "enter_pairing_code"], code


@pytest.mark.rule("PCM-022")
@pytest.mark.parametrize("code", CODED)
def test_the_code_entry_is_reached_from_the_apps(code):
    way = (
        "APPS > OPT > Login Porsche Connect"
        if code in ("911-7", "718", "MAC-1", "CAY-2")
        else "APPS > Impostazioni Porsche Connect"
    )
    assert unit(code).walk_path(f"{way} > [8-digit code]", code)[-1].does == "enter_pairing_code"


@pytest.mark.rule("C-07")
@pytest.mark.parametrize("code", ["PAN-2", "CAY-3", "MAC-2", "911-8"])
def test_both_labels_of_the_root_lead_to_the_same_switch(code):
    menu = "Connessioni dati" if code == "PAN-2" else "Dati mobili"
    ways = [
        unit(code).walk_path(f"{root} > Gestione dispositivi > Opzioni > {menu} > Roaming", code)
        for root in ("SET", "DEVICES")
    ]
    assert ways[0][-1] is ways[1][-1]
    assert ways[0][0].label_in("it", device_root="DEVICES") == "DEVICES"
    assert ways[0][0].label_in("it") == "SET"


def test_the_newer_units_have_no_second_name_for_the_data_menu():
    with pytest.raises(NoSuchStep) as caught:
        unit("CAY-3").walk_path("SET > Gestione dispositivi > Opzioni > Connessioni dati", "CAY-3")
    assert caught.value.step == "Connessioni dati"


@pytest.mark.rule("C-70")
def test_labels_are_compared_without_case_and_spacing():
    assert normal_label("Connessione  Dati") == normal_label("connessionedati")
    assert normal_label("OPT(key)") == normal_label("opt")
    assert unit("911-7").walk_path("phone > opt > Set Phone > ROAMING", "911-7")[-1].state == "roaming"


def test_the_parking_application_is_in_one_generation_only():
    with_it = [code for code in PACK.generations if any(node.shows == "car_parks" for node in unit(code).nodes(code))]
    assert with_it == ["CAY-3"]


def test_a_label_is_printed_where_no_translation_is_known():
    roaming = unit("CAY-3").walk("ROAMING_ON", "CAY-3")
    assert [node.label_in("de") for node in roaming] == [
        "SET",
        "Geräteverwaltung",
        "Optionen",
        "Mobile Daten",
        "Roaming",
    ]
    assert [node.label_in("it") for node in roaming] == [
        "SET",
        "Gestione dispositivi",
        "Opzioni",
        "Dati mobili",
        "Roaming",
    ]


def test_a_task_nobody_wrote_about_is_no_path():
    assert unit("TAY").task("FLY", "TAY") is None
    with pytest.raises(KeyError):
        unit("TAY").walk("FLY", "TAY")
