"""Instructions that run: every article renders in every language, and a reader gets the path of the own car."""

import re

import pytest
from tests import vehicle_facts

from vettura.catalog import queries as catalog
from vettura.help_center import queries

LANGUAGES = ["en", "it", "de"]


@pytest.mark.rule("KB-002", "PCM-020", "PCM-021")
@pytest.mark.parametrize(
    ("generation", "labels"),
    [
        ("911-7", ["APPS", "OPT", "Login Porsche Connect"]),
        ("CAY-3", ["Impostazioni Porsche Connect"]),
    ],
)
def test_a_reader_gets_the_path_of_the_own_generation(generation, labels):
    path = queries.path_for(task="PAIRING_LOGIN", generation=generation, language="it")

    assert [step.label for step in path.steps][: len(labels)] == labels


@pytest.mark.rule("PAI-007")
def test_a_car_that_needs_no_code_has_no_path_to_type_one():
    path = queries.path_for(task="PAIRING_LOGIN", generation="TAY", language="it")

    assert path.steps == ()


@pytest.mark.rule("TAY-008")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_on_signing_in_names_the_instructions_and_the_way_through_the_head_unit(language):
    article = next(each for each in queries.articles(language=language) if each.id == "sign-in-to-the-car")

    assert {"en": "instructions", "it": "istruzioni", "de": "Anleitung"}[language] in article.text
    assert str(catalog.terms().security_code_length) in article.text
    path = queries.path_for(task="SIGN_IN", generation="TAY", language=language)
    assert len(path.steps) == 3


@pytest.mark.django_db
def test_help_is_open_to_everyone_and_says_what_to_do_when_nothing_fits(client, index):
    page = client.get("/help/", {"q": "xylophone"})

    assert page.status_code == 200
    assert "xylophone" in page.content.decode()
    assert "/help/people/" in page.content.decode()


@pytest.mark.django_db
def test_a_topic_shows_a_few_articles_what_most_people_look_for_first_and_the_others_unfold(client):
    page = client.get("/help/", {"country": "DE"}).content.decode()
    topic = page[page.index('id="account"') : page.index('id="car"')]
    shown, more = topic.split("<details>")
    linked = re.compile(r'href="/help/([\w-]+)/"')
    of_topic = [each.id for each in queries.articles(language="en") if each.topic == "account"]

    assert len(linked.findall(shown)) == 5
    assert linked.findall(shown)[0] == next(each for each in queries.help_of_pack().first if each in of_topic)
    assert {*linked.findall(shown), *linked.findall(more)} == {*of_topic}
    assert f"{len(of_topic) - 5} more questions" in more


@pytest.mark.django_db
def test_every_topic_can_be_jumped_to(client):
    page = client.get("/help/", {"country": "DE"}).content.decode()
    nav = page[page.index('aria-label="Topics"') : page.index("</nav>", page.index('aria-label="Topics"'))]

    assert re.findall(r'href="#([\w-]+)"', nav) == re.findall(r'<section class="card stack" id="([\w-]+)"', page)


@pytest.mark.django_db
def test_where_an_article_does_not_answer_nobody_is_said_to_stand_in_the_answer(client):
    named = "Who helps with this stands in the answer."

    assert named not in client.get("/help/access-point/", {"car": "TAY", "country": "IT"}).content.decode()
    assert named in client.get("/help/access-point/", {"car": "CAY-3", "country": "IT"}).content.decode()


@pytest.mark.django_db
def test_an_unknown_article_is_not_found_and_leads_back_to_help(client):
    page = client.get("/help/no-such-article/")

    assert page.status_code == 404
    assert "/help/" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.rule("ID-010", "ID-011")
def test_a_missing_invitation_leads_to_spam_first_and_then_to_the_partner(client):
    text = client.get("/help/invitation-missing/").content.decode()

    assert text.index("spam") < text.index("partner can send")


@pytest.mark.django_db
@pytest.mark.rule("GAR-013")
@pytest.mark.parametrize(
    ("language", "typed", "words"),
    [
        ("en", "I sold my car", "Remove this vehicle"),
        ("it", "ho venduto la vettura", "Rimuovi questa vettura"),
        ("de", "Fahrzeug verkauft", "Dieses Fahrzeug entfernen"),
    ],
)
def test_whoever_sold_the_car_is_told_first_to_remove_it_and_led_there(client, index, language, typed, words):
    assert queries.search(question=typed, language=language)[0].id == "sold-my-car"

    page = client.get("/help/sold-my-car/", headers={"accept-language": language}).content.decode()

    assert words in queries.article(article_id="sold-my-car", language=language).body
    assert 'href="/vehicles/choose/options/"' in page


@pytest.mark.django_db
@pytest.mark.rule("GAR-022", "GAR-023", "GAR-024", "ID-005", "ID-023")
@pytest.mark.parametrize(
    ("typed", "article", "words", "address"),
    [
        ("where is my VIN", "where-is-the-vin", "registration document", "/vehicles/where-is-the-vin/"),
        ("where is my VIN", "where-is-the-vin", "windscreen at the lower left", "/vehicles/where-is-the-vin/"),
        ("where is my VIN", "where-is-the-vin", "under My vehicles", "/vehicles/where-is-the-vin/"),
        ("bought the car privately", "bought-privately", "nearest partner", "/vehicles/add/"),
        ("add a further car", "add-a-car", "type the VIN", "/vehicles/add/"),
    ],
)
def test_what_is_asked_of_cars_is_answered_with_the_page_where_it_is_done(
    client, index, typed, article, words, address
):
    assert queries.search(question=typed, language="en")[0].id == article

    assert words in queries.article(article_id=article, language="en").text
    assert f'href="{address}"' in client.get(f"/help/{article}/").content.decode()


@pytest.mark.rule("DAT-003", "DAT-004")
@pytest.mark.parametrize("language", LANGUAGES)
def test_is_it_safe_names_both_signs_and_explains_the_protocol(language):
    answer = queries.article(article_id="is-it-safe", language=language).text

    assert "https://" in answer
    assert any(word in answer for word in ("padlock", "lucchetto", "Schloss"))
    assert "SSL" in answer
    assert "standard" in answer.lower()


@pytest.mark.rule("ID-036", "DAT-021")
def test_the_way_to_delete_an_account_is_described_as_the_menu_says_it():
    answer = queries.article(article_id="delete-my-account", language="it").text

    assert "“Login e sicurezza”, poi “Elimina account”" in answer
    assert "rivolga al Suo partner" in answer


@pytest.mark.django_db
@pytest.mark.rule("ID-006")
def test_whether_one_may_register_alone_is_answered_by_country(client, index):
    allowed = next(each.iso2 for each in catalog.countries() if each.self_registration)
    refused = next(each.iso2 for each in catalog.countries() if not each.self_registration)
    assert queries.search(question="register without an invitation", language="en")[0].id == "register-alone"

    pages = {
        code: client.get("/help/register-alone/", {"country": code}).content.decode() for code in (allowed, refused)
    }

    assert "Yes. Choose “Register”" in pages[allowed]
    assert "begins with an invitation" not in pages[allowed]
    assert "No. Here an account begins with an invitation" in pages[refused]
    assert 'href="/signup/"' in pages[allowed]


@pytest.mark.django_db
def test_the_answer_for_ones_own_country_comes_first(client):
    allowed = next(each.iso2 for each in catalog.countries() if each.self_registration)
    client.force_login(vehicle_facts.person(country=allowed))

    assert f'<option value="{allowed}" selected>' in client.get("/help/register-alone/").content.decode()
    assert client.get("/help/register-alone/", {"country": "XX"}).status_code == 200


@pytest.mark.django_db
@pytest.mark.rule("KB-002")
def test_whoever_is_signed_in_reads_the_one_path_of_the_own_car(client):
    owner = vehicle_facts.person(country="IT")
    vehicle_facts.vehicle(main_user=owner, generation="CAY-3")
    client.force_login(owner)

    page = client.get("/help/pairing-code/", headers={"accept-language": "it"}).content.decode()

    assert page.count('<span class="chip">Impostazioni Porsche Connect</span>') == 1
    assert "OPT" not in page


@pytest.mark.django_db
@pytest.mark.rule("KB-002")
def test_a_stranger_chooses_the_car_by_its_picture_and_the_choice_stands_in_the_address(client):
    before = client.get("/help/pairing-code/").content.decode()
    after = client.get("/help/pairing-code/", {"car": "911-7", "country": "IT"}).content.decode()

    assert '<span class="key">' not in before
    assert 'href="?car=911-7&amp;country=' in before
    assert '<span class="key">OPT</span>' in after
    assert 'aria-current="true"' in after
    assert client.get("/help/pairing-code/", {"car": "no such car"}).status_code == 200


@pytest.mark.django_db
def test_an_article_is_there_as_plain_text_and_for_programs_that_read_pages(client):
    text = client.get("/help/pairing-code/text/", {"car": "911-7"}, headers={"accept-language": "it"})
    page = client.get("/help/card-security-code/").content.decode()
    sitemap = client.get("/help/sitemap.xml").content.decode()

    assert text["content-type"].startswith("text/plain")
    assert "APPS > OPT > Login Porsche Connect" in text.content.decode()
    assert '"@type": "FAQPage"' in page
    assert "<loc>http://testserver/help/pairing-code/</loc>" in sitemap


@pytest.mark.rule("CON-019", "CON-023", "CON-024", "TRB-003", "TRB-004", "MAN-001")
@pytest.mark.parametrize(
    ("article", "generation", "words"),
    [
        ("roaming-on", "TAY", "always on"),
        ("roaming-on", "PAN-2", "Set the tick"),
        ("connection-symbol", "CAY-3", "top right"),
        ("connection-symbol", "718", "bottom left"),
        ("digital-manual", "MAC-2", "Yes"),
        ("digital-manual", "MAC-1", "No"),
        ("map-update", "911-8", "by itself"),
    ],
)
def test_the_answer_is_the_one_for_the_car(article, generation, words):
    reader = queries.reader(country="IT", generation=generation)

    assert words in queries.article(article_id=article, language="en", for_=reader).answer


@pytest.mark.rule("SUP-002", "SUP-004", "SUP-005")
def test_the_contact_is_that_of_the_country_with_the_cost_of_the_call():
    for country in catalog.countries():
        reader = queries.reader(country=country.iso2)
        answer = queries.article(article_id="reach-support", language="en", for_=reader).answer

        assert country.support_phone in answer
        assert country.email in answer
        assert ("free of charge" in answer) == country.toll_free


@pytest.mark.django_db
def test_an_article_that_is_not_for_the_car_says_so_and_for_which_it_is(client):
    page = client.get("/help/access-point/", {"car": "TAY", "country": "IT"}).content.decode()

    assert "This is not for Taycan in Italy." in page
    assert "Panamera" in page
    assert "FAQPage" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "718 Boxster and Cayman"), ("it", "718 Boxster e Cayman"), ("de", "718 Boxster und Cayman")],
)
def test_a_car_is_called_as_in_the_language_of_the_page(client, language, name):
    reader = queries.reader(country="IT", generation="718")
    manuals = client.get("/api/v1/help/manuals", {"generation": "718", "lang": language}).json()["items"]

    assert name in queries.article(article_id="valet-alarm-app-only", language=language, for_=reader).text
    assert name in queries.not_for(article_id="settings-that-follow-me", language=language, for_=reader)
    assert {each["car"] for each in manuals} == {name}
    for address in ("/help/manuals/", "/help/pairing-code/", "/help/why/service/?service=remote_lock", "/store/"):
        page = client.get(address, headers={"accept-language": language}).content.decode()
        assert set(re.findall("718 Boxster [a-z]+ Cayman", page)) == {name}, address


@pytest.mark.rule("KB-008")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("article_id", "italian", "english"),
    [
        ("valet-alarm-app-only", "No. Entrambi funzionano solo", "No. Both work only in"),
        ("parking-which-cars", "La card per entrare e uscire senza biglietto", "The card for entering and leaving"),
    ],
)
def test_what_the_source_text_says_in_english_is_served_in_italian_with_the_original_beside(
    client, article_id, italian, english
):
    pages = {
        each: client.get(f"/help/{article_id}/", {"country": "DE"}, headers={"accept-language": each}).content.decode()
        for each in ("it", "en")
    }

    assert queries.article(article_id=article_id, language="it").answer.startswith(italian)
    assert f'<p class="lead" id="answer">{italian}' in pages["it"]
    assert "Testo originale (Inglese)" in pages["it"]
    assert f'<div class="stack" lang="en"><p>{english}' in pages["it"]
    assert f'<p class="lead" id="answer">{english}' in pages["en"]
    assert 'lang="en"><p>' not in pages["en"]


@pytest.mark.rule("KB-009")
@pytest.mark.parametrize(
    ("article_id", "label", "gloss"),
    [
        ("parking-where", "Städte", "città"),
        ("parking-past", "Aktivitäten", "attività"),
        ("parking-invoices", "Rechnungen", "fatture"),
        ("parking-more-cards", "Parkkarten", "carte di parcheggio"),
        ("parking-change-data", "Persönliche Daten", "dati personali"),
    ],
)
def test_german_labels_of_the_parking_site_stand_as_they_are_with_their_meaning(article_id, label, gloss):
    in_germany = queries.reader(country="DE", generation="CAY-3")

    article = queries.article(article_id=article_id, language="it", for_=in_germany)

    assert f"{label} ({gloss})" in article.text


@pytest.mark.rule("KB-010")
@pytest.mark.django_db
def test_the_contact_for_events_stands_with_the_events_and_says_that_its_question_is_uncertain(client):
    page = client.get("/help/event-questions/", headers={"accept-language": "it"})

    assert queries.written("event-questions").topic == "events"
    assert "La domanda è stata ricostruita" in page.content.decode()


@pytest.mark.parametrize(
    ("article_id", "told"),
    [
        pytest.param("parking-find-in-app", ["map settings", "off at first"], marks=pytest.mark.rule("APP-011")),
        pytest.param("security-center-reach", ["number", "at any hour"], marks=pytest.mark.rule("APP-012")),
        pytest.param("charging-app", ["start charging", "porsche connect app"], marks=pytest.mark.rule("APP-013")),
        pytest.param("charging-stations", ["porsche charging", "listed"], marks=pytest.mark.rule("APP-014")),
        pytest.param("fod-download-period", ["28", "privacy mode must be off"], marks=pytest.mark.rule("PRI-005")),
        pytest.param("privacy-mode-on", ["neither loaded nor enabled"], marks=pytest.mark.rule("PRI-006")),
    ],
)
def test_help_tells_of_rules_whose_machinery_comes_with_another_context(article_id, told):
    shown = queries.article(article_id=article_id, language="en", for_=queries.reader(country="DE"))

    assert shown.in_scope
    for words in told:
        assert words in shown.text.lower()
