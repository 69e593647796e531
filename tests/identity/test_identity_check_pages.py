"""The pages of video identification: what is needed, whether the device will do, the result; and the desk of the agents."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from tests import ident_facts, identity_facts
from tests.ident_facts import ident, ident_sandbox

from vettura.catalog.queries import terms
from vettura.identity import actions, tasks
from vettura.identity.models import IdentityCheck

__all__ = ["ident", "ident_sandbox"]
pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")


def address(case, name="identity_check"):
    return reverse(f"identity:{name}", args=[case.id])


def shown(case, *, user_agent=ident_facts.CHROME, language="en"):
    client = identity_facts.signed_in(case.account)
    answer = client.get(address(case), headers={"User-Agent": user_agent, "Accept-Language": language})
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def agent_browser() -> Client:
    return identity_facts.signed_in(identity_facts.account(staff_roles=("ident",)))


@pytest.mark.rule(
    "IDV-006", "IDV-007", "IDV-008", "IDV-010", "IDV-012", "IDV-014", "IDV-016", "IDV-017", "IDV-018", "IDV-019"
)
@pytest.mark.parametrize(
    "sentence",
    [
        "free of charge",  # IDV-006
        "normal costs of your mobile and internet tariff may arise",  # IDV-007
        "A time between 08:00 and 24:00, Monday to Sunday, Central European time",  # IDV-008
        "it takes 3 to 5 minutes",  # IDV-010
        "A device with camera and microphone, and an active internet connection",  # IDV-012
        "This browser is suitable",  # IDV-014
        "Allow access to camera and microphone in the browser",  # IDV-016
        "Switch off the ad blocker, if necessary",  # IDV-017
        "Switch off the firewall, if necessary",  # IDV-018
        "Switch off the VPN, if necessary",  # IDV-019
    ],
)
def test_the_page_says(clock, sentence):
    assert sentence in shown(ident_facts.opened_case())


@pytest.mark.rule("IDV-011", "IDV-003", "IDV-005")
def test_the_first_thing_on_the_list_is_the_document_and_the_countries_are_named(clock):
    page = shown(ident_facts.opened_case())

    first = re.search(r"<ol[^>]*> <li>(.*?)</li>", page[page.index("What you need") :]).group(1)
    assert first.startswith("A valid identity card or passport")
    assert all(name in first for name in ("Italy", "Türkiye", "Switzerland", "Norway", "Iceland", "United States"))
    assert "United Kingdom" not in first
    assert "For other countries the agent decides" in first


@pytest.mark.rule("IDV-015")
@pytest.mark.parametrize(
    "agent", [ident_facts.EDGE, ident_facts.INTERNET_EXPLORER, ident_facts.SAFARI, ident_facts.OPERA]
)
def test_other_browsers_are_blocked_and_the_suitable_ones_named(clock, agent):
    page = shown(ident_facts.opened_case(), user_agent=agent)

    assert 'data-verdict="browser"' in page
    assert "Google Chrome or Mozilla Firefox" in page
    assert "data-start" not in page


@pytest.mark.rule("IDV-020", "IDV-021", "IDV-022")
@pytest.mark.parametrize(
    "agent", [ident_facts.CHROME_ON_ANDROID, ident_facts.CHROME_ON_IPHONE, ident_facts.FIREFOX_ON_TABLET]
)
def test_on_a_phone_or_tablet_only_the_app_with_its_code_and_both_stores(ident, clock, agent):
    case = ident_facts.opened_case()
    client = identity_facts.signed_in(case.account)
    before = shown(case, user_agent=agent)
    assert 'data-verdict="app"' in before
    assert "data-check" not in before

    answer = client.post(address(case, "start_identity_check"), headers={"User-Agent": agent})

    case.refresh_from_db()
    assert answer["Location"] == address(case)
    page = shown(case, user_agent=agent)
    assert case.code in page
    assert "<svg" in page[page.index("data-case-code") :]
    assert case.call_url not in page
    for place in (terms().identification_app_ios, terms().identification_app_android):
        assert place in page
    assert "The app is free of charge" in page


@pytest.mark.rule("IDV-008")
def test_outside_the_hours_the_page_says_when_it_opens_and_has_no_button(clock):
    case = ident_facts.opened_case()
    clock.move_to(datetime(2026, 9, 2, 0, 0, tzinfo=BERLIN))

    assert "data-start" not in (page := shown(case))
    assert "No agent is there at the moment" in page
    refused = identity_facts.signed_in(case.account).post(address(case, "start_identity_check"))
    assert refused.status_code == 409
    clock.move_to(datetime(2026, 9, 2, 8, 0, tzinfo=BERLIN))
    assert "data-start" in shown(case)


@pytest.mark.rule("IDV-009")
def test_beginning_leads_to_the_call(ident, clock):
    case = ident_facts.opened_case()

    answer = identity_facts.signed_in(case.account).post(
        address(case, "start_identity_check"), headers={"User-Agent": ident_facts.CHROME}
    )

    case.refresh_from_db()
    assert answer["Location"] == case.call_url


def test_only_this_page_may_use_camera_and_microphone(clock):
    case = ident_facts.opened_case()
    client = identity_facts.signed_in(case.account)

    assert "camera=(self), microphone=(self)" in client.get(address(case))["Permissions-Policy"]
    assert "camera=(), microphone=()" in client.get("/account/")["Permissions-Policy"]


def test_while_somebody_waits_the_page_learns_of_a_change(ident, clock):
    case = ident_facts.waiting_case()
    client = identity_facts.signed_in(case.account)
    ask = {"path": f"{address(case)}?seen=waiting", "headers": {"HX-Request": "true"}}
    assert client.get(**ask).status_code == 204

    ident.decide(case.code)
    ident_facts.hear(case)

    assert client.get(**ask)["HX-Refresh"] == "true"


def test_a_failed_attempt_says_why_and_offers_another(ident, clock):
    case = ident_facts.waiting_case()
    ident.decide(case.code, decision="fail", holograms="", face="")
    ident_facts.hear(case)

    page = shown(case)

    assert "holographic security features of the document could not be seen" in page
    assert "face could not be matched" in page
    assert "Try again" in page


@pytest.mark.parametrize(("language", "word"), [("it", "Identificazione"), ("de", "Identifizieren")])
def test_the_page_speaks_the_persons_language(clock, language, word):
    assert word in shown(ident_facts.opened_case(), language=language)


def test_the_page_says_on_which_day_the_evidence_is_deleted_and_that_it_was(ident, clock):
    case = ident_facts.verified_case(ident)
    assert "are deleted on Sept. 8, 2026" in shown(case)

    clock.move_to(case.evidence_until)
    tasks.delete_identity_evidence(clock.now())

    assert "Pictures and number of your document are deleted." in shown(case)


def test_ending_the_case_says_what_became_of_the_order(clock):
    case = ident_facts.opened_case()
    client = identity_facts.signed_in(case.account)

    client.post(address(case, "cancel_identity_check"))

    assert "nothing was charged" in shown(case)


def test_without_a_case_the_page_teaches_and_with_one_it_leads_there(clock):
    person = identity_facts.account()
    client = identity_facts.signed_in(person)
    assert b"Nobody asks you" in client.get("/identification/").content

    case = ident_facts.opened_case(person)
    assert client.get("/identification/")["Location"] == address(case)
    actions.cancel_identity_check(by=person, check_id=case.id)
    assert client.get("/identification/").status_code == 200


def test_agents_see_who_waits_first_and_the_queue_asks_the_same_however_long_it_is(
    ident, clock, django_assert_max_num_queries
):
    ident_facts.opened_case()
    clock.advance(timedelta(minutes=1))
    waiting = ident_facts.waiting_case(identity_facts.account(family_name="Waiting"))
    for _ in range(3):
        clock.advance(timedelta(minutes=1))
        ident_facts.opened_case()
    client = agent_browser()

    with django_assert_max_num_queries(12):
        page = client.get("/desk/identification/").content.decode()

    assert page.index("Waiting") < page.index("Rossi", page.index("<tbody>"))
    assert waiting.code in page
    assert client.post("/desk/identification/waiting-room/")["Location"].startswith(f"{ident.url}/agent/enter?")


def test_agents_see_the_evidence_until_it_is_deleted(ident, clock):
    case = ident_facts.verified_case(ident)
    client = agent_browser()
    picture = reverse("identification_desk:picture", args=[case.id, case.pictures.first().id])

    assert picture in client.get(reverse("identification_desk:case", args=[case.id])).content.decode()
    assert client.get(picture).content == ident_facts.PICTURE
    assert client.get(picture)["Cache-Control"].count("no-store") == 1
    clock.move_to(case.evidence_until)
    tasks.delete_identity_evidence(clock.now())
    # nobody stays signed in that long
    assert agent_browser().get(picture).status_code == 404
    assert IdentityCheck.objects.get(id=case.id).status == "verified"
