"""Somebody with everything that is kept of people; what of them stands anywhere in the database; their request for erasure."""

from typing import Any

from django.db import connection
from tests import destination_facts, identity_facts, link_facts, store_facts, vehicle_facts
from tests.store_facts import CardProvider

from vettura.assistance import actions as assistance
from vettura.assistance.models import Case
from vettura.billing import actions as billing
from vettura.billing.models import Invoice
from vettura.foundation import clock
from vettura.identity import actions
from vettura.identity.models import Account, ErasureRequest
from vettura.notifications import actions as notifications

# words that stand nowhere else
EMAIL, GIVEN_NAME, FAMILY_NAME = "zora.quasimodo@example.org", "Zora", "Quasimodo"
PHONE, PLATE, STREET = "+393297776655", "TO 987 ZX", "Via Singolare 77"
FAVORITE = "Trattoria Unica"
WORDS = (EMAIL, FAMILY_NAME, PHONE, PLATE, STREET, FAVORITE, "zora.new@example.org")


def customer(cards: CardProvider, *, language: str = "en") -> Account:
    """A main user of a car sold by a partner, with orders, cards, invoices, messages, cases, and another driver."""
    link_facts.ensure_keys()
    person = identity_facts.account(
        email=EMAIL, given_name=GIVEN_NAME, family_name=FAMILY_NAME, phone=PHONE, pin="1234", language=language
    )
    actions.update_contact(account=person, language=language, street=STREET, postal_code="10121", city="Torino")
    partner = vehicle_facts.partner()
    car = vehicle_facts.vehicle(main_user=person, sold_by=partner, remote_access=True, plate=PLATE)
    vehicle_facts.secondary_invitation(car=car, email="friend@example.org")
    destination_facts.destination(car, person, name=FAVORITE, released=True)
    store_facts.entitlements.start_inclusive_contracts(vin=car.vin, at=clock.now())
    store_facts.billing_address(person)
    store_facts.saved_card(cards, person)
    store_facts.paid_order(cards, account=person, car=car)
    vehicle_facts.claim(by=person, partner_id=partner.id)
    actions.change_email(
        account_id=person.id, by=vehicle_facts.assistant(), email="zora.new@example.org", reason=f"{FAMILY_NAME} called"
    )
    case = assistance.open_case(
        kind="question", channel="email", language="en", text=f"I am {FAMILY_NAME}", sender=EMAIL
    )
    assistance.close_case(by=vehicle_facts.assistant(), case_id=case.id, text=f"Told {GIVEN_NAME} {FAMILY_NAME}")
    link_facts.command(car, account_id=person.id)
    notifications.post_message(
        recipient_id=person.id, language="en", subject="Your car", body=f"Dear {FAMILY_NAME}", kind="news"
    )
    identity_facts.archive(person)
    identity_facts.signed_in(person).get("/account/")
    return person


def parted(person: Account) -> Account:
    """The person deleted the account; whoever reacts to that has done so, and invoices are published."""
    actions.delete_account(account=person, by=person, password=identity_facts.PASSWORD)
    settle()
    person.refresh_from_db()
    return person


def settle() -> None:
    """What the worker does: announcements reach everybody, jobs are done, invoices are published."""
    vehicle_facts.deliver_events()
    store_facts.run_jobs()
    for invoice in Invoice.objects.filter(number=None, canceled_at=None):
        billing.publish_invoice(invoice_id=invoice.id, at=clock.now())
    vehicle_facts.deliver_events()


def request(person: Account, *, by: Account | None = None, **more: Any) -> ErasureRequest:
    """Somebody at the desk writes down that the person wants the data erased."""
    by = by or vehicle_facts.assistant()
    return actions.request_erasure(by=by, account_id=person.id, reason="asked on the phone", **more)


def erased(person: Account) -> ErasureRequest:
    """The erasure, asked for and carried out."""
    asked = request(person)
    return actions.carry_out_erasure(by=vehicle_facts.assistant(), request_id=asked.id)


def tables_that_say(word: str) -> set[str]:
    """Every table of the database in which a row holds the word, whatever its column."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = set()
        for table in tables:
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" AS t WHERE t::text ILIKE %s)', [f"%{word}%"])
            if cursor.fetchone()[0]:
                found.add(table)
    return found


def close_cases() -> None:
    """Assistance has answered everything."""
    for case in Case.objects.filter(status="open"):
        assistance.close_case(by=vehicle_facts.assistant(), case_id=case.id, text="done")
