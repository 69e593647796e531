"""Articles are refused unless everybody for whom they are can read them, with every fact filled in."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from vettura_pack import load_pack
from vettura_pack.answers import PLACEHOLDER, readers, render
from vettura_pack.help import load_help
from vettura_pack.help_check import help_problems

ROOT = Path(__file__).resolve().parents[2]
PACKS = sorted(folder for folder in (ROOT / "packs").iterdir() if folder.is_dir())
PLAIN = load_pack(ROOT / "packs" / "plain")
HEAD = "rules: [PAI-001]\nverdict: advice"
TEXT = "==Look into the car.=="


@pytest.fixture
def folder(tmp_path) -> Path:
    """The small pack without articles, for a test to write one."""
    shutil.copytree(ROOT / "packs" / "plain", tmp_path / "pack")
    for file in (tmp_path / "pack" / "help").rglob("*.md"):
        file.unlink()
    return tmp_path / "pack"


def said_of(folder: Path, text: str = TEXT, *, head: str = HEAD, **languages: str) -> str:
    """What the check says of one article that has this text."""
    texts = {"en": text, "it": text, "de": text} | languages
    body = "".join(f"# {language}: Why?\n\n{each}\n\n" for language, each in texts.items() if each)
    (folder / "help" / "car" / "it.md").write_text(f"---\n{head}\n---\n\n{body}")
    return "\n".join(help_problems(PLAIN, folder, ROOT / "docs"))


def test_an_article_that_everybody_can_read_is_accepted(folder):
    assert said_of(folder) == ""
    assert (
        said_of(
            folder, "{portal}: {terms.pin_length}, {contact.phone}. ==Yes.==\n\n[See](page:vin), [also](article:it)."
        )
        == ""
    )


def test_what_is_to_be_shown_first_exists_and_what_nothing_answers_is_in_a_language_of_the_pack(folder):
    about, nothing = folder / "help" / "help.yaml", folder / "help" / "nothing.yaml"
    as_it_was = about.read_text()

    about.write_text(as_it_was + "\nfirst: [it, no-such-article]\n")
    assert "no-such-article is to be shown first and does not exist." in said_of(folder)

    about.write_text(as_it_was + "\nfirst: [it]\n")
    nothing.write_text("fr: [quel temps fera-t-il]\n")
    assert "in a language that this pack does not have" in said_of(folder)

    nothing.write_text("en: [what is the weather]\n")
    assert said_of(folder) == ""


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("==Type {terms.no_such}.==", "names “{terms.no_such}”, which does not exist"),
        ("==Type {terms.pin_lock_duration}.==", "which does not exist"),
        ("==Wait {terms.pin_lock_duration.days} days.==", "which is no whole number of days"),
        ("==Open {path.NO_SUCH_TASK}.==", "needs a car"),
        ("::: if car\n==Open {path.NO_SUCH_TASK}.==\n::: else\n==Look.==\n:::", "which does not exist"),
        ("==Type 4 digits.==", "has “4” as plain text"),
        ("==Write to help@example.com.==", "has the address “help@example.com” as plain text"),
        ("==Open Settings > Connect account.==", "has the path “"),
        ("Look into the car.", "has 0 answer sentences"),
        ("==One.== ==Two.==", "has 2 answer sentences"),
        ("::: if country in IT\n==Yes.==\n:::", "has 0 answer sentences"),
        ("::: if country.fodd\n==Yes.==\n:::", "names a fact that does not exist"),
        ("::: if country in XX\n==Yes.==\n:::", "names XX, which does not exist"),
        ("::: if perhaps\n==Yes.==\n:::", "“perhaps” is no condition"),
        ("::: if country.fod\n==Yes.==", "does not end"),
        (":::\n==Yes.==", "does not fit here"),
        ("==Yes.== [There](page:nowhere)", "links to page:nowhere, which does not exist"),
    ],
)  # fmt: skip
def test_what_somebody_could_not_read_is_named(folder, text, complaint):
    assert complaint in said_of(folder, text)


@pytest.mark.parametrize(
    ("head", "complaint"),
    [
        ("rules: [PAI-999]\nverdict: advice", "names the rule PAI-999, which does not exist"),
        ("rules: []\nverdict: advice", "tells no rule"),
        ("rules: [PAI-001]\nverdict: perhaps", "must be one of"),
        ("rules: [PAI-001]", "lacks the entry “verdict”"),
        ("rules: [PAI-001]\nverdict: {country in IT: allow}", "has no verdict"),
        (f"{HEAD}\ntask: NO_SUCH", "names the task NO_SUCH"),
        (f"{HEAD}\noriginal: fr", "names the language fr, which does not exist"),
        (f"{HEAD}\nrelated: [other]", "is related to other, which does not exist"),
        (f"{HEAD}\nscope: {{generations: [XX]}}", "names the generation XX"),
        (f"{HEAD}\nscope: {{if: not country.fod and country.fod}}", "is for nobody"),
    ],
)
def test_a_head_that_claims_what_is_not_there_is_refused(folder, head, complaint):
    assert complaint in said_of(folder, head=head)


def test_the_languages_say_the_same(folder):
    assert "has no text in “de”" in said_of(folder, de="")
    assert "names other facts in “it” than in “en”: terms.pin_length" in said_of(folder, it="=={terms.pin_length}.==")
    assert "has other conditions in “it”" in said_of(folder, it="::: if country.fod\n==A.==\n::: else\n==B.==\n:::")


def test_a_word_with_digits_that_is_no_fact_is_listed(folder):
    assert said_of(folder, "==The display says 3G.==", head=f"{HEAD}\nas_written: [3G]") == ""


def test_a_year_has_no_thousands(folder):
    assert said_of(folder, "==Before {terms.sample_picture_before_year}.==") == ""
    article = load_help(folder / "help", PLAIN.languages).articles["it"]

    shown = render(PLAIN, article, next(readers(PLAIN, article)), "en")

    assert shown.answer == f"Before {PLAIN.terms.sample_picture_before_year}."


@pytest.mark.rule("TEL-001", "TEL-002", "TEL-003", "TEL-004")
@pytest.mark.parametrize(
    ("language", "first", "second", "last", "estimate"),
    [
        (
            "en",
            "up to 10,000 km a year: about 500 MB – 1 GB",
            "up to 25,000 km: about 2 GB",
            "about 5 GB",
            "an estimate",
        ),
        (
            "it",
            "fino a 10.000 km all'anno: circa 500 MB – 1 GB",
            "fino a 25.000 km: circa 2 GB",
            "circa 5 GB",
            "una stima",
        ),
        ("de", "bis 10.000 km im Jahr: etwa 500 MB – 1 GB", "bis 25.000 km: etwa 2 GB", "etwa 5 GB", "eine Schätzung"),
    ],
)
def test_the_volumes_of_a_month_are_those_of_the_terms(language, first, second, last, estimate):
    pack = load_pack(ROOT / "packs" / "porsche")
    article = load_help(ROOT / "packs" / "porsche" / "help", pack.languages).articles["how-much-data"]

    text = render(pack, article, next(readers(pack, article)), language).text

    for words in (first, second, last, estimate):
        assert words in text


@pytest.mark.parametrize(
    "name", ["data_volumes", "data_volumes.0.km", "data_volumes.9.km", "data_volumes.1.miles", "data_volumes.4.km"]
)
def test_a_line_of_a_table_that_is_not_there_is_named(folder, name):
    assert f"names “{{terms.{name}}}”" in said_of(folder, f"=={{terms.{name}}}.==")


def test_text_verdict_and_facts_differ_by_country(folder):
    text = "::: if country.fod\n==Yes, in {country}.==\n::: else\n==No.==\n:::\n\nMore."
    assert said_of(folder, text, head="rules: [PAI-001]\nverdict: {country.fod: allow, else: refuse}") == ""
    article = load_help(folder / "help", PLAIN.languages).articles["it"]
    got = {}
    for reader in readers(PLAIN, article):
        for is_on in (True, False):
            country = replace(reader.country, fod=is_on)
            got[is_on] = render(PLAIN, article, replace(reader, country=country), "it")

    assert (got[False].answer, got[False].verdict, got[False].facts) == ("No.", "refuse", {})
    assert (got[True].verdict, got[True].body) == ("allow", "More.")
    assert got[True].facts["country"] in got[True].answer


@pytest.mark.rule("KB-001", "KB-002")
def test_every_article_can_be_read_by_everybody_for_whom_it_is_and_every_path_of_it_leads_to_its_end():
    """Every article for each generation, country and language; every path walked in the tree of each generation claimed."""
    for folder in PACKS:
        pack = load_pack(folder)
        for article in load_help(folder / "help", pack.languages).articles.values():
            for reader in readers(pack, article):
                for language in pack.languages:
                    shown = render(pack, article, reader, language)
                    assert shown.answer, article.id
                    assert not PLACEHOLDER.search(shown.question + shown.text), article.id
                    tasks = {name.removeprefix("path.") for name in shown.facts if name.startswith("path.")}
                    for task in tasks | ({shown.path.task} if shown.path and shown.path.steps else set()):
                        car = reader.generation
                        end = pack.head_units[car.head_unit].walk(task, car.code)[-1]
                        assert end.does or end.sets or end.state or end.shows or not end.is_printed, (article.id, task)
