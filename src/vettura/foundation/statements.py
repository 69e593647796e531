"""
SQL that the database parses and plans once per connection. For the few statements that stand in the path of every
remote command: there the planning costs more than the work. Everything else uses Django's querysets.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection

Row = tuple[Any, ...]  # what a column or a parameter holds depends on the statement


class _Prepared(psycopg.Cursor[Row]):
    """Binds on the server, which is what lets it keep the plan; Django's own cursors write values into the text."""


def fetch(statement: str, values: Mapping[str, Any] | Sequence[Any]) -> list[Row]:
    """
    This will run the statement and return its rows. Raises Django's database errors, like any cursor of Django.

    JSON columns come as text. The statement must be a constant: each new text is kept by the server.
    """
    connection.ensure_connection()
    raw = connection.connection
    # Django switches preparing off for poolers that cannot do it; its own cursors never prepare anyway
    raw.prepare_threshold = 0
    prepared: Any = _Prepared(raw)  # Django's types know no cursor but its own
    with connection.make_cursor(prepared) as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
