"""Assistance reads who changed what; a person reads what others changed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import identity_facts, vehicle_facts

from vettura.foundation import audit
from vettura.foundation.models import AuditEntry
from vettura.identity import actions as identity

pytestmark = pytest.mark.django_db

REASON = "Marriage, document seen"


@pytest.fixture
def assistance():
    return identity_facts.account(
        given_name="Alma", family_name="Assist", email="alma@example.org", staff_roles=("assistance",)
    )


@pytest.fixture
def desk(assistance):
    return identity_facts.signed_in(assistance)


@pytest.fixture
def renamed(assistance, desk):
    """A person whose name Assistance changed at the desk."""
    person = identity_facts.account(email="ada@example.org", given_name="Ada", family_name="Neri")
    done = desk.post(
        f"/desk/people/{person.id}/name/", {"given_name": "Ada", "family_name": "Bianchi", "reason": REASON}
    )
    assert done.status_code == 302
    return person


@pytest.mark.rule("SUP-008")
def test_what_staff_change_is_kept_with_agent_and_reason(renamed, assistance):
    entry = AuditEntry.objects.filter(person_id=renamed.id, table="identity_account").order_by("-id").first()

    assert entry.changes == {"family_name": ["Neri", "Bianchi"]}
    assert (entry.actor_id, entry.channel, entry.reason) == (assistance.id, "desk", REASON)


@pytest.mark.rule("SUP-008")
def test_assistance_reads_who_changed_what_when_and_why(desk, renamed):
    page = desk.get("/desk/audit/", {"q": "Ada@example.org"}).content.decode()

    assert "Neri → Bianchi" in page
    assert "Alma Assist" in page
    assert REASON in page


def test_a_car_is_read_by_its_vin(desk):
    owner = vehicle_facts.person()
    car = vehicle_facts.vehicle(main_user=owner)

    page = desk.get("/desk/audit/", {"q": car.vin.lower()}).content.decode()

    assert "User of a car · added" in page
    assert "– → Main user" in page


def test_it_is_read_by_kind_and_day(desk, renamed):
    def lines(**asked) -> int:
        return desk.get("/desk/audit/", {"q": renamed.email, **asked}).content.decode().count("→")

    assert lines(kind="cards") == 0
    assert lines(kind="account") > 0
    assert lines(since="2099-01-01") == 0
    assert lines(until="2099-01-01") == lines()


def test_what_cannot_be_a_day_is_said_in_its_field(desk, renamed):
    answer = desk.get("/desk/audit/", {"q": renamed.email, "since": "yesterday"})

    assert answer.status_code == 422
    assert "Bianchi" not in answer.content.decode()


def test_the_list_goes_on_in_pages_and_asks_the_same_number_of_questions(
    clock, desk, renamed, django_assert_max_num_queries
):
    for _ in range(2):  # the first pages after a sign-in write down when it was
        desk.get("/desk/audit/", {"q": renamed.email})
    with CaptureQueriesContext(connection) as few:
        desk.get("/desk/audit/", {"q": renamed.email})
    for number in range(60):
        identity.update_contact(
            account=renamed, language="en", street=f"Via {number}", postal_code="10123", city="Torino"
        )

    with django_assert_max_num_queries(len(few)):
        first = desk.get("/desk/audit/", {"q": renamed.email}).content.decode()
    following = first.partition('href="?q=')[2].partition('"')[0].replace("&amp;", "&")
    second = desk.get(f"/desk/audit/?q={following}").content.decode()

    assert "→ Via 59" in first
    assert "→ Via 5\n" not in first
    assert "→ Via 5\n" in second
    assert "→ Via 59" not in second


def test_nothing_found_says_what_to_enter(desk):
    assert "whole VIN" in desk.get("/desk/audit/", {"q": "nobody@example.org"}).content.decode()
    assert "About whom or which car?" in desk.get("/desk/audit/").content.decode()


def test_partners_and_customers_find_no_audit(renamed):
    seller = vehicle_facts.partner_staff()

    for somebody in (seller, renamed):
        assert identity_facts.signed_in(somebody).get("/desk/audit/", {"q": renamed.email}).status_code == 404


def test_a_person_sees_what_staff_changed_and_not_who_by_name(renamed):
    page = identity_facts.signed_in(renamed).get("/account/changes/").content.decode()

    assert "Neri → Bianchi" in page
    assert REASON in page
    assert "by staff" in page
    assert "Alma" not in page


def test_a_persons_own_changes_are_not_listed(renamed):
    browser = identity_facts.signed_in(renamed)
    browser.post("/account/", {"language": "en", "street": "Via Po 9", "postal_code": "10123", "city": "Torino"})

    assert "Via Po 9" not in browser.get("/account/changes/").content.decode()


def test_whoever_nobody_changed_is_told_so(client):
    person = identity_facts.account()

    assert "Nobody else changed anything" in identity_facts.signed_in(person).get("/account/changes/").content.decode()


def test_what_was_erased_is_shown_as_erased(desk, renamed):
    audit.erase(person=renamed.id)

    page = desk.get("/desk/audit/", {"q": renamed.email}).content.decode()

    assert "Bianchi</" not in page.partition("<table")[2]
    assert ">erased<" in page
