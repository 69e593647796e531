"""A pack that cannot be used is refused with a sentence, a file and a line."""

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from vettura_pack import PackError, load_pack
from vettura_pack.model import Days

PLAIN = Path(__file__).resolve().parents[2] / "packs" / "plain"

Edit = Callable[[str, str, str], None]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the small pack that a test may spoil."""
    return Path(shutil.copytree(PLAIN, tmp_path / "plain"))


@pytest.fixture
def edit(copy: Path) -> Edit:
    def replace(file: str, old: str, new: str) -> None:
        text = (copy / file).read_text()
        assert old in text, f"{file} has no {old!r}"
        (copy / file).write_text(text.replace(old, new, 1))

    return replace


def refused(pack: Path) -> PackError:
    with pytest.raises(PackError) as caught:
        load_pack(pack)
    return caught.value


def line_of(pack: Path, file: str, text: str) -> int:
    return (pack / file).read_text().split("\n").index(text) + 1


def test_the_small_pack_loads(copy):
    pack = load_pack(copy)
    assert (pack.id, set(pack.countries), len(pack.generations)) == ("plain", {"IT", "DE", "US"}, 2)
    assert len(pack.services) == len(pack.offers) == 4


def test_a_missing_entry_is_named_with_file_and_line(copy, edit):
    edit("countries/it.yaml", "currency: EUR\n", "")
    error = refused(copy)
    assert error.sentence == "Country “it” lacks the entry “currency”."
    assert error.file == copy / "countries/it.yaml"
    assert error.line == 1


def test_a_missing_number_is_named(copy, edit):
    edit("terms.yaml", "withdrawal_period:", "withdraw_period:")
    assert "unknown entry “withdraw_period”" in str(refused(copy))
    edit("terms.yaml", "withdraw_period:\n  value: {days: 14}\n", "hidden:\n  value: {days: 14}\n")
    assert "unknown entry “hidden”" in str(refused(copy))


def test_a_number_without_its_meaning_is_refused(copy, edit):
    edit("terms.yaml", "  means: A customer may take an order back this long after placing it.\n", "")
    error = refused(copy)
    assert error.sentence == "withdrawal_period lacks “means”."
    assert error.line is not None
    # the entry's own lines begin below its name
    assert error.line == line_of(copy, "terms.yaml", "withdrawal_period:") + 1


def test_an_unknown_entry_is_refused_with_the_likely_name(copy, edit):
    edit("services/remote_lock.yaml", "configurable: false", "configurabel: false")
    assert "unknown entry “configurabel”. Did you mean “configurable”?" in str(refused(copy))


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("terms.yaml", "value: 25\n", "value: many\n", "must be a whole number"),
        ("terms.yaml", "value: {days: 14}", "value: 14", "must be a mapping"),
        ("terms.yaml", "value: {days: 14}", "value: {weeks: 2}", "must be whole days"),
        ("terms.yaml", "value: {hours: 24}", "value: {years: 1}", "has the unit “years”"),
        ("terms.yaml", 'value: "08:00"', 'value: "8 o\'clock"', "must be a time of day"),
        ("countries/it.yaml", "toll_free: true", "toll_free: yes", "must be true or false"),
        ("countries/it.yaml", "iso2: IT", "iso2: 39", "must be a text. Put it in quotes."),
        ("countries/it.yaml", "contact_for_orders: support", "contact_for_orders: nobody", "must be one of partner, support"),
        ("countries/it.yaml", "iso2: IT", "iso2: FR", "file and iso2 must be the same"),
        ("countries/it.yaml", "languages: [it, en, de]", "languages: [it, xx]", "names the language “xx”, which does not exist"),
        ("countries/it.yaml", "toll_free: true", "toll_free: true\ntoll_free: false", "has “toll_free” twice"),
        ("offers/traffic_year.yaml", "[real_time_traffic]", "[telepathy]", "names the service “telepathy”"),
        ("offers/traffic_year.yaml", "  USD: 44.00\n", "", "is made in US and has no price in USD"),
        ("offers/traffic_year.yaml", "[real_time_traffic]", "[]", "has no service"),
        ("services/remote_lock.yaml", 'generations: "*"', "generations: [HATCH, COUPE]", "names the generation “COUPE”"),
        ("services/remote_lock.yaml", "needs_equipment: [connect]", "needs_equipment: [wings]", "names the equipment “wings”"),
        ("services/remote_lock.yaml", "group: remote", "group: magic", "names the service group “magic”"),
        ("model_lines/hatch.yaml", "    name: Hatch\n", "    name: Hatch\n    names: {xx: Luke}\n", "names the language “xx”"),
        ("model_lines/hatch.yaml", "head_unit: keys", "head_unit: abacus", "names the head unit “abacus”"),
        ("model_lines/hatch.yaml", "aux: []", "tape: []", "names the function of phones “tape”"),
        ("model_lines/hatch.yaml", "aux: []", "aux: [wings]", "names the equipment “wings”"),
        ("model_lines/hatch.yaml", "head_unit: keys", "head_unit: glass", "names a head unit that does not name it"),
        ("head_units/keys.yaml", "Settings > Connect account >", "Settings > Connect >", "there is no “Connect” in “Settings”"),
        ("head_units/keys.yaml", "tick: Privacy mode", "tick: Privacy mode\n        menu: Twice", "exactly one of key, menu"),
        ("texts/it.yaml", "  portal: ", "  portale: ", "has no “"),
        ("pack.yaml", "default_language: en", "default_language: fr", "“fr” is no language of the pack"),
    ],
)  # fmt: skip
def test_what_is_ill_typed_or_names_nothing_is_refused(copy, edit, file, old, new, sentence):
    edit(file, old, new)
    assert sentence in str(refused(copy))


def test_a_text_that_one_language_lacks_is_refused(copy):
    file = copy / "offers/traffic_month.yaml"
    file.write_text(file.read_text().replace(', de: "Zum Ausprobieren."', ""))
    assert "summary has no text in “de”" in str(refused(copy))


def test_no_is_a_country_and_not_a_boolean(copy):
    text = (copy / "countries/it.yaml").read_text().replace("iso2: IT", "iso2: NO")
    (copy / "countries/no.yaml").write_text(text)
    assert load_pack(copy).countries["NO"].iso2 == "NO"


def test_a_document_without_version_is_refused(copy):
    file = copy / "legal/privacy.de.md"
    file.write_text(file.read_text().replace("version:", "edition:"))
    assert "lacks “version”" in str(refused(copy))


def test_a_missing_document_is_refused(copy):
    (copy / "legal/terms_of_use.it.md").unlink()
    assert "terms_of_use.it.md: This document is missing." in str(refused(copy))


def test_broken_yaml_is_refused_with_its_line(copy, edit):
    edit("countries/it.yaml", "languages: [it, en, de]", "languages: [it, en")
    assert "not valid YAML" in refused(copy).sentence


def test_a_folder_that_is_none_is_refused(tmp_path):
    assert "There is no pack here" in str(refused(tmp_path / "nowhere"))


def test_values_are_typed(copy):
    pack = load_pack(copy)
    assert pack.terms.withdrawal_period == Days(14)
    assert pack.terms.withdrawal_period.duration == timedelta(days=14)
    assert pack.terms.registration_validity == timedelta(hours=24)
    assert pack.offers["traffic_month"].price_for("US").amount == Decimal("5.50")
    assert pack.offers["traffic_month"].price_for(pack.countries["DE"]).currency.code == "EUR"
    with pytest.raises(LookupError):
        pack.offers["traffic_month"].price_for("JP")
    with pytest.raises(TypeError):
        pack.texts["en"]["label.portal"] = "changed"  # type: ignore[index]


def test_a_waiting_command_lives_as_long_as_its_type_says(copy):
    terms = load_pack(copy).terms
    assert terms.command_lifetime("unlock") < terms.command_lifetime("climate_start")
    assert terms.command_lifetime("something new") == terms.command_lifetimes["default"]


def test_the_vat_rate_is_that_of_the_day(copy):
    germany = load_pack(copy).countries["DE"]
    assert germany.vat_rate(date(2020, 6, 30)) == 19
    assert germany.vat_rate(date(2020, 7, 1)) == 16
    assert germany.vat_rate(date(2020, 12, 31)) == 16
    assert germany.vat_rate(date(2021, 1, 1)) == 19
    assert germany.vat_rate(date(1999, 1, 1)) == 19
