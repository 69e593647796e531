"""Assistance works on cases at the desk; nobody else knows that there are any."""

import re

import pytest
from tests import identity_facts, vehicle_facts

from vettura.assistance import actions, errors
from vettura.assistance.models import Case, CaseEntry
from vettura.catalog import queries as catalog
from vettura.foundation import audit
from vettura.foundation.errors import NotFound
from vettura.foundation.ids import new_id
from vettura.foundation.models import AuditEntry
from vettura.identity import actions as identity
from vettura.vehicles import queries as vehicles

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

    with django_assert_max_num_queries(12):
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


def page_of(agent, person):
    return identity_facts.signed_in(agent).get(f"/desk/people/{person.id}/").content.decode()


def asked(**more):
    facts = {"kind": "question", "topic": "use", "subject": "Key", "text": "The key is lost"}
    return {"case_id": str(new_id())} | facts | more


def test_the_page_of_a_person_shows_the_persons_own_cases_to_assistance_alone(agent):
    car = vehicle_facts.vehicle()
    person, partner = vehicles.main_user_of(vehicle=car), vehicle_facts.partner_staff(of=car.saved_partner)
    mine, other = opened(subject="My key", account=person), opened(subject="Other", account=vehicle_facts.person())

    page = page_of(agent, person)

    assert (mine.number in page, other.number in page) == (True, False)
    assert f"/desk/cases/new/{person.id}/" in page
    seen_by_partner = page_of(partner, person)
    assert mine.number not in seen_by_partner
    assert "/desk/cases/" not in seen_by_partner


def test_a_person_who_asked_for_nothing_has_no_cases_and_the_way_to_open_one(agent):
    page = page_of(agent, identity_facts.account())

    assert "has asked for nothing yet" in page
    assert "Open a case" in page


def test_a_case_is_opened_by_hand_for_a_person_and_one_of_their_cars(agent):
    car = vehicle_facts.vehicle()
    person = vehicles.main_user_of(vehicle=car)
    client = identity_facts.signed_in(agent)

    answer = client.post(f"/desk/cases/new/{person.id}/", asked(vin=car.vin, is_checked="on"))

    case = Case.objects.get()
    assert answer.headers["Location"] == f"/desk/cases/{case.id}/"
    assert (case.account, case.vehicle, case.channel, case.sureness) == (person, car, "phone", "confirmed")
    assert (case.subject, case.text, case.country, case.language) == ("Key", "The key is lost", "IT", person.language)
    entry = CaseEntry.objects.get(case=case)
    assert (entry.what, entry.by) == ("opened", agent)
    assert car.vin in client.get(f"/desk/cases/{case.id}/").content.decode()


def test_whoever_is_not_made_sure_of_stays_unknown_and_a_withdrawal_is_due_like_one_that_was_mailed(agent):
    person = identity_facts.account()
    identity_facts.signed_in(agent).post(f"/desk/cases/new/{person.id}/", asked(kind="consent_withdrawal"))

    case = Case.objects.get()
    assert (case.vehicle, case.sureness) == (None, "unknown")
    assert case.due_at == case.opened_at + catalog.terms().withdrawal_case_due.duration


def test_the_same_form_twice_opens_one_case_and_never_somebody_elses(agent):
    person, other, form = identity_facts.account(), identity_facts.account(), asked()
    client = identity_facts.signed_in(agent)

    answers = [client.post(f"/desk/cases/new/{person.id}/", form).headers["Location"] for _ in range(2)]
    stolen = client.post(f"/desk/cases/new/{other.id}/", form)

    assert answers[0] == answers[1]
    assert stolen.status_code == 404
    assert Case.objects.count() == 1


def test_a_case_by_hand_is_refused_without_words_and_for_a_car_of_somebody_else(agent):
    person, foreign = identity_facts.account(), vehicle_facts.vehicle()
    client = identity_facts.signed_in(agent)

    for form in (asked(subject=" "), asked(text=""), asked(kind="alarm"), asked(case_id="x")):
        assert client.post(f"/desk/cases/new/{person.id}/", form).status_code == 422
    client.post(f"/desk/cases/new/{person.id}/", asked(vin=foreign.vin))
    with pytest.raises(NotFound):
        actions.open_case_for(
            by=agent, case_id=new_id(), account_id=person.id, kind="question", subject="A", text="B", vin=foreign.vin
        )

    assert not Case.objects.filter(vehicle=foreign).exists()


def test_nobody_but_assistance_opens_cases_by_hand():
    person = identity_facts.account()
    for somebody in (
        identity_facts.account(),
        identity_facts.account(staff_roles=("soc",)),
        vehicle_facts.partner_staff(),
    ):
        assert identity_facts.signed_in(somebody).post(f"/desk/cases/new/{person.id}/", asked()).status_code == 404
        with pytest.raises(errors.CaseNotFound):
            actions.open_case_for(
                by=somebody, case_id=new_id(), account_id=person.id, kind="question", subject="A", text="B"
            )
    assert not Case.objects.exists()


def test_nobody_opens_a_case_for_an_account_that_is_gone(agent):
    person = identity_facts.account()
    identity.delete_account(account=person, by=person, password=identity_facts.PASSWORD)

    assert identity_facts.signed_in(agent).get(f"/desk/cases/new/{person.id}/").status_code == 404


def test_the_audit_says_who_opened_a_case_and_not_what_was_asked(agent):
    person = identity_facts.account()
    identity_facts.signed_in(agent).post(f"/desk/cases/new/{person.id}/", asked())

    line = audit.entries_about(person=person.id, kind=audit.Kind.CASES).lines[0]

    assert (line.actor_id, line.operation, line.thing) == (agent.id, "added", "Case")
    due = next(each.after for each in line.changes if each.label == "Due")
    assert re.fullmatch(r"\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d", due)
    assert "lost" not in str(line)
