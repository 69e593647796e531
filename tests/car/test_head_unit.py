import io
import subprocess
import sys

import pytest
from tests.car.conftest import PACK_DIR

from vettura_car.errors import CarError, NotPossible
from vettura_car.head_unit import Menu, print_menu
from vettura_car.main import main

GENERATIONS = ["911-7", "718", "MAC-1", "CAY-2", "PAN-2", "CAY-3", "MAC-2", "911-8", "TAY"]


@pytest.mark.rule("PCM-020", "PCM-021", "PCM-040", "PCM-041")
@pytest.mark.parametrize("task", ["PAIRING_LOGIN", "LICENCE_INFO", "ROAMING_ON", "DATA_OFF"])
@pytest.mark.parametrize("generation", GENERATIONS)
def test_every_printed_path_can_be_walked_on_the_screen(make_car, generation, task):
    car = make_car(generation)
    menu = Menu(car)

    walked = car.build.head_unit.walk(task, generation)

    printed = car.build.head_unit.task(task, generation).path
    assert bool(walked) == bool(printed)
    for node in walked:
        assert menu.node(node.id) is not None


@pytest.mark.rule("PAI-007")
def test_a_car_without_pairing_code_has_no_code_entry(make_car):
    assert Menu(make_car("TAY")).shown_by("enter_pairing_code") is None


@pytest.mark.rule("PCM-022", "C-10")
@pytest.mark.parametrize("generation", ["PAN-2", "CAY-3", "MAC-2", "911-8"])
def test_the_services_lead_on_to_the_settings_with_the_code(make_car, generation):
    menu = Menu(make_car(generation))

    entries = [menu.target(child) for child in menu.shown_by("services").children]

    assert menu.shown_by("pairing") in entries


@pytest.mark.rule("PCM-004")
@pytest.mark.parametrize("generation", ["911-7", "PAN-2", "CAY-3"])
def test_a_tick_is_the_visible_proof_of_its_state(make_car, generation):
    car = make_car(generation)
    menu = Menu(car)
    roaming = car.build.head_unit.walk("ROAMING_ON", generation)[-1]

    menu.use(roaming)
    once = menu.is_ticked(roaming)
    menu.use(roaming)

    assert (once, menu.is_ticked(roaming)) == (True, False)


@pytest.mark.rule("PCM-005", "PCM-006", "PCM-007", "PCM-008")
@pytest.mark.parametrize("generation", ["911-7", "718", "MAC-1", "CAY-2", "PAN-2", "CAY-3", "MAC-2", "911-8"])
def test_walking_the_path_to_off_cuts_the_data_connection(make_car, generation):
    car = make_car(generation)

    Menu(car).use(car.build.head_unit.walk("DATA_OFF", generation)[-1])

    assert (car.has_data, car.connection_label) == (False, "")


@pytest.mark.rule("PCM-009")
def test_in_the_newest_generation_privacy_mode_stops_the_data(make_car):
    car = make_car("TAY")

    Menu(car).use(car.build.head_unit.walk("DATA_OFF", "TAY")[-1])

    assert car.condition.privacy_on


@pytest.mark.rule("C-07")
def test_the_root_of_the_settings_reads_as_in_this_very_car(make_car):
    car = make_car("PAN-2")
    menu = Menu(car)

    assert menu.label(menu.start()[0]) == car.build.device_root


def test_what_is_not_built_says_that_there_is_nothing_to_do(make_car):
    car = make_car("TAY")
    menu = Menu(car)

    with pytest.raises(NotPossible, match="nothing_to_do"):
        menu.use(menu.shown_by("install_update"))


@pytest.mark.parametrize("generation", GENERATIONS)
def test_the_menu_of_every_generation_can_be_printed(pack, generation):
    printed = io.StringIO()

    print_menu(pack, generation, write=printed.write)

    assert generation in printed.getvalue()
    assert len(printed.getvalue().splitlines()) > 15


def test_an_unknown_generation_is_refused_with_the_known_ones(pack):
    with pytest.raises(CarError, match="TAY"):
        print_menu(pack, "nothing", write=lambda text: None)


def test_the_command_line_prints_a_menu(capsys):
    assert main(["menu", "CAY-3", "--pack", str(PACK_DIR)]) == 0

    assert "Informazioni licenza" in capsys.readouterr().out


def test_without_a_generation_the_command_line_lists_them(capsys):
    assert main(["menu", "--pack", str(PACK_DIR)]) == 0

    listed = capsys.readouterr().out
    assert {line.split()[0] for line in listed.splitlines()} == set(GENERATIONS)


def test_a_printed_menu_names_ids_states_and_basis_in_the_language_asked_for(pack, capsys):
    assert main(["menu", "TAY", "--lang", "de", "--pack", str(PACK_DIR)]) == 0

    printed = capsys.readouterr().out
    for root in pack.head_units[pack.generations["TAY"].head_unit].menu_for("TAY"):
        for node in root.walk_all():
            line = next(line for line in printed.splitlines() if f"#{node.id} " in f"{line} ")
            assert node.label_in("de") in line
            assert node.state is None or f"state: {node.state}" in line
            assert node.basis == "stated" or f"({node.basis})" in line


@pytest.mark.parametrize("words", [["menu"], ["menu", "CAY-3", "--lang", "it"], ["menu", "nothing"]])
def test_the_launcher_prints_menus_too(words):
    done = subprocess.run(
        [sys.executable, "-m", "vettura.launcher.main", "car", *words],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )

    known = words[-1] != "nothing"
    assert (done.returncode == 0) == known
    assert ("CAY-3" if known else "knows no generation nothing") in done.stdout + done.stderr


def test_a_car_that_was_not_provisioned_does_not_start(tmp_path, capsys):
    code = main(["--pack", str(PACK_DIR), "--vin", "WP0ZZZY1ZLSA00001", "--data-dir", str(tmp_path)])

    assert code == 2
    assert "vettura provision" in capsys.readouterr().err


@pytest.mark.rule("PCM-022", "PAI-012")
def test_nothing_in_the_code_page_depends_on_the_brand(make_car):
    assert Menu(make_car("CAY-3")).shown_by("pairing").label not in ("", None)


NOT_BUILT = {
    ("UPDATES_CHECK", "install_update"),  # software
    ("PARKING_SEARCH", "start_guidance"),  # parking
}
"""What instructions tell and no car does yet, because the part of the business it belongs to is not there. It only ever shrinks."""


def test_every_path_of_the_instructions_ends_in_something_that_works(make_car):
    idle = set()
    for generation in GENERATIONS:
        car = make_car(generation)
        menu, unit = Menu(car), car.build.head_unit
        idle |= {
            (task.task, node.does)
            for task in unit.tasks
            if generation in task.generations
            for node in unit.walk(task.task, generation)
            if not menu.is_built(node)
        }

    assert idle == NOT_BUILT
