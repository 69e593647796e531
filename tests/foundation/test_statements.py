"""Statements that the database keeps prepared."""

import pytest
from django.db import IntegrityError, connection, transaction

from vettura.foundation import statements


def test_rows_come_back_as_python_values(db):
    rows = statements.fetch("SELECT %s::int + 1, %s::text, NULL::timestamptz", [1, "o'clock"])

    assert rows == [(2, "o'clock", None)]


def test_a_value_is_never_part_of_the_text(db):
    assert statements.fetch("SELECT %(given)s::text", {"given": "'; DROP TABLE foundation_clockshift; --"}) == [
        ("'; DROP TABLE foundation_clockshift; --",)
    ]


def test_the_database_plans_a_statement_once(db):
    for number in range(3):
        statements.fetch("SELECT %s::int AS planned_once", [number])

    found = statements.fetch(
        "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement LIKE %s", ["%planned_once"]
    )

    assert found == [(3,)]


def test_it_is_part_of_the_transaction(db):
    with transaction.atomic():
        statements.fetch("INSERT INTO foundation_clockshift (id, shift) VALUES (1, '1 day') RETURNING id", [])
        transaction.set_rollback(True)

    assert statements.fetch("SELECT count(*) FROM foundation_clockshift", []) == [(0,)]


def test_errors_are_those_of_django(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        statements.fetch("INSERT INTO foundation_clockshift (id, shift) VALUES (2, '1 day') RETURNING id", [])

    assert connection.is_usable()
