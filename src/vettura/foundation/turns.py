"""One after the other, for work that commits by itself more than once and so cannot hold a row."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def one_at_a_time(*about: str) -> Iterator[None]:
    """While this lasts nobody else is in here about the same; whoever comes waits. Over all processes; it ends with the connection."""
    key = int.from_bytes(hashlib.sha256("\0".join(about).encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [key])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
