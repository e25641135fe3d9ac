"""The state of the warehouse as its operations log tells it.

Put here the queries and one typed answer. Do not put here how it is shown (cli/status.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from psycopg2.extras import RealDictCursor

from orchestration.postgres.connection import Connection
from orchestration.refresh.lock import is_locked

# As the assets' freshness policy says: two missed hours are late, three are stale.
LATE_AFTER = timedelta(hours=2, minutes=15)
STALE_AFTER = timedelta(hours=3, minutes=15)
MOST_SHOWN = 5

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Status:
    """What `chairside status` tells; times carry their zone."""

    published: Row | None
    freshness: str
    is_running: bool
    running: Row | None
    waiting: Row
    refreshes: list[Row]
    loads: list[Row]
    failed_checks: list[Row]


def read_status(connection: Connection, limit: int = MOST_SHOWN) -> Status:
    """Return the state now, with the last `limit` refreshes and loads."""
    refreshes = _rows(connection, _REFRESHES, {"limit": limit})
    published = _first(connection, _PUBLISHED)
    locked = is_locked(connection)
    return Status(
        published=published,
        freshness=freshness_of(published["age"] if published else None),
        is_running=locked,
        running=_first(connection, _RUNNING) if locked else None,
        waiting=_rows(connection, _WAITING)[0],
        refreshes=refreshes,
        loads=_rows(connection, _LOADS, {"limit": limit}),
        failed_checks=_rows(connection, _FAILED_CHECKS),
    )


def freshness_of(age: timedelta | None) -> str:
    """Return fresh, late or stale for the age of the public tables; empty where there are none."""
    if age is None:
        return "empty"
    if age > STALE_AFTER:
        return "stale"
    return "late" if age > LATE_AFTER else "fresh"


def _first(connection: Connection, query: str) -> Row | None:
    return next(iter(_rows(connection, query)), None)


def _rows(connection: Connection, query: str, values: Row | None = None) -> list[Row]:
    with connection.cursor(cursor_factory=RealDictCursor) as cursor:
        cursor.execute(query, values or {})
        return [dict(row) for row in cursor.fetchall()]


_PUBLISHED = """
    select
        refresh_id, as_of, published_at, through_load_id,
        clock_timestamp() - published_at as age
    from ops.refreshes where published_at is not null
    order by refresh_id desc limit 1
"""
_RUNNING = """
    select refresh_id, mode, triggered_by, started_at, clock_timestamp() - started_at as age
    from ops.refreshes where status = 'running'
"""
_WAITING = """
    select
        count(*) as loads,
        coalesce(sum(rows_inserted + rows_updated + rows_deleted), 0)::bigint as rows,
        min(finished_at) as since
    from ops.loads
    where status = 'succeeded' and refresh_id is null
"""
_REFRESHES = """
    select
        refresh_id, status, mode, as_of, triggered_by, started_at, seconds::float as seconds,
        rows_inserted, rows_updated, rows_deleted, error
    from ops.refreshes order by refresh_id desc limit %(limit)s
"""
_LOADS = """
    select
        load_id, status, source_system, path, finished_at, seconds::float as seconds,
        rows_read, rows_inserted, rows_updated, rows_deleted, rows_rejected, error
    from ops.loads order by load_id desc limit %(limit)s
"""
_FAILED_CHECKS = """
    -- A refresh judges what it changed; what it did not judge stands as it was last found.
    select tool, table_name, check_name, dimension, severity, rows_failed, observed_value
    from (
        select distinct on (tool, table_name, check_name) *
        from ops.data_quality_results
        where checked_at > (
            select max(newest.checked_at) - interval '2 days'
            from ops.data_quality_results as newest
        )
        order by tool, table_name, check_name, result_id desc
    ) as last_found
    where not passed
    order by severity, table_name, check_name
"""
