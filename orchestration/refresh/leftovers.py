"""The tables that a pass has filled, once they are of no more use.

Put here what gives their space back. Do not put here the public tables' storage (churn.py).
"""

from __future__ import annotations

from psycopg2 import errors, sql

from orchestration.postgres.connection import Connection

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
            select namespaces.nspname, tables.relname
            from pg_catalog.pg_class as tables
            inner join pg_catalog.pg_namespace as namespaces
                on tables.relnamespace = namespaces.oid
            where
                tables.relkind = 'r'
                and namespaces.nspname = any(%s)
                and pg_relation_size(tables.oid) > %s
            order by 1, 2
            """,
            (list(WORKING_SCHEMAS), LARGE_BYTES),
        )
        emptied = []
        for schema, table in cursor.fetchall():
            try:
                cursor.execute("set lock_timeout = '100ms'")
                cursor.execute(sql.SQL("truncate {}").format(sql.Identifier(schema, table)))
                emptied.append(f"{schema}.{table}")
            except errors.LockNotAvailable:
                continue
            finally:
                cursor.execute("reset lock_timeout")
    return emptied
