"""The tables that a pass has filled, once they are of no more use.

Put here what gives their space back. Do not put here the public tables' storage (churn.py).
"""

from __future__ import annotations

from psycopg2 import sql

from orchestration.postgres.connection import Connection
from orchestration.warehouse.patience import run_unless_locked

# Rebuilt from raw by whatever needs them next, which empties them first.
WORKING_SCHEMAS = ("input", "intermediate", "build")
# What an hour fills is far smaller and not worth the trouble.
LARGE_BYTES = 8 * 1024 * 1024


def empty_large_tables(connection: Connection) -> list[str]:
    """Empty the tables that a rebuild has filled on its way, and return their names.

    They would take several times the space of what is published. `connection` commits by itself.
    A table that somebody looks into is left to the next pass.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select schemaname, tablename
            from pg_catalog.pg_tables
            where
                schemaname = any(%s)
                and pg_relation_size(to_regclass(format('%%I.%%I', schemaname, tablename))) > %s
            order by 1, 2
            """,
            (list(WORKING_SCHEMAS), LARGE_BYTES),
        )
        large = cursor.fetchall()
    return [
        f"{schema}.{table}"
        for schema, table in large
        if run_unless_locked(
            connection, sql.SQL("truncate {}").format(sql.Identifier(schema, table))
        )
    ]
