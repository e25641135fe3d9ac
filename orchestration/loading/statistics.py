"""Telling the planner what raw tables hold after a load.

Put here what keeps raw_native's statistics true. Do not put here writing its rows (upsert.py), nor
the tables that dbt builds: a macro of theirs does the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from psycopg2 import sql

from orchestration.contract.model import Contract, Entity
from orchestration.contract.tables import table_name
from orchestration.loading.report import FileReport
from orchestration.postgres.connection import Connection
from orchestration.warehouse.query import fetch_value

# Below this share of changed rows the old statistics still serve; the server's own job follows.
STALE_SHARE = 0.1


def refresh_statistics(
    connection: Connection, contract: Contract, reports: Iterable[FileReport]
) -> list[str]:
    """Analyze the raw tables of which a load changed a tenth or more, commit, return their names.

    The server would do so within minutes, but models that join the tables before then are planned
    for empty ones and run for hours. Call it after the load's commit: it locks out other loads.
    """
    changed: Counter[str] = Counter()
    for report in reports:
        changed[report.entity] += report.rows_inserted + report.rows_updated + report.rows_deleted
    stale = [
        entity
        for entity in contract.entities.values()
        if changed[entity.name]
        and changed[entity.name] >= STALE_SHARE * _known_rows(connection, entity)
    ]
    with connection.cursor() as cursor:
        for entity in stale:
            cursor.execute(sql.SQL("analyze {}").format(table_name(entity)))
    connection.commit()
    return [entity.name for entity in stale]


def _known_rows(connection: Connection, entity: Entity) -> float:
    """Rows that the planner believes a raw table to have; less than 0 where it never looked."""
    name = table_name(entity).as_string(connection)
    statement = "select reltuples from pg_class where oid = %s::regclass"
    return float(fetch_value(connection, statement, (name,)))
