"""Assistance works on cases at the desk; nobody else knows that there are any."""

import pytest
from tests import identity_facts, vehicle_facts

from vettura.assistance import actions, errors
from vettura.assistance.models import Case, CaseEntry
from vettura.catalog import queries as catalog
from vettura.foundation.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return identity_facts.account(staff_roles=("assistance",), given_name="Greta")


def opened(kind="question", **more):
    return actions.open_case(kind=kind, channel="phone", language="en", text="Please help", **more)


def test_nobody_but_assistance_sees_cases():
    case = opened()
    for person in (
        vehicle_facts.partner_staff(),
        identity_facts.account(),
        identity_facts.account(staff_roles=("soc",)),
    ):
        client = identity_facts.signed_in(person)
        assert client.get("/desk/cases/").status_code == 404
        assert client.get(f"/desk/cases/{case.id}/").status_code == 404
        assert client.post(f"/desk/cases/{case.id}/take/").status_code == 404
        with pytest.raises(errors.CaseNotFound):
            actions.take_case(by=person, case_id=case.id)
    case.refresh_from_db()
    assert case.assignee is None


def test_the_views_of_the_queue_before_at_and_after_the_due_time(agent, clock):
    mine, other = opened(subject="First"), opened(subject="Second")
    actions.take_case(by=agent, case_id=mine.id)
    client = identity_facts.signed_in(agent)

    def numbers(view):
        page = client.get(f"/desk/cases/?view={view}").content.decode()
        return {case.subject for case in (mine, other) if case.number in page}

    assert (numbers("open"), numbers("mine"), numbers("closed")) == ({"First", "Second"}, {"First"}, set())
    for moment, due in ((-1, set()), (0, {"First", "Second"}), (1, {"First", "Second"})):
        clock.move_to(mine.due_at)
        clock.advance(seconds=moment)
        client = identity_facts.signed_in(agent)  # a session at the desk does not last that long
        assert numbers("due") == due
    actions.close_case(by=agent, case_id=mine.id, text="Done")
    assert (numbers("open"), numbers("closed")) == ({"Second"}, {"First"})


def test_a_case_is_taken_noted_closed_and_opened_again_with_a_timeline(agent, clock):
    case = opened()
    client = identity_facts.signed_in(agent)
    for step, text in (("take", ""), ("note", "Called back"), ("close", "Solved"), ("reopen", "Not solved")):
        clock.advance(minutes=1)
        assert client.post(f"/desk/cases/{case.id}/{step}/", {"text": text}).status_code == 302

    case.refresh_from_db()
    assert (case.status, case.assignee) == ("open", agent)
    assert list(CaseEntry.objects.filter(case=case).order_by("at").values_list("what", "text")) == [
        ("opened", ""), ("taken", ""), ("note", "Called back"), ("closed", "Solved"), ("reopened", "Not solved"),
    ]  # fmt: skip
    assert "Called back" in client.get(f"/desk/cases/{case.id}/").content.decode()


def test_an_empty_note_is_refused_and_nothing_is_kept(agent):
    case = opened()
    client = identity_facts.signed_in(agent)

    assert client.post(f"/desk/cases/{case.id}/close/", {"text": " "}).status_code == 422

    case.refresh_from_db()
    assert (case.status, case.entries.count()) == ("open", 1)


def test_the_account_of_a_strangers_case_is_named_with_a_reason(agent):
    person = identity_facts.account(email="ada@example.org")
    case = opened(kind="consent_withdrawal", sureness="unknown", sender="other@example.org")
    client = identity_facts.signed_in(agent)

    refused = client.post(f"/desk/cases/{case.id}/account/", {"email": "nobody@example.org", "reason": "Phone"})
    client.post(f"/desk/cases/{case.id}/account/", {"email": "ADA@example.org", "reason": "Called the known number"})

    assert refused.status_code == 409
    case.refresh_from_db()
    assert (case.account, case.sureness) == (person, "address_only")
    assert CaseEntry.objects.get(case=case, what="account_named").text == "ada@example.org: Called the known number"


def test_one_click_withdraws_for_a_confirmed_sender(agent):
    person = identity_facts.account(email="ada@example.org")
    case = opened(kind="consent_withdrawal", account=person)
    client = identity_facts.signed_in(agent)

    client.post(f"/desk/cases/{case.id}/withdraw/")

    person.refresh_from_db()
    case.refresh_from_db()
    assert (person.consents, case.status) == ([], "closed")


@pytest.mark.rule("DAT-012", "DAT-014")
@pytest.mark.parametrize("language", ["en", "it", "de"])
def test_the_register_has_every_country_and_says_whom_to_ask_for_the_others(agent, language):
    client = identity_facts.signed_in(agent)
    page = client.get("/desk/contacts/", headers={"accept-language": language}).content.decode()
    missing = client.get("/desk/contacts/?q=Brazil", headers={"accept-language": language}).content.decode()

    assert all(country.email in page for country in catalog.countries())
    assert catalog.labels(language)["partner"] in missing
    assert "mailto:" not in missing


def test_the_queue_asks_as_much_for_many_as_for_few(agent, django_assert_max_num_queries):
    client = identity_facts.signed_in(agent)
    for number in range(12):
        opened(account=identity_facts.account(email=f"p{number}@example.org"))

    with django_assert_max_num_queries(16):
        client.get("/desk/cases/")
    assert Case.objects.count() == 12


def changes_of(case) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(table="assistance_case", row_id=str(case.id)).order_by("id"))


def test_whose_account_a_case_is_about_is_kept_with_who_named_it_and_why(agent):
    person = identity_facts.account(email="ada@example.org")
    case = opened(sureness="unknown", sender="someone@example.org")

    actions.name_account(by=agent, case_id=case.id, email="ada@example.org", reason="Knew the VIN and the day of sale")

    entry = changes_of(case)[-1]
    assert (entry.actor_id, entry.person_id) == (agent.id, person.id)
    assert entry.reason == "Knew the VIN and the day of sale"
    assert entry.changes["sureness"] == ["unknown", "address_only"]


def test_without_a_reason_no_account_is_named_and_nothing_is_kept(agent):
    identity_facts.account(email="ada@example.org")
    case = opened(sureness="unknown")
    before = len(changes_of(case))

    with pytest.raises(errors.TextMissing):
        actions.name_account(by=agent, case_id=case.id, email="ada@example.org", reason=" ")

    case.refresh_from_db()
    assert (case.account, len(changes_of(case))) == (None, before)


def test_what_a_person_wrote_is_not_copied_into_the_audit(agent):
    case = opened(subject="My illness", sender="ada@example.org")
    actions.close_case(by=agent, case_id=case.id, text="Done")

    kept = str([each.changes for each in changes_of(case)])

    assert "closed" in kept
    assert "illness" not in kept
    assert "Please help" not in kept
    assert "ada@example.org" not in kept
