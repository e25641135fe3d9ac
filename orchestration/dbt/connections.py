"""dbt's connections to Postgres, kept from one node to the next.

Put here what dbt does with its connections. Do not put here invoking dbt (runner.py). Importing
this module imports dbt, which takes seconds.
"""

from __future__ import annotations

from dbt.adapters.postgres import PostgresAdapter
from dbt.adapters.postgres.connections import PostgresConnectionManager


class KeptConnections(PostgresConnectionManager):
    """Connections that a thread keeps until the command ends, as other adapters offer to.

    dbt-postgres opens one for every node: 340 in an hour's refresh, each with a password to prove
    and a server process that knows no table yet and plans the first statements slowly.
    """

    def release(self) -> None:
        """End the node's transaction and keep the connection; one that is broken is closed."""
        connection = self.get_if_exists()
        if connection is None or connection.state != "open" or connection.handle.closed:
            super().release()
            return
        self._rollback_handle(connection)
        connection.transaction_open = False


def keep_connections() -> None:
    """Have every dbt that this process runs from now on keep its connections."""
    PostgresAdapter.ConnectionManager = KeptConnections
