"""What the planner knows of public tables that a refresh has filled or changed at large.

Put here counting them anew. Do not put here the tables of a pass, which dbt's macros count.
"""

from __future__ import annotations

from psycopg2 import sql

from orchestration.contract.tables import CHURN_SETTINGS
from orchestration.postgres.connection import Connection
from orchestration.warehouse.patience import run_unless_locked

# What autovacuum would count, too, a minute later: the next refresh may begin sooner, and planned
# without it a query of an hour's clients took 32 s at ten million instead of one.
CHANGED_SHARE = float(CHURN_SETTINGS["autovacuum_analyze_scale_factor"])


def analyze_changed_tables(connection: Connection, refresh_id: int) -> list[str]:
    """Analyze the public tables of which a refresh has changed a good part, and return their names.

    `connection` commits by itself. A table that is locked is left to autovacuum, perhaps at it now.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select namespaces.nspname, tables.relname
            from ops.refresh_steps as steps
            inner join pg_catalog.pg_class as tables
                on tables.oid = to_regclass(steps.step_name)
            inner join pg_catalog.pg_namespace as namespaces
                on tables.relnamespace = namespaces.oid
            where
                steps.refresh_id = %s
                and steps.step_type = 'publish'
                and steps.rows_inserted + steps.rows_updated + steps.rows_deleted
                > %s * greatest(tables.reltuples, 0)
            order by 1, 2
            """,
            (refresh_id, CHANGED_SHARE),
        )
        changed = cursor.fetchall()
    return [
        f"{schema}.{table}"
        for schema, table in changed
        if run_unless_locked(
            connection, sql.SQL("analyze {}").format(sql.Identifier(schema, table))
        )
    ]
