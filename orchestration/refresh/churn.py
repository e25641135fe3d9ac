"""Storage settings of public tables, which change a little every hour.

Put here what keeps them from growing. Do not put here the raw tables' (contract/tables.py) or what
publishing changes (publication.py). Measured by updates of 0.25 % of 400,000 rows, a hundred times:
without settings table and indexes grew by 17 % and 5 % and 26 % of updates left indexes alone; with
them by 1 % and 1 %, and 89 % did, for 5 % more space from the start.
"""

from __future__ import annotations

from psycopg2 import sql

from orchestration.contract.tables import CHURN_SETTINGS, set_storage
from orchestration.postgres.connection import Connection
from orchestration.warehouse.patience import run_unless_locked

# Room on each page lets a changed row stay there, and indexes then need no new entry.
PUBLIC_SETTINGS = CHURN_SETTINGS | {"fillfactor": "95"}


def set_public_storage(connection: Connection) -> list[str]:
    """Give public tables the settings they lack, and return their names.

    `connection` commits by itself. It waits for no other change of a table; the next refresh asks
    again.
    """
    wanted = [f"{name}={value}" for name, value in PUBLIC_SETTINGS.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select namespaces.nspname, tables.relname
            from pg_catalog.pg_class as tables
            inner join pg_catalog.pg_namespace as namespaces
                on tables.relnamespace = namespaces.oid
            where
                tables.relkind = 'r'
                and namespaces.nspname in ('marts', 'reports')
                and not coalesce(tables.reloptions, array[]::text[]) @> %s
            order by 1, 2
            """,
            (wanted,),
        )
        lacking = cursor.fetchall()
    return [
        f"{schema}.{table}"
        for schema, table in lacking
        if run_unless_locked(
            connection, set_storage(sql.Identifier(schema, table), PUBLIC_SETTINGS)
        )
    ]
