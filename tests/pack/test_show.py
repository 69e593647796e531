"""Every task of every generation, shown on its head unit: what is to be pressed is there, highlighted, and only it."""

import re
from pathlib import Path

import pytest

from vettura_pack import load_pack
from vettura_pack.show import demonstration

PACK = load_pack(Path(__file__).parents[2] / "packs/porsche")
TASKS = sorted({task.task for unit in PACK.head_units.values() for task in unit.tasks})
_PICTURE_OF_A_SIGN = re.compile(r"<svg.*?</svg>", re.DOTALL)


def shown(task, code, **more):
    return demonstration(PACK, task, PACK.generations[code], "en", start="Start", **more)


def highlighted(picture):
    """The words from the one highlighted thing on."""
    assert picture.count(" data-here") == 1
    behind = picture[picture.index(">", picture.index(" data-here")) + 1 :]
    return next(part for part in re.split(r"<[^>]*>", _PICTURE_OF_A_SIGN.sub("", behind)) if part)


@pytest.mark.rule("KB-002")
@pytest.mark.parametrize("code", sorted(PACK.generations))
def test_each_step_of_each_path_is_highlighted_on_the_screen_on_which_it_stands(code):
    unit = PACK.head_units[PACK.generations[code].head_unit]
    for task in TASKS:
        found = unit.task(task, code)
        demo = shown(task, code)
        assert (demo is not None) == bool(found and found.path)
        if demo is None:
            continue
        for scene in demo.scenes:
            assert highlighted(scene.picture) == scene.label, (task, scene.id)
        printed = [scene.id for scene in demo.scenes if not scene.is_before]
        assert printed == [node.id for node in unit.walk(task, code)]
        assert demo.scenes[0].id in {root.id for root in unit.menu_for(code)}
        assert " data-here" not in demo.end


def test_a_path_that_begins_inside_the_tree_is_shown_from_the_start_screen_on():
    demo = shown("CAR_HOTSPOT_ON", "CAY-3")

    assert [(scene.label, scene.is_before) for scene in demo.scenes][:2] == [("SET", True), ("Device manager", False)]


@pytest.mark.rule("C-07")
def test_the_first_key_is_called_as_in_this_very_car():
    demo = shown("ROAMING_ON", "CAY-3", root="DEVICES")

    assert demo.scenes[0].label == "DEVICES"


def test_what_was_ticked_is_ticked_in_the_pictures_that_follow():
    demo = shown("CAR_HOTSPOT_ON", "PAN-2")

    assert [scene.picture.count('aria-checked="true"') for scene in demo.scenes][-3:] == [0, 1, 2]
    assert demo.end.count('aria-checked="true"') == 3


def test_hard_keys_are_pressed_beside_the_screen_and_their_options_open_over_it():
    demo = shown("PAIRING_LOGIN", "911-7")

    assert [scene.how for scene in demo.scenes] == ["press", "press", "choose", "type"]
    assert '<span data-here class="hardkey hardkey--own">OPT' in demo.scenes[1].picture
    assert "screen--panel" in demo.scenes[2].picture


def test_a_picture_leads_nowhere():
    for scene in shown("SIGN_IN", "TAY").scenes:
        assert not re.search(r"<(a|button|form|input)\b", scene.picture)
