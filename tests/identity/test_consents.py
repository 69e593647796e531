"""What people accept and decide on their data: by version, by purpose, each by itself, with proof."""

import shutil
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests import identity_facts as facts

from vettura.catalog import queries as catalog
from vettura.foundation.models import OutboxEvent
from vettura.identity import actions, errors, queries, rules
from vettura.identity.models import AcceptedDocument, ConsentDecision

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
NEXT = {"en": "The next version.", "it": "La prossima versione.", "de": "Die nächste Fassung."}


@pytest.fixture
def own_pack(settings, tmp_path):
    """Makes a copy of the pack that a version is added to; a pack is read once, so each is a folder of its own."""

    def begin():
        settings.VETTURA_PACK_DIR = Path(shutil.copytree(settings.VETTURA_PACK_DIR, tmp_path / "pack"))
        return settings.VETTURA_PACK_DIR

    return begin


def publish(own_pack, kind="privacy", version="2026-12", valid_from="2026-10-01"):
    pack = own_pack()
    for language, text in NEXT.items():
        head = f'---\nversion: "{version}"\nvalid_from: {valid_from}\ntitle: "{kind} {version}"\n---\n'
        (pack / "legal" / f"{kind}@{version}.{language}.md").write_text(f"{head}\n# {kind}\n\n{text}\n")


def publish_consent(own_pack, purpose="position", version="2026-12", valid_from="2026-10-01"):
    pack = own_pack()
    texts = "".join(
        f"    {part}:\n" + "".join(f'      {language}: "{part} {text}"\n' for language, text in NEXT.items())
        for part in ("title", "data", "purpose", "manner")
    )
    file = pack / "consents" / f"{purpose}.yaml"
    file.write_text(f'{file.read_text()}  - version: "{version}"\n    valid_from: {valid_from}\n{texts}')


def decide(person, *, is_given, purpose="position", **more):
    return actions.decide_consent(
        account=person, purpose=purpose, is_given=is_given, language="en", channel="portal", **more
    )


def shown():
    documents = {kind: catalog.legal_version(kind, "IT") for kind in rules.DOCUMENTS}
    return documents | {each.id: catalog.consent_version(each.id) for each in queries.purposes()}


@pytest.mark.rule("DAT-006")
@pytest.mark.parametrize("language", ["en", "it", "de"])
def test_the_consent_screen_lists_data_purpose_and_manner_and_each_is_decided(language):
    person = facts.account(language=language)
    client = facts.signed_in(person)

    page = client.get("/account/consents/", headers={"accept-language": language}).content.decode()

    for each in queries.purposes():
        words = catalog.consent_words(each.id, language)
        assert all(part in page for part in (words.title, words.data, words.manner))
        assert f"/account/consents/{each.id}/" in page


@pytest.mark.rule("DAT-006", "DAT-019")
def test_registration_asks_for_each_use_of_data_and_none_is_a_condition(client):
    begun = facts.registration(step="documents")
    page = client.get(f"{begun.url}terms/").content.decode()
    given = queries.purposes()[0].id

    client.post(
        f"{begun.url}terms/",
        {"accepts_terms": "on", "accepts_privacy": "on", f"consent_{given}": "on"}
        | {f"shown_{name}": version for name, version in shown().items()},
    )

    words = catalog.consent_words(given, "en")
    assert words.data in page
    assert "checked" not in page
    begun.account.refresh_from_db()
    assert begun.account.is_active
    assert begun.account.consents == [f"{given}@{words.version}"]


@pytest.mark.rule("DAT-006")
def test_the_version_that_was_displayed_is_the_one_recorded_or_none(own_pack, clock):
    begun = facts.registration(step="documents")
    displayed = shown()
    publish(own_pack, valid_from="2026-09-02")
    clock.advance(hours=20)

    with pytest.raises(errors.DocumentOutdated):
        actions.complete_registration(
            registration_id=begun.id, accepts_terms=True, accepts_privacy=True, shown=displayed
        )

    begun.account.refresh_from_db()
    assert not begun.account.is_active
    assert not AcceptedDocument.objects.filter(account=begun.account).exists()

    actions.complete_registration(registration_id=begun.id, accepts_terms=True, accepts_privacy=True, shown=shown())
    row = AcceptedDocument.objects.get(account=begun.account, kind="privacy")
    assert (row.version, row.channel, row.country, row.language) == ("2026-12", "portal", "IT", "en")


@pytest.mark.rule("DAT-006")
def test_an_invited_person_accepts_by_invitation():
    begun = actions.begin_registration(
        email="new@example.org", language="it", country="IT", next_url="/", channel="invitation"
    )
    actions.choose_password(registration_id=begun.id, password=facts.PASSWORD)
    actions.give_name_and_phone(registration_id=begun.id, given_name="Ada", family_name="Rossi", phone=facts.PHONE)
    actions.check_sms_code(registration_id=begun.id, code=facts.last_code(begun.account_id))

    actions.complete_registration(registration_id=begun.id, accepts_terms=True, accepts_privacy=True)

    rows = AcceptedDocument.objects.filter(account=begun.account)
    assert {(row.channel, row.language) for row in rows} == {("invitation", "it")}


@pytest.mark.rule("DAT-006")
def test_a_decision_is_kept_with_text_time_and_way_and_the_same_again_adds_nothing(clock):
    person = facts.account()
    before = ConsentDecision.objects.count()
    clock.advance(minutes=1)

    first = decide(person, is_given=False)
    again = decide(person, is_given=False)

    words = catalog.consent_words("position", "en")
    assert again == first
    assert ConsentDecision.objects.count() == before + 1
    assert (first.version, first.is_given, first.channel) == (words.version, False, "portal")
    assert (first.decided_at, first.text_digest) == (clock.now(), words.digest)
    assert not queries.has_consent(account=person, purpose="position")
    assert OutboxEvent.objects.filter(type="identity.ConsentDecided", body__contains={"is_given": False}).count() == 1


@pytest.mark.rule("DAT-015")
def test_the_page_says_what_stops_before_a_consent_is_withdrawn():
    person = facts.account()
    client = facts.signed_in(person)

    page = client.get("/account/consents/position/").content.decode()

    assert "some services cannot be used" in page
    services = catalog.consent("position").services
    assert all(catalog.service(each).name["en"] in page for each in services)
    assert queries.has_consent(account=person, purpose="position")

    client.post("/account/consents/position/", {"decision": "withdraw"})
    person.refresh_from_db()
    assert not queries.has_consent(account=person, purpose="position")


@pytest.mark.rule("DAT-006")
def test_before_and_after_the_day_of_a_new_version(own_pack, clock):
    person = facts.account()
    publish(own_pack)
    first_day = clock.now().replace(month=10, day=1, hour=0)

    clock.move_to(first_day.replace(month=9, day=30, hour=23))
    assert queries.documents_to_accept(account=person) == []
    clock.move_to(first_day)
    assert queries.documents_to_accept(account=person) == ["privacy"]
    clock.advance(hours=1)
    assert queries.documents_to_accept(account=person) == ["privacy"]


@pytest.mark.rule("DAT-006")
def test_the_next_page_asks_and_everything_needed_to_decide_or_leave_stays_open(own_pack, clock):
    person = facts.account()
    client = facts.signed_in(person)
    publish(own_pack)
    clock.move_to(clock.now().replace(month=10, day=2))

    asked = client.get("/messages/?page=1")

    assert asked.status_code == 302
    assert asked.url == "/account/consents/review/?next=%2Fmessages%2F%3Fpage%3D1"
    for path in (
        "/privacy/",
        "/terms/",
        "/contact/",
        "/help/",
        "/account/consents/",
        "/account/consents/position/",
        asked.url,
    ):
        assert client.get(path).status_code == 200, path
    assert client.post("/account/pin/", {}).status_code == 302
    assert (
        client.get("/messages/", headers={"hx-request": "true"})
        .headers["HX-Redirect"]
        .startswith("/account/consents/review/")
    )

    hidden = {f"shown_{name}": version for name, version in shown().items()}
    refused = client.post("/account/consents/review/", {"next": "/messages/?page=1", **hidden})
    assert refused.status_code == 422
    decided = client.post("/account/consents/review/", {"next": "/messages/?page=1", "accepts_privacy": "on", **hidden})

    assert (decided.status_code, decided.url) == (302, "/messages/?page=1")
    assert client.get("/messages/").status_code == 200
    assert AcceptedDocument.objects.get(account=person, version="2026-12").channel == "portal"


def test_signing_out_is_never_held_back(own_pack, clock):
    client = facts.signed_in(facts.account())
    publish(own_pack)
    clock.move_to(clock.now().replace(month=10, day=2))

    left = client.post("/signout/")

    assert left.url == "/"
    assert "_auth_user_id" not in client.session


def test_programs_get_a_problem_with_code_and_link(own_pack, clock):
    client = facts.signed_in(facts.account())
    publish(own_pack, kind="terms_of_use")
    clock.move_to(clock.now().replace(month=10, day=2))

    answer = client.get("/api/v1/me")

    assert answer.status_code == 403
    body = answer.json()
    assert (body["code"], body["documents"]) == ("identity.acceptance_needed", ["terms_of_use"])
    assert body["link"].endswith("/account/consents/review/")
    # what strangers read is read meanwhile, as on the website
    assert client.get("/api/v1/help/articles").status_code == 200


@pytest.mark.rule("DAT-006")
def test_a_consent_to_an_old_text_counts_no_more_and_silence_ends_it(own_pack, clock):
    person = facts.account()
    publish_consent(own_pack)
    clock.move_to(clock.now().replace(month=10, day=2))

    assert not queries.has_consent(account=person, purpose="position")
    assert [each.id for each in queries.consents_to_decide(account=person)] == ["position"]
    actions.review(account=person, shown=shown(), consents=[], language="en", channel="portal")

    assert queries.consents_to_decide(account=person) == []
    latest = queries.consent_decisions(account=person).first()
    assert (latest.purpose, latest.version, latest.is_given) == ("position", "2026-12", False)


def test_a_consent_to_a_text_that_was_not_displayed_is_none(own_pack, clock):
    person = facts.account()
    decide(person, is_given=False)
    publish_consent(own_pack)
    clock.move_to(clock.now().replace(month=10, day=2))
    before = ConsentDecision.objects.count()

    with pytest.raises(errors.DocumentOutdated):
        decide(person, is_given=True, version="2026-11")

    assert ConsentDecision.objects.count() == before


@pytest.mark.rule("DAT-005")
def test_a_service_that_needs_a_consent_is_refused_without_it_and_names_it():
    person = facts.account()
    decide(person, is_given=False)

    with pytest.raises(errors.ConsentNeeded) as refused:
        actions.require_consents(account=person, services=["real_time_traffic"])

    assert refused.value.facts["consent"] == catalog.consent_words("position", "en").title
    actions.require_consents(account=person, services=["remote_status"])


@pytest.mark.rule("DAT-011")
def test_everything_is_withdrawn_at_once_and_only_once(clock):
    person = facts.account()
    agent = facts.account(staff_roles=("assistance",))
    clock.advance(hours=1)

    withdrawn = actions.withdraw_all_consents(account=person, channel="email", by=agent, reason="Mail of today")

    assert {each.purpose for each in withdrawn} == {each.id for each in queries.purposes()}
    assert {(each.decided_at, each.carried_out_by_id, each.reason) for each in withdrawn} == {
        (clock.now(), agent.id, "Mail of today")
    }
    assert person.consents == []
    assert actions.withdraw_all_consents(account=person, channel="email", by=agent, reason="Again") == []


@pytest.mark.parametrize("language", ["en", "it", "de"])
def test_the_receipt_says_who_decided_what_and_is_for_that_person_only(language):
    person = facts.account(language=language, email=f"ada.{language}@example.org")
    decision = actions.decide_consent(
        account=person, purpose="position", is_given=False, language=language, channel="portal"
    )
    client, stranger = facts.signed_in(person), facts.signed_in(facts.account())

    answer = client.get(f"/account/consents/receipts/{decision.id}/")

    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert all(part in text for part in (person.email, str(decision.id), "2026-11"))
    assert stranger.get(f"/account/consents/receipts/{decision.id}/").status_code == 404
    document = AcceptedDocument.objects.filter(account=person).first()
    assert client.get(f"/account/consents/receipts/{document.id}/").content.startswith(b"%PDF")


def test_the_list_of_decisions_asks_as_much_for_many_as_for_few(django_assert_max_num_queries):
    person = facts.account()
    client = facts.signed_in(person)
    for _ in range(15):
        decide(person, is_given=False)
        decide(person, is_given=True)

    with django_assert_max_num_queries(14):
        page = client.get("/account/consents/")

    assert page.content.count(b"/account/consents/receipts/") == 22


@pytest.mark.rule("DAT-008", "C-20")
def test_portal_and_store_lead_to_the_same_privacy_statement():
    client = facts.signed_in(facts.account())

    assert all(b'href="/privacy/"' in client.get(path).content for path in ("/messages/", "/store/"))
    assert catalog.legal_version("privacy", "IT").encode() in client.get("/privacy/").content
