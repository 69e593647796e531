"""The drawings of cars."""

import re
from pathlib import Path

import pytest

from vettura.portal import pictures
from vettura.portal.icons import ICONS

PACKS = Path(__file__).parents[2] / "packs"
DRAWINGS = sorted(PACKS.glob("*/pictures/*.svg"))
LARGEST_DRAWING_IN_BYTES = 12_000


@pytest.mark.rule("GAR-016")
@pytest.mark.parametrize("has_picture", [True, False])
def test_a_car_built_before_1984_shows_a_sample(has_picture):
    assert pictures.picture_kind(production_year=1983, has_picture=has_picture) == "sample"


@pytest.mark.rule("GAR-017")
def test_a_car_built_from_1984_on_shows_its_model():
    assert pictures.picture_kind(production_year=1984, has_picture=True) == "model"


@pytest.mark.rule("GAR-018")
def test_a_newer_car_without_a_picture_shows_a_silhouette():
    assert pictures.picture_kind(production_year=1984, has_picture=False) == "silhouette"


def test_there_are_drawings():
    assert len(DRAWINGS) >= 33


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_drawing_is_small_and_carries_nothing_but_shapes(path):
    source = path.read_text()

    assert len(source.encode()) < LARGEST_DRAWING_IN_BYTES
    assert re.search(r"<(script|image|text|style|foreignObject|use)\b|href=|url\(|\bon\w+=|\bid=", source) is None


@pytest.mark.parametrize("path", [path for path in DRAWINGS if path.stem.endswith("-top")], ids=lambda path: path.stem)
def test_a_top_view_names_the_parts_that_show_state(path):
    parts = set(re.findall(r'data-part="([^"]+)"', path.read_text()))

    assert {
        "door-front-left",
        "door-front-right",
        "hood",
        "trunk",
        "window-front-left",
        "tyre-front-left",
        "tyre-rear-right",
    } <= parts


def test_a_drawing_keeps_its_frame_and_its_parts():
    attributes, inside = pictures.drawing(DRAWINGS[0])

    assert "viewBox=" in attributes
    assert "data-part=" in inside
    assert "<svg" not in inside


def test_icons_stand_on_the_grid_of_24():
    numbers = [float(number) for shape in ICONS.values() for number in re.findall(r"c?[xy]=\"([\d.]+)\"", shape)]

    assert len(ICONS) >= 40
    assert all(0 <= number <= 24 for number in numbers)
