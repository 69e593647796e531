"""The store shows what fits the vehicle in its country, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vettura.catalog import queries, rules
from vettura.catalog.errors import UnknownEntry
from vettura_pack.model import Equipment, fitted

TAYCAN = {"generation": "TAY", "drive": "BEV", "equipment": ["connect_plus"], "country": "IT"}
OLD_911 = {"generation": "911-7", "drive": "COMBUSTION", "equipment": ["connect_plus"], "country": "IT"}
BASIC_718 = {"generation": "718", "drive": "COMBUSTION", "equipment": ["connect"], "country": "ES"}


def ids(things):
    return {thing.id for thing in things}


def reason(service, vehicle):
    return rules.misfit(queries.service(service), **vehicle, known_equipment=queries.pack().equipment)


@pytest.mark.rule("STO-029")
@given(
    generation=st.sampled_from(sorted(queries.pack().generations)),
    equipment=st.sets(st.sampled_from(sorted(queries.pack().equipment))),
    country=st.sampled_from(sorted(queries.pack().countries)),
    data=st.data(),
)
def test_an_offer_is_made_if_and_only_if_all_its_services_fit_and_it_is_made_in_the_country(
    generation, equipment, country, data
):
    drive = data.draw(st.sampled_from(queries.generation(generation).drives))
    vehicle = {"generation": generation, "drive": drive, "equipment": equipment, "country": country}
    made = ids(queries.offers_for(**vehicle))
    for offer in queries.offers():
        fits = all(reason(service, vehicle) is None for service in offer.services)
        assert (offer.id in made) == (fits and country in offer.countries)
    assert all(offer.price_for(country).amount >= 0 for offer in queries.offers_for(**vehicle))
    assert ids(queries.inclusive_offers_for(**vehicle)) <= made


@pytest.mark.rule("STO-031")
def test_what_a_model_lacks_is_absent():
    assert "charging_planner" in ids(queries.offers_for(**TAYCAN))
    assert "charging_planner" not in ids(queries.offers_for(**OLD_911))
    assert "radio_plus" not in ids(queries.offers_for(**OLD_911))
    assert "map_updates" in ids(queries.offers_for(**OLD_911))
    assert "map_updates" not in ids(queries.offers_for(**TAYCAN))


@pytest.mark.rule("STO-036")
def test_two_models_in_one_country_see_different_services():
    assert reason("radio_plus", TAYCAN) is None
    assert reason("radio_plus", OLD_911) == "generation"
    assert reason("remote_climate", OLD_911) == "drive"


@pytest.mark.rule("STO-034")
def test_one_service_follows_the_country_table():
    for country in queries.pack().countries:
        expected = None if country in queries.service("satellite_view").countries else "country"
        assert reason("satellite_view", {**TAYCAN, "country": country}) == expected
    assert reason("satellite_view", {**TAYCAN, "country": "CN"}) == "country"


@pytest.mark.rule("STO-042")
def test_a_plus_function_without_plus_is_refused_naming_what_is_missing():
    assert reason("real_time_traffic", BASIC_718) == "equipment"
    missing = queries.missing_equipment(service_id="real_time_traffic", equipment=["connect"], language="it")
    assert missing == ["Connect Plus"]
    assert reason("real_time_traffic", {**BASIC_718, "equipment": ["connect_plus"]}) is None
    assert "remote_basic" in ids(queries.offers_for(**BASIC_718))
    assert "navigation_package" not in ids(queries.offers_for(**BASIC_718))


@pytest.mark.rule("STO-043")
def test_plus_is_standard_or_optional_by_model_and_country():
    assert rules.equipment_availability(queries.generation("TAY"), "connect_plus", "IT") == "standard"
    assert rules.equipment_availability(queries.generation("911-8"), "connect_plus", "IT") == "standard"
    assert rules.equipment_availability(queries.generation("911-8"), "connect_plus", "AL") == "optional"
    assert rules.equipment_availability(queries.generation("911-8"), "park_heating", "IT") == "unavailable"


def test_what_includes_something_has_it():
    known = {
        code: Equipment(code=code, name={}, includes=inside)
        for code, inside in {"a": ("b",), "b": ("c", "a"), "c": ()}.items()
    }
    assert fitted(["a"], known) == {"a", "b", "c"}
    assert fitted(["c", "unknown"], known) == {"c", "unknown"}


@pytest.mark.rule("STO-040")
def test_services_can_be_used_in_more_than_thirty_countries():
    served = {country for service in queries.services() for country in service.countries}
    assert len(served) > queries.terms().countries_with_services_more_than == 30


@pytest.mark.rule("CHG-009")
def test_the_charging_service_is_in_eleven_countries():
    eleven = {"DE", "US", "FR", "IT", "DK", "CH", "BE", "NL", "ES", "GB", "FI"}
    assert {country.iso2 for country in queries.countries() if country.charging_service} == eleven
    for country in queries.pack().countries:
        assert (reason("charging_service", {**TAYCAN, "country": country}) is None) == (country in eleven)
    assert reason("charging_service", {**TAYCAN, "country": "AT"}) == "country"


def test_an_unknown_name_is_not_found():
    for ask in (
        queries.service,
        queries.offer,
        queries.generation,
        queries.country,
        queries.model_line,
        queries.head_unit,
    ):
        with pytest.raises(UnknownEntry) as caught:
            ask("nothing")
        assert (caught.value.code, caught.value.status) == ("catalog.unknown_entry", 404)
        assert "nothing" in str(caught.value)
