"""The contract with foreign clients names twelve cases: each has a test that says so."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.test import Client
from tests import identity_facts
from tests.compat.tokens import token_for
from tests.program_facts import Api
from tests.program_facts import token as program_token

from vettura.identity import actions

CASES = range(1, 13)


def test_every_case_of_the_contract_has_a_test_that_names_its_number():
    marks = [
        node
        for path in Path(__file__).parent.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "conformance"
    ]

    named = {argument.value for mark in marks for argument in mark.args if isinstance(argument, ast.Constant)}

    assert named == set(CASES)


@pytest.mark.conformance(9)
def test_a_database_that_does_not_answer_is_maintenance_that_ends_soon(transactional_db):
    person = identity_facts.account()
    actions.allow_foreign_apps(account=person, is_on=True)
    foreign, own = token_for(person), Api(program_token(person, "status"))
    with locked("identity_programtoken"):
        theirs = Client().get("/app/connect/v1/vehicles", **foreign)
        ours = own.get("/api/v1/vehicles")

    assert [(each.status_code, each["Retry-After"]) for each in (theirs, ours)] == [(503, "2"), (503, "2")]
    assert (theirs.json()["error"], ours.json()["code"]) == ("maintenance", "maintenance")
    assert ours["Content-Type"] == "application/problem+json"
    assert Client().get("/app/connect/v1/vehicles", **foreign).status_code == 200


@contextmanager
def locked(table: str) -> Iterator[None]:
    """While this lasts somebody else holds the table, and our own connection is patient for a moment only."""
    facts = connection.settings_dict
    named = {"host": facts["HOST"], "port": facts["PORT"], "user": facts["USER"], "password": facts["PASSWORD"]}
    with psycopg.connect(dbname=facts["NAME"], **named) as other, connection.cursor() as cursor:
        other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        cursor.execute("SET lock_timeout = '100ms'")
        try:
            yield
        finally:
            cursor.execute("RESET lock_timeout")
