"""
The engine as Django wants it: `DatabaseWrapper` in a module called `base`.

A pooled connection may have died while nobody used it (the database was restarted). Django's health check asks the server
at the beginning of every request; a server that has gone has closed its end, which the socket tells without asking.
"""

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, but dead connections of the pool are thrown away before somebody gets one."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:  # Any: what psycopg takes, and Django's own type
        """A connection of the pool that is alive; without a pool, a new one."""
        while True:
            connection = super().get_new_connection(conn_params)
            if self.pool is None or is_alive(connection):
                return connection
            connection.close()
            self.pool.putconn(connection)  # which fills the gap with a new one


def is_alive(connection: psycopg.Connection[Any]) -> bool:
    """Whether an idle connection still has its server. It is asked only when something has come in unasked."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if not poll.poll(0):
        return True
    try:
        connection.execute("")  # a notice of a living server, or the end of the line
    except psycopg.OperationalError:
        return False
    return True
