"""Runs that failed, as rows of the operations log.

Put here writing a failure that nobody else could write. Do not put here failures that a refresh
notices by itself (session.py).
"""

from __future__ import annotations

from orchestration.postgres.connection import Connection
from orchestration.refresh.log import last_published
from orchestration.refresh.rows import single_row
from orchestration.refresh.steps import Step, record_steps


def record_run_failure(
    connection: Connection, *, job: str, opens_refresh: bool, dagster_run_id: str, error: str
) -> int | None:
    """Write a failed run and return the refresh that it is written under.

    A run that should have refreshed and left no row gets one. A run of another kind becomes a step
    of the refresh that was published last; None when there is none yet.
    """
    refresh_id = _refresh_of_run(connection, dagster_run_id)
    if refresh_id is None:
        if opens_refresh:
            refresh_id = _insert_failed(connection, job, dagster_run_id, error)
        else:
            published = last_published(connection)
            refresh_id = published.refresh_id if published else None
    if refresh_id is not None:
        step = Step(step_name=job, step_type="run", status="failed", error=error)
        record_steps(connection, refresh_id, [step])
    return refresh_id


def _refresh_of_run(connection: Connection, dagster_run_id: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select max(refresh_id) from ops.refreshes where dagster_run_id = %s",
            (dagster_run_id,),
        )
        refresh_id: int | None = single_row(cursor)[0]
    return refresh_id


def _insert_failed(connection: Connection, job: str, dagster_run_id: str, error: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into ops.refreshes
                (status, as_of, triggered_by, dagster_run_id, finished_at, seconds, error)
            values ('failed', clock_timestamp(), %s, %s, clock_timestamp(), 0, %s)
            returning refresh_id
            """,
            (f"dagster job {job}", dagster_run_id, error),
        )
        return int(single_row(cursor)[0])
