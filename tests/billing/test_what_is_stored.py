"""A review of storage: nothing that opens something is kept in clear, in no table of the database (DAT-001)."""

import re

import pytest
from django.db import connection
from tests import identity_facts, store_facts, vehicle_facts

from vettura.catalog.queries import terms
from vettura.identity import actions
from vettura.vehicles import queries as vehicles

PIN, SECURITY_CODE = "7391", "4829137501"[: terms().security_code_length]


def tables_with(secret: str) -> list[str]:
    """The tables with a row in which the secret stands as a word, as text or as bytes."""
    bytes_in_hex = secret.encode().hex()
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            # the groups of an id are no words: four digits stand between its dashes by chance
            word = rf"(^|[^0-9A-Za-z-]){re.escape(secret)}($|[^0-9A-Za-z-])"
            cursor.execute(
                f'SELECT count(*) FROM "{table}" row WHERE row::text ~ %s OR row::text LIKE %s',
                [word, f"%{bytes_in_hex}%" if len(secret) > 6 else "no bytes"],
            )
            if cursor.fetchone()[0]:
                found.append(table)
    return found


@pytest.mark.django_db
@pytest.mark.rule("DAT-001")
def test_no_card_number_password_pin_code_or_link_is_stored_in_clear(cards):
    owner = identity_facts.account(pin=PIN)
    car = vehicle_facts.vehicle(generation="911-7", main_user=owner)
    store_facts.billing_address(owner)
    store_facts.saved_card(cards, owner)
    store_facts.paid_order(cards)
    invited = vehicle_facts.secondary_invitation(car=car)
    actions.set_security_code(account=owner, password=identity_facts.PASSWORD, code=SECURITY_CODE)
    begun = identity_facts.registration(step="code")
    actions.request_phone_change(account=owner, phone="+393331234999")

    secrets = {
        "password": identity_facts.PASSWORD,
        "PIN": PIN,
        "security code": SECURITY_CODE,
        "card number": store_facts.WORKS,
        "pairing code": vehicles.pairing_code_for(account=owner, vehicle=car),
        "code of a registration": identity_facts.last_code(begun.account_id),
        "code for a new number": identity_facts.last_code(owner.id),
        "invitation": invited.token,
    }

    assert all(secrets.values())
    assert {name: tables for name, secret in secrets.items() if (tables := tables_with(secret))} == {}


@pytest.mark.django_db
def test_the_review_finds_what_is_there():
    person = identity_facts.account(given_name="Philippa")

    assert "identity_account" in tables_with("Philippa")
    assert person.given_name == "Philippa"
