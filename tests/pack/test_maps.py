"""The map of a pack: roads to drive on, and what an update consists of."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from vettura_pack import PackError, load_pack

PORSCHE = Path(__file__).resolve().parents[2] / "packs" / "porsche"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the pack that a test may spoil."""
    return Path(shutil.copytree(PORSCHE, tmp_path / "porsche"))


def spoil(pack: Path, file: str, old: str, new: str) -> PackError:
    path = pack / "maps" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(PackError) as refused:
        load_pack(pack)
    assert refused.value.file == path
    return refused.value


def test_a_new_release_is_offered_from_its_day_on():
    data = load_pack(PORSCHE).map_data

    assert data.newest(date(2026, 7, 14)).version == "2026.1"
    assert data.newest(date(2026, 7, 15)).version == "2026.2"
    assert data.newest(date(2020, 1, 1)) is data.releases[0]


def test_every_country_that_sells_map_updates_has_a_region():
    pack = load_pack(PORSCHE)

    assert [code for code in pack.services["map_updates"].countries if pack.map_data.region_of(code) is None] == []


@pytest.mark.rule("NAV-004", "NAV-006")
def test_not_every_road_has_traffic_data_or_pictures():
    for sheet in load_pack(PORSCHE).map_sheets.values():
        if sheet.id != "between":
            assert {road.traffic for road in sheet.roads} == {True, False}
            assert {road.street_view for road in sheet.roads} == {True, False}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('line: "45.', 'line: "145.', "which is no latitude and longitude"),
        ('line: "45.', 'line: "somewhere, 45.', "has “somewhere”, which is no latitude"),
        ("class: street", "class: path", "must be one of motorway, main, street"),
        ("id: torino-a2", "id: torino-a1", "The road torino-a1 stands twice."),
    ],
)
def test_a_wrong_road_is_refused_with_its_file(copy, old, new, said):
    assert said in str(spoil(copy, "sheets/torino.yaml", old, new))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("since: 2024-07-15", "since: 2023-07-15", "in the order of their days"),
        ("id: alps", "id: italy", "the region “italy” twice"),
        ("countries: [DE]", "countries: [XX]", "names the country “XX”, which does not exist"),
    ],
)
def test_wrong_map_data_are_refused_with_their_file(copy, old, new, said):
    assert said in str(spoil(copy, "data.yaml", old, new))


def test_a_head_unit_that_updates_its_map_needs_map_data(copy):
    (copy / "maps" / "data.yaml").unlink()

    with pytest.raises(PackError, match=r"updates its map, and the pack has no maps/data.yaml"):
        load_pack(copy)
