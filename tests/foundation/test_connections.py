"""Pooled connections whose server has gone."""

import psycopg
import pytest
from django.db import connection

from vettura.foundation.postgresql.base import is_alive


@pytest.fixture
def other(db):
    """A connection of its own, as the pool holds them."""
    with psycopg.connect(
        **connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}, autocommit=True
    ) as opened:
        yield opened


def test_an_idle_connection_is_alive(other):
    assert is_alive(other)


def test_one_whose_server_has_gone_is_not(other):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [other.info.backend_pid])

    assert not is_alive(other)


def test_one_that_was_told_something_is_alive(other):
    other.execute("LISTEN something")
    with psycopg.connect(
        **connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}, autocommit=True
    ) as speaker:
        speaker.execute("NOTIFY something")

    assert is_alive(other)
