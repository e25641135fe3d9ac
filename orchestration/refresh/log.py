"""Reading and writing ops.refreshes: opening, closing, and closing what a dead process left open.

Put here statements on that table. Do not put here the lock (lock.py), steps (steps.py) or the order
of things (session.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from psycopg2 import sql

from orchestration.postgres.connection import Connection
from orchestration.refresh.rows import single_row

Mode = Literal["incremental", "full", "verify"]
# A bare dbt opens and closes its own row and holds no lock.
TRIGGERED_BY_DBT = "dbt"
DBT_APPLICATION = "dbt"


@dataclass(frozen=True, slots=True)
class Refresh:
    """One row of ops.refreshes, as far as others need it. Times carry their zone."""

    refresh_id: int
    status: str
    mode: str
    as_of: datetime
    through_load_id: int | None
    triggered_by: str
    dagster_run_id: str | None
    started_at: datetime


_COLUMNS = sql.SQL(
    "refresh_id, status, mode, as_of, through_load_id, triggered_by, dagster_run_id, started_at"
)


def open_refresh(
    connection: Connection,
    *,
    mode: Mode,
    as_of: datetime | None,
    triggered_by: str,
    dagster_run_id: str | None,
) -> Refresh:
    """Write the row of a refresh that begins now and sees every load committed so far.

    Without `as_of` its clock is the server's. The caller holds the lock.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                """
            insert into ops.refreshes
                (status, mode, as_of, through_load_id, triggered_by, dagster_run_id)
            select 'running', %s, coalesce(%s, clock_timestamp()), max(load_id), %s, %s
            from ops.loads where status = 'succeeded'
            returning {}
            """
            ).format(_COLUMNS),
            (mode, as_of, triggered_by, dagster_run_id),
        )
        return Refresh(*single_row(cursor))


def close_refresh(connection: Connection, refresh_id: int, error: str | None) -> str:
    """End a refresh unless publishing has ended it already, and return its final status.

    With an error it failed; without, it succeeded, though it may have published nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            update ops.refreshes
            set
                status = case when %(error)s::text is null then 'succeeded' else 'failed' end,
                error = %(error)s,
                finished_at = clock_timestamp(),
                seconds = extract(epoch from clock_timestamp() - started_at)
            where refresh_id = %(refresh_id)s and status = 'running'
            """,
            {"refresh_id": refresh_id, "error": error},
        )
        cursor.execute("select status from ops.refreshes where refresh_id = %s", (refresh_id,))
        return str(single_row(cursor)[0])


def close_abandoned(connection: Connection) -> list[Refresh]:
    """Mark as failed what still says it runs though its process is gone, and return it.

    The caller holds the lock, so whoever opened such a row holds it no more. A bare dbt holds no
    lock; its row is left while any dbt is connected.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                """
            update ops.refreshes
            set
                status = 'failed',
                error = 'abandoned: its process ended without a word',
                finished_at = clock_timestamp(),
                seconds = extract(epoch from clock_timestamp() - started_at)
            where status = 'running' and not (
                triggered_by = %s and exists (
                    select 1 from pg_catalog.pg_stat_activity as activity
                    where activity.datname = current_database()
                        and activity.application_name = %s
                )
            )
            returning {}
            """
            ).format(_COLUMNS),
            (TRIGGERED_BY_DBT, DBT_APPLICATION),
        )
        return [Refresh(*row) for row in cursor.fetchall()]


def running_refresh(connection: Connection) -> Refresh | None:
    """Return the row that says it runs, if there is one; its process may be gone."""
    return _newest(connection, sql.SQL("status = 'running'"))


def last_published(connection: Connection) -> Refresh | None:
    """Return the refresh whose tables readers see."""
    return _newest(connection, sql.SQL("published_at is not null"))


def newest_load(connection: Connection) -> int | None:
    """Return the highest number of a load that succeeded."""
    with connection.cursor() as cursor:
        cursor.execute("select max(load_id) from ops.loads where status = 'succeeded'")
        load_id: int | None = single_row(cursor)[0]
    return load_id


def _newest(connection: Connection, condition: sql.SQL) -> Refresh | None:
    statement = "select {} from ops.refreshes where {} order by refresh_id desc limit 1"
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(_COLUMNS, condition))
        row = cursor.fetchone()
    return Refresh(*row) if row else None
