"""Every pack of the repository is complete: sources, texts, pictures, menus, numbers."""

import shutil
from pathlib import Path

import pytest

from vettura_pack import load_pack
from vettura_pack.check import main, placeholders, problems
from vettura_pack.model import Pack
from vettura_wire import remote, signals

ROOT = Path(__file__).resolve().parents[2]
PACKS = sorted(folder for folder in (ROOT / "packs").iterdir() if folder.is_dir())
COMMANDS = set(remote.PARAMETERS)


@pytest.fixture(params=PACKS, ids=lambda folder: folder.name, scope="module")
def folder(request) -> Path:
    return request.param


@pytest.fixture(scope="module")
def pack(folder) -> Pack:
    return load_pack(folder)


def test_the_check_finds_nothing(folder):
    assert problems(folder, docs=ROOT / "docs") == []


def test_the_check_program_tells_what_is_missing(folder, tmp_path, capsys):
    copy = shutil.copytree(folder, tmp_path / "pack")
    terms = (copy / "terms.yaml").read_text()
    (copy / "terms.yaml").write_text(terms.replace("source: [STO-046, N-18]", "source: somebody said so"))
    (copy / "texts/it.yaml").write_text((copy / "texts/it.yaml").read_text().replace("{pairing_code_length}", "8"))
    assert main([str(copy)]) == 1
    said = capsys.readouterr().out
    assert "renewal_window has the source “somebody said so”, which is no rule, law or decision." in said
    assert "the text “head_unit.code_hint” in “it” names other facts" in said
    assert main([]) == 2


def test_a_source_that_is_no_rule_is_found(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "pack")
    terms = (copy / "terms.yaml").read_text()
    (copy / "terms.yaml").write_text(terms.replace("STO-046", "STO-999").replace("decisions/0003", "decisions/9999"))
    said = "\n".join(problems(copy, docs=ROOT / "docs"))
    assert "renewal_window names the rule STO-999, which does not exist." in said
    assert "is assumed by decision 9999, which does not exist." in said


def test_every_text_renders_in_every_language(pack):
    facts = dict.fromkeys(pack.term_entries, "x") | {"country": "x", "withdrawal_address": "x"}
    facts |= {f"label_{key.removeprefix('label.')}": "x" for key in pack.texts["en"] if key.startswith("label.")}
    for language in pack.languages:
        for key, text in pack.texts[language].items():
            assert text.format_map(facts), key
            assert "!" not in text or key.startswith("terms."), f"{key} in {language} shouts"
    for document in pack.legal:
        assert placeholders(document.body_markdown) <= set(facts)


def test_every_menu_path_can_be_walked(pack):
    for generation in pack.generations.values():
        unit = pack.head_units[generation.head_unit]
        assert (unit.menu_group, generation.code in unit.generations) == (generation.menu_group, True)
        for task in unit.tasks:
            if generation.code in task.generations:
                passed = unit.walk(task.task, generation.code)
                assert bool(passed) == bool(task.path)


def test_every_element_has_its_own_id_and_says_how_sure_it_is(pack):
    for unit in pack.head_units.values():
        ids = [node.id for node in unit.nodes()]
        assert len(ids) == len(set(ids))
        assert all(unit.node(node_id).basis in ("stated", "generic", "inferred") for node_id in ids)


def test_every_signal_is_a_name_of_the_wire(pack):
    known = set()
    for name in filter(str.isupper, vars(signals)):
        constant = getattr(signals, name)
        known |= set(
            constant.values() if isinstance(constant, dict) else [constant] if isinstance(constant, str) else []
        )
    for generation in pack.generations.values():
        for drive in generation.drives:
            reported = generation.signals_of(drive)
            assert set(reported) <= known, generation.code
            assert len(reported) == len(set(reported))


def test_every_command_that_a_service_unlocks_is_a_command(pack):
    for generation in pack.generations.values():
        for drive in generation.drives:
            assert set(generation.commands_of(drive)) <= COMMANDS
    for service in pack.services.values():
        assert set(service.commands) <= COMMANDS
        # help is called for without anybody's grant
        assert not service.commands or service.needs_remote_access or service.commands == ("breakdown_call",)


def test_every_offered_service_can_be_delivered(pack):
    """Functions on demand, parking and charging contracts have no delivery yet, so they are not sold."""
    for offer in pack.offers.values():
        assert {pack.services[name].class_ for name in offer.services} <= {"connect", "vehicle_tracking"}


def test_what_goes_with_a_command_of_a_car_is_sold_somewhere(pack):
    unlocked = {command for service in pack.services.values() for command in service.commands}
    for generation in pack.generations.values():
        for drive in generation.drives:
            assert set(generation.commands_of(drive)) <= unlocked


def test_two_vehicles_see_different_stores(pack):
    reach = {frozenset(service.generations) for service in pack.services.values()}
    assert len(reach) > 1


@pytest.mark.rule("DAT-007", "DAT-017")
@pytest.mark.parametrize(("language", "words"), [
    ("en", ("Data", "Purpose", "Manner")), ("it", ("Dati", "Scopo", "Modo")), ("de", ("Daten", "Zweck", "Weise")),
])  # fmt: skip
def test_the_privacy_statement_tells_data_purpose_and_manner(pack, language, words):
    statement = next(d for d in pack.legal if (d.kind, d.language, d.country) == ("privacy", language, None))
    rows = [row for row in statement.body_markdown.split("\n") if row.startswith("| ")]
    assert all(word in rows[0] for word in words)
    uses = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]
    assert len(uses) >= 5
    assert all(len(use) == 3 and all(use) for use in uses)


def test_the_documents_have_the_same_versions_from_the_same_days_in_every_language(pack):
    for kind in ("terms_of_business", "terms_of_use", "privacy"):
        versions = {
            language: {
                (each.version, each.valid_from)
                for each in pack.legal
                if each.kind == kind and each.country is None and each.language == language
            }
            for language in pack.languages
        }
        assert all(each == versions[pack.default_language] != set() for each in versions.values())


@pytest.mark.rule("CHG-010")
def test_a_market_is_added_without_code(tmp_path):
    copy = Path(shutil.copytree(ROOT / "packs" / "porsche", tmp_path / "pack"))
    for file, old, new in (
        ("countries/at.yaml", "charging_service: false", "charging_service: true"),
        ("services/charging_service.yaml", "countries: [BE,", "countries: [AT, BE,"),
    ):
        text = (copy / file).read_text()
        assert old in text
        (copy / file).write_text(text.replace(old, new))
    grown = load_pack(copy)
    assert grown.countries["AT"].charging_service
    assert "AT" in grown.services["charging_service"].countries
    assert "AT" not in load_pack(ROOT / "packs" / "porsche").services["charging_service"].countries
