"""What the pack settles about generations, pictures and countries."""

import csv
from pathlib import Path

import pytest

from vettura.catalog import queries, rules

# a document is the one in force today
pytestmark = pytest.mark.usefixtures("clock")

with (Path(__file__).resolve().parents[2] / "docs/data/countries.csv").open(encoding="utf-8") as file:
    COUNTRIES = [row for row in csv.DictReader(file) if row["iso2"] != "*"]
NEW = {"PAN-2", "CAY-3", "MAC-2", "911-8", "TAY"}


def codes(line, year):
    return [generation.code for generation in queries.generations_for(model_line=line, model_year=year)]


@pytest.mark.rule("C-01")
def test_the_911_of_2019_may_be_of_two_generations():
    assert codes("911", 2018) == ["911-7"]
    assert codes("911", 2019) == ["911-7", "911-8"]
    assert codes("911", 2020) == ["911-8"]


@pytest.mark.rule("C-02")
@pytest.mark.parametrize(
    ("line", "year", "old", "new"), [("macan", 2018, "MAC-1", "MAC-2"), ("cayenne", 2017, "CAY-2", "CAY-3")]
)
def test_in_the_shared_year_only_the_screen_tells_which_it_is(line, year, old, new):
    assert codes(line, year - 1) == [old]
    assert codes(line, year) == [old, new]
    assert codes(line, year + 1) == [new]
    assert queries.generation(old).has_hard_keys != queries.generation(new).has_hard_keys


def test_a_line_before_its_first_generation_has_none():
    assert codes("panamera", 2016) == []
    assert codes("panamera", 2017) == ["PAN-2"]
    assert codes("taycan", 2030) == ["TAY"]


@pytest.mark.parametrize("code", sorted(queries.pack().generations))
def test_the_symbol_of_the_connection_is_in_its_corner(code):
    corner = queries.generation(code).symbol_corner
    assert corner == ("top_right" if code in NEW else "bottom_left")


@pytest.mark.rule("CON-023")
def test_newer_units_show_the_symbol_at_the_top_right():
    assert {queries.generation(code).symbol_corner for code in NEW} == {"top_right"}


@pytest.mark.rule("CON-024")
def test_all_others_show_it_at_the_bottom_left():
    others = {generation.code for generation in queries.generations()} - NEW
    assert others == {"911-7", "718", "MAC-1", "CAY-2"}
    assert {queries.generation(code).symbol_corner for code in others} == {"bottom_left"}


@pytest.mark.rule("MAN-001")
def test_five_generations_have_a_digital_manual():
    assert {generation.code for generation in queries.generations() if generation.digital_manual} == NEW


def test_the_options_of_the_map_are_on_top_in_one_generation():
    assert [g.code for g in queries.generations() if g.map_options_edge == "top"] == ["PAN-2"]


@pytest.mark.rule("GAR-016")
def test_before_1984_a_sample_picture_is_shown():
    for has_picture in (True, False):
        assert rules.picture_kind(1983, has_model_picture=has_picture, terms=queries.terms()) == "sample"
        assert rules.picture_kind(1984, has_model_picture=has_picture, terms=queries.terms()) != "sample"


@pytest.mark.rule("GAR-017")
def test_from_1984_the_picture_of_the_model_is_shown_where_there_is_one():
    for year in (1984, 2020):
        assert rules.picture_kind(year, has_model_picture=True, terms=queries.terms()) == "model"


@pytest.mark.rule("GAR-018")
def test_from_1984_a_silhouette_is_shown_where_there_is_none():
    for year in (1984, 2020):
        assert rules.picture_kind(year, has_model_picture=False, terms=queries.terms()) == "silhouette"


def test_there_are_45_countries():
    assert {row["iso2"] for row in COUNTRIES} == set(queries.pack().countries)
    assert len(COUNTRIES) == 45


@pytest.mark.rule("DAT-012")
@pytest.mark.parametrize("row", COUNTRIES, ids=lambda row: row["iso2"])
def test_consent_is_withdrawn_at_the_address_of_the_country(row):
    assert queries.withdrawal_address(row["iso2"]) == row["email"]


@pytest.mark.rule("DAT-013")
def test_eight_countries_have_an_address_of_their_own_form():
    others = {c.iso2 for c in queries.countries() if not c.email.startswith("smartmobility@")}
    assert others == {"AU", "CA", "CN", "HK", "JP", "RU", "TW", "US"}
    assert all(queries.withdrawal_address(iso2).startswith("connect@") for iso2 in others)
    assert queries.withdrawal_address("HK") == queries.withdrawal_address("CN")


@pytest.mark.rule("DAT-014")
def test_elsewhere_the_partner_is_the_contact():
    assert queries.withdrawal_address("BR") is None
    assert "Porsche partner" in queries.text("contact.partner_for_country", "en")
    statement = queries.legal_document("privacy", "BR", "en")
    assert "by e-mail to Porsche partner" in statement.body_markdown


def test_names_and_switches_follow_the_table():
    for row in COUNTRIES:
        country = queries.country(row["iso2"])
        assert (country.name["en"], country.name["it"]) == (row["country_en"], row["label_it"])
        assert country.charging_service == (row["charging_service_442"] == "yes")
        assert country.parking_plus == (row["parking_plus_302"] == "yes")
        assert (country.identity_document == "accepted") == (row["video_id_document_named_232"] == "yes")
    assert queries.country("DE").self_registration
    assert queries.country("IT").self_registration
    assert not queries.country("AL").self_registration


def test_the_services_of_a_country_are_only_those_made_there():
    for country in ("IT", "CN", "AL"):
        found = queries.services_for(generation="TAY", drive="BEV", equipment=["connect_plus"], country=country)
        assert found
        assert all(country in service.countries for service in found)
