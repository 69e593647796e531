"""What the phone app is made of: the same for everybody, in three languages, under a policy that lets nothing else in."""

import json
import re

import pytest
from django.conf import settings
from django.test import Client
from tests import identity_facts

from vettura.identity import queries as identity
from vettura.phone_app import program, views, words

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _ in settings.LANGUAGES]


def test_the_page_lets_nothing_but_our_own_files_in_and_nobody_frame_it(client: Client):
    answer = client.get("/m/")

    policy = answer["Content-Security-Policy"]
    assert answer.status_code == 200
    assert "unsafe" not in policy
    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'none'"} <= set(
        policy.split("; ")
    )
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"<script(?![^>]* src=)|\sstyle=", answer.content.decode())


def test_the_page_says_nothing_about_who_asks(client: Client):
    before = client.get("/m/").content
    client.force_login(identity_facts.account())

    assert client.get("/m/").content == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_there_in_every_language(client: Client, language: str):
    told = client.get(f"/m/{language}/words.json").json()

    assert set(told) == set(words.WORDS) | {f"label_{name}" for name in words.LABELS}
    assert all(told.values())


def test_the_words_differ_by_language(client: Client):
    told = {code: client.get(f"/m/{code}/words.json").json() for code in LANGUAGES}

    assert [told[code]["locked"] for code in ("en", "it", "de")] == ["Locked", "Chiusa", "Verriegelt"]


# words that both languages write as English does
SAME = {"details", "hours", "minutes", "pin", "place_name", "tab_account"}


@pytest.mark.parametrize("language", ["it", "de"])
def test_no_word_is_left_in_english(client: Client, language: str):
    english, told = (client.get(f"/m/{code}/words.json").json() for code in ("en", language))

    assert {key for key in words.WORDS if told[key] == english[key]} <= SAME


@pytest.mark.rule("APP-002", "APP-010")
def test_the_menu_words_of_the_account_are_the_packs(client: Client):
    told = client.get("/m/it/words.json").json()

    path = [told[f"label_app_{name}"] for name in ("account", "services", "connection")]
    assert path == ["Il mio account", "Servizi PCM", "Connessione alla vettura"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_can_install_it(client: Client, language: str):
    answer = client.get(f"/m/{language}/manifest.webmanifest")

    manifest = answer.json()
    assert answer["Content-Type"] == "application/manifest+json"
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/m/", "/m/", "standalone")
    assert manifest["lang"] == language
    assert {each["sizes"] for each in manifest["icons"]} == {"192x192", "512x512"}
    assert "maskable" in {each["purpose"] for each in manifest["icons"]}


@pytest.mark.parametrize("address", ["/m/xx/words.json", "/m/fr/manifest.webmanifest", "/m/pictures/NONE/top.svg"])
def test_what_is_not_there_is_not_found(client: Client, address: str):
    assert client.get(address).status_code == 404


def test_the_worker_keeps_every_file_that_the_app_needs_and_is_new_when_one_of_them_is(client: Client):
    program_text = client.get("/m/worker.js").content.decode()

    shell = json.loads(re.search(r"const SHELL = (.*);", program_text).group(1))
    version = json.loads(re.search(r"const VERSION = (.*);", program_text).group(1))
    assert "/m/" in shell
    assert {f"{settings.STATIC_URL}{name}" for name in views.PROGRAMS} <= set(shell)
    assert re.fullmatch(r"[0-9a-f]{12}", version)
    assert "/api/" not in " ".join(shell)


def test_the_drawing_of_a_generation_is_served(client: Client):
    answer = client.get("/m/pictures/TAY/top.svg")

    assert answer.status_code == 200
    assert b"data-part" in answer.content


def test_the_app_is_a_public_program_of_ours_that_nobody_is_asked_about():
    program.register()
    program.register()

    client = next(each for each in identity.clients() if each.id == program.CLIENT_ID)
    assert (client.type, client.skip_consent) == ("public", True)
    assert f"{settings.VETTURA_BASE_URL}/m/" in client.get_redirect_uris()
