"""The desk's pages about erasure: who asks, what would happen in numbers, and carrying it out."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import erasure_facts as facts
from tests import identity_facts, vehicle_facts

from vettura.identity.models import ErasureRequest
from vettura.notifications.models import Message
from vettura.store.models import Order

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    """A browser of Assistance."""
    return identity_facts.signed_in(vehicle_facts.assistant())


def page(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.rule("DAT-021")
def test_from_the_request_at_the_partner_to_the_proof(cards, clock, desk):
    person = facts.customer(cards)
    partner = identity_facts.signed_in(vehicle_facts.partner_staff())
    assert f'href="/desk/people/{person.id}/erasure/"' in page(partner, f"/desk/people/{person.id}/")

    answer = partner.post(f"/desk/people/{person.id}/erasure/", {"reason": "asked in the showroom"})

    assert (answer.status_code, answer["Location"]) == (302, f"/desk/people/{person.id}/")
    asked = ErasureRequest.objects.get()
    shown = page(partner, f"/desk/people/{person.id}/")
    assert "Erasure of all data is asked for" in shown
    assert "1 October 2026" in shown
    # who shares no data with the partner is known there by the car
    listed = page(partner, "/desk/erasure/")
    assert f"/desk/people/{person.id}/" in listed
    assert "Quasimodo" not in listed + page(partner, f"/desk/people/{person.id}/erasure/")
    assert "Zora Quasimodo" in page(desk, "/desk/erasure/")

    # the account is still in use: no button, but what comes first
    shown = page(desk, f"/desk/erasure/{asked.id}/")
    assert "This comes first" in shown
    assert "Only its holder can delete it" in shown
    assert "Erase for good" not in shown

    facts.parted(person)
    shown = page(desk, f"/desk/erasure/{asked.id}/")
    assert "Erase for good" in shown
    assert "Tax law wants what proves a sale kept." in shown
    assert "1 January 2037" in shown or "31 December 2036" in shown
    # a partner knows no more of somebody who deleted the account
    assert "Quasimodo" not in page(partner, "/desk/erasure/")

    answer = desk.post(f"/desk/erasure/{asked.id}/", {"understood": "on"})

    assert (answer.status_code, answer["Location"]) == (302, f"/desk/erasure/{asked.id}/")
    proof = page(desk, f"/desk/erasure/{asked.id}/")
    assert "What was erased" in proof
    assert "Quasimodo" not in proof
    assert "asked in the showroom" not in proof
    shown = page(desk, f"/desk/people/{person.id}/")
    assert "What was known of this person is erased." in shown
    assert "Data erased" in shown
    assert "deleted.invalid" not in shown
    assert "Erased person" in page(desk, "/desk/erasure/?view=over")


@pytest.mark.rule("DAT-021")
def test_the_page_says_exactly_how_much_is_erased_and_kept(cards, clock, desk):
    person = facts.parted(facts.customer(cards))
    asked = facts.request(person)

    shown = page(desk, f"/desk/erasure/{asked.id}/")

    for what, count in (
        ("Saved cards by their last digits", 1),
        ("Invoices as they were published, with name and address of the recipient", 1),
        ("Cases with Assistance, with everything that was written in them", 1),
        ("Messages in the inbox, with what came along", Message.objects.filter(recipient_id=person.id).count()),
        ("Proofs of ownership, with the documents", 1),
    ):
        row = shown[shown.index(f"<td>{what}") :]
        assert f'<td class="numeral">{count}</td>' in row[: row.index("</tr>")], what
    assert "Orders that cost nothing or came to nothing" not in shown


def test_without_the_confirmation_nothing_is_erased(cards, clock, desk):
    asked = facts.request(facts.parted(facts.customer(cards)))

    answer = desk.post(f"/desk/erasure/{asked.id}/", {})

    assert answer.status_code == 422
    asked.refresh_from_db()
    assert asked.is_open


def test_what_came_up_meanwhile_is_said_and_nothing_is_erased(cards, clock, desk):
    asked = facts.request(facts.parted(facts.customer(cards)))
    Order.objects.update(status=Order.Status.WAITING)

    answer = desk.post(f"/desk/erasure/{asked.id}/", {"understood": "on"})

    assert answer.status_code == 409
    assert "Nothing was erased. This comes first: Order" in answer.content.decode()
    asked.refresh_from_db()
    assert asked.is_open


def test_assistance_takes_a_request_back_with_a_reason(clock, desk):
    person = vehicle_facts.person()
    asked = facts.request(person)

    assert desk.post(f"/desk/erasure/{asked.id}/take-back/", {}).status_code == 422
    answer = desk.post(f"/desk/erasure/{asked.id}/take-back/", {"reason": "wants to stay"})

    assert answer["Location"] == f"/desk/people/{person.id}/"
    shown = page(desk, f"/desk/people/{person.id}/")
    assert "Request for erasure taken back" in shown
    assert "Record a request for erasure" in shown
    assert "Nothing was erased." in page(desk, f"/desk/erasure/{asked.id}/")


def test_assistance_names_the_partner_that_passed_it_on(clock, desk):
    person = vehicle_facts.person()

    desk.post(f"/desk/people/{person.id}/erasure/", {"reason": "the partner called", "partner_name": "Partner Milano"})

    assert "Partner Milano" in page(desk, "/desk/erasure/")


def test_overdue_requests_come_first_and_many_cost_no_more_queries(clock, desk):
    first = vehicle_facts.person(given_name="First", family_name="Overdue")
    assistant = vehicle_facts.assistant()
    facts.request(first, by=assistant)
    page(desk, "/desk/erasure/")
    with CaptureQueriesContext(connection) as one:
        assert "Overdue</span>" not in page(desk, "/desk/erasure/")
    clock.advance(timedelta(days=31))
    for number in range(5):
        facts.request(vehicle_facts.person(given_name=f"Later{number}"), by=assistant)
    desk = identity_facts.signed_in(assistant)
    page(desk, "/desk/erasure/")

    with CaptureQueriesContext(connection) as many:
        shown = page(desk, "/desk/erasure/")

    assert len(many) == len(one)
    assert "Overdue</span>" in shown
    assert shown.index("First Overdue") < shown.index("Later0")


def test_a_partner_sees_its_own_requests_and_no_page_of_a_request(cards, clock):
    person = facts.customer(cards)
    staff = vehicle_facts.partner_staff()
    asked = facts.request(person, by=staff)
    other = identity_facts.signed_in(vehicle_facts.partner_staff(of=vehicle_facts.partner(name="Partner Roma")))

    assert f"/desk/people/{person.id}/" in page(identity_facts.signed_in(staff), "/desk/erasure/")
    assert f"/desk/people/{person.id}/" not in page(other, "/desk/erasure/")
    for client in (identity_facts.signed_in(staff), other, identity_facts.signed_in(person)):
        assert client.get(f"/desk/erasure/{asked.id}/").status_code == 404
        assert client.post(f"/desk/erasure/{asked.id}/", {"understood": "on"}).status_code == 404
        assert client.post(f"/desk/erasure/{asked.id}/take-back/", {"reason": "x"}).status_code == 404
    assert other.post(f"/desk/people/{person.id}/erasure/", {"reason": "x"}).status_code == 404
    assert identity_facts.signed_in(person).get("/desk/erasure/").status_code == 404


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "What is kept by law"),
        ("it", "Che cosa si conserva per legge"),
        ("de", "Was nach Gesetz aufbewahrt wird"),
    ],
)
def test_the_page_is_there_in_every_language(clock, desk, language, words):
    asked = facts.request(vehicle_facts.person())
    desk.cookies["django_language"] = language

    answer = desk.get(f"/desk/erasure/{asked.id}/", HTTP_ACCEPT_LANGUAGE=language)

    assert words in answer.content.decode()
