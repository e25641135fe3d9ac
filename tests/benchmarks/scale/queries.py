"""What the operations log, Dagster's storage and the catalog say about a step.

Put here the queries. Do not put here what is made of their answers (steps.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from orchestration.postgres.connection import Connection
from orchestration.warehouse.query import fetch_value

# The stages of a refresh in which dbt works.
DBT_STAGES = ("build", "publish")


def rows_of_last_load(connection: Connection) -> dict[str, int]:
    """Return rows read by entity."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select entity, sum(rows_read)::bigint from ops.load_files"
            " where load_id = (select max(load_id) from ops.loads where status = 'succeeded')"
            " group by entity order by entity"
        )
        return dict(cursor.fetchall())


def last_refresh_id(connection: Connection) -> int:
    """Return the number of the newest refresh, 0 where there is none."""
    # The table is made by whatever command comes first.
    if fetch_value(connection, "select to_regclass('ops.refreshes')") is None:
        return 0
    return int(fetch_value(connection, "select coalesce(max(refresh_id), 0) from ops.refreshes"))


def last_as_of(connection: Connection) -> datetime | None:
    """Return the clock of the newest refresh that succeeded."""
    if fetch_value(connection, "select to_regclass('ops.refreshes')") is None:
        return None
    statement = "select max(as_of) from ops.refreshes where status = 'succeeded'"
    moment: datetime | None = fetch_value(connection, statement)
    return moment


def refreshes_after(connection: Connection, refresh_id: int) -> list[dict[str, Any]]:
    """Return the refreshes with a higher number: their run, mode, seconds, stages and changes."""
    names = ("refresh_id", "dagster_run_id", "mode", "status", "seconds", "rows_changed", "stages")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select
                r.refresh_id, r.dagster_run_id, r.mode, r.status, r.seconds::float,
                (
                    coalesce(r.rows_inserted, 0) + coalesce(r.rows_updated, 0)
                    + coalesce(r.rows_deleted, 0)
                )::bigint,
                (
                    select coalesce(jsonb_object_agg(s.step_name, round(s.seconds, 3)), '{}')
                    from ops.refresh_steps as s
                    where s.refresh_id = r.refresh_id and s.step_type = 'stage'
                )
            from ops.refreshes as r
            where r.refresh_id > %s
            order by r.refresh_id
            """,
            (refresh_id,),
        )
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for refresh in found:
        stages = refresh["stages"]
        refresh["dbt_seconds"] = sum(stages.get(name, 0) for name in DBT_STAGES)
    return found


def run_seconds(connection: Connection, run_ids: Sequence[str]) -> float:
    """Return the seconds from the start of Dagster's first of the runs to the end of its last."""
    statement = "select max(end_time) - min(start_time) from runs where run_id = any(%s)"
    return float(fetch_value(connection, statement, (list(run_ids),)))


def schema_bytes(connection: Connection) -> dict[str, int]:
    """Return the bytes of tables with their indexes, by schema."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select n.nspname, sum(pg_total_relation_size(c.oid))::bigint"
            " from pg_class as c inner join pg_namespace as n on c.relnamespace = n.oid"
            " where c.relkind in ('r', 'm') group by n.nspname order by 2 desc"
        )
        return dict(cursor.fetchall())
