"""The manuals: two documents for every generation that has digital ones, made of the articles, and links that lead into them."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest
from django.db import connection
from django.utils import translation
from pypdf import PdfReader
from tests import identity_facts, vehicle_facts

from vettura.catalog import queries as catalog
from vettura.foundation import jobs
from vettura.foundation.pdf import FONTS, render_pdf
from vettura.help_center import actions, queries, tasks
from vettura.help_center.adapters import manuals
from vettura.help_center.models import KeptManual
from vettura.help_center.queries import edits
from vettura_pack import manuals as composed
from vettura_pack.help import Parts, parts_of
from vettura_pack.help_check import help_problems

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LANGUAGES = ["en", "it", "de"]
DIGITAL = ["PAN-2", "CAY-3", "MAC-2", "911-8", "TAY"]
PRINTED = ["911-7", "718", "MAC-1", "CAY-2"]
PRINTED_WORDS = {"en": "printed manual", "it": "manuale stampato", "de": "gedruckte Anleitung"}
# the article that tells a rule, and where in the manuals that rule sends the reader
TO_THE_VEHICLE = [
    pytest.param("ways-online", "connection.set-up", id="CON-041", marks=pytest.mark.rule("CON-041")),
    pytest.param("phone-music", "phone.music", id="MED-006", marks=pytest.mark.rule("MED-006")),
    pytest.param("phone-mail", "phone.messages", id="MED-012", marks=pytest.mark.rule("MED-012")),
    pytest.param("grant-remote-access", "remote.remote-access", id="REM-003", marks=pytest.mark.rule("REM-003")),
    pytest.param("privacy-mode", "remote.privacy-mode", id="PRI-004", marks=pytest.mark.rule("PRI-004")),
    pytest.param("fod-enable", "functions.enabling", id="FOD-006", marks=pytest.mark.rule("FOD-006")),
]
TO_CONNECT = [
    pytest.param("tracking-switch-off", "tracking.pausing", id="SEC-019", marks=pytest.mark.rule("SEC-019")),
    pytest.param("sign-in-to-the-car", "vehicles.sign-in", id="TAY-008", marks=pytest.mark.rule("TAY-008")),
    pytest.param("fod-enable", "functions.enabling", id="FOD-003", marks=pytest.mark.rule("FOD-003")),
    pytest.param(
        "carplay-phones-and-apps", "carplay.in-the-head-unit", id="MED-019", marks=pytest.mark.rule("MED-019")
    ),
    pytest.param("app-functions-missing-in-the-car", "app.connecting", id="APP-003", marks=pytest.mark.rule("APP-003")),
    pytest.param("live-traffic", "navigation.online", id="NAV-003", marks=pytest.mark.rule("NAV-003")),
    pytest.param("wireless-carplay", "carplay.wireless", id="MED-004", marks=pytest.mark.rule("MED-004")),
]


def of(document: str, generation: str, language: str) -> manuals.ManualOf:
    return manuals.find(document=document, generation=generation, language=language)


def markdown(article: str, generation: str, language: str = "en") -> str:
    reader = queries.reader(country="DE", generation=generation)
    shown = queries.article(article_id=article, language=language, for_=reader)
    return f"{shown.lead}\n{shown.body}"


@pytest.mark.rule("MAN-001", "KB-004")
def test_five_generations_have_two_documents_in_each_language():
    found = {(each.generation.code, each.language, each.document) for each in manuals.every()}

    assert found == {(code, lang, kind) for code in DIGITAL for lang in LANGUAGES for kind in ("vehicle", "connect")}


@pytest.mark.django_db
@pytest.mark.rule("MAN-001")
@pytest.mark.parametrize("generation", PRINTED)
def test_an_older_generation_has_a_printed_manual_and_no_file(client, generation):
    page = client.get(f"/help/manuals/{generation}/en/vehicle.pdf")

    assert page.status_code == 404
    assert "has a printed manual" in page.content.decode()
    assert "/help/manuals/" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["XYZ/en/vehicle", "TAY/fr/vehicle", "TAY/en/workshop"])
def test_a_manual_that_does_not_exist_is_not_found_and_leads_to_the_library(client, where):
    page = client.get(f"/help/manuals/{where}.pdf")

    assert page.status_code == 404
    assert "There is no such manual" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.rule("MAN-002", "KB-005")
def test_a_manual_is_a_pdf_with_title_language_bookmarks_and_places_that_links_reach(client):
    page = client.get("/help/manuals/TAY/de/vehicle.pdf")

    assert page["content-type"] == "application/pdf"
    assert page["content-disposition"] == 'inline; filename="tay-vehicle-de.pdf"'
    pdf = PdfReader(io.BytesIO(page.content))
    root = pdf.trailer["/Root"]
    assert pdf.metadata.title == "Anleitung des Fahrzeugs · Taycan"
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("de", True)
    generation = catalog.generation("TAY")
    assert composed.anchors(catalog.pack(), queries.help_of_pack(), "vehicle", generation) <= set(
        pdf.named_destinations
    )
    titles = [each["/Title"] for each in pdf.outline if isinstance(each, dict)]
    assert {"1 Verbindung", "Die Menüs des PCM", "Verzeichnis der Menüwege", "Kontakt nach Land"} <= set(titles)
    text = "".join(each.extract_text() for each in pdf.pages)
    assert catalog.country("AT").support_phone in text
    kept = KeptManual.objects.get()
    assert bytes(kept.pdf) == page.content


@pytest.mark.django_db
def test_a_manual_that_is_kept_is_not_set_again_until_the_pack_says_something_else(client):
    kept = {"document": "connect", "generation": "CAY-3", "language": "it"}
    KeptManual.objects.create(**kept, edition=manuals.edition(), pdf=b"%PDF-kept")
    assert client.get("/help/manuals/CAY-3/it/connect.pdf").content == b"%PDF-kept"
    assert of("connect", "CAY-3", "it") not in manuals.outdated()

    KeptManual.objects.update(edition="before")

    assert of("connect", "CAY-3", "it") in manuals.outdated()


@pytest.fixture
def index(db):
    """Filled for one test: another of this file has transactions of its own, which a filling for the whole file would surround."""
    return actions.fill_index()


@pytest.mark.django_db
def test_what_an_editor_publishes_stands_in_the_manuals_that_are_made_from_then_on(index):
    editor, before = identity_facts.account(staff_roles=("catalog",)), manuals.edition()
    written = parts_of(edits.pack_source("card-refused"))
    texts = {language: f"{text}\n\nAsk about xylophones." for language, text in written.texts.items()}
    parts = Parts(head=written.head, questions=written.questions, texts=texts)
    draft = actions.save_draft(by=editor, article_id="card-refused", parts=parts, revision=0)
    actions.publish(by=editor, article_id="card-refused", revision=draft.revision)
    try:
        assert manuals.edition() != before
        assert "xylophones" in json.dumps(manuals.facts_of(of("connect", "TAY", "it"), manuals.edition()))
    finally:
        edits._Known.laid = edits.Laid()


@pytest.mark.django_db(transaction=True)
def test_every_manual_that_is_not_kept_is_ordered_and_none_twice():
    assert tasks.order_manuals() == len(list(manuals.every()))

    for each in manuals.every():
        KeptManual.objects.create(
            document=each.document,
            generation=each.generation.code,
            language=each.language,
            edition=manuals.edition(),
            pdf=b"%PDF",
        )

    assert tasks.order_manuals() == 0


@pytest.mark.django_db
def test_nobody_waits_for_manuals_what_comes_after_them_goes_first():
    tasks.order_manuals()
    jobs.defer("help_center.fill_index", version=0)

    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_fetch_job_v2(NULL, NULL)")
        assert cursor.fetchone() == ("help_center.fill_index",)
        cursor.execute("SELECT task_name FROM procrastinate_fetch_job_v2(NULL, NULL)")
        assert cursor.fetchone() == ("help_center.make_manual",)


def test_the_same_manual_is_the_same_file_on_every_day():
    manual = of("vehicle", "TAY", "en")
    facts = manuals.facts_of(manual, "0" * 16)
    facts["chapters"] = facts["chapters"][:1]
    facts["index"] = []

    first, second = (
        render_pdf(template=manuals.TEMPLATE, facts=facts, at=manuals.FORM_OF, fonts=FONTS, standards=manuals.STANDARDS)
        for _ in range(2)
    )

    assert first == second


@pytest.mark.parametrize("generation", DIGITAL)
def test_a_manual_tells_only_what_is_for_its_generation_and_every_path_of_its_head_unit(generation):
    pack, known = catalog.pack(), queries.help_of_pack()
    chapters = composed.compose(pack, known, "vehicle", pack.generations[generation], "en")
    told = {entry.article: entry for chapter in chapters for part in chapter.sections for entry in part.entries}

    ways = {each for each, article in known.articles.items() if article.head.task}
    for article in ways & set(told):
        path = queries.path_for(task=known.articles[article].head.task, generation=generation, language="en")
        assert path in told[article].paths
    assert not any("{" in variant.lead + variant.body for entry in told.values() for variant in entry.variants)


def test_what_differs_by_country_is_told_for_each_and_the_sentence_that_leads_back_to_itself_is_left_out():
    pack, known = catalog.pack(), queries.help_of_pack()
    chapters = composed.compose(pack, known, "vehicle", pack.generations["CAY-3"], "en")
    ways = next(each for each in chapters[0].sections[0].entries if each.article == "ways-online")

    assert [bool(each.countries) for each in ways.variants] == [False, True, True]
    assert "CN" in ways.variants[2].countries
    assert not any("instructions" in each.body for each in ways.variants)


@pytest.mark.django_db
@pytest.mark.rule("MAN-003")
@pytest.mark.parametrize(
    ("language", "words"), [("en", "you need a PDF reader"), ("it", "serve un lettore PDF"), ("de", "ein PDF-Programm")]
)
def test_the_library_says_that_a_pdf_reader_is_needed_and_which_cars_have_printed_manuals(client, language, words):
    page = client.get("/help/manuals/", headers={"accept-language": language}).content.decode()

    assert words in page
    assert "Adobe Acrobat Reader" in page
    assert page.count(f'/{language}/vehicle.pdf"') == len(DIGITAL)
    printed = {"en": "Printed manual", "it": "Manuale stampato", "de": "Gedruckte Anleitung"}[language]
    assert page.count(printed) == len(PRINTED)


@pytest.mark.django_db
@pytest.mark.rule("GAR-021")
def test_the_manuals_of_ones_own_car_come_first(client):
    owner = vehicle_facts.person()
    car = vehicle_facts.vehicle(main_user=owner, generation="MAC-2")
    client.force_login(owner, backend=BACKEND)

    page = client.get("/help/manuals/?language=it").content.decode()

    assert page.index(car.vin[-6:]) < page.index('id="line-1"')
    assert f"/help/manuals/{car.generation}/it/connect.pdf" in page


@pytest.mark.rule("KB-003")
@pytest.mark.parametrize(("article", "chapter"), TO_THE_VEHICLE)
def test_an_answer_leads_to_the_vehicles_instructions_or_says_that_they_are_printed(article, chapter):
    assert f"(manual:CAY-3/vehicle#{chapter})" in markdown(article, "CAY-3")

    for language in LANGUAGES:
        printed = markdown(article, "718", language)
        assert PRINTED_WORDS[language] in printed
        assert "manual:" not in printed


@pytest.mark.rule("KB-004", "KB-005")
@pytest.mark.parametrize(("article", "chapter"), TO_CONNECT)
def test_an_answer_leads_to_the_connect_instructions_which_are_a_document_of_their_own(article, chapter):
    assert f"(manual:TAY/connect#{chapter})" in markdown(article, "TAY")
    assert "manual:" not in markdown(article, "911-7")


@pytest.mark.rule("KB-005", "MED-008", "MED-010")
@pytest.mark.parametrize(
    ("article", "anchor", "chapter"),
    [
        ("phone-music", "app.calendar-and-streaming", "app Porsche Connect > Calendario e streaming musicale"),
        ("carplay-phones-and-apps", "carplay.in-the-head-unit", "Apple CarPlay > Apple CarPlay nel PCM"),
    ],
)
def test_two_answers_name_the_chapter_too(article, anchor, chapter):
    assert f"(manual:PAN-2/connect#{anchor})" in markdown(article, "PAN-2")
    assert manuals.place(document="connect", chapter=anchor, language="it") == f"Istruzioni Porsche Connect > {chapter}"
    assert manuals.place(document="connect", chapter="carplay.at-home", language="it") == ""


@pytest.mark.django_db
@pytest.mark.rule("TRB-006", "KB-003")
def test_the_step_about_the_sim_card_links_to_the_instructions_of_the_car_or_to_the_library(client):
    link = re.compile(r'href="([^"]*manuals[^"]*)">the vehicle')

    known = link.search(client.get("/help/services-do-not-work/?car=MAC-2&country=DE").content.decode())
    unknown = link.search(client.get("/help/services-do-not-work/").content.decode())

    assert known[1] == "/help/manuals/MAC-2/en/vehicle.pdf#nameddest=connection.sim"
    assert unknown[1].replace("&amp;", "&") == "/help/manuals/?document=vehicle&chapter=connection.sim"
    page = client.get(unknown[1].replace("&amp;", "&")).content.decode()
    assert "Vehicle instructions &gt; Connection &gt; Your own SIM card" in page
    assert "/help/manuals/TAY/en/vehicle.pdf#nameddest=connection.sim" in page


def test_a_link_to_a_chapter_that_a_manual_does_not_have_is_refused_by_the_check(tmp_path, settings):
    copytree(Path(settings.VETTURA_PACK_DIR) / "help", tmp_path / "help")
    for file in (tmp_path / "help").rglob("*.md"):
        if file.stem != "wireless-carplay":
            file.unlink()
    for asked in (tmp_path / "help").rglob("asked.yaml"):  # they ask for articles that are no longer there
        asked.unlink()
    about = tmp_path / "help" / "help.yaml"
    about.write_text(
        re.sub(r"first:\n.*?\]\n", "", about.read_text(), flags=re.DOTALL)
    )  # so are those to be shown first
    file = tmp_path / "help" / "phone" / "wireless-carplay.md"
    written = re.sub("related: .*\n", "", file.read_text())
    file.write_text(written)
    before = set(help_problems(catalog.pack(), tmp_path, None))  # of the articles that were taken away
    file.write_text(written.replace("connect#carplay.wireless", "connect#carplay.at-home"))

    found = set(help_problems(catalog.pack(), tmp_path, None)) - before

    assert found
    assert all("manual:connect#carplay.at-home, a chapter that the manual of" in each for each in found), found
    assert any("the manual of CAY-3 does not have" in each for each in found), found


def test_an_article_that_stands_in_no_manual_is_left_out_for_a_reason(settings):
    pack, folder = catalog.pack(), Path(settings.VETTURA_PACK_DIR)
    told = pack.instructions
    printed = {each for manual in told.manuals.values() for each in manual.articles}

    def said(unprinted: dict[str, str]) -> list[str]:
        changed = replace(pack, instructions=replace(told, unprinted=unprinted))
        return [each for each in help_problems(changed, folder, None) if "instructions.yaml" in each]

    assert set(edits.pack_help().articles) - printed == set(told.unprinted)
    assert said(dict(told.unprinted)) == []
    # each look reads the whole pack, so one finds all three, and nothing else
    without = {key: why for key, why in told.unprinted.items() if key != "digital-manual"}
    wrong = said({**without, "gone": "x", "roaming-on": "x"})
    for words in (
        "no manual holds the article digital-manual",
        "unprinted names the article gone, which does not exist",
        "names the article roaming-on, which stands in a manual",
    ):
        assert [words in each for each in wrong].count(True) == 1
    assert len(wrong) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_documents_can_be_written_in_each_language(language):
    for document in ("vehicle", "connect"):
        facts = manuals.facts_of(of(document, "CAY-3", language), "0" * 16)
        with translation.override(language):
            assert facts["words"]["contents"] == {"en": "Contents", "it": "Indice", "de": "Inhalt"}[language]
        places = {each["anchor"] for chapter in facts["chapters"] for each in (chapter, *chapter["sections"])}
        articles = {
            f"a-{each['id']}"
            for chapter in facts["chapters"]
            for part in chapter["sections"]
            for each in part["entries"]
        }
        runs = [
            run
            for chapter in facts["chapters"]
            for part in chapter["sections"]
            for entry in part["entries"]
            for variant in entry["variants"]
            for block in (*variant["lead"], *variant["body"])
            for run in block["runs"]
        ]
        assert {run["to"] for run in runs if run["kind"] == "page"} <= places | articles | {"contacts"}
        assert not any(
            sign in run.get("text", "") for run in runs for sign in "\ue000\ue001\ue002\ue010\ue011\ue012\ue013"
        )
