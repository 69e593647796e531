"""The frame of pages, legal documents, and pages for what went wrong."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.translation import gettext_lazy
from tests import vehicle_facts

from vettura.foundation.errors import NotFound, Refusal
from vettura.portal.refusals import RefusalMiddleware
from vettura.portal.security import content_security_policy

pytestmark = pytest.mark.django_db


class TooEarly(Refusal):
    """A refusal for these tests."""

    code = "specimen.too_early"
    sentence = gettext_lazy("This is possible from {day}.")
    remedy = (gettext_lazy("Read why"), "portal:terms")


def _refused(problem: Exception, **headers: str) -> HttpResponse | None:
    def answer(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    request = RequestFactory().get("/vehicles/", headers=headers)
    request.user = type("Nobody", (), {"is_authenticated": False})()
    return RefusalMiddleware(answer).process_exception(request, problem)


@pytest.mark.rule("DAT-016")
def test_the_privacy_statement_is_in_the_footer_of_a_page(client):
    assert 'href="/privacy/"' in client.get("/design/").content.decode()


@pytest.mark.rule("DAT-008")
@pytest.mark.parametrize("language", ["en", "it", "de"])
def test_everybody_can_read_the_privacy_statement(client, language):
    page = client.get("/privacy/?country=IT", headers={"Accept-Language": language})

    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.content.decode()
    assert page.content.decode().count('<article class="prose"') == 1


@pytest.mark.rule("STO-016")
def test_both_terms_can_be_read_without_signing_in(client):
    page = client.get("/terms/")

    assert page.status_code == 200
    assert page.content.decode().count('<article class="prose"') == 2


def test_the_language_is_chosen_on_every_page(client):
    client.post("/language/", {"language": "it", "next": "/design/"})

    assert '<html lang="it"' in client.get("/design/").content.decode()


@pytest.mark.parametrize(("chosen", "kept"), [("de", "de"), ("tlh", "en")])
def test_the_language_chosen_by_somebody_signed_in_is_that_of_their_letters(client, chosen, kept):
    person = vehicle_facts.person()
    client.force_login(person)

    client.post("/language/", {"language": chosen, "next": "/design/"})

    person.refresh_from_db()
    assert person.language == kept


@pytest.mark.rule("STO-005")
def test_the_menu_behind_the_name_leads_to_what_belongs_to_the_person(client):
    client.force_login(vehicle_facts.person())

    page = client.get("/design/").content.decode()

    for place in ("/account/", "/store/orders/", "/billing/invoices/", "/billing/cards/", "/account/programs/"):
        assert f'class="menu__item" href="{place}"' in page


def test_the_appearance_is_remembered_and_only_leads_back_to_us(client):
    answer = client.post("/theme/", {"theme": "dark", "next": "https://elsewhere.example/"})

    assert answer.headers["Location"] == "/"
    assert 'data-theme="dark"' in client.get("/design/").content.decode()


def test_an_appearance_that_does_not_exist_is_automatic(client):
    client.post("/theme/", {"theme": "x", "next": "/design/"})

    assert 'data-theme="auto"' in client.get("/design/").content.decode()


def test_an_unknown_address_says_so_and_leads_somewhere(client):
    page = client.get("/no/such/page/")

    assert page.status_code == 404
    assert "There is no page at this address." in page.content.decode()


def test_an_unknown_address_of_the_api_is_a_problem_document(client):
    answer = client.get("/api/v1/no-such-thing")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("application/problem+json")


def test_a_refusal_is_its_sentence_and_the_button_that_helps():
    answer = _refused(TooEarly(day="1 May"))

    assert answer is not None
    assert answer.status_code == 409
    assert "This is possible from 1 May." in answer.content.decode()
    assert 'href="/terms/">Read why</a>' in answer.content.decode()


def test_a_refusal_of_a_fragment_goes_to_the_message_area():
    answer = _refused(TooEarly(day="1 May"), **{"HX-Request": "true"})

    assert answer is not None
    assert answer.headers["HX-Retarget"] == "#messages"
    assert "<html" not in answer.content.decode()


def test_what_is_somebody_elses_is_not_found():
    answer = _refused(NotFound())

    assert answer is not None
    assert answer.status_code == 404


def test_what_nobody_foresaw_is_not_answered_by_the_refusals():
    assert _refused(ValueError("broken")) is None


def test_pages_load_nothing_from_elsewhere(client):
    policy = client.get("/design/").headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy.split("style-src-attr")[0]
    assert "frame-ancestors 'none'" in policy


def test_the_card_provider_may_show_its_frame_and_script(settings):
    policy = content_security_policy(leads_to_apps=False)
    origin = "/".join(settings.VETTURA_PROVIDERS.cards_script_url.split("/")[:3])

    assert f"frame-src 'self' {origin}" in policy
    assert f"script-src 'self' {origin}" in policy


def test_signing_in_may_end_at_the_address_of_an_app():
    assert "form-action" not in content_security_policy(leads_to_apps=True)
